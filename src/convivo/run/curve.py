"""A learning curve: what more data brings, and what a larger net.

    an eighth  <  a quarter  <  half  <  all of the data       one net, the same time for each
                                         all of it             and a larger net

Subsets are nested and made of whole groups, so that no field is in one of them by half. All are scored on the same
images, on which none trained. Scores differ by chance; what is left of a difference when images are drawn again is told
(bootstrap, Efron 1979), the same images for both that are compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput
from convivo.methods import Restoration, method_named
from convivo.model import Model, ModelFolder
from convivo.ops.power_law import FEWEST, PowerLaw, power_law
from convivo.run.config import TrainConfig
from convivo.run.evaluate import ImageScore, score_image
from convivo.run.predict import Predictor
from convivo.run.split import split_by_group
from convivo.run.train import VALIDATIONS, Step, train
from convivo.run.validation import IOUS
from convivo.types import Annotated

SHARES = (1 / 8, 1 / 4, 1 / 2, 1.0)
LARGER = 2  # times as many feature maps, four times as many weights
NEVER = VALIDATIONS + 1  # validations: each training takes all of its time
UNEVEN = 1.2  # times as many steps
DRAWS = 1000
REFITTED = 200  # of them

Accuracies = NDArray[np.float64]  # (draws, trials)


@dataclass(frozen=True, slots=True)
class Trial:
    """One training of the curve."""

    name: str  # of its folder
    train: tuple[Annotated, ...]
    validation: tuple[Annotated, ...]
    filters: int
    larger: bool = False

    @property
    def images(self) -> int:
        """That it learns from."""
        return len(self.train)


@dataclass(frozen=True, slots=True)
class Standing:
    """A trial and its scores on the images on which nobody trained."""

    trial: Trial
    model: Model
    scores: tuple[ImageScore, ...]


@dataclass(frozen=True, slots=True)
class Gain:
    """How much higher one accuracy is than another, with a 95 % interval over the images."""

    size: float
    low: float
    high: float

    @property
    def is_real(self) -> bool:
        """Whether it would be one with other images of the kind."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What helps: numbers are mean accuracies over IoU 0.5 to 0.9."""

    accuracy: tuple[Gain, ...]  # of each trial, over 0
    data: Gain | None  # from the second largest part of the data to all of it
    net: Gain  # from the net to the larger one
    data_over_net: Gain | None
    law: PowerLaw | None  # of the error; None where there is not enough to fit
    doubled: Gain | None  # that the law promises of twice as many images
    why_no_law: str = ""


def refuse_restoration(method: str) -> None:
    """The curve is one of the accuracy of found objects."""
    if isinstance(method_named(method), Restoration):
        raise BadInput(
            f"{method} finds no objects, and their accuracy is the curve", fix="use unet or stardist"
        )


def trials(
    data: Sequence[Annotated],
    method: str,
    *,
    parts: Mapping[str, str] | None = None,
    filters: int | None = None,
    seed: int = 0,
) -> tuple[Trial, ...]:
    """The trainings, from few images to all, and the larger net at last; refuses data that leave nothing to compare."""
    refuse_restoration(method)
    split = split_by_group(data, seed=seed, parts=parts)
    groups = sorted({each.group for each in split.train})
    if not split.validation or len(groups) < 2:
        words = f"{len(data)} images of {len({each.group for each in data})} groups leave no parts to compare"
        raise BadInput(words, fix="give images of three groups and more, such as fields of view")
    order = np.random.default_rng(seed).permutation(groups).tolist()
    own = filters or method_named(method).size().filters
    counts = sorted({max(1, round(share * len(groups))) for share in SHARES})
    nested = [tuple(each for each in split.train if each.group in order[:count]) for count in counts]
    same = [Trial(f"{len(part)}-images", part, split.validation, own) for part in nested]
    larger = Trial(f"{len(nested[-1])}-images-larger-net", nested[-1], split.validation, LARGER * own, True)
    return (*same, larger)


def learn(trial: Trial, store: ModelFolder, method: str, config: TrainConfig, **size: int) -> Iterator[Step]:
    """Train it, or go on where that was interrupted; nothing where it is done. `size`: what else the net has."""
    data = (*trial.train, *trial.validation)
    if store.holds_finished_model:
        _refuse_another(trial, store, method)
        return
    resume = store.holds_state
    model = (
        store.unfinished_model()
        if resume
        else Model.new(method, data, name=trial.name, seed=config.seed, filters=trial.filters, **size)
    )
    parts = {each.name: "validation" for each in trial.validation} | {
        each.name: "train" for each in trial.train
    }
    yield from train(model, data, config, store=store, parts=parts, resume=resume, acquaint=False)


def standing(trial: Trial, store: ModelFolder) -> Standing:
    """How good the trained model is on the images on which none trained."""
    model = Model.load(store.path)
    predictor = Predictor(model)
    scores = tuple(
        score_image(
            each.name,
            each.labels,
            (answer := predictor.predict(each.image)).labels,
            answer.page_axes,
            IOUS,
        )
        for each in trial.validation
    )
    return Standing(trial, model, scores)


def conclude(standings: Sequence[Standing], seed: int = 0) -> Conclusion:
    """What the last doubling of the data brought, what the larger net, and how errors fall."""
    *_, whole, larger = range(len(standings))
    counts = np.array([[_counts(score) for score in each.scores] for each in standings], float)
    images = counts.shape[1]
    drawn = np.random.default_rng(seed).multinomial(images, [1 / images] * images, size=DRAWS)
    all_of_them, again = _accuracies(counts, np.ones((1, images))), _accuracies(counts, drawn.astype(float))
    gains = np.concatenate([all_of_them, again])
    net = gains[:, larger] - gains[:, whole]
    data = gains[:, whole] - gains[:, whole - 1] if whole else None
    law, doubled, why = _law([each.trial.images for each in standings[:larger]], gains[:, :larger])
    return Conclusion(
        accuracy=tuple(_gain(column) for column in gains.T),
        data=None if data is None else _gain(data),
        net=_gain(net),
        data_over_net=None if data is None else _gain(data - net),
        law=law,
        doubled=doubled,
        why_no_law=why,
    )


def uneven(standings: Sequence[Standing]) -> str:
    """A remark where one net did not do about as many steps in the same time; else nothing."""
    steps = [
        each.model.card.training.steps
        for each in standings
        if each.model.card.training and not each.trial.larger
    ]
    if max(steps, default=0) <= UNEVEN * min(steps, default=0):
        return ""
    return (
        f"in the same time one net did {min(steps):,} to {max(steps):,} steps: where the machine was busy, "
        "differences may come from that"
    )


def _refuse_another(trial: Trial, store: ModelFolder, method: str) -> None:
    """A curve of two nets, or of two data sets, would be none."""
    card = Model.load(store.path).card
    same_images = card.training and set(card.training.images) == {each.name for each in trial.train}
    if not same_images or (card.method, card.net.filters) != (method, trial.filters):
        raise BadInput(
            f"{store.path} holds a {card.method} of {card.net.filters} filters, or one of other images",
            fix="give another folder with --out",
        )


def _counts(score: ImageScore) -> list[tuple[int, int]]:
    """Right and wrong at each IoU."""
    return [(each.true_positives, each.false_positives + each.false_negatives) for each in score.matchings]


def _accuracies(counts: NDArray[np.float64], drawn: NDArray[np.float64]) -> Accuracies:
    """(trials, images, IoUs, 2) counts pooled over drawn images: mean accuracy over the IoUs."""
    right, wrong = np.moveaxis(np.einsum("tiuc,di->dtuc", counts, drawn), -1, 0)
    accuracies = np.where(right + wrong > 0, right / np.maximum(right + wrong, 1), 1.0)
    return np.asarray(accuracies.mean(axis=-1))


def _gain(values: Accuracies) -> Gain:
    """The first value is measured, the others are of images drawn again."""
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Gain(float(values[0]), float(low), float(high))


def _law(images: Sequence[int], accuracies: Accuracies) -> tuple[PowerLaw | None, Gain | None, str]:
    """Fitted where the accuracy rises from each number of images to the next, and surely from first to last."""
    if len(images) < FEWEST:
        return None, None, f"{len(images)} numbers of images are too few to fit a curve to: it takes {FEWEST}"
    if _gain(accuracies[:, -1] - accuracies[:, 0]).low <= 0 or (np.diff(accuracies[0]) < 0).any():
        return None, None, "the accuracy does not rise steadily with the images, so no curve is fitted"
    laws = [power_law(images, row.tolist()) for row in 1 - accuracies[: 1 + REFITTED]]
    most = images[-1]
    doubled = np.array([law.at(most) - law.at(2 * most) for law in laws if law])
    return laws[0], _gain(doubled), ""
