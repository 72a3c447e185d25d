"""A learning curve as a picture, and what follows from it in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from convivo.report.curves import STYLE

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from convivo.run.curve import Conclusion, Gain, Standing

SAME, LARGER, EXPECTED = "#2f8fd0", "#d55e00", "#888888"
DPI = 150


def verdict(standings: Sequence[Standing], found: Conclusion) -> str:
    """Which helps more, data or net, and what twice as many images would bring."""
    filters = [each.trial.filters for each in standings[-2:]]
    net = f"a net of {filters[1]} filters instead of {filters[0]} {_changed(found.net, 's')}"
    if found.net.high < 0:
        net += ", which may need more --minutes"
    if found.data is None or found.data_over_net is None:
        return f"There are too few groups to train on fewer: {net}"
    before, all_of_them = (each.trial.images for each in standings[-3:-1])
    data = f"{all_of_them} images instead of {before} {_changed(found.data)}"
    return f"{_which(found)}: {data}, {net}. {_further(found, all_of_them)}"


def _which(found: Conclusion) -> str:
    assert found.data is not None
    assert found.data_over_net is not None
    helps = [each.low > 0 for each in (found.data, found.net)]
    if not any(helps):
        return "Neither more data nor a larger net helps for sure"
    if found.data_over_net.is_real:
        return (
            "Data helps more than the net" if found.data_over_net.size > 0 else "The net helps more than data"
        )
    if all(helps):
        return "Data and net help alike, as far as these images tell"
    return (
        "Data helps, and whether the net does is not sure"
        if helps[0]
        else "The net helps, and whether data does is not sure"
    )


def _changed(gain: Gain, ending: str = "") -> str:
    verb = ("raise" if gain.size >= 0 else "lower") + ending
    return f"{verb} the accuracy by {abs(gain.size):.3f} ({gain.low:+.3f} to {gain.high:+.3f})"


def _further(found: Conclusion, images: int) -> str:
    if found.doubled is None:
        return found.why_no_law[:1].upper() + found.why_no_law[1:]
    low, high = found.doubled.low, found.doubled.high
    return f"{2 * images} images would raise it by {found.doubled.size:.3f} more ({low:.3f} to {high:.3f})"


def draw(path: Path, standings: Sequence[Standing], found: Conclusion) -> None:
    """Write a PNG: accuracy over the number of images, with intervals; the larger net beside the last."""
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.0, 3.6), layout="constrained", facecolor="white")
        panel = figure.subplots()
        images = np.array([each.trial.images for each in standings], float)
        _points(panel, images[:-1], found.accuracy[:-1], SAME, f"{standings[0].trial.filters} filters", "o-")
        larger = f"{standings[-1].trial.filters} filters"
        _points(panel, images[-1:] * 1.06, found.accuracy[-1:], LARGER, larger, "s")
        if found.law:
            along = np.geomspace(images[0], 2 * images[-1], 60)
            errors = [found.law.at(number) for number in along]
            panel.plot(along, 1 - np.array(errors), "--", color=EXPECTED, linewidth=1, label="expected")
        figure.legend(frameon=False, loc="outside upper center", ncols=3)
        _frame(panel, images[:-1], doubled=found.law is not None)
        figure.savefig(path, format="png", dpi=DPI)


def _points(panel: Any, images: Any, accuracy: Sequence[Gain], colour: str, name: str, style: str) -> None:
    heights = np.array([each.size for each in accuracy])
    # the interval of images drawn again need not hold what was measured
    reach = np.maximum(
        [heights - [each.low for each in accuracy], [each.high for each in accuracy] - heights], 0
    )
    panel.errorbar(
        images, heights, reach, fmt=style, color=colour, capsize=2.5, markersize=5, linewidth=1.4, label=name
    )


def _frame(panel: Any, images: Any, *, doubled: bool) -> None:
    ticks = [*images, 2 * images[-1]] if doubled else images
    panel.set_xscale("log")
    panel.set_xticks(ticks, [f"{number:.0f}" for number in ticks])
    panel.xaxis.minorticks_off()
    panel.grid(axis="y", linewidth=0.4, alpha=0.35)
    panel.set_axisbelow(True)
    panel.set_xlabel("images that train")
    panel.set_ylabel("accuracy, mean over IoU 0.5 to 0.9")
