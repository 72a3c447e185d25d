"""The range of grey values, and what an alteration is: random strength, an altered (Y, X) channel and its labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from convivo.types import Labels, Map

Random = np.random.Generator
Altered = tuple[Map, Labels]
Alteration = Callable[[Map, Labels, Random], Altered]


def grey_range(channel: Map) -> tuple[float, float]:
    """Dark value and range, as normalisation takes them."""
    dark, bright = np.percentile(channel, (1, 99.8))
    return float(dark), max(float(bright - dark), float(np.finfo(np.float32).eps))
