"""Choosing on images that did not train: which checkpoint, and which settings of the decoder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from convivo.methods.method import Settings
from convivo.model import Model, PartScore
from convivo.ops.scores import Matching, bootstrap_interval, match_many, pooled
from convivo.ops.tiling import Tile, pad_to_stride
from convivo.run.engines import TorchEngine
from convivo.run.memory import tile_sizes
from convivo.run.predict import forward, within
from convivo.types import Annotated, AnyArray, Labels, Pixels

IOUS = (0.5, 0.6, 0.7, 0.8, 0.9)  # selection looks at all of them, so that outlines count, not only detection
REPORTED = (0.5, 0.75, 0.9)


@dataclass(frozen=True, slots=True)
class Answer:
    """The net's raw answer for one image, and the truth."""

    outputs: tuple[tuple[Tile, AnyArray], ...]
    truth: Labels


class Validation:
    """A fixed set of images, prepared once."""

    def __init__(self, model: Model, data: Sequence[Annotated]) -> None:
        self._truths = [each.labels for each in data]
        self._prepared: list[Pixels] = [
            pad_to_stride(model.prepare(pixels), model.strides)
            for each in data
            for _, pixels in each.image.pages(model.dimensions)
        ]

    def __len__(self) -> int:
        return len(self._truths)

    def score(self, model: Model, precision: str) -> float:
        """Mean accuracy over IoU thresholds, with the model's present settings."""
        return mean_accuracy(self._matchings(self.answers(model, precision), model, model.card.settings))

    def answers(self, model: Model, precision: str) -> list[Answer]:
        """Run the net over every image."""
        engine = TorchEngine(model.net, str(next(model.net.parameters()).device.type), precision)
        answers = []
        for prepared, truth in zip(self._prepared, self._truths, strict=True):
            size = tile_sizes(model, prepared.shape[1:])
            outputs = tuple(within(forward(model, prepared, engine, size), truth.shape))
            answers.append(Answer(outputs, truth))
        return answers

    def search(self, model: Model, answers: Sequence[Answer]) -> dict[str, float | str]:
        """The settings under which the answers score best: one after the other, each on its grid, until none moves."""
        best = dict(model.card.settings)
        best_score = mean_accuracy(self._matchings(answers, model, best))
        moved = True
        while moved:
            moved = False
            for name, values in model.method.search.items():
                for value in values:
                    tried = {**best, name: value}
                    score = mean_accuracy(self._matchings(answers, model, tried))
                    if score > best_score:
                        best, best_score, moved = tried, score, True
        return best

    def part_score(self, model: Model, answers: Sequence[Answer], settings: Settings) -> PartScore:
        """For the card: pooled accuracy at each threshold, with an interval over the images at the first."""
        columns = list(zip(*self._matchings(answers, model, settings, REPORTED), strict=True))
        totals = [pooled(column) for column in columns]
        return PartScore(
            images=len(answers),
            objects=totals[0].true_positives + totals[0].false_negatives,
            accuracy={f"{total.iou:g}": round(total.accuracy, 4) for total in totals},
            interval=tuple(round(end, 4) for end in bootstrap_interval(columns[0])),  # type: ignore[arg-type]
        )

    def _matchings(
        self, answers: Sequence[Answer], model: Model, settings: Settings, ious: tuple[float, ...] = IOUS
    ) -> list[tuple[Matching, ...]]:
        return [
            match_many(answer.truth, model.decode(answer.outputs, answer.truth.shape, settings).labels, ious)
            for answer in answers
        ]


def mean_accuracy(matchings: Sequence[tuple[Matching, ...]]) -> float:
    """Accuracy pooled over the images, mean over the thresholds."""
    return float(np.mean([pooled(column).accuracy for column in zip(*matchings, strict=True)]))
