"""How a case of doubt is drawn: two panels, what a check catches and what it cannot, each with what was done and said.

    what it catches            what it cannot catch
    ┌────────────────┐         ┌────────────────┐
    │ image, curve   │         │                │
    └────────────────┘         └────────────────┘
    shown   in words           shown
    said    level, number      said
    truth   in words           truth

Colours are those of `report.pictures` and of the report on doubts; nothing is told by colour alone.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path
from PIL import Image as Pillow

from convivo.doubt import Finding, Level, worst_first
from convivo.doubt.numerals import numeral
from convivo.report.curves import STYLE
from convivo.report.mistake_pictures import MERGED
from convivo.report.pictures import FOUND, TRUTH, Colour, Picture

WIDTH, PANEL, MARGIN, GAP = 1040, 480, 20, 8  # pixels
TALLEST, PLOT = 352, 290  # pixels of a picture, and of a curve
HEAD, CAPTION, LINE, END = 46, 30, 19, 12
ROUND = 1e-6  # a quotient that is a whole number but for the computer's rounding is one
DPI, POINTS = 128, 72  # to the inch; a power of two, so that pixels come out whole
SCALES = 62, 26  # pixels of the numbers beside and below a curve
INDENT, LEVEL = 56, 64  # pixels of the words in front of the lines, and of a level with its mark
TEXT, SMALL = 8.75, 8.2  # points
GREYS, COLOURS, COLOURFUL = (
    32,
    32,
    24,
)  # of the file, and from which difference of red, green and blue a pixel is so
QUIET, RULE = "#5d6166", "#dddad2"
LINES = (FOUND, TRUTH, MERGED)
MARKS: dict[Level, tuple[str, str, Literal["none", "full"]]] = {
    Level.fine: ("o", "#1f6f5c", "none"),
    Level.note: ("o", "#5d6166", "full"),
    Level.warn: ("^", "#b36b00", "full"),
    Level.stop: ("s", "#b3261e", "full"),
}
HEADS = ("what it catches", "what it cannot catch")

Curve: TypeAlias = Callable[[Any], None]  # draws into matplotlib's axes


@dataclass(frozen=True, slots=True)
class Part:
    """One picture (Y, X, 3) of a panel, or a curve, and a few words below it."""

    shown: Picture | Curve
    words: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """One side of a case."""

    parts: Sequence[Part]
    done: str  # to the image, the model or the data
    finding: Finding
    of: str  # what the finding's number is of; all that is to be said where it has none; empty: as the finding says it
    truth: str  # that the check does not know
    unit: str = ""

    @property
    def said(self) -> str:
        """What was measured, the number and the range without doubt."""
        found = self.finding
        if not self.of:  # as the finding says it: "the median lies in the range at 0.4; images that ..."
            told, _, more = found.evidence.partition("; images that the model knows have ")
            usual, _, more = more.partition(": " if ": " in more else "; ")
            aid = more.rpartition("; ")[2] if "promises more" in more else ""
            return f"{told} (no doubt from {usual}){'; ' * bool(aid)}{aid}"
        if found.measured is None or found.expected is None:
            return self.of
        (low, high), (least, most) = found.expected, (self._number(each) for each in found.expected)
        if low == high:
            return f"{self.of} {self._number(found.measured)}"
        if low == 0:
            usual = f"no doubt up to {most}"
        else:
            usual = f"no doubt from {least}" if high == 1 else f"no doubt from {least} to {most}"
        return f"{self.of} {self._number(found.measured)} ({usual})"

    def _number(self, number: float) -> str:
        return percent(number) if self.unit == "%" else numeral(number) + self.unit


@dataclass(frozen=True, slots=True)
class Case:
    """What a check catches, and what it cannot. Raises where it is otherwise: a picture must not lie."""

    caught: Panel
    missed: Panel

    def __post_init__(self) -> None:
        if self.caught.finding.level.rank < Level.warn.rank:
            raise ValueError(f"not caught: {self.caught.finding}")
        if self.missed.finding.level.rank > Level.note.rank:
            raise ValueError(f"caught: {self.missed.finding}")


def percent(share: float) -> str:
    """In two digits, in one piece."""
    return f"{numeral(100 * share, 2)}\N{NO-BREAK SPACE}%"


def worst_of(findings: Iterable[Finding]) -> Finding:
    """The finding that decides."""
    return worst_first(findings)[0]


def draw(path: Path, case: Case) -> None:
    """Write the case as a PNG of few colours."""
    panels = (case.caught, case.missed)
    tall = max(_height(panel) for panel in panels)
    lines = max(len(_lines(panel)) for panel in panels)
    height = HEAD + tall + CAPTION + LINE * lines + END
    with mpl.rc_context(STYLE | {"font.size": TEXT}):
        figure = Figure(figsize=(WIDTH / DPI, height / DPI), dpi=DPI, facecolor="white")
        for number, (panel, head) in enumerate(zip(panels, HEADS, strict=True)):
            left = MARGIN + number * (WIDTH - 2 * MARGIN - PANEL)
            Sheet(figure, left, height).draw(panel, head, tall)
        stream = io.BytesIO()
        figure.savefig(stream, format="png", dpi=DPI)
    drawn = Pillow.open(stream).convert("RGB")
    drawn.quantize(palette=_palette(drawn), dither=Pillow.Dither.NONE).save(path, optimize=True)


def _palette(drawn: Pillow.Image) -> Pillow.Image:
    """Greys for the images, and the colours of all else, which is little and would be lost among them."""
    pixels = np.asarray(drawn).reshape(-1, 3)
    colourful = np.unique(pixels[np.ptp(pixels, axis=1) > COLOURFUL], axis=0)
    few = Pillow.fromarray(colourful[None]).quantize(COLOURS, method=Pillow.Quantize.MEDIANCUT, kmeans=2)
    greys = np.repeat(np.linspace(0, 255, GREYS).round().astype(int), 3).tolist()
    palette = Pillow.new("P", (1, 1))
    known: list[str | Colour] = [*LINES, *(colour for _, colour, _ in MARKS.values())]
    exact = [part for colour in known for part in to_rgb_bytes(colour)]
    palette.putpalette(greys + exact + (few.getpalette() or [])[: 3 * COLOURS])
    return palette


def to_rgb_bytes(colour: str | Colour) -> tuple[int, ...]:
    """Of a name, or as it is."""
    if isinstance(colour, tuple):
        return colour
    return tuple(round(255 * part) for part in mpl.colors.to_rgb(colour))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where one panel lies on the figure; places are pixels from its upper left corner."""

    figure: Any
    left: int
    height: int  # of the whole figure

    def draw(self, panel: Panel, head: str, tall: int) -> None:
        """Head, pictures, and lines of text."""
        self._write(0, 20, head, size=11.5, weight="bold")
        self._rule(HEAD - 12)
        self._parts(panel, tall)
        for number, (name, text) in enumerate(_lines(panel)):
            down = HEAD + tall + CAPTION + LINE * number + 10
            self._write(0, down, name, size=SMALL, color=QUIET)
            indent = INDENT
            if name == "said":
                self._mark(INDENT + 6, down, panel.finding.level)
                self._write(INDENT + 18, down, panel.finding.level.value, size=SMALL, weight="bold")
                indent += LEVEL
            self._write(indent, down, text, size=TEXT)

    def _parts(self, panel: Panel, tall: int) -> None:
        height, right = _height(panel), 0
        for part in panel.parts:
            wide = _width(part, panel, height)
            top = HEAD + (tall - height) // 2
            if callable(part.shown):
                left, below = SCALES
                axes = self.figure.add_axes(self._box(right + left, top, wide - left, height - below))
                axes.tick_params(labelsize=SMALL)
                part.shown(axes)
            else:
                picture = _resized(part.shown, (height, wide))
                self.figure.figimage(picture, self.left + right, self.height - top - height, origin="upper")
            below = HEAD + (tall + height) // 2 + 11
            self._write(right + wide / 2, below, part.words, size=SMALL, color=QUIET, ha="center")
            right += wide + GAP

    def _box(self, right: float, down: float, wide: float, high: float) -> tuple[float, float, float, float]:
        return (
            (self.left + right) / WIDTH,
            1 - (down + high) / self.height,
            wide / WIDTH,
            high / self.height,
        )

    def _write(self, right: float, down: float, text: str, *, size: float, **style: Any) -> None:
        x, y, _, _ = self._box(right, down, 0, 0)
        self.figure.text(x, y, text, fontsize=size, va="center", **style)

    def _line(self, right: Sequence[float], down: float, **style: Any) -> None:
        places = [self._box(each, down, 0, 0)[:2] for each in right]
        line = mpl.lines.Line2D(*zip(*places, strict=True), transform=self.figure.transFigure, **style)
        self.figure.add_artist(line)

    def _rule(self, down: float) -> None:
        self._line((0, PANEL), down, color=RULE, linewidth=0.8)

    def _mark(self, right: float, down: float, level: Level) -> None:
        form, colour, fill = MARKS[level]
        self._line((right,), down, marker=form, color=colour, fillstyle=fill, markersize=5.5)


def _lines(panel: Panel) -> list[tuple[str, str]]:
    """Name of each line, where one begins, and its text."""
    found = []
    for name, text in (("shown", panel.done), ("said", panel.said), ("truth", panel.truth)):
        first, *more = _wrapped(text, PANEL - INDENT, LEVEL if name == "said" else 0)
        found += [(name, first), *(("", each) for each in more)]
    return found


def _wrapped(text: str, room: int, indent: int) -> list[str]:
    """Lines that are no wider than so many pixels, the first of which begins later."""
    lines = [""]
    for word in text.split(" "):  # not at the space between a number and its unit
        longer = f"{lines[-1]} {word}".strip(" ")
        if _wide(longer) <= room - (indent if len(lines) == 1 else 0):
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _wide(text: str) -> float:
    font = FontProperties(family=STYLE["font.family"], size=TEXT)
    wide, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(wide) * DPI / POINTS


def _aspect(part: Part) -> float:
    if callable(part.shown):
        return PANEL / PLOT
    return float(part.shown.shape[1] / part.shown.shape[0])


def _height(panel: Panel) -> int:
    """Of its pictures, which stand side by side."""
    room = PANEL - GAP * (len(panel.parts) - 1)
    return min(TALLEST, int(room / sum(map(_aspect, panel.parts)) + ROUND))


def _width(part: Part, panel: Panel, height: int) -> int:
    return PANEL if len(panel.parts) == 1 and callable(part.shown) else int(height * _aspect(part) + ROUND)


def _resized(picture: Picture, shape: tuple[int, int]) -> Picture:
    """Whole pixels where each becomes a square of them, else smooth."""
    if all(new % old == 0 for new, old in zip(shape, picture.shape, strict=False)):
        rows, columns = (new // old for new, old in zip(shape, picture.shape, strict=False))
        return picture.repeat(rows, axis=0).repeat(columns, axis=1)
    how = Pillow.Resampling.LANCZOS
    return np.asarray(Pillow.fromarray(picture).resize(shape[::-1], how))
