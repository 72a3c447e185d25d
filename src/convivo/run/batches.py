"""Training batches. Each derives from the seed and its step alone, so an interrupted run goes on as if it never was."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np

from convivo.types import Pixels


class Patches(Protocol):
    """Where patches come from."""

    def draw(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """What the net is shown, (C, ...), and what it should say, (T, ...)."""
        ...


Source = TypeVar("Source", bound=Patches)


@dataclass(frozen=True, slots=True)
class Batch:
    """What the net is shown, (B, C, ...), and what it should say, (B, T, ...)."""

    shown: Pixels
    wanted: Pixels


class Batches(Generic[Source]):
    """Batches of patches."""

    def __init__(self, patches: Source, *, size: int, seed: int) -> None:
        self.patches, self.size, self.seed = patches, size, seed

    def batch(self, step: int) -> Batch:
        """The batch of one step: the same whenever it is asked for."""
        rng = np.random.default_rng([self.seed, step])
        drawn = [self.patches.draw(rng) for _ in range(self.size)]
        return Batch(np.stack([shown for shown, _ in drawn]), np.stack([wanted for _, wanted in drawn]))

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
