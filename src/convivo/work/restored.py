"""Results of a prediction that restores: the images, maps of what is not known, one sheet of before and after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from convivo.io.atomic import writing
from convivo.io.images import write_channels
from convivo.io.pixels import stored_as
from convivo.report.before_after import BeforeAfter
from convivo.run.restore import Restorer
from convivo.types import Image, Restoration


class RestoredImages:
    """What is kept of many restored images."""

    what = "restoring"
    sheet_name = "restored.png"
    objects: int | None = None

    def __init__(self, restorer: Restorer, out: Path) -> None:
        self.restorer, self.out = restorer, out
        self.sheet = BeforeAfter()

    @contextmanager
    def table(self) -> Iterator[None]:
        """There is none."""
        yield

    def answer(self, image: Image) -> Restoration:
        """Ask the model."""
        return self.restorer.restore(image)

    def write(self, image: Image, answer: Restoration, info: str = "") -> None:
        """The files of one image. `info` travels inside the restored one."""
        dtype = self.restorer.model.stored_type(image.array.dtype)
        write_restoration(self.out, image.name, answer, dtype, info)
        self.sheet.add(image.name, image, answer.image, answer.notes)

    def keep(self, image: Image, answer: Restoration) -> None:
        """There is no table."""

    def write_sheet(self) -> Path:
        """Some images before and after."""
        path = self.out / self.sheet_name
        with writing(path) as part:
            self.sheet.picture().save(part)
        return path


def write_restoration(out: Path, name: str, found: Restoration, dtype: np.dtype[Any], info: str = "") -> None:
    """The restored image as an image of that type holds it, and the maps of what is not known, in float32.

    `info` travels inside the restored image.
    """
    whole = replace(found.image, array=stored_as(found.image.array, dtype))
    write_channels(out / f"{name}_restored.tif", whole, info=info)
    if found.uncertainty:
        axis = found.image.axes.index("C")
        maps = replace(found.image, array=np.concatenate(list(found.uncertainty.values()), axis=axis))
        names = map_names(list(found.uncertainty), found.image.array.shape[axis])
        write_channels(out / f"{name}_uncertainty.tif", maps, names=names)


def map_names(maps: Sequence[str], channels: int) -> list[str]:
    """What the channels of an uncertainty file are called; several channels of an image are counted from 0."""
    if channels == 1:
        return list(maps)
    return [f"{each}, channel {number}" for each in maps for number in range(channels)]
