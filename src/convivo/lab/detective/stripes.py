"""Correlated noise: Noise2Void takes noise that runs along the rows for structure, because neighbours foretell it."""

from __future__ import annotations

from functools import cache

from convivo.lab.detective.asking import picture, restored
from convivo.lab.detective.lessons import WIDTH, noisy_field
from convivo.lab.detective.values import Answer, Case, Curve, Line, Number, Picture, Proof
from convivo.types import Map

NET, CONTROL, HIDDEN = "stripes", "stripes-control", "stripes-hidden"
SEED = 800
LAGS = range(9)  # pixels


@cache
def field(width: float) -> tuple[Map, Map]:
    """Without noise, and with noise that runs so far along the rows."""
    scene, noisy = noisy_field(SEED, width)
    return scene.clean, noisy


def image() -> Picture:
    """Nuclei under stripes."""
    return picture("nuclei", field(WIDTH)[1], "Fluorescent nuclei, a short exposure.")


def answer() -> Answer:
    """The stripes are still there."""
    clean, noisy = field(WIDTH)
    answer = restored(NET, noisy)
    return Answer(
        picture("answer", answer, "What Noise2Void made of it.", like=noisy),
        (
            Number("before", "noise before", spread(noisy - clean), "counts"),
            Number("after", "noise after", spread(answer - clean), "counts"),
        ),
        "The stripes have stayed.",
    )


def proof() -> Proof:
    """The noise's correlation, and the two ways out: other noise, or spots hidden along the rows."""
    clean, noisy = field(WIDTH)
    white = field(0)[1]
    control, hidden = restored(CONTROL, white), restored(HIDDEN, noisy)
    noise = {
        "along the rows": noisy - clean,
        "down the columns": (noisy - clean).T,
        "of the other camera": white - clean,
    }
    lines = tuple(Line(name, tuple(map(float, LAGS)), correlation(values)) for name, values in noise.items())
    return Proof(
        pictures=(
            picture("noise", noisy - clean, "The noise alone: the image without what is true."),
            picture(
                "other camera", white, "The same field, noise as strong, each pixel with its own.", like=noisy
            ),
            picture("other camera, restored", control, "Noise2Void, trained on such noise.", like=noisy),
            picture(
                "hidden along the rows",
                hidden,
                "The striped images again; in training the neighbours in the row were hidden too.",
                like=noisy,
            ),
        ),
        numbers=(
            Number("before", "noise before", spread(noisy - clean), "counts"),
            Number("after", "noise after Noise2Void", spread(restored(NET, noisy) - clean), "counts"),
            Number(
                "row",
                "correlation of the noise with the next pixel in the row",
                lines[0].y[1],
                low=-1,
                high=1,
            ),
            Number("column", "with the next pixel in the column", lines[1].y[1], low=-1, high=1),
            Number("white", "of the other camera's noise, in the row", lines[2].y[1], low=-1, high=1),
            Number(
                "control", "noise of the other camera after its Noise2Void", spread(control - clean), "counts"
            ),
            Number("hidden", "stripes left where the row was hidden", spread(hidden - clean), "counts"),
        ),
        sentences=(
            "Noise2Void guesses a pixel from its neighbours. Noise that is the same in the next pixel can be guessed.",
            f"Here neighbours in a row share their noise (correlation {lines[0].y[1]:.2f}), those in a column do not.",
            "Noise as strong, but of each pixel alone, is taken away by a net that was trained in the same way.",
            f"Where the neighbours in the row are hidden with the pixel, the net cannot guess the stripes: "
            f"{spread(hidden - clean):.0f} of {spread(noisy - clean):.0f} counts are left.",
        ),
        conclusion="The noise is correlated along the rows. Hide along them (`--along X`), or mend the camera.",
        curves=(Curve("correlation of the noise", "distance in pixels", "correlation", lines),),
    )


def spread(noise: Map) -> float:
    """Standard deviation."""
    return float(noise.std())


def correlation(noise: Map) -> tuple[float, ...]:
    """With itself, so many pixels further along the rows."""
    centred = noise - noise.mean()
    power = float((centred**2).mean())
    length = centred.shape[1]
    return tuple(float((centred[:, : length - lag] * centred[:, lag:]).mean() / power) for lag in LAGS)


CASE = Case(
    key="stripes",
    title="Stripes that stay",
    story="Everybody says that Noise2Void needs no clean images. I trained it on my noisy ones, and nothing changed.",
    cause="correlated-noise",
    image=image,
    answer=answer,
    proof=proof,
)
