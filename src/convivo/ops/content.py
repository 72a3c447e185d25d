"""Choose patches that show something: of a dark field with a few bright cells, most patches would teach nothing.

A pixel shows something where the smoothed image lies far from its median, the background of a sparse field. Most
patches are drawn around such a pixel, the others anywhere, because background must be restored too. (CSBDeep discards
patches whose maximum is below 0.4 of the brightest: the same idea, for bright objects alone.)
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.ops.sampling import Place
from convivo.types import AnyArray, Pixels

FAR = 0.25  # of the largest distance from the median
SMOOTHING = 2.0  # pixels: noise must not look like something
REMEMBERED = 20_000  # pixels of an image


class ContentPlaces:
    """Places of patches in (C, Y, X) or (C, Z, Y, X) images."""

    def __init__(self, images: Sequence[Pixels], *, share: float = 0.9) -> None:
        self.share = share  # of patches drawn around a pixel that shows something
        chooser = np.random.default_rng(0)  # which pixels are remembered must not depend on anything else
        self._shapes = [image.shape[1:] for image in images]
        self._positions = [_content(image, chooser) for image in images]
        sizes = np.array([np.prod(shape) for shape in self._shapes], float)
        self._weights = sizes / sizes.sum()

    def draw(self, size: tuple[int, ...], rng: np.random.Generator) -> Place:
        """One place for a patch of `size`, wholly inside its image where that is large enough."""
        number = int(rng.choice(len(self._weights), p=self._weights))
        shape, known = self._shapes[number], self._positions[number]
        if rng.random() < self.share and len(known):
            pixel = np.array(np.unravel_index(known[rng.integers(len(known))], shape))
        else:
            pixel = rng.integers(shape)
        start = pixel - rng.integers(size)  # the pixel lies anywhere in the patch
        room = np.maximum(0, np.array(shape) - size)
        centre = np.clip(start, 0, room) + np.array(size) // 2
        return Place(number, tuple(int(each) for each in centre))


def _content(image: AnyArray, rng: np.random.Generator) -> NDArray[np.int64]:
    """Flat positions that show something, at most as many as are remembered; none where all is alike."""
    smooth = ndimage.gaussian_filter(image[0], SMOOTHING)
    distance = np.abs(smooth - np.median(smooth))
    farthest = np.percentile(distance, 99.9)
    found = np.flatnonzero(distance > FAR * farthest) if farthest > 0 else np.zeros(0, np.int64)
    if len(found) > REMEMBERED:
        found = np.sort(rng.choice(found, REMEMBERED, replace=False))
    return found
