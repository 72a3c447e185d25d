"""The loss on images that do not train: what tells first that a net learns its training images by heart.

Such a net answers for new images with ever more certainty, right or wrong, so its loss on them rises long before other
objects are found: the loss counts how sure it was, the accuracy of objects only on which side of a threshold.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isqrt, prod

import numpy as np
import torch

from convivo.model import Model
from convivo.types import Annotated, Pixels

LOOKED_AT = (
    2**18
)  # pixels of all images together, in their middles: a quarter of the time of small images' score
PLANES = 8  # of a stack
MOST = 64  # images, evenly spaced: of more the middles would be too small to hold an object
LEAST = 1e-6  # loss that is told from none


def middles(model: Model, data: Sequence[Annotated]) -> list[tuple[Pixels, Pixels]]:
    """What the net is shown in the middle of each image, and what it should say; none of images below its stride."""
    rng = np.random.default_rng(0)
    data = data[:: -(-len(data) // MOST)] if data else data
    found = []
    for each in data:
        _, pixels = next(iter(each.image.pages(model.dimensions)))
        part = _middle(each.labels.shape, model.strides, LOOKED_AT // len(data))
        wanted = model.segmentation.targets(each.labels[part])
        if wanted.size:
            shown = np.ascontiguousarray(model.prepare(pixels)[:, *part])
            found.append(model.segmentation.example(shown, wanted, model.card.net, rng))
    return found


def new_loss(model: Model, examples: Sequence[tuple[Pixels, Pixels]]) -> float | None:
    """The geometric mean over the images, of which one odd one decides nothing; None where there is no image."""
    device = next(model.net.parameters()).device
    model.net.eval()
    losses = []
    with torch.inference_mode():
        for shown, wanted in examples:
            output = model.net(torch.from_numpy(shown[None]).to(device))
            losses.append(float(model.method.loss(output, torch.from_numpy(wanted[None]).to(device))))
    return float(np.exp(np.mean(np.log(np.maximum(losses, LEAST))))) if losses else None


def _middle(shape: tuple[int, ...], strides: tuple[int, ...], pixels: int) -> tuple[slice, ...]:
    """The middle part of about so many pixels, whose sides are multiples of the net's strides."""
    planes = (PLANES,)[: len(shape) - 2]
    most = (*planes, *(isqrt(pixels // prod(planes)),) * 2)
    sides = [
        min(length, largest) // step * step
        for length, largest, step in zip(shape, most, strides, strict=True)
    ]
    starts = [(length - side) // 2 for length, side in zip(shape, sides, strict=True)]
    return tuple(slice(start, start + side) for start, side in zip(starts, sides, strict=True))
