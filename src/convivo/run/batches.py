"""Training batches. Each derives from the seed and its step alone, so an interrupted run goes on as if it never was."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np

from convivo.methods import Method
from convivo.nets.unet import UNetSize
from convivo.ops.augment import Augmentation, empty_field, patch
from convivo.ops.sampling import BalancedPlaces, frequencies
from convivo.types import Pixels

MEASURED = 16  # batches from which the shown class frequencies are measured


@dataclass(frozen=True, slots=True)
class Batch:
    """What the net is shown, (B, C, ...), and what it should say, (B, T, ...)."""

    shown: Pixels
    wanted: Pixels


class Batches:
    """Batches of augmented, class-balanced patches of prepared images."""

    def __init__(
        self,
        method: Method,
        images: Sequence[Pixels],
        targets: Sequence[Pixels],
        *,
        net_size: UNetSize,
        patch: tuple[int, ...],
        size: int,
        foreground: float,
        augmentation: Augmentation,
        seed: int,
        objects: Sequence[int] | None = None,
    ) -> None:
        self._method, self.images, self._targets = method, images, targets
        self._net_size = net_size
        self._patch, self._size, self._augmentation, self._seed = patch, size, augmentation, seed
        self.places = BalancedPlaces(
            [each[0] for each in targets], count=len(method.classes), foreground=foreground, objects=objects
        )
        self._nothing = method.targets(np.zeros(patch, np.int32))

    def batch(self, step: int) -> Batch:
        """The batch of one step: the same whenever it is asked for."""
        rng = np.random.default_rng([self._seed, step])
        examples = [self._example(rng) for _ in range(self._size)]
        return Batch(np.stack([shown for shown, _ in examples]), np.stack([wanted for _, wanted in examples]))

    def shown_frequencies(self) -> tuple[float, ...]:
        """Share of each class among the pixels that training shows."""
        rng = np.random.default_rng(self._seed)
        classes = [self._cut(rng)[1][0] for _ in range(MEASURED * self._size)]
        return frequencies(classes, len(self._method.classes))

    @contextmanager
    def ahead(self, first: int) -> Iterator[Iterator[Batch]]:
        """Batches from step `first` on, each made by a second thread while the net learns from the one before."""
        with ThreadPoolExecutor(1, thread_name_prefix="batches") as thread:
            yield self._prefetched(thread, first)

    def _prefetched(self, thread: ThreadPoolExecutor, first: int) -> Iterator[Batch]:
        step = first
        future: Future[Batch] = thread.submit(self.batch, step)
        while True:
            batch = future.result()
            step += 1
            future = thread.submit(self.batch, step)
            yield batch

    def _example(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """One patch, as its method shows it."""
        return self._method.example(*self._cut(rng), self._net_size, rng)

    def _cut(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """One augmented patch with its targets."""
        if rng.random() < self._augmentation.empty:
            return empty_field((len(self.images[0]), *self._patch), rng), self._nothing
        place = self.places.draw(self._patch, rng)
        return patch(
            self.images[place.image],
            self._targets[place.image],
            place.centre,
            self._patch,
            self._augmentation,
            rng,
        )
