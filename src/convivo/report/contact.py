"""The contact sheet: every image small, with its outlines, so that 400 results can be looked at."""

from __future__ import annotations

import textwrap
import unicodedata
from dataclasses import dataclass
from math import ceil, sqrt
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from convivo.report.cases import counted
from convivo.report.pictures import flat, grey, outlines
from convivo.report.scaling import Shape, check_fit, picture_shape, scale_image, scale_labels

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from convivo.types import AnyArray, Image, Labels

Font = ImageFont.FreeTypeFont | ImageFont.ImageFont

SHEET, TILE, INK, QUIET, AMBER = (24, 25, 28), (38, 39, 43), (232, 230, 225), (150, 150, 154), (240, 200, 120)
MARGIN, GAP, CAPTION = 24, 14, 54  # pixels
LARGEST_SHEET = 16_000_000  # pixels; beyond it the tiles shrink, so that any viewer opens the file
SMALLEST_TILE = 96
DRAWABLE = {chr(code) for code in range(32, 127)} | {"…", "·"}  # what the built-in font can show


@dataclass(frozen=True, slots=True)
class Tile:
    """What the sheet keeps of one image: a small grey picture, small labels, and words."""

    name: str
    image: NDArray[np.uint8]  # (Y, X), contrast stretched
    labels: NDArray[np.uint16]  # (Y, X)
    count: int
    notes: tuple[str, ...] = ()
    failure: str = ""
    words: str | None = None  # of the caption; None: how many objects there are


class ContactSheet:
    """Collects images one by one, keeps only a thumbnail of each, and draws them all as a grid.

    `side` is the longest side of a thumbnail in pixels; many images make it smaller. Without `columns` the
    sheet comes out about as wide as a screen.
    """

    def __init__(self, columns: int | None = None, side: int = 320) -> None:
        self.columns = columns
        self.side = side
        self.tiles: list[Tile] = []

    def add(
        self, name: str, image: Image | AnyArray, labels: Labels, count: int, notes: Sequence[str] = ()
    ) -> None:
        """Keep the thumbnail of an image. Labels shrink before they are outlined, so that lines stay visible.

        Raises BadInput where labels and image have different shapes.
        """
        page, found = flat(image), flat(labels)
        check_fit(name, page, found)
        shape = picture_shape((page.shape[0], page.shape[1]), self.side)
        small = grey(scale_image(page, shape))[..., 0].copy()
        self.tiles.append(Tile(name, small, _renumbered(scale_labels(found, shape)), count, tuple(notes)))

    def fail(self, name: str, reason: str) -> None:
        """Keep the place of an image that could not be done, with the reason."""
        nothing = np.zeros((0, 0), dtype=np.uint8)
        self.tiles.append(Tile(name, nothing, nothing.astype(np.uint16), 0, failure=reason))

    def picture(self) -> Pillow.Image:
        """Draw the sheet: a summary, then a tile for each image in the order in which they came."""
        grid = self._grid()
        canvas = Pillow.new("RGB", grid.size, SHEET)
        draw = ImageDraw.Draw(canvas)
        _draw_header(draw, *self.header(), grid.size[0] - 2 * MARGIN)
        for number, tile in enumerate(self.tiles):
            _draw_tile(canvas, draw, tile, grid, grid.corner(number))
        return canvas

    def header(self) -> tuple[str, str]:
        """Summary and legend."""
        done = [tile for tile in self.tiles if not tile.failure]
        empty = sum(tile.count == 0 for tile in done)
        words = f"{counted(len(self.tiles), 'image')} · {counted(sum(tile.count for tile in done), 'object')}"
        words += f" · {empty} without objects" if empty else ""
        legend = "Orange: outlines found. Brightness is stretched in each image on its own."
        return words + self._not_done(), legend

    def _not_done(self) -> str:
        failed = sum(bool(tile.failure) for tile in self.tiles)
        return f" · {failed} not done" if failed else ""

    def _grid(self) -> Grid:
        longest = max((max(tile.image.shape) for tile in self.tiles if tile.image.size), default=self.side)
        tallest = max(
            (tile.image.shape[0] for tile in self.tiles if tile.image.size), default=longest * 2 // 3
        )
        count = max(len(self.tiles), 1)
        columns = min(self.columns or ceil(sqrt(count * (tallest + CAPTION) / longest * 1.4)), count)
        return Grid(count, columns, max(longest, SMALLEST_TILE), max(tallest, SMALLEST_TILE // 2)).fitted()


@dataclass(frozen=True, slots=True)
class Grid:
    """Where tiles lie: `width` and `height` are of the picture in a tile, the caption stands below it."""

    count: int
    columns: int
    width: int
    height: int

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the sheet; the header asks for some width even where there is one tile."""
        rows = ceil(self.count / self.columns)
        width = 2 * MARGIN + self.columns * (self.width + GAP) - GAP
        return max(width, 480), 2 * MARGIN + CAPTION + rows * (self.height + CAPTION)

    def corner(self, number: int) -> tuple[int, int]:
        """X and Y of the upper left corner of a tile."""
        row, column = divmod(number, self.columns)
        return MARGIN + column * (self.width + GAP), MARGIN + CAPTION + row * (self.height + CAPTION)

    def fitted(self) -> Grid:
        """Shrink the tiles until the sheet is no larger than any viewer opens."""
        grid = self
        while grid.size[0] * grid.size[1] > LARGEST_SHEET and grid.width > SMALLEST_TILE:
            grid = Grid(self.count, self.columns, grid.width * 19 // 20, max(grid.height * 19 // 20, 1))
        return grid


def shorten_middle(text: str, width: float, font: Font) -> str:
    """Drop characters from the middle until the text fits: the end of a file name often tells files apart."""
    if font.getlength(text) <= width:
        return text
    for kept in range(len(text) - 1, 0, -1):
        short = text[: ceil(kept / 2)] + "…" + text[len(text) - kept // 2 :]
        if font.getlength(short) <= width:
            return short
    return "…"


def _draw_header(draw: ImageDraw.ImageDraw, words: str, legend: str, width: int) -> None:
    draw.text((MARGIN, MARGIN - 4), shorten_middle(words, width, _font(18)), INK, _font(18))
    draw.text((MARGIN, MARGIN + 21), shorten_middle(legend, width, _font(12)), QUIET, _font(12))


def _draw_tile(
    canvas: Pillow.Image, draw: ImageDraw.ImageDraw, tile: Tile, grid: Grid, corner: tuple[int, int]
) -> None:
    x, y = corner
    draw.rectangle((x, y, x + grid.width - 1, y + grid.height - 1), fill=TILE)
    if tile.failure:
        _draw_failure(draw, tile, grid, corner)
    else:
        picture = _outlined(tile, grid)
        canvas.paste(
            picture, (x + (grid.width - picture.width) // 2, y + (grid.height - picture.height) // 2)
        )
    font = _font(12)
    draw.text((x, y + grid.height + 5), shorten_middle(_drawable(tile.name), grid.width, font), INK, font)
    words, colour = _caption(tile)
    draw.text((x, y + grid.height + 21), shorten_middle(_drawable(words), grid.width, font), colour, font)


def _draw_failure(draw: ImageDraw.ImageDraw, tile: Tile, grid: Grid, corner: tuple[int, int]) -> None:
    x, y = corner
    lines = textwrap.wrap(
        _drawable(tile.failure), max(grid.width // 7, 8), max_lines=max(grid.height // 20, 1)
    )
    draw.multiline_text((x + 10, y + 8), "\n".join(lines), AMBER, _font(12), spacing=3)


def _outlined(tile: Tile, grid: Grid) -> Pillow.Image:
    rows, columns = tile.image.shape
    shrink = min(grid.width / columns, grid.height / rows, 1)
    shape: Shape = (max(int(rows * shrink), 1), max(int(columns * shrink), 1))
    return Pillow.fromarray(outlines(scale_image(tile.image, shape), scale_labels(tile.labels, shape)))


def _caption(tile: Tile) -> tuple[str, tuple[int, int, int]]:
    if tile.failure:
        return "not done", AMBER
    if tile.words is not None:
        return " · ".join([tile.words, *tile.notes]), AMBER if tile.notes else QUIET
    count = counted(tile.count, "object") if tile.count else "no objects"
    return " · ".join([count, *tile.notes]), AMBER if tile.notes or not tile.count else QUIET


def _renumbered(labels: Labels) -> NDArray[np.uint16]:
    """The same objects under small numbers: outlines need only to know one from the next."""
    numbers = np.unique(labels[labels > 0])
    return np.where(labels > 0, np.searchsorted(numbers, labels) + 1, 0).astype(np.uint16)


def _drawable(text: str) -> str:
    """The text in letters of the built-in font: é becomes e, what it lacks becomes a question mark."""
    plain = (letter for letter in unicodedata.normalize("NFKD", text) if not unicodedata.combining(letter))
    return "".join(letter if letter in DRAWABLE else "?" for letter in plain)


def _font(size: int) -> Font:
    return ImageFont.load_default(size)
