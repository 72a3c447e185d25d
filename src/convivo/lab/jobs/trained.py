"""A training in a job process: its curve in so many points, pictures at each validation, and an end at any time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import msgspec

from convivo.errors import BadInput, CannotWrite
from convivo.lab.jobs.looked_at import LookedAt
from convivo.lab.jobs.told import Finishing, Progress, Row, Validated
from convivo.methods import Segmentation
from convivo.model import Model, ModelFolder
from convivo.run.train import Pause, Step
from convivo.work.events import Begun, Note
from convivo.work.training import Training, begin, config_of, examples_of, made

if TYPE_CHECKING:
    from convivo.lab.jobs.wishes import Wishes
    from convivo.work.orders import TrainOrder

ROWS = 2000  # points of a curve, about
EVERY = 0.5  # seconds between two words on how far it is


def train(order: TrainOrder, folder: Path, tell: Callable[..., None], wishes: Wishes) -> bool:
    """Train, or go on with a training; whether it was stopped by the person.

    After one wish to stop the model is finished: the best weights, settings, scores; what would take minutes is left
    out. A second one leaves what was saved last. Where the server is gone, the state is saved and nothing else done.
    """
    store = ModelFolder(order.out)
    if order.resume and not (store.holds_state or store.holds_model):
        order = msgspec.structs.replace(order, resume=False)  # it went away before there was anything
    config_of(order)
    examples = examples_of(order)
    for note in examples.notes:
        tell(Note(text=note))
    training = begin(order, examples)
    tell(Begun(what="training", total=0, about=training.about()))
    try:
        stopped = _followed(training, Curve(training, folder / "pictures", tell), wishes)
    except KeyboardInterrupt:
        stopped = True
    if not wishes.gone:
        _tell_model(training, order, tell)
    return stopped


def _followed(training: Training, curve: Curve, wishes: Wishes) -> bool:
    steps = training.steps(acquaint_stopped=False)
    try:
        for step in steps:
            curve.saw(step)
            if wishes.gone:
                with suppress(StopIteration):
                    steps.throw(Pause)  # type: ignore[attr-defined]  # it is a generator
                return False
            if wishes.stop:
                curve.finishing()
                return True
    finally:
        steps.close()  # type: ignore[attr-defined]
    return False


def _tell_model(training: Training, order: TrainOrder, tell: Callable[..., None]) -> None:
    """What the training has left; of one that was cut off, what lies on the disk."""
    if training.model.card.training is not None:
        tell(made(training.model, order.out))
    elif ModelFolder(order.out).holds_model:
        tell(made(Model.load(order.out), order.out))
    else:
        raise BadInput(
            "it was stopped before there was a model", fix="go on with it, or remove it and start again"
        )


class Curve:
    """What is told of a training's steps."""

    def __init__(self, training: Training, pictures: Path, tell: Callable[..., None]) -> None:
        self._tell, self._training = tell, training
        self._looked_at = LookedAt(training, pictures)
        self._unit = "accuracy {:.2f}" if isinstance(training.model.method, Segmentation) else "{:.1f} dB"
        self._losses: list[float] = []
        self._told_progress = 0.0
        self._last = -1  # number of the last point
        self._best: float | None = None

    def saw(self, step: Step) -> None:
        """Tell of a step what is worth telling."""
        for note in step.notes:
            self._tell(Note(text=note))
        self._losses.append(step.loss)
        point = int(step.progress * ROWS)
        if point > self._last or step.validation is not None or step.is_last:
            self._last = point
            loss = sum(self._losses) / len(self._losses)
            self._losses = []
            self._tell(Row(step=step.number, loss=loss, progress=step.progress, seconds=step.seconds))
        if step.validation is not None:
            self._best = step.validation if step.is_best else self._best
            self._validated(step, step.validation)
        self._say_progress(step)
        if step.is_last:
            self.finishing()

    def finishing(self) -> None:
        """The steps are over."""
        self._tell(Finishing())

    def _validated(self, step: Step, score: float) -> None:
        pictures: tuple[str, ...] = ()
        try:
            pictures = self._looked_at.drawn(step.number)
        except CannotWrite as error:  # a training is not lost because a picture is
            self._tell(Note(text=f"no picture: {error.problem}"))
        self._tell(Validated(step=step.number, score=score, is_best=step.is_best, pictures=pictures))

    def _say_progress(self, step: Step) -> None:
        if perf_counter() - self._told_progress < EVERY:
            return
        self._told_progress = perf_counter()
        left = step.seconds * (1 - step.progress) / step.progress if step.progress else None
        now = f"step {step.number:,} ({step.number / step.seconds:.1f} a second)"
        if self._best is not None:
            now += f", best {self._unit.format(self._best)}"
        self._tell(Progress(share=step.progress, left=left, now=now))
