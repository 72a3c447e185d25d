"""Orders as the page gives them: places in chosen folders and models of the list, made into orders with paths.

No path that the page makes up gets any further than this.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import msgspec

from convivo.errors import BadInput
from convivo.io.inputs import output_names
from convivo.lab import dropped
from convivo.lab.folders import Folders, Place, plain_name
from convivo.lab.models import Models
from convivo.work.orders import (
    CheckOrder,
    Device,
    Engine,
    Order,
    Precision,
    PredictOrder,
    Setting,
    SimulateOrder,
    TrainOrder,
)

Method = Literal["unet", "stardist", "care", "n2v"]


class PredictAsked(msgspec.Struct, frozen=True, kw_only=True, tag="predict", forbid_unknown_fields=True):
    """Predict images: places of images or of folders of images, or IDs of files that were dropped."""

    images: tuple[Place | str, ...]
    model: str  # of the list
    out: Place | None = None  # a folder; by default a new one of the lab's own
    settings: dict[str, Setting] = {}
    scale: float = 1.0
    axes: str | None = None
    channel: str | None = None
    tile: int | None = None
    engine: Engine = "auto"
    precision: Precision = "auto"
    device: Device = "auto"
    rays: bool = False
    blind: bool = False
    tta: bool = False


class TrainAsked(msgspec.Struct, frozen=True, kw_only=True, tag="train", forbid_unknown_fields=True):
    """Train on a folder."""

    method: Method
    data: Place
    name: str  # of the model, which becomes a folder among the lab's models
    minutes: float | None = None
    steps: int = 2000
    source: str | None = None  # model of the list to fine-tune
    axes: str | None = None
    channel: str | None = None
    patch: int | None = None
    batch: int | None = None
    rate: float | None = None
    patience: int = 12
    size: dict[str, Setting] = {}  # filters, depth, rays, ...
    anyway: bool = False
    precision: Precision = "auto"
    device: Device = "auto"
    seed: int = 0


class CheckAsked(msgspec.Struct, frozen=True, kw_only=True, tag="check", forbid_unknown_fields=True):
    """Check a folder before one trains on it."""

    data: Place
    method: Method = "unet"
    model: str | None = None
    by: tuple[str, ...] = ()
    axes: str | None = None
    channel: str | None = None


class SimulateAsked(msgspec.Struct, frozen=True, kw_only=True, tag="simulate", forbid_unknown_fields=True):
    """Make practice data in the lab's own folder."""

    name: str = "practice"
    images: int = 20
    size: int = 256
    nuclei: int = 24
    diameter: float = 28.0
    crowding: float = 0.3
    overlap: float = 0.0
    photons: float = 450.0
    seed: int = 0

    def __post_init__(self) -> None:
        for name, most in (("images", 500), ("size", 2048), ("nuclei", 5000)):
            if not 1 <= getattr(self, name) <= most:
                raise BadInput(f"{getattr(self, name)} for {name}", fix=f"use 1 to {most:,}")


Asked = PredictAsked | TrainAsked | CheckAsked | SimulateAsked


@dataclass(frozen=True, slots=True)
class Ordered:
    """An order, and how it is called in the list."""

    order: Order
    title: str
    out: Path | None  # where results will lie


class Predicted(msgspec.Struct, frozen=True):
    """An image of a prediction."""

    image: str  # its name, as its results are called
    source: Place | str | None  # as a question names it; None where its folder is no longer chosen


@dataclass(frozen=True, slots=True)
class Desk:
    """Takes orders. Raises BadInput for what is not there, or lies where nobody chose."""

    folder: Path  # of the lab
    folders: Folders
    models: Models

    def take(self, asked: Asked) -> Ordered:
        """The order with paths."""
        match asked:
            case PredictAsked():
                return self._predict(asked)
            case TrainAsked():
                return self._train(asked)
            case CheckAsked():
                return self._check(asked)
            case SimulateAsked():
                return self._simulate(asked)

    def images_of(self, order: Order) -> list[Predicted]:
        """The images of a prediction, as the page can ask about each of them; model and settings are the order's."""
        if not isinstance(order, PredictOrder):
            return []
        paths = [Path(image) for image in order.images]
        names = output_names(paths)
        return [Predicted(name, self._source(path)) for name, path in zip(names, paths, strict=True)]

    def model_of(self, order: Order) -> str | None:
        """The model of a prediction, by its name in the list."""
        return self.models.name_of(Path(order.model)) if isinstance(order, PredictOrder) else None

    def _source(self, path: Path) -> Place | str | None:
        if path.is_relative_to(self.folder / "dropped"):
            return path.parent.name
        return self.folders.place_of(path)

    def _predict(self, asked: PredictAsked) -> Ordered:
        model = self.models.path_of(asked.model)
        images = [path for each in asked.images for path in self._images(each)]
        count = f"{len(images):,} images" if len(images) != 1 else images[0].name
        out = self.folders.path_of(asked.out) if asked.out else self._own("results", model.name)
        order = PredictOrder(
            images=tuple(map(str, images)),
            model=str(model),
            out=str(out),
            **_same(asked, PredictOrder, "images", "model", "out"),
        )
        return Ordered(order, f"{model.name} on {count}", out)

    def _images(self, each: Place | str) -> tuple[Path, ...]:
        return (dropped.path_of(self.folder, each),) if isinstance(each, str) else self.folders.images(each)

    def _train(self, asked: TrainAsked) -> Ordered:
        name = plain_name(asked.name, "a model")
        out = self.folders.roots[0] / "models" / name
        if out.exists():
            raise BadInput(f"there is a model {name!r} already", fix="give the new one another name")
        data = self.folders.data(asked.data)
        order = TrainOrder(
            data=(str(data),),
            out=str(out),
            source=str(self.models.path_of(asked.source)) if asked.source else None,
            **_same(asked, TrainOrder, "data", "out", "source"),
        )
        return Ordered(order, f"{name}: {asked.method} on {data.name}", out)

    def _check(self, asked: CheckAsked) -> Ordered:
        data = self.folders.data(asked.data)
        out = self._own("results", f"check of {data.name}")
        order = CheckOrder(
            data=str(data),
            out=str(out),
            model=str(self.models.path_of(asked.model)) if asked.model else None,
            **_same(asked, CheckOrder, "data", "out", "model"),
        )
        return Ordered(order, f"check of {data.name}", out)

    def _simulate(self, asked: SimulateAsked) -> Ordered:
        out = self.folders.roots[0] / "data" / plain_name(asked.name, "a data set")
        if out.exists():
            raise BadInput(f"there is a data set {asked.name!r} already", fix="give the new one another name")
        order = SimulateOrder(out=str(out), **_same(asked, SimulateOrder, "out"))
        return Ordered(order, f"{asked.images} practice images", out)

    def _own(self, part: str, name: str) -> Path:
        """A new folder among the lab's own."""
        return self.folders.roots[0] / part / f"{name} {secrets.token_hex(3)}"


def _same(asked: Asked, order: type[msgspec.Struct], *but: str) -> dict[str, Any]:
    """Fields that an order has under the same names."""
    known = {field.name for field in msgspec.structs.fields(order)} - set(but)
    return {name: value for name, value in msgspec.structs.asdict(asked).items() if name in known}
