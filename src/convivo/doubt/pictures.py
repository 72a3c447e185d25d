"""The picture of a doubted image: its outlines, and which objects come and go when the image is changed a little.

Colours are those of `report.pictures`, chosen for colour-blind readers; each kind of line has its own form too:

    thin orange line           found, and found again under every change
    bold purple line, hatched  found, but it goes under some change
    dashed white line          not found, but it comes under some change
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import binary_dilation

from convivo.ops.coming_and_going import ComingAndGoing, coming_and_going
from convivo.report.cases import counted
from convivo.report.content import Figure
from convivo.report.mistake_pictures import MERGED as GOES
from convivo.report.pictures import (
    AGREE,
    EIGHT_NEIGHBOURS,
    Colour,
    Picture,
    borders,
    data_uri,
    flat,
    grey,
    outlines,
)
from convivo.report.scaling import picture_shape, scale_image, scale_labels

if TYPE_CHECKING:
    from convivo.doubt.examine import Examination
    from convivo.types import AnyArray, Image, Labels

SIDE = 900  # pixels; the longest side of a picture on the page
COMES: Colour = AGREE
DASH = 4  # pixels of the picture, on and off


def figure_of(examined: Examination) -> Figure | None:
    """The picture of an image with what was found in it; None where there is nothing to show."""
    case = examined.case
    name = case.name
    if not examined.fit:
        return _plain(case.image, f"Grey values of {name}, in which nothing was looked for", "Image")
    if case.restores:
        return _plain(case.restoration.image, f"{name} restored", "Restored")
    labels, pixels = case.prediction.labels, case.page
    moves = coming_and_going(labels, case.changed.values())
    words = _words(len(np.unique(labels[labels > 0])), moves, asked=bool(case.changed))
    image, found, comes = flat(pixels), flat(labels), flat(moves.comes)
    shape = picture_shape((image.shape[0], image.shape[1]), SIDE)
    drawn = outlined(
        scale_image(image, shape), scale_labels(found, shape), moves.goes, scale_labels(comes, shape)
    )
    page = " of the page in the middle" if case.index else ""
    return _figure("comparison", f"Outlines found{page}: {words}", f"Outlines over {name}: {words}", drawn)


def outlined(image: AnyArray, labels: Labels, goes: AnyArray, comes: Labels) -> Picture:
    """Draw (Y, X) objects over the darkened image; `goes` are numbers among them, `comes` are other objects."""
    leaving = np.where(np.isin(labels, goes), labels, 0)
    picture = outlines(image, np.where(leaving > 0, 0, labels))
    rows, columns = np.ogrid[: labels.shape[0], : labels.shape[1]]
    dashed = binary_dilation(borders(comes), EIGHT_NEIGHBOURS) & ((rows + columns) // DASH % 2 == 0)
    picture[dashed] = COMES
    hatched = (leaving > 0) & ((rows + columns) % 7 < 1)
    picture[hatched] = np.rint(picture[hatched] * 0.4 + np.array(GOES) * 0.6)
    picture[binary_dilation(borders(leaving), EIGHT_NEIGHBOURS)] = GOES
    return picture


def _words(found: int, moves: ComingAndGoing, *, asked: bool) -> str:
    if not asked:
        return counted(found, "object")
    return (
        f"{counted(found, 'object')}, of which {len(moves.goes):,} go with some change; {moves.coming:,} come"
    )


def _plain(image: Image, alternative: str, title: str) -> Figure | None:
    """The image alone; None where there is nothing to see."""
    if image.array.size == 0 or image.array.min() == image.array.max():
        return None
    page = flat(image)
    shape = picture_shape((page.shape[0], page.shape[1]), SIDE)
    return _figure("comparison", title, alternative, grey(scale_image(page, shape)))


def _figure(kind: str, title: str, alternative: str, picture: Picture) -> Figure:
    height, width = picture.shape[:2]
    return Figure(kind, title, alternative, data_uri(picture), width, height)
