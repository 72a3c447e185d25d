"""What the encoder of a net makes of an image, from fine to coarse, looked at in a part of it."""

from __future__ import annotations

from math import prod

import numpy as np
import torch

from convivo.model import Model
from convivo.ops.tiling import pad_to_stride
from convivo.types import Pixels, Region

LARGEST = 512 * 512  # voxels of an image that are looked at


def feature_maps(model: Model, prepared: Pixels, largest: int = LARGEST) -> list[Pixels]:
    """(features, positions) of each level, of the middle of a (C, ...) prepared image."""
    part = pad_to_stride(prepared[:, *_middle(prepared.shape[1:], largest)], model.strides)
    device = next(model.net.parameters()).device
    with torch.inference_mode():
        levels = model.encode(torch.from_numpy(np.ascontiguousarray(part))[None].to(device))
    return [level[0].flatten(1).float().cpu().numpy() for level in levels]


def _middle(shape: tuple[int, ...], largest: int) -> Region:
    """The middle part, halved along its longest side until it is small enough."""
    sides = list(shape)
    while prod(sides) > largest:
        sides[sides.index(max(sides))] = (max(sides) + 1) // 2
    starts = [(length - side) // 2 for length, side in zip(shape, sides, strict=True)]
    return tuple(slice(start, start + side) for start, side in zip(starts, sides, strict=True))
