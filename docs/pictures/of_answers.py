"""Cases of the checks of what a model finds: simulated fields, altered until the answer is wrong, and `nuclei`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from panels import QUIET, Case, Panel, Part, percent, worst_of
from scenes import CORNER, LARGE, WHOLE, WIDE, beside_truth, large_shape
from scipy import ndimage

from convivo.doubt import Finding, ImageCheck
from convivo.doubt.case import Case as Asked
from convivo.doubt.checks import calibration, field, kind, light, overall, scale, stability, tiles
from convivo.doubt.pictures import outlined
from convivo.model import Model, find_model
from convivo.ops.coming_and_going import coming_and_going
from convivo.ops.scores import Judged, judged
from convivo.ops.scores import calibration as reliability
from convivo.ops.simulate import Microscope, Scene, Simulated, simulate, simulate_many
from convivo.report.pictures import Picture
from convivo.report.scaling import scale_labels
from convivo.run.asking import PredictOptions
from convivo.run.predict import Predictor
from convivo.run.stress import accuracy
from convivo.types import AnyArray, Image, Labels, Region

LEGEND = "white: right; blue, hatched: missed; orange, tinted: invented"
HELD, BEYOND = "#0072b2", "#d55e00"


@dataclass(frozen=True, slots=True)
class Answered:
    """What a model finds in an image, beside the truth."""

    asked: Asked
    truth: Labels

    @property
    def accuracy(self) -> float:
        """At IoU 0.5."""
        return accuracy(self.truth, self.asked.prediction.labels)

    def panel(
        self, check: ImageCheck, done: str, of: str, truth: str, *, unit: str = "", part: Region = WHOLE
    ) -> Panel:
        """As the check sees it, drawn beside the truth."""
        drawn = beside_truth(self.asked.pixels[0], self.asked.prediction.labels, self.truth, part)
        return Panel([Part(drawn, LEGEND)], done, self.ask(check), of, truth, unit)

    def ask(self, check: ImageCheck) -> Finding:
        """The worst that the check says."""
        return worst_of(check.ask(self.asked))

    def must_be_wrong(self) -> str:
        """Its accuracy beside that of images like those that are known. Raises where it is not below half of it."""
        usual = ordinary().accuracy
        if self.accuracy >= usual / 2:
            raise ValueError(f"accuracy {self.accuracy:.2f} is not below half of {usual:.2f}")
        return f"accuracy {self.accuracy:.2f}; of ordinary nuclei {usual:.2f}"


def answered(pixels: AnyArray, truth: Labels, model: str = "nuclei", **options: Any) -> Answered:
    """Ask a model that comes along."""
    image = Image(np.asarray(pixels)[None], name="field")
    return Answered(Asked(known(model), image, PredictOptions(**options)), truth)


@cache
def known(name: str) -> Model:
    """A model that comes along."""
    return Model.load(find_model(name))


@cache
def ordinary() -> Answered:
    """Nuclei as the model knows them."""
    picture = simulate(Scene(shape=WIDE), Microscope(), seed=1)
    return answered(picture.image, picture.labels)


def seen(scene: Scene, microscope: Microscope | None = None, *, seed: int, model: str = "nuclei") -> Answered:
    """Simulate a field and ask a model."""
    picture = simulate(scene, microscope or Microscope(), seed=seed)
    return answered(picture.image, picture.labels, model)


def overall_case() -> Case:
    """Two deviations, each harmless alone; nuclei over one another, of which no trait tells."""
    crowd = Scene(shape=WIDE, crowding=1)
    dim, soft, both = (
        seen(crowd, Microscope(photons=photons, blur=blur), seed=3)
        for photons, blur in ((15, 1.4), (450, 5), (15, 5))
    )
    piled = seen(Scene(shape=WIDE, nuclei=24, crowding=1, overlap=0.7), seed=0)
    return Case(
        both.panel(
            overall.CHECK,
            "little light and out of focus",
            "accuracy that images like it have:",
            f"{both.must_be_wrong()}; dim alone {dim.accuracy:.2f}, out of focus alone {soft.accuracy:.2f}",
        ),
        piled.panel(
            overall.CHECK,
            "nuclei that lie over one another",
            "accuracy that images like it have:",
            f"{piled.must_be_wrong()}: what is found is as bright, sharp and large as nuclei are",
        ),
    )


def scale_case() -> Case:
    """Nuclei a sixth as large as usual; large ones, whose pieces are as large as nuclei."""
    tiny = seen(Scene(shape=WIDE, nuclei=120, diameter=4, crowding=0.5), Microscope(blur=0.8), seed=0)
    advice = float(tiny.ask(scale.CHECK).advice.split("--scale ")[1].split()[0])
    larger = answered(tiny.asked.pixels[0], tiny.truth, scale=advice)
    pieces = seen(Scene(shape=LARGE, nuclei=4, diameter=120, crowding=0, texture=0.4), seed=4)
    return Case(
        tiny.panel(
            scale.CHECK,
            "nuclei of 4 pixels",
            "",
            f"{tiny.must_be_wrong()}; as advised, {advice:g} times as large, {larger.accuracy:.2f}",
            part=CORNER,
        ),
        pieces.panel(
            scale.CHECK,
            "nuclei of 120 pixels, with coarse chromatin",
            "",
            f"{pieces.must_be_wrong()}: they come in pieces that are as large as nuclei",
        ),
    )


def field_case() -> Case:
    """Nuclei wider than twice the reach, and a net that was never tried; the same in pieces, each of which is not."""
    wide = Scene(shape=LARGE, nuclei=2, diameter=190, crowding=0)
    pieces = seen(wide, seed=5)
    untried = known("nuclei-unet").with_card(fingerprint=None)
    whole = Answered(Asked(untried, pieces.asked.image), pieces.truth)
    of = "large objects are wide, in pixels:"
    return Case(
        whole.panel(
            field.CHECK,
            "nuclei of 190 pixels, found by a U-Net that sees 51 to each side, and was never tried on altered images",
            of,
            whole.must_be_wrong(),
        ),
        pieces.panel(
            field.CHECK,
            "the same, found by nuclei, which sees 106 to each side",
            of,
            f"{pieces.must_be_wrong()}: in pieces, each narrower than what the net sees",
        ),
    )


def light_case() -> Case:
    """A speck that outshines all; a sample that jumped, which is as bright and as sharp as ever."""
    picture = simulate(Scene(shape=WIDE), Microscope(), seed=0)
    rows, columns = np.indices(WIDE)
    speck = np.hypot(rows - 60, columns - 150) < 9
    dusty = answered(np.where(speck, 20.0 * picture.image.max(), picture.image), picture.labels)
    clean = answered(picture.image, picture.labels)
    pixels = picture.image.astype(np.float32)
    jumped = answered(pixels + np.roll(pixels, 16, axis=1), picture.labels)
    return Case(
        dusty.panel(
            light.CHECK,
            "a speck of dust, 20 times as bright as all else",
            "",
            f"{dusty.must_be_wrong()}; the same without the speck {clean.accuracy:.2f}",
        ),
        jumped.panel(
            light.CHECK,
            "the sample jumped by 16 pixels in the middle of the exposure",
            "",
            f"{jumped.must_be_wrong()}: every nucleus is there twice, bright and sharp",
        ),
    )


def kind_case() -> Case:
    """Spots where nuclei are dark; beads."""
    picture = simulate(Scene(shape=WIDE), Microscope(), seed=0)
    spots = answered(foci(picture), picture.labels)
    round_ones = Scene(shape=WIDE, roundness=1, irregularity=0, texture=0)
    bead = simulate(round_ones, Microscope(), seed=0)
    beads = answered(bead.image, np.zeros_like(bead.labels))
    return Case(
        spots.panel(kind.CHECK, "another stain: spots within nuclei", "", spots.must_be_wrong()),
        beads.panel(
            kind.CHECK,
            "fluorescent beads, as large as nuclei",
            "",
            f"{beads.must_be_wrong()}: none of them is a nucleus",
        ),
    )


def foci(picture: Simulated) -> AnyArray:
    """Bright spots within dim nuclei."""
    rng = np.random.default_rng(0)
    inside = np.argwhere(ndimage.distance_transform_edt(picture.labels > 0) > 2)
    light = np.zeros(WIDE)
    light[tuple(rng.choice(inside, 120).T)] = 1
    light = ndimage.gaussian_filter(light, 1.6)
    return np.asarray(rng.poisson(100 + 400 * light / light.max() + 15 * (picture.labels > 0)))


def stability_case() -> Case:
    """Rows that differ in brightness; a sample that moved, in which the same is wrong each time."""
    picture = simulate(Scene(shape=WIDE), Microscope(), seed=10)
    rows = np.random.default_rng(0).normal(0, 180, (WIDE[0], 1))
    striped = answered(picture.image + rows, picture.labels)
    still = simulate(Scene(shape=WIDE), Microscope(), seed=2)
    moved = answered(ndimage.uniform_filter1d(still.image.astype(np.float32), 37, axis=0), still.labels)
    return Case(*(
        Panel(
            [Part(coming_and_going_of(each.asked), "purple, hatched: goes; dashed: comes; orange: stays")],
            done,
            each.ask(stability.CHECK),
            "objects that come or go:",
            each.must_be_wrong() + more,
            "%",
        )
        for each, done, more in (
            (striped, "each row has a brightness of its own", ""),
            (moved, "the sample moved during the exposure", ": wrong, and the same each time"),
        )
    ))  # fmt: skip


def coming_and_going_of(asked: Asked) -> Picture:
    """What was found, and what comes and goes, as the report on doubts draws it."""
    labels = asked.prediction.labels
    moves = coming_and_going(labels, asked.changed.values())
    large = large_shape(labels.shape)
    image, found, comes = (scale_labels(each, large) for each in (asked.pixels[0], labels, moves.comes))
    return outlined(image, found, moves.goes, comes)


class WithoutHalo(Model):
    """A model whose tiles do not overlap, as where somebody cuts an image by hand."""

    @property
    def halo(self) -> int:
        """Nothing of its surroundings."""
        return 0


def tiles_case() -> Case:
    """Tiles that do not overlap; an image of which every tile says the same wrong thing."""
    picture = simulate(Scene(shape=LARGE, nuclei=50, diameter=45), Microscope(), seed=1)
    image = Image(picture.image[None], name="field")
    whole = Asked(WithoutHalo.load(find_model("nuclei")), image)
    cut = Predictor(whole.model, PredictOptions(tile=64)).predict(image).labels
    dark = simulate(Scene(shape=WIDE), Microscope(), seed=11)
    inverted = answered(dark.image.max() - dark.image.astype(np.float32), dark.labels)
    of = "objects that stay the same with other tiles:"
    return Case(
        Panel(
            [Part(beside_truth(picture.image, cut, whole.prediction.labels), "white: as in the whole image")],
            "tiles without overlap, as where an image is cut up by hand (convivo's overlap by all that the net sees)",
            worst_of(tiles.CHECK.ask(whole)),
            of,
            "what a seam cuts comes out otherwise, or twice",
            "%",
        ),
        inverted.panel(
            tiles.CHECK,
            "dark nuclei on bright ground",
            of,
            f"{inverted.must_be_wrong()}: whatever the tiles, the same is found",
            unit="%",
        ),
    )


def calibration_case() -> Case:
    """Nuclei over one another, with their truth; the same without, judged by others that lie apart."""
    piled, apart = (judgements(scene) for scene in (
        Scene(shape=WIDE, nuclei=40, crowding=1, overlap=0.5), Scene(shape=WIDE)
    ))  # fmt: skip
    of = "probabilities are off by"
    return Case(
        Panel(
            [Part(diagram(piled), "probability")],
            "images of nuclei that lie over one another, with their truth",
            worst_of(calibration.CHECK.ask(piled)),
            of,
            f"{share_right(piled)} of the objects are right",
        ),
        Panel(
            [Part(diagram(apart, piled), "probability")],
            "the truth is known of images of nuclei that lie apart (filled), and of the others not (hollow)",
            worst_of(calibration.CHECK.ask(apart)),
            of,
            f"of the objects in the others {share_right(piled)} are right",
        ),
    )


def judgements(scene: Scene) -> list[Judged]:
    """What `nuclei-unet` says of eight images, and whether it is right."""
    found = []
    for picture in simulate_many(8, scene, Microscope(), seed=5):
        answer = answered(picture.image, picture.labels, "nuclei-unet").asked.prediction
        of = judged(picture.labels, answer.labels, {each.label: each.probability for each in answer.objects})
        found += [of] if of else []
    return found


def share_right(images: Sequence[Judged]) -> str:
    """Of all objects."""
    return percent(float(np.concatenate([each.right for each in images]).mean()))


def diagram(known_ones: Sequence[Judged], others: Sequence[Judged] = ()) -> Any:
    """How many of the objects are right, over the probability that they are given."""

    def draw(axes: Any) -> None:
        axes.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=":")
        axes.text(0.52, 0.6, "as often right as it says", color=QUIET, ha="right")
        for images, fill, colour in ((known_ones, "full", HELD), (others, "none", BEYOND)):
            found = reliability(images) if images else None
            for each in found.bins if found else ():
                size = 4 + 3 * np.log10(each.objects)
                axes.plot(
                    each.said, each.right, "o", color=colour, fillstyle=fill, markersize=size, clip_on=False
                )
        axes.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="share that is right")

    return draw
