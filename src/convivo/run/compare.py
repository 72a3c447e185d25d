"""Several ways of finding objects, asked about the same images: how well, and what goes wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from convivo.errors import BadInput
from convivo.methods.unet import METHOD as UNET
from convivo.model import Model
from convivo.ops.instances import SPLITS
from convivo.ops.scores import Mistakes, mistakes
from convivo.ops.scores.mistakes import KINDS
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.evaluate import ImageScore, ScoreRow, apart, score_image, score_rows
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.run.predict import Predictor
from convivo.run.scenes import Trial
from convivo.types import Annotated, Labels

IOUS = (0.5, 0.6, 0.7, 0.8, 0.9)
TITLES = {"unet": "U-Net", "stardist": "StarDist"}  # methods whose answers are objects


@dataclass(frozen=True, slots=True, eq=False)
class Contender:
    """One way to go from an image to its objects."""

    name: str
    predictor: Predictor


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What one contender says of one image. Numbers of objects are those of no other page."""

    contender: str
    labels: Labels
    score: ImageScore
    mistakes: Mistakes  # at IoU 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """One image, its truth, and what each contender says of it."""

    example: Annotated
    truth: Labels
    answers: tuple[Answer, ...]

    @property
    def spread(self) -> tuple[float, int]:
        """How far the contenders lie apart at IoU 0.5, and how many true objects they miss together."""
        first = [answer.score.matchings[0] for answer in self.answers]
        accuracies = [matching.accuracy for matching in first]
        return max(accuracies) - min(accuracies), sum(matching.false_negatives for matching in first)


@dataclass(frozen=True, slots=True)
class Outcome:
    """One contender on all images of a trial."""

    contender: str
    rows: tuple[ScoreRow, ...]  # one for each of IOUS
    merged: int
    divided: int

    @property
    def missed(self) -> int:
        """True objects without a match at IoU 0.5."""
        return self.rows[0].total.false_negatives

    @property
    def invented(self) -> int:
        """Found objects without a match at IoU 0.5."""
        return self.rows[0].total.false_positives

    @property
    def mistakes(self) -> dict[str, int]:
        """How many there are of each kind."""
        return {kind: getattr(self, kind) for kind in KINDS}


@dataclass(frozen=True, slots=True, eq=False)
class Result:
    """A trial and what came of it; `shown` is the image on which the contenders lie furthest apart."""

    trial: Trial
    outcomes: tuple[Outcome, ...]
    shown: Asked


def contenders(models: Sequence[tuple[str, Model]], wanted: Wanted) -> tuple[Contender, ...]:
    """StarDist as it is; a U-Net once for each way to separate touching objects.

    Where two models share a method, the model's name stands beside it.
    """
    for name, model in models:
        _refuse_unfit(name, model, [name for name, _ in models])
    return tuple(
        way
        for (_, model), title in zip(models, _titles(models), strict=True)
        for way in _ways(title, model, wanted)
    )


def refuse_unfit_images(ways: Sequence[Contender], examples: Iterable[Annotated]) -> None:
    """Refuse images that some contender would refuse, before minutes are spent on others."""
    for example in examples:
        refuse_label_image(example.image)
        refuse_unfit_numbers(example.image)
        _, pixels = next(iter(example.image.pages(2)))
        for way in ways:
            try:
                way.predictor.model.check_channels(pixels)
            except BadInput as error:
                raise BadInput(f"{example.name}: {error.problem}", fix=error.fix) from error


def compare(ways: Sequence[Contender], examples: Iterable[Annotated]) -> Iterator[Asked]:
    """Ask every contender about each image."""
    for example in examples:
        truth = apart(example.labels, example.image.page_axes(2))
        yield Asked(example, truth, tuple(_answer(way, example, truth) for way in ways))


def conclude(trial: Trial, asked: Iterable[Asked]) -> Result:
    """Add up the images of a trial; of all pictures only the one to show is kept."""
    shown: Asked | None = None
    scores: list[list[ImageScore]] = []
    counts: list[list[tuple[int, int]]] = []
    for one in asked:
        if shown is None or one.spread > shown.spread:
            shown = one
        scores.append([answer.score for answer in one.answers])
        counts.append([(len(each.mistakes.merged), len(each.mistakes.divided)) for each in one.answers])
    if shown is None:
        raise BadInput(f"{trial.name}: there is no image to compare on", fix="use at least one image")
    outcomes = [
        Outcome(answer.contender, score_rows(column), *(sum(kind) for kind in zip(*wrong, strict=True)))
        for answer, column, wrong in zip(
            shown.answers, zip(*scores, strict=True), zip(*counts, strict=True), strict=True
        )
    ]
    return Result(replace(trial, examples=()), tuple(outcomes), shown)


def _refuse_unfit(name: str, model: Model, names: list[str]) -> None:
    if names.count(name) > 1:
        raise BadInput(f"the model {name!r} is given twice", fix="give each model once")
    if model.card.method not in TITLES:
        raise BadInput(
            f"the model {name!r} ({model.card.method}) finds no objects", fix="use U-Net and StarDist models"
        )
    if model.dimensions != 2:
        raise BadInput(
            f"the model {name!r} sees {model.dimensions} dimensions, the scenes are flat",
            fix="use models that were trained on 2-D images",
        )


def _titles(models: Sequence[tuple[str, Model]]) -> list[str]:
    """Methods, where need be with the name of the model; of a path its end, where that tells models apart."""
    methods = [model.card.method for _, model in models]
    ends = [Path(name).resolve().name for name, _ in models]
    own = ends if len(set(ends)) == len(ends) else [name for name, _ in models]
    return [
        TITLES[method] + (f" {name}" if methods.count(method) > 1 else "")
        for method, name in zip(methods, own, strict=True)
    ]


def _ways(title: str, model: Model, wanted: Wanted) -> Iterator[Contender]:
    if model.card.method != UNET.name:
        yield Contender(title, Predictor(model, PredictOptions(engine=wanted)))
        return
    for split in SPLITS:
        options = PredictOptions(engine=wanted, settings={"split": split})
        yield Contender(f"{title} with {split}", Predictor(model, options))


def _answer(way: Contender, example: Annotated, truth: Labels) -> Answer:
    labels = apart(way.predictor.predict(example.image).labels, example.image.page_axes(2))
    score = score_image(example.name, truth, labels, ious=IOUS)
    return Answer(way.name, labels, score, mistakes(truth, labels, IOUS[0]))
