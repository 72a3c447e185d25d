"""How errors fall with more data: a + b n^-c (Hestness et al. 2017; Viering, Loog 2023).

a is what no amount of data takes away, c how fast the rest falls. Three numbers follow from four measurements only
where these fall more than they waver; whoever calls decides that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import nnls

FEWEST = 4  # measurements: one more than the law has numbers
SLOWEST, FASTEST = 0.1, 2.0  # exponents that are tried; measured ones lie between 0.1 and 1
TRIED = 96


@dataclass(frozen=True, slots=True)
class PowerLaw:
    """Error of a model that learned from n images."""

    floor: float  # a
    height: float  # b
    exponent: float  # c

    def at(self, images: float) -> float:
        """The error that is to be expected."""
        return float(self.floor + self.height * images**-self.exponent)


def power_law(images: Sequence[float], errors: Sequence[float]) -> PowerLaw | None:
    """The law that lies nearest, with a and b not below 0; None for fewer than four numbers of images.

    For each exponent a and b follow from a straight line, so only the exponent is searched.
    """
    if len(set(images)) < FEWEST:
        return None
    sizes = np.asarray(images, float)
    found = []
    for exponent in np.linspace(SLOWEST, FASTEST, TRIED):
        # columns of about one size: fits of numbers such as 1e-4 would lose digits
        falling = (sizes / sizes.min()) ** -exponent
        (floor, height), off = nnls(
            np.stack([np.ones(len(sizes)), falling], axis=1), np.asarray(errors, float)
        )
        found.append((off, float(floor), float(height * sizes.min() ** exponent), float(exponent)))
    _, floor, height, exponent = min(found)
    return PowerLaw(floor, height, exponent)
