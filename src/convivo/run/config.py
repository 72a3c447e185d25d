"""How to train: what a person, a recipe or an unfinished training says."""

from __future__ import annotations

from dataclasses import dataclass, replace

from convivo.errors import BadInput
from convivo.methods import Method
from convivo.ops.augment import Augmentation
from convivo.run.engines import Device, Precision

FINE_TUNING = 0.3  # of the method's rate, where training goes on from another model


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """How to train. The default takes minutes on a laptop."""

    steps: int = 2000
    minutes: float | None = None  # a time budget instead of steps; the schedule is fitted to it
    patch: int | None = None  # side of the square the net sees at once; None: the method's own
    patch_depth: int = 16  # in 3-D, along Z
    batch: int | None = None  # patches in a step, of each net of an ensemble; None: the method's own
    rate: float | None = None  # None: the method's own; lower it tenfold if the loss jumps
    patience: int = 12  # validations without improvement before it stops
    foreground: float = 0.9  # share of patches drawn around an object
    augmentation: Augmentation = Augmentation()
    most_shift: float = 1.0  # pixels that the images of a pair may be shifted against each other
    anyway: bool = False  # learn from images that seem unfit for the method
    precision: Precision = "auto"
    device: Device = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "patch", "patch_depth", "batch", "patience"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise BadInput(f"{name} {value} is below 1", fix="use a positive number")
        if self.seed < 0:
            raise BadInput(f"seed {self.seed} is below 0", fix="use 0 or a positive number")
        if self.rate is not None and not 0 < self.rate < float("inf"):
            raise BadInput(f"rate {self.rate} is not a number above 0", fix="use about 0.001")
        if self.minutes is not None and not 0 < self.minutes < float("inf"):
            raise BadInput(f"{self.minutes} minutes of training", fix="use a number above 0, such as 10")

    def completed(self, method: Method, dimensions: int = 2, *, fine_tuning: bool = False) -> TrainConfig:
        """The same with the method's own values, for a net of so many dimensions, for what was left open."""
        rate = method.rate * (FINE_TUNING if fine_tuning else 1)
        batch = method.batch if dimensions == 2 else method.batch_of_stacks
        return replace(
            self,
            rate=self.rate or rate,
            patch=self.patch or method.patch,
            batch=self.batch or batch,
        )
