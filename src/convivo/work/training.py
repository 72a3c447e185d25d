"""Train a model as it was ordered: new, from another one, or on from where it was interrupted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from convivo.errors import BadInput
from convivo.methods import Segmentation
from convivo.model import Example, Model, ModelFolder, find_model
from convivo.run.config import TrainConfig
from convivo.run.train import Step, train
from convivo.types import Annotated
from convivo.work.events import ModelMade, Trained
from convivo.work.examples import Examples, open_examples
from convivo.work.orders import TrainOrder


@dataclass(frozen=True, slots=True)
class Training:
    """A training that is about to begin."""

    model: Model
    examples: Examples
    store: ModelFolder
    config: TrainConfig
    resume: bool

    def steps(self, *, acquaint_stopped: bool = True) -> Iterator[Step]:
        """Train; each step as it is done. Closing this ends the training properly (see `run.train`)."""
        return train(
            self.model,
            self.examples.data,
            self.config,
            store=self.store,
            parts=self.examples.parts,
            resume=self.resume,
            acquaint_stopped=acquaint_stopped,
        )

    def about(self) -> str:
        """What is about to be learned from what."""
        return described(self.examples.data, self.model)


def examples_of(order: TrainOrder) -> Examples:
    """What there is to learn from."""
    return open_examples(order.method, order.data, order.axes, order.channel)


def config_of(order: TrainOrder) -> TrainConfig:
    """How to train; refuses numbers that mean nothing."""
    return TrainConfig(
        steps=order.steps,
        minutes=order.minutes,
        patch=order.patch,
        batch=order.batch,
        rate=order.rate,
        patience=order.patience,
        precision=order.precision,
        device=order.device,
        seed=order.seed,
        most_shift=order.most_shift,
        anyway=order.anyway,
    )


def begin(order: TrainOrder, examples: Examples) -> Training:
    """Everything up to the first step. Raises BadInput where a model lies there already, or does not fit the data."""
    store, config = ModelFolder(order.out), config_of(order)
    model = starting_model(order, examples.data, store)
    if order.hiding and not order.resume:
        model = model.with_card(settings={**model.card.settings, **order.hiding})
        model.method.rule(model.card.settings)  # refuses here, and not in the first step
    return Training(model, examples, store, config, order.resume)


def starting_model(order: TrainOrder, data: Sequence[Example], store: ModelFolder) -> Model:
    """A new model, the one to fine-tune, or the interrupted one."""
    if order.resume:
        return of_method(order.method, store.unfinished_model())
    store.refuse_existing()
    name = order.name or store.path.resolve().name
    if order.source:
        return of_method(order.method, Model.load(find_model(order.source))).for_data(data, name=name)
    size: dict[str, Any] = dict(order.size)
    return Model.new(order.method, data, name=name, seed=order.seed, **size)


def of_method(method: str, model: Model) -> Model:
    """The model, unless another method made it."""
    if model.card.method != method:
        raise BadInput(
            f"model {model.card.name!r} is of the method {model.card.method}, not {method}",
            fix=f"write: convivo train {model.card.method}",
        )
    return model


def described(data: Sequence[Example], model: Model) -> str:
    """What is learned from what, in words."""
    weights = sum(weight.numel() for weight in model.net.parameters())
    labelled = [each.labels for each in data if isinstance(each, Annotated)]
    objects = sum(np.unique(labels[labels > 0]).size for labels in labelled)
    what = f"{len(data)} images with {objects:,} objects" if labelled else f"{len(data)} images"
    if any(getattr(each, "target", None) is not None for each in data):
        what = f"{len(data)} pairs of images"
    return f"{what}; a net of {weights:,} weights"


def event_of(step: Step) -> Trained:
    """A step as it is told."""
    return Trained(
        number=step.number,
        loss=step.loss,
        rate=step.rate,
        progress=step.progress,
        seconds=step.seconds,
        validation=step.validation,
        is_best=step.is_best,
        is_last=step.is_last,
    )


def made(model: Model, out: Path | str) -> ModelMade:
    """What a training has left; of one that was cut off, as far as its saved state tells."""
    card, part = model.card, model.card.scores.selection
    steps, best_step, minutes = 0, 0, 0.0
    if card.training:
        steps, best_step, minutes = card.training.steps, card.training.best_step, card.training.minutes
    elif (store := ModelFolder(out)).holds_state:
        state = store.unfinished().state
        steps, best_step, minutes = state.step, state.best_step, round(state.seconds / 60, 2)
    return ModelMade(
        out=str(out),
        method=card.method,
        steps=steps,
        best_step=best_step,
        minutes=minutes,
        accuracy=dict(part.accuracy) if part and isinstance(model.method, Segmentation) else {},
        decibels=next(iter(part.restoration.values()), None) if part else None,
        selection=part.images if part else 0,
    )
