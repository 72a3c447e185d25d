"""What the worker keeps at hand: images that were looked at lately, and models that are loaded."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import numpy as np

from convivo.lab import dropped, practice
from convivo.lab.folders import Folders
from convivo.lab.window import Window
from convivo.types import AnyArray, Image, Labels, Pixels, PixelSize

if TYPE_CHECKING:
    from convivo.model import Model
    from convivo.run.predict import Predictor

NUCLEI = "nuclei"  # the shipped model that most explorables ask
KEPT_IMAGES = 4
KEPT_MODELS = 6
_warming: Thread | None = None
_folder = Path()  # of the lab; known once the worker has begun
_folders = Folders(())


@dataclass(frozen=True, slots=True, eq=False)
class Shelved:
    """An image in grey."""

    name: str
    pixels: AnyArray  # (Y, X), in its own dtype and units
    truth: Labels | None = None  # (Y, X), of simulated images
    pixel_size: PixelSize | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """The pixels of a window."""

    source: Shelved
    pixels: Pixels  # (Y, X), float32, in the image's own units
    truth: Labels | None
    top: int
    left: int

    def as_image(self) -> Image:
        """As models take it."""
        return Image(self.pixels[None], "CYX", self.source.name, self.source.pixel_size)


def open_at(folder: Path, roots: tuple[Path, ...] = ()) -> None:
    """From now on dropped images are looked for in this folder, and others in those that were chosen."""
    global _folder, _folders
    _folder, _folders = folder, Folders(roots)


def opened() -> tuple[Path, Folders]:
    """The lab's folder, and those that were chosen."""
    return _folder, _folders


def begin_to_warm_up() -> None:
    """Load, in a thread, what the first question to a net will need, and let the engine prove itself.

    Questions to nets wait for it; pictures do not.
    """
    global _warming  # one worker serves one lab
    _warming = Thread(target=_warm_up, daemon=True)
    _warming.start()


def _warm_up() -> None:
    _predictor(NUCLEI).predict(cut(Window("nuclei")).as_image())


@lru_cache(maxsize=KEPT_IMAGES)
def image(name: str) -> Shelved:
    """A practice image, or the first plane of one that was dropped. Raises BadInput where there is none."""
    if name in practice.IMAGES:
        made = practice.image(name)
        return Shelved(practice.IMAGES[name].title, made.image, made.labels)
    read = dropped.read(_folder, name)
    plane = read.array.reshape(-1, *read.array.shape[-2:])[0]
    return Shelved(read.name, plane, pixel_size=read.pixel_size)


def cut(window: Window) -> Cut:
    """The pixels of a window, which is moved to lie inside the image."""
    source = image(window.image)
    height, width = source.pixels.shape
    side = max(1, window.side)
    tall, wide = min(side, height), min(side, width)
    top, left = _start(window.y, tall, height), _start(window.x, wide, width)
    part = (slice(top, top + tall), slice(left, left + wide))
    truth = None if source.truth is None else source.truth[part]
    return Cut(source, source.pixels[part].astype(np.float32), truth, top, left)


def shipped(name: str) -> Model:
    """A model that came with convivo, whatever models of one's own are called."""
    wait_until_warm()
    return _shipped(name)


@lru_cache(maxsize=KEPT_MODELS)
def _shipped(name: str) -> Model:
    from convivo.io.places import SHIPPED
    from convivo.model import Model

    return Model.load(SHIPPED / name)


def predictor(name: str) -> Predictor:
    """A shipped model ready to answer; it is loaded once, and its engine is chosen once."""
    wait_until_warm()
    return _predictor(name)


def wait_until_warm() -> None:
    """Nets are asked by one thread at a time, and torch is imported by one."""
    if _warming is not None:
        _warming.join()


@lru_cache(maxsize=KEPT_MODELS)
def _predictor(name: str) -> Predictor:
    from convivo.run.predict import Predictor

    return Predictor(_shipped(name))


def _start(asked: int, side: int, length: int) -> int:
    return (length - side) // 2 if asked < 0 else min(asked, length - side)
