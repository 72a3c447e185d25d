"""Traits of what the net's encoder makes of an image: how far its feature maps are from usual, level by level.

A net that is shown another kind of image answers with features that it never had in training, whatever it finds then.
Of each map the mean over the image is compared, because a mean is the same wherever things lie.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Means = Sequence[Sequence[float]]  # of each level, of each of its feature maps
Spread = tuple[tuple[float, ...], tuple[float, ...]]  # middle and standard deviation of each map of a level
FEATURES = "features_"  # and the number of a level: name of a trait
LEAST = 0.1  # distances below do not differ
TINY = 1e-3  # of a feature


def usual_features(images: Sequence[Means]) -> tuple[Spread, ...]:
    """Mean and standard deviation over images of the means of their feature maps, for each level."""
    return tuple(
        (_rounded(np.mean(level, axis=0)), _rounded(np.std(level, axis=0) + TINY))
        for level in zip(*images, strict=True)
    )


def feature_traits(means: Means, usual: Sequence[Spread]) -> dict[str, float]:
    """`features_0` (the finest level) and on: root mean square of how many deviations the maps are off, logarithm."""
    return {
        f"{FEATURES}{level}": float(
            np.log2(np.sqrt(np.mean(((np.array(found) - middle) / deviation) ** 2)) + LEAST)
        )
        for level, (found, (middle, deviation)) in enumerate(zip(means, usual, strict=True))
    }


def _rounded(values: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(f"{value:.4g}") for value in values)
