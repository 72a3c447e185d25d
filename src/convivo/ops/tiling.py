"""Cut an image into tiles whose assembled answer equals the answer for the whole.

    |<--------------- read --------------->|     what the net is shown: every window has the same shape
    |      |<-------- core ------->|       |     what is kept of its answer
    | halo |                       | halo  |     as wide as the net looks to one side

Each core lies at least a halo away from the sides of its window, except where the window ends with the image: there
the net pads as it would for the whole image. Windows begin on multiples of the net's stride, so that its poolings
group the same pixels as in the whole image.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product

import numpy as np

from convivo.errors import BadInput
from convivo.types import AnyArray, Region


@dataclass(frozen=True, slots=True)
class Tile:
    """Where one tile reads, what it keeps, and where that lies inside what it read."""

    read: Region
    core: Region
    crop: Region


def tiles(
    shape: tuple[int, ...], size: int | tuple[int, ...], halo: int = 0, stride: int = 1
) -> Iterator[Tile]:
    """Yield tiles whose cores cover every position of `shape` exactly once, row by row.

    `size` is the side of a core in pixels and, like `shape`, a multiple of `stride`; `halo` is rounded up to one.
    Axes no longer than a window are read whole.
    """
    sizes = _sides(size, len(shape))
    for side in sizes:
        check_tile(side, stride)
    margin = round_up(halo, stride)
    spans = [list(_spans(length, side, margin)) for length, side in zip(shape, sizes, strict=True)]
    for chosen in product(*spans):
        read, core, crop = zip(*chosen, strict=True)
        yield Tile(read, core, crop)


def window(shape: tuple[int, ...], size: int | tuple[int, ...], halo: int, stride: int) -> tuple[int, ...]:
    """Shape of what each tile reads, the same for all tiles of an image."""
    margin = 2 * round_up(halo, stride)
    return tuple(
        min(length, side + margin) for length, side in zip(shape, _sides(size, len(shape)), strict=True)
    )


def part_side(length: int, parts: int, halo: int, stride: int) -> int:
    """Side of a core with which at most so many tiles span an axis: the first and the last keep their halo too."""
    between = length - 2 * round_up(halo, stride)
    return max(stride, round_up(-(-between // parts), stride))


def check_tile(size: int, stride: int) -> None:
    """Refuse a tile size that the net's poolings would not group as in the whole image."""
    if size < 1 or size % stride:
        below, above = size - size % stride, size - size % stride + stride
        fix = f"use {below} or {above}" if below > 0 else f"use {stride} or {2 * stride}"
        raise BadInput(f"tile size {size} is not a multiple of the net's stride {stride}", fix=fix)


def round_up(length: int, stride: int) -> int:
    """The next multiple of the stride."""
    return -(-length // stride) * stride


def pad_to_stride(pixels: AnyArray, stride: int | tuple[int, ...], *, both_sides: bool = False) -> AnyArray:
    """Lengthen the spatial axes of (C, ...) pixels to multiples of the stride (of each axis' own).

    By reflection, at their ends as StarDist pads, or at both sides as CARE and Noise2Void do; lengths too short to
    reflect repeat what they have.
    """
    lengths = pixels.shape[1:]
    strides = _sides(stride, len(lengths))
    before = padded_before(lengths, strides) if both_sides else (0,) * len(lengths)
    missing = [(0, 0)] + [
        (front, -length % step - front) for length, step, front in zip(lengths, strides, before, strict=True)
    ]
    if not any(front or end for front, end in missing):
        return pixels
    return np.pad(pixels, missing, mode="reflect" if min(pixels.shape[1:]) > 1 else "edge")


def padded_before(lengths: tuple[int, ...], strides: tuple[int, ...]) -> tuple[int, ...]:
    """Of what is missing to multiples of the strides, the smaller half: what is added in front at each axis."""
    return tuple(-length % step // 2 for length, step in zip(lengths, strides, strict=True))


def _sides(size: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    return (size,) * axes if isinstance(size, int) else size


def _spans(length: int, size: int, margin: int) -> Iterator[tuple[slice, slice, slice]]:
    """Read, core and crop along one axis."""
    width = size + 2 * margin
    if length <= width:
        yield slice(0, length), slice(0, length), slice(0, length)
        return
    starts = [*range(0, length - width, size), length - width]
    borders = [0, *(start + margin for start in starts[1:]), length]
    for start, (first, last) in zip(starts, pairwise(borders), strict=True):
        yield slice(start, start + width), slice(first, last), slice(first - start, last - start)
