"""How an original Noise2Void model hid pixels in its training, as settings of ours: a fine-tuning goes on likewise.

    n2v_perc_pix              percent of the pixels, ours a share
    n2v_manipulator           what is shown instead of a hidden pixel
    n2v_neighborhood_radius   pixels around it from which that comes
    structN2Vmask             lines hidden with it (Broaddus et al., ISBI 2020): 1 is hidden, the middle is the pixel

What cannot be said in our settings is left out, with a remark: prediction does not need it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from convivo.errors import BadInput
from convivo.io.keras_config import N2VConfig
from convivo.methods import method_named

MANIPULATORS = {
    "uniform_withCP": "uniform_with_centre",
    "uniform_withoutCP": "uniform",
    "median": "median",
    "mean": "mean",
}
Found = dict[str, int | float | str]


def n2v_settings(config: N2VConfig, dimensions: int) -> tuple[Found, tuple[str, ...]]:
    """Settings that translate, and a remark on each field that does not."""
    radius, percent = config.n2v_neighborhood_radius, config.n2v_perc_pix
    wanted: dict[str, tuple[object, Found | None]] = {
        "n2v_perc_pix": (percent, {"share": percent / 100} if percent is not None else None),
        "n2v_neighborhood_radius": (radius, {"radius": radius} if radius is not None else None),
        "n2v_manipulator": (config.n2v_manipulator, _manipulator(config.n2v_manipulator)),
        "structN2Vmask": (config.structN2Vmask, _lines(config.structN2Vmask, dimensions)),
    }
    settings: Found = {}
    notes: list[str] = []
    for field, (said, translated) in wanted.items():
        if said is None:
            continue
        if translated is None or not _is_taken(translated):
            # a large mask would fill the screen
            value = "" if field == "structN2Vmask" else f" {said!r}"
            notes.append(f"{field}{value} has no counterpart here, so training would hide pixels otherwise")
        else:
            settings |= translated
    return settings, tuple(notes)


def _manipulator(name: str | None) -> Found | None:
    return {"manipulator": MANIPULATORS[name]} if name in MANIPULATORS else None


def _is_taken(settings: Found) -> bool:
    """Whether our blind spots can be set so."""
    method = method_named("n2v")
    try:
        method.rule({**method.settings, **settings})
    except BadInput:
        return False
    return True


def _lines(mask: Any, dimensions: int) -> Found | None:
    """Axes and reach of a mask that is one line or a cross of equal lines through its middle; None for any other."""
    try:
        hidden = np.asarray(mask, np.float64) == 1
    except (TypeError, ValueError):  # no numbers, or rows of different lengths
        return None
    if hidden.ndim != dimensions:
        return None
    offsets = np.argwhere(hidden) - np.array(hidden.shape) // 2
    offsets = offsets[offsets.any(axis=1)]  # without the middle, which is hidden in any case
    if (np.count_nonzero(offsets, axis=1) > 1).any():
        return None  # off all lines through the middle
    along = {name: offsets[:, axis] for axis, name in enumerate("ZYX"[-dimensions:])}
    lines = {name: steps[steps != 0].tolist() for name, steps in along.items() if steps.any()}
    reach = max((len(line) // 2 for line in lines.values()), default=0)
    if not reach or any(line != [*range(-reach, 0), *range(1, reach + 1)] for line in lines.values()):
        return None
    return {"axes": "".join(lines), "reach": reach}
