"""How large a tile may be: from the memory that is free now, never from what fitted in training."""

from __future__ import annotations

from math import prod
from pathlib import Path

import psutil

from convivo.model import Model
from convivo.ops.tiling import window

SHARE = 0.25  # of the free memory that one tile may take
MOST = 320e6  # bytes: larger tiles are not faster, they only waste less on halos
MAPS = 8  # feature maps of the first level's width that are alive at once, in float32
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
            free = min(free, max(0, int(text) - int(used.read_text())))
    return free


def tile_size(model: Model, shape: tuple[int, ...], free: int | None = None) -> int:
    """Side of the largest core that fits, a multiple of the net's stride; `shape` is the padded image's."""
    allowed = min(MOST, SHARE * (free_memory() if free is None else free))
    stride, halo = model.stride, model.halo
    largest = max(shape) // stride
    while largest > 1 and tile_bytes(model, window(shape, largest * stride, halo, stride)) > allowed:
        largest = max(1, largest * 9 // 10)
    return max(1, largest) * stride


def tile_bytes(model: Model, shape: tuple[int, ...]) -> int:
    """Roughly what the net needs for a window of that shape."""
    return prod(shape) * model.card.net.filters * MAPS * 4
