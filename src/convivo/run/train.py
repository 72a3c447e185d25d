"""Training: a loop that can be read, stopped at any moment and resumed, and that yields each step to whoever watches.

Warm-up and cosine decay, early stopping, the best and the last weights kept. Closing the generator, by `break` or
`close`, ends the training properly: the model then holds the best weights and their scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from time import perf_counter
from typing import Any, cast

import msgspec
import numpy as np
from torch import Tensor

from convivo.methods import Segmentation
from convivo.model import Example, Model, ModelFolder, Row, Saved, State, Training, running_commit
from convivo.ops.deviations import FEWEST
from convivo.run.acquaintance import TRIED, acquainted, affordable, with_fingerprint
from convivo.run.batches import Batch
from convivo.run.config import TrainConfig
from convivo.run.intake import refuse_unfit_example
from convivo.run.learner import Learner
from convivo.run.schedule import Budget, rate_at
from convivo.run.split import split_by_group
from convivo.run.tasks import Task, task_of
from convivo.types import Annotated

VALIDATIONS = 20  # evenly over the training
ROW, ROWS = 10, 600  # least steps in one row of the curve, and about the most rows
# of a time budget that validations may take; on a busy machine there are fewer of them
VALIDATION_SHARE = 0.12
TRYING_SHARE = 0.25  # of the time of the training that the model is tried on altered images, at most
SAVE_EVERY = 30.0  # seconds
SCORED = 5  # images that trained, at most: 2.5 % of a training of one minute


@dataclass(frozen=True, slots=True)
class Step:
    """One step of training, as it was just done."""

    number: int
    loss: float
    rate: float
    progress: float  # 0..1 of the budget
    seconds: float  # since the start, all sittings together
    validation: float | None = None  # where it was measured: mean accuracy over IoU 0.5 to 0.9, or dB
    is_best: bool = False
    is_last: bool = (
        False  # what follows takes a while: settings, scores, and what the model scores on altered images
    )
    notes: tuple[str, ...] = ()  # with the first step of a sitting: what the images may do to the result


class Pause(Exception):  # noqa: N818  nothing went wrong
    """Thrown into a training between two steps: go on later."""


def train(
    model: Model,
    data: Sequence[Example],
    config: TrainConfig | None = None,
    *,
    store: ModelFolder | None = None,
    parts: Mapping[str, str] | None = None,
    resume: bool = False,
    acquaint: bool = True,
    acquaint_stopped: bool = True,
) -> Iterator[Step]:
    """Train the model in place and yield every step. With a store, everything is kept on disk as it comes.

    `parts` says for images (by name) whether they are for train or validation. With `resume` the settings are the
    saved ones and `config` is not looked at. A KeyboardInterrupt inside a step leaves what is on disk as it is.
    With `acquaint` a long training ends with altered images, so that the model can be doubted later; there a
    KeyboardInterrupt ends no more than that. Without `acquaint_stopped` one that is closed early leaves them out.
    A `Pause` that is thrown in saves the state, so that `resume` loses nothing, and does nothing else.
    """
    for each in data:
        refuse_unfit_example(model, each)
    run = TrainingRun(
        model, data, config or TrainConfig(), store, parts or {}, resume=resume, acquaint=acquaint
    )
    notes = run.notes
    try:
        with run.batches.ahead(run.state.step) as batches:
            while not run.is_over:
                yield replace(run.step(next(batches)), notes=notes)
                notes = ()
    except GeneratorExit:  # somebody has seen enough
        run.finish(acquaint=acquaint_stopped)
        raise
    except Pause:
        run.save_state()
        return
    except KeyboardInterrupt:  # a step is half done, and nothing may follow from it
        run.take_best_weights()
        raise
    run.finish()


class TrainingRun:
    """One training: what `train` walks through."""

    def __init__(
        self,
        model: Model,
        data: Sequence[Example],
        config: TrainConfig,
        store: ModelFolder | None,
        parts: Mapping[str, str],
        *,
        resume: bool,
        acquaint: bool = True,
    ) -> None:
        self.model, self.store, self._is_to_know_itself = model, store, acquaint
        self.names = tuple(each.name for each in data)
        saved = store.unfinished() if resume and store else None
        self.config = msgspec.convert(saved.config, TrainConfig) if saved else config
        self.config = self.config.completed(
            model.method, model.dimensions, fine_tuning=model.card.started_from is not None
        )
        assert self.config.rate is not None
        self._rate = self.config.rate
        self.task: Task[Any] = task_of(model.method)
        self.notes: tuple[str, ...]
        data, self.notes = self.task.intake(model, data, self.config)
        self.state = saved.state if saved else State()
        self.split = split_by_group(data, seed=self.config.seed, parts=parts)
        if saved:
            saved.check_images(self.names, self.selection)
            model.card = saved.card
        else:
            self.task.measure(model, self.split.train)
        if store:
            store.create()
        self.batches = self.task.batches(model, self.split.train, self.config)
        self.validation = self.task.validation(model, self.split.validation)
        self.learner = Learner(
            model, rate=self._rate, device=self.config.device, precision=self.config.precision
        )
        if saved and store:
            store.restore(model.net, self.learner.optimiser)
        self._budget = Budget(
            self.config.steps, None if self.config.minutes is None else 60 * self.config.minutes
        )
        self._started = perf_counter() - self.state.seconds
        self._last_saved = perf_counter()
        self._best_weights: dict[str, Tensor] | None = None

    @property
    def selection(self) -> tuple[str, ...]:
        """Names of the images that choose."""
        return tuple(each.name for each in self.split.validation)

    @property
    def progress(self) -> float:
        """Share of the budget that is used up."""
        return self._budget.progress(self.state.step, self.state.seconds)

    @property
    def is_over(self) -> bool:
        """Whether the budget is used up, or nothing has improved for long."""
        return self.progress >= 1 or self.state.since_best >= self.config.patience

    def step(self, batch: Batch) -> Step:
        """Learn from one batch; validate and save where it is time."""
        state, before = self.state, self.progress
        rate = rate_at(before, self._rate)
        loss = self.learner.learn(batch, rate)
        state.step += 1
        state.losses.append(loss)
        state.seconds = perf_counter() - self._started
        score, new_loss = self._validate() if self._is_validation_due(before) else (None, None)
        if score is not None or self._is_row_due(before) or self.is_over:
            state.curve.append(Row(state.step, float(np.mean(state.losses)), rate, score, new_loss))
            state.losses = []
        if score is not None or perf_counter() - self._last_saved > SAVE_EVERY:
            self.save_state()
        is_best = score is not None and state.best_step == state.step
        return Step(state.step, loss, rate, self.progress, state.seconds, score, is_best, self.is_over)

    def finish(self, *, acquaint: bool = True) -> None:
        """Leave the best weights in the model, with settings chosen and scores measured."""
        if self.store:
            self.save_state()
            self.store.write_last(self.model)
        self.take_best_weights(unless_last_is_as_good=True)
        self.task.complete(self.model, self.validation, self.batches, self._record())
        self._score_training()
        if self.store:  # whoever interrupts what follows has it
            self.store.write_model(self.model)
            if self.is_over:
                self.store.finish()
        if acquaint:
            self._acquaint()

    def _acquaint(self) -> None:
        """Try the model on altered images, as many as it was trained minutes, or fewer where that takes too long."""
        images, finds_objects = int(self.state.seconds / 60), isinstance(self.model.method, Segmentation)
        wanted = self._is_to_know_itself and finds_objects and self.model.dimensions == 2
        if not wanted or not self.split.validation or images < FEWEST:
            return
        known, tried = cast("tuple[Sequence[Annotated], ...]", (self.split.train, self.split.validation))
        try:
            images = min(images, TRIED, affordable(self.model, tried, TRYING_SHARE * self.state.seconds))
            if images >= FEWEST:
                with_fingerprint(self.model, acquainted(self.model, known, tried, most=images))
        except KeyboardInterrupt:  # `convivo fingerprint` can do it later
            return
        if self.store:
            self.store.write_model(self.model)

    def _score_training(self) -> None:
        """Score some images that trained, as many as chose: only beside that one sees what was learned by heart."""
        count = min(len(self.split.validation), SCORED)
        if count:
            some = self.split.train[:: -(-len(self.split.train) // count)]
            part = self.task.part_score(self.task.validation(self.model, some), self.model)
            scores = msgspec.structs.replace(self.model.card.scores, training=part)
            self.model.card = msgspec.structs.replace(self.model.card, scores=scores)

    def _is_row_due(self, before: float) -> bool:
        """Whether there is enough for a row of the curve: a long training has longer ones."""
        return len(self.state.losses) >= ROW and int(self.progress * ROWS) > int(before * ROWS)

    def _is_validation_due(self, before: float) -> bool:
        """Whether a share of the budget worth a validation was just completed, and there is time for one."""
        is_due = int(self.progress * VALIDATIONS) > int(before * VALIDATIONS)
        in_time = self.config.minutes is None or self.progress >= 1
        in_time |= self.state.validating <= VALIDATION_SHARE * self.state.seconds
        return len(self.validation) > 0 and is_due and in_time

    def _validate(self) -> tuple[float, float | None]:
        """Score the present weights, and keep them where they are the best so far; returns score and loss."""
        state, started = self.state, perf_counter()
        score = self.validation.score(self.model, self.learner.precision)
        new_loss = self.validation.loss(self.model)
        state.validating += perf_counter() - started
        if state.best_score is None or score > state.best_score:
            self._best_weights = {name: value.clone() for name, value in self.model.net.state_dict().items()}
            state.best_score, state.best_step, state.since_best = score, state.step, 0
            if self.store:
                self.store.write_model(self.model)
        elif state.best_score > 0:  # a net that has found nothing yet is not on a plateau
            state.since_best += 1
        return score, new_loss

    def take_best_weights(self, *, unless_last_is_as_good: bool = False) -> None:
        """The weights that validation chose, from memory or from the sitting before; else the last ones."""
        if unless_last_is_as_good and self._last_is_as_good():
            self.state.best_step = self.state.step
            self.model.net.eval()
            return
        if self._best_weights is None and self.store and self.state.best_score is not None:
            self._best_weights = Model.load(self.store.path).net.state_dict()
        if self._best_weights is None:
            self.state.best_step = self.state.step
        else:
            self.model.net.load_state_dict(self._best_weights)
        self.model.net.eval()

    def _last_is_as_good(self) -> bool:
        """Whether the last weights, just validated, are as good as the best as far as the validation can tell."""
        last, best = self.state.curve[-1] if self.state.curve else None, self.state.best_score
        if last is None or last.step != self.state.step or last.validation is None or best is None:
            return False
        return last.validation >= best - self.validation.tolerance

    def save_state(self) -> None:
        """Keep on disk all that is needed to go on."""
        if self.store:
            saved = Saved(self.state, _plain(self.config), self.names, self.selection, self.model.card)
            self.store.write_state(saved, self.model.net, self.learner.optimiser)
        self._last_saved = perf_counter()

    def _record(self) -> Training:
        return Training(
            seed=self.config.seed,
            steps=self.state.step,
            best_step=self.state.best_step,
            minutes=round(self.state.seconds / 60, 2),
            images=tuple(each.name for each in self.split.train),
            selection_images=self.selection,
            config=_plain(self.config),
            commit=running_commit(),
        )


def _plain(config: TrainConfig) -> dict[str, object]:
    """The config as JSON knows it."""
    return {name: value for name, value in asdict(config).items() if value is not None}
