"""Patches of annotated images: class-balanced, augmented, now and then an empty field."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convivo.model import Model
from convivo.ops.augment import Augmentation, empty_field, patch
from convivo.ops.sampling import BalancedPlaces, frequencies
from convivo.ops.tiling import round_up
from convivo.run.batches import Batches
from convivo.run.config import TrainConfig
from convivo.types import Annotated, Pixels

MEASURED = 64  # patches from which the shown class frequencies are measured


class LabelledPatches:
    """Patches of prepared images with their targets."""

    def __init__(
        self,
        model: Model,
        data: Sequence[Annotated],
        *,
        size: tuple[int, ...],
        foreground: float,
        augmentation: Augmentation,
    ) -> None:
        self._method, self._net_size = model.segmentation, model.card.net
        self._size, self._augmentation = size, augmentation
        pages = [next(iter(each.image.pages(model.dimensions)))[1] for each in data]
        self.images = [model.prepare(page) for page in pages]
        self._targets = [self._method.targets(each.labels) for each in data]
        self.places = BalancedPlaces(
            [each[0] for each in self._targets],
            count=len(self._method.classes),
            foreground=foreground,
            objects=[np.unique(each.labels[each.labels > 0]).size for each in data],
        )
        self._nothing = self._method.targets(np.zeros(size, np.int32))

    def draw(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """One patch, as its method shows it."""
        return self._method.example(*self._cut(rng), self._net_size, rng)

    def shown_frequencies(self, seed: int) -> tuple[float, ...]:
        """Share of each class among the pixels that training shows."""
        rng = np.random.default_rng(seed)
        classes = [self._cut(rng)[1][0] for _ in range(MEASURED)]
        return frequencies(classes, len(self._method.classes))

    def _cut(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """One augmented patch with its targets."""
        if rng.random() < self._augmentation.empty:
            return empty_field((len(self.images[0]), *self._size), rng), self._nothing
        place = self.places.draw(self._size, rng)
        return patch(
            self.images[place.image],
            self._targets[place.image],
            place.centre,
            self._size,
            self._augmentation,
            rng,
        )


def patch_size(model: Model, shapes: Sequence[tuple[int, ...]], config: TrainConfig) -> tuple[int, ...]:
    """Patches are no larger than the largest image, in steps of the net's stride."""
    assert config.patch is not None
    wanted = (
        (config.patch,) * 2 if model.dimensions == 2 else (config.patch_depth, config.patch, config.patch)
    )
    largest = np.max(shapes, axis=0)
    return tuple(
        round_up(min(side, int(length)), model.stride) for side, length in zip(wanted, largest, strict=True)
    )


def labelled_batches(
    model: Model, data: Sequence[Annotated], config: TrainConfig
) -> Batches[LabelledPatches]:
    """Batches of the training side."""
    assert config.batch is not None
    patches = LabelledPatches(
        model,
        data,
        size=patch_size(model, [each.labels.shape for each in data], config),
        foreground=config.foreground,
        augmentation=config.augmentation,
    )
    return Batches(patches, size=config.batch, seed=config.seed)
