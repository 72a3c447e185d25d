"""Choosing on images that did not train: which checkpoint, and which settings of the decoder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from convivo.methods.method import Settings
from convivo.model import Model, PartScore
from convivo.ops.scores import Matching, bootstrap_interval, match_many, pooled
from convivo.ops.tiling import Tile, pad_to_stride
from convivo.run.asking import forward, within
from convivo.run.engines import TorchEngine
from convivo.run.memory import tile_sizes
from convivo.run.new_loss import middles, new_loss
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

    tolerance = 0.0  # differences of the score that mean nothing

    def __init__(self, model: Model, data: Sequence[Annotated]) -> None:
        self._data = data
        self._truths = [each.labels for each in data]
        self._prepared: list[Pixels] = [
            pad_to_stride(model.prepare(pixels), model.strides)
            for each in data
            for _, pixels in each.image.pages(model.dimensions)
        ]
        self._middles: list[tuple[Pixels, Pixels]] | None = None  # made when they are first asked for

    def __len__(self) -> int:
        return len(self._truths)

    def score(self, model: Model, precision: str) -> float:
        """Mean accuracy over IoU thresholds, with the model's present settings."""
        return mean_accuracy(self._matchings(self.stream(model, precision), model, model.card.settings))

    def loss(self, model: Model) -> float | None:
        """The loss on the middles of the images; None where none of them is as large as the net's stride."""
        if self._middles is None:
            self._middles = middles(model, self._data)
        return new_loss(model, self._middles)

    def answers(self, model: Model, precision: str) -> list[Answer]:
        """The net's answers for every image, kept to be read more than once."""
        return list(self.stream(model, precision))

    def stream(self, model: Model, precision: str) -> Iterator[Answer]:
        """Run the net over one image after the other."""
        engine = TorchEngine(model.net, str(next(model.net.parameters()).device.type), precision)
        for prepared, truth in zip(self._prepared, self._truths, strict=True):
            size = tile_sizes(model, prepared.shape[1:])
            outputs = tuple(within(forward(model, prepared, engine, size), truth.shape))
            yield Answer(outputs, truth)

    def search(self, model: Model, answers: Sequence[Answer]) -> dict[str, float | str]:
        """The settings under which the answers score best: one after the other, each on its grid, until none moves."""
        scores: dict[tuple[float | str, ...], float] = {}

        def score(settings: dict[str, float | str]) -> float:
            key = tuple(settings.values())
            if key not in scores:
                scores[key] = mean_accuracy(self._matchings(answers, model, settings))
            return scores[key]

        best, start = dict(model.card.settings), None
        while best != start:
            start = best
            for name, values in model.segmentation.search.items():
                best = max((best, *({**best, name: value} for value in values)), key=score)
        return best

    def present_score(self, model: Model) -> PartScore:
        """For the card, with the settings that the model has."""
        return self.part_score(model, self.stream(model, "float32"), model.card.settings)

    def part_score(self, model: Model, answers: Iterable[Answer], settings: Settings) -> PartScore:
        """For the card: pooled accuracy at each threshold, with an interval over the images at the first."""
        columns = list(zip(*self._matchings(answers, model, settings, REPORTED), strict=True))
        totals = [pooled(column) for column in columns]
        return PartScore(
            images=len(columns[0]),
            objects=totals[0].true_positives + totals[0].false_negatives,
            accuracy={f"{total.iou:g}": round(total.accuracy, 4) for total in totals},
            interval=tuple(round(end, 4) for end in bootstrap_interval(columns[0])),  # type: ignore[arg-type]
        )

    def _matchings(
        self, answers: Iterable[Answer], model: Model, settings: Settings, ious: tuple[float, ...] = IOUS
    ) -> list[tuple[Matching, ...]]:
        return [
            match_many(answer.truth, model.decode(answer.outputs, answer.truth.shape, settings).labels, ious)
            for answer in answers
        ]


def mean_accuracy(matchings: Sequence[tuple[Matching, ...]]) -> float:
    """Accuracy pooled over the images, mean over the thresholds."""
    return float(np.mean([pooled(column).accuracy for column in zip(*matchings, strict=True)]))
