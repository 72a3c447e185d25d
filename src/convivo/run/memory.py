"""How large a tile may be, and what a restoration takes: by the memory that is free now, not what fitted before."""

from __future__ import annotations

from math import prod
from pathlib import Path

import psutil

from convivo.model import Model
from convivo.nets.restoration import RestorationSize
from convivo.nets.stardist import StarDistSize
from convivo.ops.tiling import part_side, round_up, window
from convivo.types import Image

SHARE = 0.25  # of the free memory that one tile may take
# bytes: what a tile in 2-D and all that is held of its page may take together. The larger a tile, the smaller the share
# of its halo: 2048 x 2048 pixels in one tile are a quarter faster than in six. In 3-D, where most of a tile is halo,
# only the share of the free memory limits it.
PAGE_AND_TILE = 1.8e9
LEAST_FOR_A_TILE = 370e6  # bytes: of a page that leaves less, a tile takes so much all the same
PAGE_BYTES = 17  # held for each pixel of a page: maps, labels and what reads them
CHANNEL_BYTES = 4  # and for each of its channels: the prepared image
MAPS = 8  # feature maps of the first level's width that are alive at once, in float32
MAPS_ON_GRID = 6  # the same of a StarDist's U-Net: measured with both engines
STEM_MAPS = 3  # those of its stem before the pooling
COPIES, FLOAT32 = 2, 4  # of what is restored, at most; bytes of each number
CONTROL_GROUPS = (  # limit and use of a container, which the system's own numbers do not show
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (
        Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
        Path("/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ),
)


def free_memory() -> int:
    """Bytes that can be used now, also inside a container."""
    free = int(psutil.virtual_memory().available)
    for limit, used in CONTROL_GROUPS:
        if limit.is_file() and (text := limit.read_text().strip()).isdigit():
            in_use = int(used.read_text()) - _files_kept(used.with_name("memory.stat"))
            free = min(free, max(0, int(text) - in_use))
    return free


def _files_kept(statistics: Path) -> int:
    """Bytes of files that the system keeps in memory while nobody else needs it: they count as used, and are not."""
    if not statistics.is_file():
        return 0
    found = dict(line.split() for line in statistics.read_text().splitlines())
    return int(found.get("total_inactive_file", found.get("inactive_file", 0)))


def tile_sizes(model: Model, shape: tuple[int, ...], free: int | None = None) -> tuple[int, ...]:
    """Sides of the largest core that fits, multiples of the net's stride; `shape` is the padded image's.

    All tiles are of one size, as few as fit. The longest side is cut first, so that a stack is cut in its plane before
    it is cut into slabs: every side that stays whole needs no halo.
    """
    allowed = SHARE * (free_memory() if free is None else free)
    if len(shape) == 2:
        allowed = min(allowed, allowed_in_plane(model, shape))
    stride, halo = model.stride, model.halo
    parts = [1] * len(shape)
    sides = [round_up(side, stride) for side in shape]  # of unequal strides the image has each axis' own
    while max(sides) > stride and tile_bytes(model, window(shape, tuple(sides), halo, stride)) > allowed:
        longest = sides.index(max(sides))
        parts[longest] += 1
        sides[longest] = part_side(shape[longest], parts[longest], halo, stride)
    return tuple(sides)


def allowed_in_plane(model: Model, shape: tuple[int, ...]) -> float:
    """Bytes that a tile of a (Y, X) page may take, however much memory is free."""
    return max(LEAST_FOR_A_TILE, PAGE_AND_TILE - page_bytes(model, shape))


def page_bytes(model: Model, shape: tuple[int, ...]) -> int:
    """Roughly what is held of a page while its tiles are gone through, without the image itself."""
    return prod(shape) * (PAGE_BYTES + CHANNEL_BYTES * model.card.net.channels)


def tile_bytes(model: Model, shape: tuple[int, ...]) -> int:
    """Roughly what the net needs for a window of that shape."""
    size = model.card.net
    if isinstance(size, StarDistSize):
        positions = prod(shape) // prod(size.grid)
        stem = prod(shape) * size.filters * STEM_MAPS if size.stem == "pooled" else 0
        on_grid = positions * (size.filters * MAPS_ON_GRID + size.features + 2 * size.outputs)
        return 4 * max(stem, on_grid)
    return prod(shape) * size.filters * MAPS * 4


def restored_bytes(model: Model, image: Image) -> int:
    """Roughly what is held of a restoration, without the image: every map page by page, and put together.

    Writing it takes as much: the maps lie side by side there, and the image in its own type.
    """
    size = model.card.net
    assert isinstance(size, RestorationSize)
    kinds = [size.probabilistic, size.members > 1]
    maps = 1 + sum(kinds) + any(kinds) + all(kinds)  # mean; data, model; total; disagreement
    pixels = int(image.array.size) // int(image.array.shape[image.axes.index("C")])
    return COPIES * maps * size.restored * pixels * FLOAT32


def out_of_memory(error: Exception) -> bool:
    """Whether torch, numpy or OpenVINO gave up for want of memory; each says so in its own way."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or any(
        sign in words for sign in ("out of memory", "allocate memory", "not enough memory", "bad_alloc")
    )
