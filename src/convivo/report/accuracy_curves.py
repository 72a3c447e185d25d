"""Accuracy over IoU, a line for each contender, with its name at the line's end instead of a legend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from convivo.report.curves import STYLE, as_element

if TYPE_CHECKING:
    from collections.abc import Sequence

COLOURS = ("#d55e00", "#2f8fd0", "#1a9e77", "#b07aa1", "#a08000", "#888888")  # on white and on black
MARKERS = "os^Dv*"  # for eyes that colours do not serve
LINE, LOWEST = 0.075, 0.04  # of the axis: the height of a name, and where the lowest may stand


@dataclass(frozen=True, slots=True)
class AccuracyLine:
    """Accuracy of one contender at each IoU."""

    name: str
    ious: tuple[float, ...]
    accuracies: tuple[float, ...]


def accuracy_curves(lines: Sequence[AccuracyLine]) -> str:
    """Draw the lines as an SVG element for a page; its text takes the page's colour."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.0, 3.3), layout="constrained")
        panel = figure.subplots()
        for number, line in enumerate(lines):
            _draw(panel, line, number)
        _name(panel, lines)
        _frame(panel, lines[0].ious)
        return as_element(figure, _in_words(lines))


def spaced(heights: Sequence[float], gap: float, lowest: float = 0.0) -> list[float]:
    """The nearest heights, in the same order, of which no two are closer than the gap and none is too low."""
    placed = np.asarray(heights, dtype=float)
    order = np.argsort(placed, kind="stable")
    steps = gap * np.arange(placed.size)
    free = placed[order] - steps  # now "at least a gap apart" is "never falling": average what falls
    blocks: list[list[float]] = []
    for height in free:
        blocks.append([height])
        while len(blocks) > 1 and np.mean(blocks[-2]) > np.mean(blocks[-1]):
            last = blocks.pop()
            blocks[-1] += last
    levels = [float(np.mean(block)) for block in blocks for _ in block]
    placed[order] = np.maximum(levels, lowest) + steps
    return [float(height) for height in placed]


def _draw(panel: Any, line: AccuracyLine, number: int) -> None:
    panel.plot(
        line.ious,
        line.accuracies,
        color=COLOURS[number % len(COLOURS)],
        marker=MARKERS[number % len(MARKERS)],
        markersize=4.5,
        linewidth=1.6,
        clip_on=False,
    )


def _name(panel: Any, lines: Sequence[AccuracyLine]) -> None:
    """Names stand right of the last points, moved apart where lines end close to each other."""
    heights = spaced([line.accuracies[-1] for line in lines], LINE, LOWEST)
    for number, (line, height) in enumerate(zip(lines, heights, strict=True)):
        panel.annotate(
            line.name,
            (line.ious[-1], height),
            xytext=(9, 0),
            textcoords="offset points",
            va="center",
            color=COLOURS[number % len(COLOURS)],
            annotation_clip=False,
            parse_math=False,  # a name may hold a $
        )


def _frame(panel: Any, ious: Sequence[float]) -> None:
    panel.set_xticks(list(ious))
    panel.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "0.25", "0.5", "0.75", "1"])
    panel.set_ylim(0, 1)
    panel.grid(axis="y", linewidth=0.4, alpha=0.35)
    panel.set_axisbelow(True)
    panel.set_xlabel("IoU that an object must reach to count as right")
    panel.set_ylabel("accuracy")


def _in_words(lines: Sequence[AccuracyLine]) -> str:
    ends = "; ".join(
        f"{line.name} from {line.accuracies[0]:.2f} at IoU {line.ious[0]:g} "
        f"to {line.accuracies[-1]:.2f} at {line.ious[-1]:g}"
        for line in lines
    )
    return f"Accuracy over IoU: {ends}"
