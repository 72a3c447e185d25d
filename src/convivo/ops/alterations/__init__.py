"""Ways in which an image comes to differ from those that a model knows, each with its truth.

A model is tried on altered copies of images whose truth is known (`run/stress.py`): what it scores on them tells what
it would score on others like them. Each alteration has a strength drawn for each image, from harmless to ruinous.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import numpy as np

from convivo.ops.alterations.grey_range import Alteration, Altered, Random
from convivo.ops.alterations.of_camera import coarse, dim, peppered, saturated, striped
from convivo.ops.alterations.of_content import emptied, littered, scrambled
from convivo.ops.alterations.of_optics import (
    blurred,
    clouded,
    haloed,
    outlined,
    shaded,
    smeared,
    textured,
    unequal,
    uneven,
    veiled,
)
from convivo.ops.alterations.of_processing import bent, compressed, inverted, sharpened, smoothed
from convivo.ops.alterations.of_size import larger, smaller, squeezed
from convivo.types import AnyArray, Labels

AND = "+"  # between two alterations, the first of which is made first

ALTERATIONS: Mapping[str, Alteration] = MappingProxyType(
    {
        each.__name__: each
        for each in (
            smaller, larger, squeezed,
            blurred, smeared, veiled, uneven, shaded, clouded, haloed, outlined, unequal, textured,
            dim, saturated, striped, coarse, peppered,
            inverted, bent, smoothed, sharpened, compressed,
            littered, emptied, scrambled,
        )
    }
)  # fmt: skip


def altered(kind: str, channel: AnyArray, labels: Labels, rng: Random) -> Altered:
    """An altered copy of a (Y, X) channel with its labels, in float32; `kind` is a name of ALTERATIONS, or several."""
    image, truth = np.asarray(channel, np.float32), labels
    for part in kind.split(AND):
        image, truth = ALTERATIONS[part](image, truth, rng)
        image = np.asarray(image, np.float32)
    return image, truth
