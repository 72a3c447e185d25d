"""How training went, as one small drawing: loss, validation score and learning rate over the steps."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

INK = "#010203"  # stands for the colour of the page's text, which the drawing takes when it is shown
LOSS, SCORE, RATE = "#2f8fd0", "#d55e00", "#888888"  # all three show on white and on black
STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "convivo",  # the same rows draw the same file
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
}


@dataclass(frozen=True, slots=True)
class CurveRow:
    """One row of `train.csv`; the score on the validation images is there only where it was measured."""

    step: int
    loss: float
    rate: float
    score: float | None = None


def loss_curve(rows: Sequence[CurveRow]) -> str:
    """Draw the rows as an SVG element for a page; its text takes the page's colour. No rows, no drawing."""
    if not rows:
        return ""
    scored = [row for row in rows if np.isfinite(_score(row))]
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.6, 4.4 if scored else 3.4), layout="constrained")
        panels = figure.subplots(
            3 if scored else 2, sharex=True, height_ratios=[4, 2, 1] if scored else [4, 1]
        )
        _draw_loss(panels[0], rows)
        if scored:
            _draw_scores(panels[1], scored)
        _draw_rate(panels[-1], rows)
        return as_element(figure, _in_words(rows, scored))


def _draw_loss(panel: Any, rows: Sequence[CurveRow]) -> None:
    steps, losses = np.array([row.step for row in rows]), np.array([row.loss for row in rows], dtype=float)
    width = max(len(rows) // 40, 1)
    single = "." if len(rows) == 1 else ""
    panel.plot(steps, losses, color=LOSS, linewidth=0.7, alpha=0.5, marker=single, label="each step")
    if width > 1:
        panel.plot(steps, _running_mean(losses, width), color=LOSS, linewidth=1.6, label="running mean")
        panel.legend(frameon=False, loc="upper right")
    panel.set_ylabel("training loss")
    if np.isfinite(losses).any() and np.nanmin(losses) >= 0:
        panel.set_ylim(bottom=0)


def _draw_scores(panel: Any, scored: Sequence[CurveRow]) -> None:
    best = max(scored, key=_score)
    panel.plot(
        [row.step for row in scored], [_score(row) for row in scored], color=SCORE, marker=".", linewidth=1.2
    )
    panel.plot([best.step], [_score(best)], color=SCORE, marker="o", markersize=7, fillstyle="none")
    panel.set_ylim(0, 1)
    panel.set_ylabel("validation\nscore")
    # in the corner that is free: scores rise, and beside the point the words would lie on the line
    words = f"best {_score(best):.2f} at step {best.step:,}"
    panel.annotate(words, (0.99, 0.08), xycoords="axes fraction", ha="right")


def _draw_rate(panel: Any, rows: Sequence[CurveRow]) -> None:
    panel.fill_between(
        [row.step for row in rows], [row.rate for row in rows], color=RATE, alpha=0.45, linewidth=0
    )
    panel.set_ylim(bottom=0)
    panel.set_ylabel("learning\nrate")
    panel.set_xlabel("step")
    panel.xaxis.get_major_locator().set_params(integer=True)


def _score(row: CurveRow) -> float:
    return np.nan if row.score is None else row.score


def _running_mean(values: NDArray[np.floating], width: int) -> NDArray[np.floating]:
    """Mean of the `width` values around each; of fewer at both ends."""
    known, window = np.isfinite(values), np.ones(width)
    sums = np.convolve(np.where(known, values, 0), window, mode="same")
    counts = np.convolve(known, window, mode="same")
    return np.where(counts > 0, sums / np.maximum(counts, 1), np.nan)


def _in_words(rows: Sequence[CurveRow], scored: Sequence[CurveRow]) -> str:
    words = f"Training loss over {rows[-1].step:,} steps, from {rows[0].loss:.3g} to {rows[-1].loss:.3g}"
    return f"{words}; best validation score {_score(max(scored, key=_score)):.2f}" if scored else words


def as_element(figure: Figure, words: str) -> str:
    """The bare <svg>: no prologue, no metadata (they name outside addresses), its ink the page's ink."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawing = stream.getvalue()
    drawing = drawing[drawing.index("<svg") :]
    drawing = re.sub(r"<metadata>.*?</metadata>", "", drawing, flags=re.DOTALL)
    drawing = re.sub(r' width="[\d.]+pt" height="[\d.]+pt"', "", drawing, count=1)
    drawing = re.sub(r"font: ([\d.]+px)[^;\"]*", r"font: \1 inherit; font-family: inherit", drawing)
    return drawing.replace(INK, "currentColor").replace(
        "<svg", f'<svg role="img" aria-label="{escape(words)}"', 1
    )
