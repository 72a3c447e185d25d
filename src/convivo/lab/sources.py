"""What one works with, kept at hand by the worker: images by their place, models by their name in the list.

A file that has changed since is read again.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from convivo.errors import BadInput
from convivo.io.binary_masks import numbered
from convivo.io.images import read_labels
from convivo.io.kinds import stem
from convivo.io.pairs import both_sides
from convivo.lab import dropped, practice, shelf
from convivo.lab.folders import CARD, Place
from convivo.lab.models import Models
from convivo.types import Image, Labels

if TYPE_CHECKING:
    from convivo.run.predict import Predictor
    from convivo.run.restore import Restorer

KEPT = 2
IMAGES, MASKS = "images", "masks"  # folders of annotated images
Source = Place | str  # a place in a chosen folder, the ID of a dropped image, or the name of a practice image


def image(source: Source, axes: str | None = None, channel: str | None = None) -> Image:
    """An image with all its axes. Raises BadInput where there is none, or where it lies outside."""
    if isinstance(source, str) and source in practice.IMAGES:
        return _practice(source)
    folder, folders = shelf.opened()
    path = dropped.path_of(folder, source) if isinstance(source, str) else folders.existing(source)
    if not path.is_file():
        raise BadInput(f"{path.name} is no image", fix="choose an image")
    return _read(path, path.stat().st_mtime_ns, axes, channel)


def truth(source: Source, like: Image, axes: str | None = None) -> Labels | None:
    """Where every object of an image is, page axes in front: of a practice image, or where masks/ lies beside images/.

    None where nobody knows. Raises BadInput where there is a mask that does not fit.
    """
    if isinstance(source, str):
        return practice.image(source).labels if source in practice.IMAGES else None
    _, folders = shelf.opened()
    path = folders.existing(source)
    data = path.parent.parent
    if path.parent.name != IMAGES or not (data / MASKS).is_dir():
        return None
    mask = both_sides(data)[1].get(stem(path))
    place = folders.place_of(mask) if mask else None
    if place is None:
        return None
    labels = read_labels(folders.existing(place), axes)
    wanted = tuple(length for axis, length in zip(like.axes, like.array.shape, strict=True) if axis != "C")
    if labels.shape != wanted:
        raise BadInput(
            f"its mask has {' x '.join(map(str, labels.shape))} pixels, the image {' x '.join(map(str, wanted))}",
            fix="save the mask on the image's own pixel grid",
        )
    return numbered(labels, path.name, like.page_axes(3))[0]


def asked(model: str, scale: float = 1.0) -> Predictor | Restorer:
    """A model of the list, ready to answer."""
    shelf.wait_until_warm()
    folder = Models(shelf.opened()[1]).path_of(model)
    return _asked(folder, (folder / CARD).stat().st_mtime_ns, scale)


@lru_cache(maxsize=KEPT)
def _practice(name: str) -> Image:
    return Image(practice.image(name).image[None], "CYX", practice.IMAGES[name].title)


@lru_cache(maxsize=KEPT)
def _read(path: Path, _: int, axes: str | None, channel: str | None) -> Image:
    from convivo.io.images import read

    return read(path, axes=axes, channel=channel)


@lru_cache(maxsize=KEPT)
def _asked(folder: Path, _: int, scale: float) -> Predictor | Restorer:
    from convivo.run.asking import PredictOptions
    from convivo.work.predicting import opened

    return opened(str(folder), PredictOptions(scale=scale))
