"""Where a training keeps what it must not lose: the best model so far, the last weights, and a state to go on from.

Everything is written whole or not at all, and `train.csv` follows from the state alone, so a run that is killed at any
moment and resumed ends with the same files as one that was not.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import safetensors.torch
import torch
from safetensors import safe_open
from torch import Tensor, nn

from convivo.errors import BadInput, BadModel
from convivo.io.atomic import output_folder, writing
from convivo.io.tables import read_table, write_table
from convivo.methods import method_named
from convivo.model.card import Card, with_cuts
from convivo.model.files import CARD, write_weights
from convivo.model.model import Model

STATE = "training.safetensors"
LAST = "last.safetensors"
CURVE = "train.csv"
COLUMNS = ("step", "loss", "rate", "validation", "validation_loss")


class Row(msgspec.Struct, frozen=True):
    """One line of the training curve: means since the line before."""

    step: int
    loss: float
    rate: float
    validation: float | None = None
    validation_loss: float | None = None  # on the same images, with the same weights


@dataclass
class State:
    """All that a training needs to go on: net, optimiser, and what it has seen."""

    step: int = 0
    seconds: float = 0.0
    validating: float = 0.0  # seconds of them
    best_step: int = 0
    best_score: float | None = None
    since_best: int = 0  # validations
    losses: list[float] = field(default_factory=list)  # of the steps since the last row
    curve: list[Row] = field(default_factory=list)


class Saved(msgspec.Struct, frozen=True):
    """What stands beside the tensors in the state file."""

    state: State
    config: dict[str, Any]
    images: tuple[str, ...]
    selection: tuple[str, ...]  # the images among them that choose
    card: Card

    def check_images(self, names: tuple[str, ...], selection: tuple[str, ...]) -> None:
        """Going on with other data would be another training."""
        if self.images != names:
            raise BadInput(
                f"the interrupted training had {len(self.images)} images, these are {len(names)} others",
                fix="give the same data, or train anew in another folder",
            )
        if self.selection != selection:
            before, now = (", ".join(each) or "none" for each in (self.selection, selection))
            raise BadInput(
                f"the images that choose were {before}, and are {now} now",
                fix="give the same groups.csv, or train anew in another folder",
            )


class ModelFolder:
    """The folder of a model that is being trained."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)

    def create(self) -> None:
        """Make the folder, or raise CannotWrite before the work and not after it."""
        output_folder(self.path)

    @property
    def holds_model(self) -> bool:
        """Whether somebody's model lies here already."""
        return (self.path / CARD).is_file()

    @property
    def holds_state(self) -> bool:
        """Whether an unfinished training lies here."""
        return (self.path / STATE).is_file()

    @property
    def holds_finished_model(self) -> bool:
        """Whether a model lies here whose training has ended."""
        return self.holds_model and not self.holds_state

    @property
    def holds_curve(self) -> bool:
        """Whether it is known how the training went."""
        return (self.path / CURVE).is_file()

    def write_model(self, model: Model) -> None:
        """The best model so far."""
        model.save(self.path)

    def write_last(self, model: Model) -> None:
        """The weights of the last step, which are sometimes better than the best on few images."""
        write_weights(self.path / LAST, model.net.state_dict())

    def write_state(self, saved: Saved, net: nn.Module, optimiser: torch.optim.Optimizer) -> None:
        """Everything needed to go on, in one file, and the curve so far."""
        weights = {f"net.{name}": tensor for name, tensor in net.state_dict().items()}
        tensors = {name: tensor.contiguous() for name, tensor in (weights | _moments(optimiser)).items()}
        with writing(self.path / STATE) as part:
            part.write_bytes(safetensors.torch.save(tensors, {"saved": msgspec.json.encode(saved).decode()}))
        self.write_curve(saved.state)

    def write_curve(self, state: State) -> None:
        """`train.csv`: step, mean loss, learning rate, validation accuracy and loss where they were measured."""
        rows = (
            (
                row.step,
                f"{row.loss:.6g}",
                f"{row.rate:.6g}",
                _written(row.validation),
                _written(row.validation_loss),
            )
            for row in state.curve
        )
        write_table(self.path / CURVE, COLUMNS, rows)

    def refuse_existing(self, *, fix: str = "go on with --resume, or give another folder") -> None:
        """A model is never written over, and neither is an unfinished training."""
        if self.holds_model or self.holds_state:
            how_far = " whose training was interrupted" if self.holds_state else ""
            raise BadInput(f"{self.path} already holds a model{how_far}", fix=fix)

    def curve(self) -> tuple[Row, ...]:
        """The rows of `train.csv`."""
        rows = read_table(self.path / CURVE)
        return tuple(
            Row(
                int(row["step"]),
                float(row["loss"]),
                float(row["rate"]),
                _known(row["validation"]),
                _known(row.get("validation_loss")),  # once it was not measured
            )
            for row in rows
        )

    def unfinished(self) -> Saved:
        """Settings and progress of the training that was interrupted."""
        if not self.holds_state:
            fix = (
                "it is finished; fine-tune it with --from"
                if self.holds_model
                else "leave out --resume to start one"
            )
            raise BadInput(f"{self.path} holds no unfinished training", fix=fix)
        try:
            with safe_open(self.path / STATE, "pt") as file:
                return msgspec.json.decode(with_cuts(file.metadata()["saved"].encode()), type=Saved)
        except (safetensors.SafetensorError, msgspec.MsgspecError, KeyError, OSError) as error:
            raise BadModel(
                f"{self.path / STATE} cannot be read: {error}", fix="train anew, in another folder"
            ) from error

    def unfinished_model(self) -> Model:
        """The model of the interrupted training; `restore` gives it its weights."""
        card = self.unfinished().card
        return Model(card, method_named(card.method).net(card.net))

    def restore(self, net: nn.Module, optimiser: torch.optim.Optimizer) -> None:
        """Put weights and moments back as they were."""
        with safe_open(self.path / STATE, "pt") as file:
            net.load_state_dict({name: file.get_tensor(f"net.{name}") for name in net.state_dict()})
            keys = set(file.keys())
            for number, weight in enumerate(_weights(optimiser)):
                start = f"optimiser.{number}."
                moments = {
                    key.removeprefix(start): file.get_tensor(key) for key in keys if key.startswith(start)
                }
                optimiser.state[weight] = {  # Adam counts its steps on the CPU
                    name: value if name == "step" else value.to(weight.device)
                    for name, value in moments.items()
                }

    def finish(self) -> None:
        """The training is done: nothing is left to go on from."""
        (self.path / STATE).unlink(missing_ok=True)


def _written(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"


def _known(text: str | None) -> float | None:
    return float(text) if text else None


def _weights(optimiser: torch.optim.Optimizer) -> list[Tensor]:
    return [weight for group in optimiser.param_groups for weight in group["params"]]


def _moments(optimiser: torch.optim.Optimizer) -> dict[str, Tensor]:
    """What Adam remembers of each weight."""
    return {
        f"optimiser.{number}.{name}": value
        for number, weight in enumerate(_weights(optimiser))
        for name, value in optimiser.state[weight].items()
    }
