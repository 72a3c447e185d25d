"""What differs between learning to find objects and learning to restore images; the loop in `train` is the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from convivo.methods import Method, Segmentation
from convivo.model import Example, Model, PartScore, Training
from convivo.run import restoration_training
from convivo.run.batches import Batches
from convivo.run.config import TrainConfig
from convivo.run.labelled_patches import labelled_batches
from convivo.run.record import complete_card
from convivo.run.restoration_intake import refuse_unfit
from convivo.run.restoration_scales import measure as measure_exposures
from convivo.run.restoration_validation import RestorationValidation
from convivo.run.validation import Validation
from convivo.types import Annotated, Restorable

Data = TypeVar("Data", bound=Example)


class Chooser(Protocol):
    """Images that did not train, prepared once."""

    tolerance: float  # differences of the score that mean nothing: then the last weights are kept

    def __len__(self) -> int: ...

    def score(self, model: Model, precision: str) -> float:
        """How good the model is; higher is better."""
        ...

    def loss(self, model: Model) -> float | None:
        """The loss on these images; None where the score says it already."""
        ...


@dataclass(frozen=True, slots=True)
class Task(Generic[Data]):
    """The steps of a training that look at its data."""

    # refuses what is unfit; what is learned from, and remarks
    intake: Callable[[Model, Sequence[Data], TrainConfig], tuple[Sequence[Data], tuple[str, ...]]]
    measure: Callable[[Model, Sequence[Data]], None]  # describe the training side on the card
    batches: Callable[[Model, Sequence[Data], TrainConfig], Batches[Any]]
    validation: Callable[[Model, Sequence[Data]], Chooser]
    complete: Callable[[Model, Any, Batches[Any], Training], None]  # the card, when the training ends
    part_score: Callable[[Any, Model], PartScore]  # for the card, of a chooser's images


def _annotated_intake(
    model: Model, data: Sequence[Annotated], config: TrainConfig
) -> tuple[Sequence[Annotated], tuple[str, ...]]:
    """Masks were looked at when they were read."""
    return data, ()


SEGMENTATION: Task[Annotated] = Task(
    _annotated_intake, Model.measure, labelled_batches, Validation, complete_card, Validation.present_score
)
RESTORATION: Task[Restorable] = Task(
    refuse_unfit,
    measure_exposures,
    restoration_training.restoration_batches,
    RestorationValidation,
    restoration_training.complete_card,
    RestorationValidation.part_score,
)


def task_of(method: Method) -> Task[Any]:
    """The task of a method."""
    return SEGMENTATION if isinstance(method, Segmentation) else RESTORATION
