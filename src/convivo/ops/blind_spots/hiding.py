"""What is shown instead of hidden pixels: other pixels of the same neighbourhood, as they were.

Windows end where the patch ends. Nothing is mirrored there: that would show a spot itself among its neighbours.

The patch is framed by a margin of NaN and flattened, so that one list of distances leads from any pixel to those
around it, in 2-D and 3-D alike, and what lies outside shows by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput
from convivo.ops.blind_spots.places import Indices, below, spots
from convivo.ops.blind_spots.settings import BlindSpot
from convivo.types import Pixels

Values: TypeAlias = NDArray[np.float32]


def hide(pixels: Pixels, how: BlindSpot, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
    """What a net is shown of finite (C, Y, X) or (C, Z, Y, X), and what it should say, of the same shape.

    `wanted` has the original value at each spot and NaN elsewhere; each channel has spots of its own. A patch of few
    pixels may get no spot at all. A spot shows what its neighbours were, never what they were replaced by, and
    nothing from the lines hidden with it. Raises BadInput where a window holds no neighbour that may be shown.
    """
    around = _surroundings(how, pixels.shape[1:])
    shown, wanted = np.empty_like(pixels), np.full_like(pixels, np.nan)
    for channel, seen, asked in zip(pixels, shown, wanted, strict=True):
        where = spots(channel.shape, how.share, rng)
        asked[where] = channel[where]
        seen[...] = _hidden(channel, where, around, how, rng)
    return shown, wanted


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """Which pixels belong to a spot, as distances in the flattened patch with a margin around it."""

    margin: tuple[int, ...]  # along each axis: so wide that no distance leads into another row
    steps: Indices  # (axes,): to the next pixel along each axis
    window: Indices  # (K,): the pixels about any pixel
    line: Indices  # (M,): hidden with a spot; the last is the spot itself
    allowed: NDArray[np.bool_]  # (M, K): which pixels of its window may be shown instead of each hidden one


@lru_cache(maxsize=32)
def _surroundings(how: BlindSpot, shape: tuple[int, ...]) -> _Surroundings:
    if len(shape) not in (2, 3):
        raise BadInput(
            f"a patch with {len(shape)} spatial axes",
            fix="use (C, Y, X) or (C, Z, Y, X): channels come first",
        )
    axes = "ZYX"[-len(shape) :]
    if not set(how.axes) <= set(axes):
        raise BadInput(
            f"noise correlated along {how.axes!r} in a patch with axes {axes!r}",
            fix=f"use some of {axes!r}, or stacks instead of planes",
        )
    margin = tuple(how.radius + (how.reach if axis in how.axes else 0) for axis in axes)
    sides = [length + 2 * extra for length, extra in zip(shape, margin, strict=True)]
    steps = np.array([prod(sides[axis + 1 :]) for axis in range(len(sides))])
    window = np.zeros(1, np.intp)
    for step in steps:
        window = (window[:, None] + step * np.arange(-how.radius, how.radius + 1)).ravel()
    aside = np.setdiff1d(np.arange(-how.reach, how.reach + 1), 0)
    along = [step * aside for step, axis in zip(steps, axes, strict=True) if axis in how.axes]
    line = np.concatenate([*along, [0]]).astype(np.intp)
    allowed = ~np.isin(line[:, None] + window, line)
    if how.manipulator == "uniform_with_centre":
        allowed[-1, window == 0] = True
    return _Surroundings(margin, steps, window, line, allowed)


def _hidden(
    channel: Values,
    where: tuple[Indices, ...],
    around: _Surroundings,
    how: BlindSpot,
    rng: np.random.Generator,
) -> Values:
    """The channel with all spots, and what is hidden with them, replaced."""
    pairs = list(zip(around.margin, channel.shape, strict=True))
    core = tuple(slice(margin, margin + length) for margin, length in pairs)
    framed = np.full([length + 2 * margin for margin, length in pairs], np.nan, np.float32)
    framed[core] = channel
    flat, replaced = framed.ravel(), framed.flatten()
    centres = around.steps @ (np.stack(where) + np.array(around.margin)[:, None])
    if how.axes:
        # Broaddus et al. draw these from -2 to 2, for pixels of mean 0 and deviation 1: a net sees where such values
        # stand. Neighbours of each hidden pixel, off the line, look as if nothing was hidden, in any units.
        places = centres + around.line[:-1, None]  # (M - 1, spots)
        inside = ~np.isnan(flat[places])
        kinds, places = np.nonzero(inside)[0], places[inside]
        replaced[places] = _drawn(flat, places, kinds, around, rng)
    # after the lines: one may run over another spot, of whose own line it knows nothing
    if how.manipulator in ("median", "mean"):
        replaced[centres] = _typical(flat, centres, around, how)
    else:
        replaced[centres] = _drawn(flat, centres, np.full(centres.shape, -1), around, rng)
    return replaced.reshape(framed.shape)[core]


def _drawn(
    flat: Values, places: Indices, kinds: Indices, around: _Surroundings, rng: np.random.Generator
) -> Values:
    """For each place one value of its window, all that are allowed and inside equally likely."""
    chosen = rng.integers(len(around.window), size=len(places))
    values: Values = flat[places + around.window[chosen]]
    # most draws are good at once; only the others are worth a list of what is possible
    bad = np.flatnonzero(np.isnan(values) | ~around.allowed[kinds, chosen])
    windows = flat[places[bad, None] + around.window]
    possible = around.allowed[kinds[bad]] & ~np.isnan(windows)
    counts = _some(possible.sum(axis=1))
    number = below(counts, rng.random(len(bad)))
    chosen = (possible.cumsum(axis=1) > number[:, None]).argmax(axis=1)
    values[bad] = windows[np.arange(len(bad)), chosen]
    return values


def _typical(flat: Values, centres: Indices, around: _Surroundings, how: BlindSpot) -> Values:
    """Median or mean of what is allowed in each spot's window."""
    values = flat[centres[:, None] + around.window[around.allowed[-1]]]
    counts = _some((~np.isnan(values)).sum(axis=1))
    if how.manipulator == "mean":
        means: Values = (np.nansum(values, axis=1) / counts).astype(np.float32)
        return means
    # not nanmedian, which takes row by row in Python: NaN is sorted behind all numbers
    values.sort(axis=1)
    rows = np.arange(len(values))
    medians: Values = (values[rows, (counts - 1) // 2] + values[rows, counts // 2]) / 2
    return medians


def _some(counts: Indices) -> Indices:
    """Numbers of pixels to choose from, where there are any everywhere."""
    if counts.size and counts.min() == 0:
        raise BadInput(
            "the window of a hidden pixel holds no pixel that could be shown instead",
            fix="use larger patches, a larger radius, or a shorter reach along fewer axes",
        )
    return counts
