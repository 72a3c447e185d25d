"""Grey values along one row of an image: as it came, restored, and the truth, in one small drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
from matplotlib.figure import Figure

from convivo.report.accuracy_curves import COLOURS
from convivo.report.curves import INK, STYLE, as_element

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.types import AnyArray

BEFORE = "#888888"  # on white and on black


def profile(
    before: AnyArray, ways: Sequence[tuple[str, AnyArray]], truth: AnyArray | None, first_column: int = 0
) -> str:
    """Draw rows of equal length as an SVG element for a page; its text, and the truth, take the page's colour."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(9.6, 2.9), layout="constrained")
        panel = figure.subplots()
        columns = range(first_column, first_column + len(before))
        panel.plot(
            columns,
            before,
            color=BEFORE,
            linewidth=0.8,
            label="as it came",
        )
        if truth is not None:
            panel.plot(columns, truth, color=INK, linewidth=2.6, label="truth")
        for number, (title, values) in enumerate(ways):
            colour = COLOURS[number % len(COLOURS)]
            panel.plot(columns, values, color=colour, linewidth=1.4, label=_plain(title))
        _frame(panel)
        return as_element(figure, _in_words([title for title, _ in ways], truth is not None))


def _frame(panel: Any) -> None:
    panel.margins(x=0)
    panel.grid(axis="y", linewidth=0.4, alpha=0.35)
    panel.set_axisbelow(True)
    panel.set_xlabel("x in pixels")
    panel.set_ylabel("grey value")
    legend = panel.legend(
        frameon=False, ncols=6, loc="lower left", bbox_to_anchor=(0, 1), borderaxespad=0.2, handlelength=1.6
    )
    for text in legend.get_texts():
        text.set_parse_math(False)  # a title may hold a $


def _plain(title: str) -> str:
    """Matplotlib leaves labels that begin with an underscore out of the legend."""
    return "\u200b" + title if title.startswith("_") else title


def _in_words(titles: Sequence[str], has_truth: bool) -> str:
    parts = ["the image as it came", *titles, *(["the truth"] if has_truth else [])]
    return f"Grey values along the marked row: {', '.join(parts)}"
