"""Training: a loop that can be read, stopped at any moment and resumed, and that yields each step to whoever watches.

Warm-up and cosine decay, early stopping, the best and the last weights kept. Closing the generator, by `break` or
`close`, ends the training properly: the model then holds the best weights and their scores.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from time import perf_counter

import msgspec
import numpy as np
from torch import Tensor

from convivo.errors import BadInput
from convivo.model import Model, ModelFolder, Row, Saved, State, Training, running_commit
from convivo.ops.augment import Augmentation
from convivo.ops.tiling import round_up
from convivo.run.batches import Batch, Batches
from convivo.run.engines import Device, Precision
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.run.learner import Learner
from convivo.run.record import complete_card
from convivo.run.schedule import Budget, rate_at
from convivo.run.split import split_by_group
from convivo.run.validation import Validation
from convivo.types import Annotated

VALIDATIONS = 20  # evenly over the training
ROW, ROWS = 10, 600  # least steps in one row of the curve, and about the most rows
# of a time budget that validations may take; on a busy machine there are fewer of them
VALIDATION_SHARE = 0.12
SAVE_EVERY = 30.0  # seconds
FINE_TUNING = 0.3  # of the method's rate, where training goes on from another model


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """How to train. The default takes minutes on a laptop."""

    steps: int = 2000
    minutes: float | None = None  # a time budget instead of steps; the schedule is fitted to it
    patch: int = 256  # side of the square the net sees at once; in 3-D of the square in Y and X
    patch_depth: int = 16  # in 3-D, along Z
    batch: int = 4
    rate: float | None = None  # None: the method's own; lower it tenfold if the loss jumps
    patience: int = 12  # validations without improvement before it stops
    foreground: float = 0.9  # share of patches drawn around an object
    augmentation: Augmentation = Augmentation()
    precision: Precision = "auto"
    device: Device = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        for name in ("steps", "patch", "patch_depth", "batch", "patience"):
            if getattr(self, name) < 1:
                raise BadInput(f"{name} {getattr(self, name)} is below 1", fix="use a positive number")
        if self.seed < 0:
            raise BadInput(f"seed {self.seed} is below 0", fix="use 0 or a positive number")
        if self.rate is not None and not 0 < self.rate < float("inf"):
            raise BadInput(f"rate {self.rate} is not a number above 0", fix="use about 0.001")
        if self.minutes is not None and not 0 < self.minutes < float("inf"):
            raise BadInput(f"{self.minutes} minutes of training", fix="use a number above 0, such as 10")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of training, as it was just done."""

    number: int
    loss: float
    rate: float
    progress: float  # 0..1 of the budget
    seconds: float  # since the start, all sittings together
    validation: float | None = None  # mean accuracy over IoU 0.5 to 0.9, where it was measured
    is_best: bool = False


def train(
    model: Model,
    data: Sequence[Annotated],
    config: TrainConfig | None = None,
    *,
    store: ModelFolder | None = None,
    parts: Mapping[str, str] | None = None,
    resume: bool = False,
) -> Iterator[Step]:
    """Train the model in place and yield every step. With a store, everything is kept on disk as it comes.

    `parts` says for images (by name) whether they are for train or validation. With `resume` the settings are the
    saved ones and `config` is not looked at. A KeyboardInterrupt inside a step leaves what is on disk as it is.
    """
    for each in data:
        refuse_label_image(each.image)
        refuse_unfit_numbers(each.image)
    run = TrainingRun(model, data, config or TrainConfig(), store, parts or {}, resume=resume)
    try:
        with run.batches.ahead(run.state.step) as batches:
            while not run.is_over:
                yield run.step(next(batches))
    except GeneratorExit:  # somebody has seen enough
        run.finish()
        raise
    except KeyboardInterrupt:  # a step is half done, and nothing may follow from it
        run.take_best_weights()
        raise
    run.finish()


class TrainingRun:
    """One training: what `train` walks through."""

    def __init__(
        self,
        model: Model,
        data: Sequence[Annotated],
        config: TrainConfig,
        store: ModelFolder | None,
        parts: Mapping[str, str],
        *,
        resume: bool,
    ) -> None:
        self.model, self.store = model, store
        self.names = tuple(each.name for each in data)
        saved = store.unfinished() if resume and store else None
        self.config = msgspec.convert(saved.config, TrainConfig) if saved else config
        self._rate = self.config.rate or model.method.rate * (FINE_TUNING if model.card.started_from else 1)
        self.config = replace(self.config, rate=self._rate)
        self.state = saved.state if saved else State()
        self.split = split_by_group(data, seed=self.config.seed, parts=parts)
        if saved:
            saved.check_images(self.names, self.selection)
            model.card = saved.card
        else:
            model.measure(self.split.train)
        if store:
            store.create()
        self.batches = make_batches(model, self.split.train, self.config)
        self.validation = Validation(model, self.split.validation)
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
        score = self._validate() if self._is_validation_due(before) else None
        if score is not None or self._is_row_due(before) or self.is_over:
            state.curve.append(Row(state.step, float(np.mean(state.losses)), rate, score))
            state.losses = []
        if score is not None or perf_counter() - self._last_saved > SAVE_EVERY:
            self._save_state()
        is_best = score is not None and state.best_step == state.step
        return Step(state.step, loss, rate, self.progress, state.seconds, score, is_best)

    def finish(self) -> None:
        """Leave the best weights in the model, with settings chosen and scores measured."""
        if self.store:
            self._save_state()
            self.store.write_last(self.model)
        self.take_best_weights()
        complete_card(self.model, self.validation, self.batches, self._record())
        if self.store:
            self.store.write_model(self.model)
            if self.is_over:
                self.store.finish()

    def _is_row_due(self, before: float) -> bool:
        """Whether there is enough for a row of the curve: a long training has longer ones."""
        return len(self.state.losses) >= ROW and int(self.progress * ROWS) > int(before * ROWS)

    def _is_validation_due(self, before: float) -> bool:
        """Whether a share of the budget worth a validation was just completed, and there is time for one."""
        is_due = int(self.progress * VALIDATIONS) > int(before * VALIDATIONS)
        in_time = self.config.minutes is None or self.progress >= 1
        in_time |= self.state.validating <= VALIDATION_SHARE * self.state.seconds
        return len(self.validation) > 0 and is_due and in_time

    def _validate(self) -> float:
        """Score the present weights, and keep them where they are the best so far."""
        state, started = self.state, perf_counter()
        score = self.validation.score(self.model, self.learner.precision)
        state.validating += perf_counter() - started
        if state.best_score is None or score > state.best_score:
            self._best_weights = {name: value.clone() for name, value in self.model.net.state_dict().items()}
            state.best_score, state.best_step, state.since_best = score, state.step, 0
            if self.store:
                self.store.write_model(self.model)
        elif state.best_score > 0:  # a net that has found nothing yet is not on a plateau
            state.since_best += 1
        return score

    def take_best_weights(self) -> None:
        """The weights that validation chose, from memory or from the sitting before; else the last ones."""
        if self._best_weights is None and self.store and self.state.best_score is not None:
            self._best_weights = Model.load(self.store.path).net.state_dict()
        if self._best_weights is None:
            self.state.best_step = self.state.step
        else:
            self.model.net.load_state_dict(self._best_weights)
        self.model.net.eval()

    def _save_state(self) -> None:
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


def make_batches(model: Model, data: Sequence[Annotated], config: TrainConfig) -> Batches:
    """Batches of the training side; patches are no larger than the largest image, in steps of the net's stride."""
    pages = [next(iter(each.image.pages(model.dimensions)))[1] for each in data]
    wanted = (
        (config.patch,) * 2 if model.dimensions == 2 else (config.patch_depth, config.patch, config.patch)
    )
    largest = np.max([page.shape[1:] for page in pages], axis=0)
    return Batches(
        model.method,
        [model.prepare(page) for page in pages],
        [model.method.targets(each.labels) for each in data],
        net_size=model.card.net,
        patch=tuple(
            round_up(min(side, int(length)), model.stride)
            for side, length in zip(wanted, largest, strict=True)
        ),
        size=config.batch,
        foreground=config.foreground,
        augmentation=config.augmentation,
        seed=config.seed,
        objects=[np.unique(each.labels[each.labels > 0]).size for each in data],
    )


def _plain(config: TrainConfig) -> dict[str, object]:
    """The config as JSON knows it."""
    return {name: value for name, value in asdict(config).items() if value is not None}
