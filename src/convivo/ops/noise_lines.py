"""Does the noise of a pixel know that of its neighbours, in which directions, and how far?

Noise is looked at as the second difference across a direction and compared along it. So structure is taken away
across, and pixels that know nothing of each other have a correlation of exactly 0 along, whatever was differenced. It
is measured where the smoothed image is flattest, because edges correlate too.

The correlation of N pairs scatters by 1 / sqrt(N) (Bartlett 1946), here by a little more, because three neighbours
across share a pixel: the squares of their correlations, 1 and twice (2/3)^2 and (1/6)^2, sum up to 1.94.

What harms is not that a correlation is there, but what a blind-spot net makes of it: the part of the noise that the
pixels on the line predict stays in the image. The best that can be predicted linearly follows from the correlations
(the equations of Yule and Walker); each pixel on either side adds about the square of its correlation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage, stats

from convivo.types import AnyArray

SIDE = 768  # pixels along Y and X, in the middle, that are looked at
PLANES = 8  # of a stack, neighbours
FARTHEST = 12  # pixels along a direction
FLAT = 0.4  # share of the pixels that count as flat
SMOOTH = 3.0  # sigma in pixels of what is structure, not noise
SHARED = 1 + 2 * ((2 / 3) ** 2 + (1 / 6) ** 2)  # of neighbouring second differences
FEWEST = 200  # pairs of flat pixels, below which nothing is said
WEAKEST = 0.05  # part of a noise of variance 1
LEFT = 0.02  # of the variance that may be told by pixels beyond the reach
CHANCE = 0.001  # of independent noise that shows as much anywhere
# (Z,) Y, X steps along, and the steps across
DIRECTIONS = {
    "Y": ((0, 1, 0), (0, 0, 1)),
    "X": ((0, 0, 1), (0, 1, 0)),
    "Z": ((1, 0, 0), (0, 1, 0)),
    "diagonal": ((0, 1, 1), (0, 1, -1)),
    "other diagonal": ((0, 1, -1), (0, 1, 1)),
}


@dataclass(frozen=True, slots=True)
class Along:
    """The noise of pixels 1, 2, ... apart along one direction."""

    correlations: NDArray[np.float64]
    error: float  # standard error of each
    limit: float  # that correlations of independent noise hardly ever exceed

    @property
    def is_real(self) -> bool:
        """Whether neighbours know something of each other."""
        return bool(np.abs(self.correlations).max(initial=0) > self.limit)

    @property
    def predicted(self) -> float:
        """Share of the noise's variance that pixels on both sides of the line tell, beyond what chance seems to."""
        return max(0.0, _predicted(self._believed)) if self.is_real else 0.0

    @property
    def never_ends(self) -> bool:
        """Whether it goes on beyond all that was looked at, as stripes do."""
        return bool(self.is_real and np.abs(self.correlations[-2:]).min() > max(self.limit, 0.1))

    @property
    def reach(self) -> int:
        """Pixels to either side that must be hidden, so that those beyond tell hardly anything."""
        squares = 2 * np.square(self._believed)
        beyond = np.append(np.cumsum(squares[::-1])[::-1], 0.0)  # of pixels 1 on, 2 on, ...
        return int(np.argmax(beyond <= LEFT))

    @property
    def _believed(self) -> NDArray[np.float64]:
        """The correlations up to the first that may be chance: those beyond are structure, or chance."""
        unsure = np.abs(self.correlations) <= self.limit
        first = int(np.argmax(unsure)) if unsure.any() else len(unsure)
        return np.where(np.arange(len(unsure)) < first, self.correlations, 0.0)


def noise_along(channel: AnyArray) -> dict[str, Along]:
    """By direction of a (Y, X) or (Z, Y, X) channel; empty where it is too small or constant."""
    planes = _part(channel)
    if min(planes.shape[1:]) < 2 * FARTHEST or not planes.max() > planes.min():
        return {}
    flat = _flattest(planes)
    deep = len(planes) > 2
    directions = {name: steps for name, steps in DIRECTIONS.items() if deep or name != "Z"}
    farthest = {name: min(FARTHEST, len(planes) - 1) if name == "Z" else FARTHEST for name in directions}
    tests = sum(farthest.values())
    found = {
        name: _correlated(planes, flat, along, across, farthest[name], tests)
        for name, (along, across) in directions.items()
    }
    return {name: each for name, each in found.items() if each is not None}


def _correlated(
    planes: AnyArray,
    flat: NDArray[np.bool_],
    along: tuple[int, ...],
    across: tuple[int, ...],
    farthest: int,
    tests: int,
) -> Along | None:
    noise, quiet = _difference(planes, flat, across)
    pairs = [
        _pair(noise, quiet, tuple(distance * step for step in along)) for distance in range(1, farthest + 1)
    ]
    fewest = min(len(first) for first, _ in pairs)
    if fewest < FEWEST:
        return None
    correlations = np.array([_correlation(first, second) for first, second in pairs])
    error = float(np.sqrt(SHARED / fewest))
    return Along(correlations, error, error * float(stats.norm.isf(CHANCE / 2 / tests)))


def _difference(
    planes: AnyArray, flat: NDArray[np.bool_], across: tuple[int, ...]
) -> tuple[AnyArray, NDArray[np.bool_]]:
    """The second difference across at each pixel whose three pixels are flat, in units of the noise around there."""
    back = tuple(-step for step in across)
    before, behind = _shifted(planes, back), _shifted(planes, across)
    quiet = flat & _shifted(flat, back) & _shifted(flat, across)
    quiet &= np.isfinite(before) & np.isfinite(behind)
    noise = np.where(quiet, before - 2 * planes + behind, 0.0)
    return noise, quiet


def _shifted(values: AnyArray, steps: tuple[int, ...]) -> AnyArray:
    """The value so many steps further at each pixel; NaN (False) where there is none."""
    empty = False if values.dtype == bool else np.nan
    out = np.full_like(values, empty)
    here = tuple(slice(max(0, -step), min(n, n - step)) for step, n in zip(steps, values.shape, strict=True))
    there = tuple(slice(max(0, step), min(n, n + step)) for step, n in zip(steps, values.shape, strict=True))
    out[here] = values[there]
    return out


def _pair(noise: AnyArray, quiet: NDArray[np.bool_], steps: tuple[int, ...]) -> tuple[AnyArray, AnyArray]:
    """Noise of pixels, and of those so many steps further, where both are quiet."""
    both = quiet & _shifted(quiet, steps)
    return noise[both], _shifted(noise, steps)[both]


def _correlation(first: AnyArray, second: AnyArray) -> float:
    spread = float(np.sqrt((first**2).sum() * (second**2).sum()))
    return float((first * second).sum() / spread) if spread > 0 else 0.0


def _predicted(correlations: NDArray[np.float64]) -> float:
    """Share of a pixel's variance that the best linear guess from the pixels on either side explains."""
    places = np.arange(-len(correlations), len(correlations) + 1)
    every = np.concatenate([[1.0], correlations, np.zeros(len(correlations))])
    strengths, directions = np.linalg.eigh(every[np.abs(places[:, None] - places)])
    # measured correlations need not belong to any real noise: none of its parts is weaker than this
    inverse = directions / np.maximum(strengths, WEAKEST) @ directions.T
    known = directions * np.maximum(strengths, WEAKEST) @ directions.T
    middle = len(correlations)
    return float(1 - 1 / (inverse[middle, middle] * known[middle, middle]))


def _flattest(planes: AnyArray) -> NDArray[np.bool_]:
    """Where the smoothed image is steepest there are edges, so the flattest pixels are looked at."""
    smooth = [ndimage.gaussian_gradient_magnitude(plane, SMOOTH) for plane in planes]
    return np.stack([each <= np.quantile(each, FLAT) for each in smooth])


def _part(channel: AnyArray) -> AnyArray:
    """(planes, Y, X) of a channel: its middle."""
    planes = channel if channel.ndim == 3 else channel[None]
    starts = [max(0, (n - most) // 2) for n, most in zip(planes.shape, (PLANES, SIDE, SIDE), strict=True)]
    sizes = (PLANES, SIDE, SIDE)
    return np.asarray(planes[tuple(slice(s, s + n) for s, n in zip(starts, sizes, strict=True))], np.float32)
