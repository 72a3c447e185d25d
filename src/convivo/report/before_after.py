"""The sheet of restored images: the middle of each, before and after, pixel by pixel."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from convivo.report.brightness import on_scale_of
from convivo.report.cases import counted
from convivo.report.contact import ContactSheet, Tile
from convivo.report.pictures import flat, grey_between, limits

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.types import AnyArray, Image

SHOWN = 240  # pixels of each side: made smaller, a noisy image would lose its noise
LINE = 4  # pixels between before and after


class BeforeAfter(ContactSheet):
    """Collects images with what was made of them; one brightness for both."""

    def add(  # type: ignore[override]
        self, name: str, image: Image, restored: Image, notes: Sequence[str] = ()
    ) -> None:
        """Keep the middle of an image, before and after."""
        before, after = (_middle(flat(each)) for each in (image, restored))
        before = on_scale_of(after, before).pixels  # a short exposure would be black beside a long one
        bottom, top = limits(after)
        line = np.full((len(before), LINE), 255, np.uint8)
        halves = [grey_between(each, bottom, top)[..., 0] for each in (before, after)]
        picture = np.hstack([halves[0], line, halves[1]])
        nothing = np.zeros(picture.shape, np.uint16)
        self.tiles.append(Tile(name, picture, nothing, 0, tuple(notes), words="before | after"))

    def header(self) -> tuple[str, str]:
        """Summary and legend."""
        legend = (
            "The middle of each, before and after, stretched alike; other exposures are brought to one scale."
        )
        return counted(len(self.tiles), "image") + self._not_done(), legend


def _middle(page: AnyArray) -> AnyArray:
    """The middle of a (Y, X) page."""
    starts = [max(0, (length - SHOWN) // 2) for length in page.shape]
    return page[starts[0] : starts[0] + SHOWN, starts[1] : starts[1] + SHOWN]
