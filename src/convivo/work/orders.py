"""What a person orders, as it travels and is kept: plain values. Paths are those of this machine.

Light to import: the lab's server takes orders without torch. What is missing is refused here; whether a number means
something is for the model or the method to say, when the order is carried out.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from convivo.errors import BadInput

Engine = Literal["auto", "torch", "openvino"]
Precision = Literal["auto", "float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda", "mps"]
Setting = int | float | str | bool


class PredictOrder(msgspec.Struct, frozen=True, kw_only=True, tag="predict", forbid_unknown_fields=True):
    """Find the objects in images, or restore them, as the model does."""

    images: tuple[str, ...]  # files, folders or patterns
    model: str  # a folder, or a name that `convivo models` lists
    out: str  # folder for the results
    tile: int | None = None
    engine: Engine = "auto"
    precision: Precision = "auto"
    device: Device = "auto"
    axes: str | None = None
    channel: str | None = None
    scale: float = 1.0
    settings: dict[str, Setting] = {}  # of the decoder; those that are not named are the card's
    rays: bool = False
    blind: bool = False
    tta: bool = False

    def __post_init__(self) -> None:
        if not self.images:
            raise BadInput("no image is given", fix="choose images, or a folder of them")
        _some_text(self.model, "model", "choose one of the models")
        _some_text(self.out, "folder for the results", "choose a folder")


class TrainOrder(msgspec.Struct, frozen=True, kw_only=True, tag="train", forbid_unknown_fields=True):
    """Train a model on a folder, or go on with a training that was interrupted."""

    method: str
    data: tuple[str, ...]  # one folder; for n2v also files and patterns
    out: str  # folder for the model
    name: str | None = None  # of the model; by default that of its folder
    minutes: float | None = None  # a time budget instead of steps
    steps: int = 2000
    source: str | None = None  # model to fine-tune: a folder, or a name
    resume: bool = False
    axes: str | None = None
    channel: str | None = None
    patch: int | None = None
    batch: int | None = None
    rate: float | None = None
    patience: int = 12
    size: dict[str, Setting | tuple[int, int]] = {}  # of the net, where it is not the method's own
    hiding: dict[str, Setting] = {}  # n2v: how pixels are hidden
    most_shift: float = 1.0
    anyway: bool = False
    precision: Precision = "auto"
    device: Device = "auto"
    seed: int = 0

    def __post_init__(self) -> None:
        if not self.data:
            raise BadInput("no data is given", fix="choose a folder with images/ and masks/")
        _some_text(self.method, "method", "choose unet, stardist, care or n2v")
        _some_text(self.out, "folder for the model", "choose a folder")


class CheckOrder(msgspec.Struct, frozen=True, kw_only=True, tag="check", forbid_unknown_fields=True):
    """Look for what would spoil a training on a folder."""

    data: str
    method: str = "unet"
    model: str | None = None  # to be trained on, or used with, the data; says the method too
    by: tuple[str, ...] = ()  # columns of groups.csv that name subgroups
    out: str | None = None  # folder for findings.json and groups.csv
    axes: str | None = None
    channel: str | None = None

    def __post_init__(self) -> None:
        _some_text(self.data, "data", "choose a folder with images/ and masks/")


class SimulateOrder(msgspec.Struct, frozen=True, kw_only=True, tag="simulate", forbid_unknown_fields=True):
    """Make a folder of images whose truth is known: images/, masks/ and clean/."""

    out: str
    images: int = 20
    size: int = 256  # side of an image in pixels
    slices: int = 1  # of a stack; 1 for flat images
    nuclei: int = 24  # in each image
    diameter: float = 28.0  # of an ordinary nucleus, in pixels
    crowding: float = 0.3  # share of nuclei that touch another
    overlap: float = 0.0  # largest share of a nucleus that others may cover
    blur: float = 1.4  # sigma of the point spread in pixels
    background: float = 0.1  # light between nuclei, share of an ordinary nucleus
    unevenness: float = 0.25  # how much dimmer the darkest place is lit
    photons: float = 450.0  # from an ordinary nucleus to one pixel
    read_noise: float = 2.0  # of the camera, in photons
    seed: int = 0
    resume: bool = False  # the folder is filled in part by this same order

    def __post_init__(self) -> None:
        _some_text(self.out, "folder for the images", "choose a folder")


Order = PredictOrder | TrainOrder | CheckOrder | SimulateOrder


def _some_text(text: str, what: str, fix: str) -> None:
    if not text.strip():
        raise BadInput(f"no {what} is given", fix=fix)
