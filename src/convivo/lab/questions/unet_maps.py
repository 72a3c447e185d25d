"""What the shipped U-Net makes of a window at every level, on the way down and on the way up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec
import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from convivo.lab import shelf
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.model import Model
from convivo.nets.unet import UNet
from convivo.ops.tiling import pad_to_stride
from convivo.types import Pixels

MODEL = "nuclei-unet"
WHITE = 255  # how the peak of a map is written


class Stage(msgspec.Struct, frozen=True):
    """The feature maps that one block makes."""

    part: Literal["down", "middle", "up"]
    level: int  # from 0, the finest; a pixel here covers 2^level pixels of the image
    reads: int  # channels that the block is given
    skip: int  # of these, how many the skip brings
    maps: NDArray[np.uint8]  # (channels, Y, X), each from 0 to its peak
    peaks: NDArray[np.float32]  # (channels,), largest value of each
    strongest: NDArray[np.int32]  # (channels,), numbers of the maps; the one that varies most comes first


class Maps(msgspec.Struct, frozen=True):
    """All stages, in the order in which the net goes through them."""

    stages: list[Stage]


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """What went through one block of the net."""

    reads: int
    maps: Pixels  # (channels, Y, X)


def unet_maps(window: Window) -> Maps:
    """Every feature map of the window; sides are those of the window, made longer to what the net can halve."""
    model = shelf.shipped(MODEL)
    passed = passes(model, model.prepare(shelf.cut(window).pixels[None]))
    depth = len(passed) // 2
    cut = model.net.size.cut if isinstance(model.net, UNet) else ()
    stages = []
    for number, block in enumerate(passed):
        part: Literal["down", "middle", "up"] = (
            "down" if number < depth else "middle" if number == depth else "up"
        )
        level = depth - abs(depth - number)
        skip = len(passed[level].maps) if part == "up" and level not in cut else 0
        stages.append(_stage(part, level, skip, block))
    return Maps(stages)


def passes(model: Model, prepared: Pixels) -> list[Block]:
    """What goes into each block of a U-Net and what comes out, from the first to the last; (1, Y, X) prepared."""
    net = model.net
    assert isinstance(net, UNet)
    passed: list[Block] = []

    def record(_: nn.Module, given: tuple[Tensor, ...], made: Tensor) -> None:
        # copied, because what follows may overwrite it
        passed.append(Block(given[0].shape[1], made[0].float().numpy(force=True).copy()))

    hooks = [block.register_forward_hook(record) for block in (*net.down, net.middle, *net.up)]
    try:
        with torch.inference_mode():
            padded = np.ascontiguousarray(pad_to_stride(prepared, model.strides))
            net(torch.from_numpy(padded)[None].to(next(net.parameters()).device))
    finally:
        for hook in hooks:
            hook.remove()
    return passed


def _stage(part: Literal["down", "middle", "up"], level: int, skip: int, block: Block) -> Stage:
    peaks = block.maps.max(axis=(1, 2))  # none is below 0: rectifiers made them
    scale = WHITE / np.where(peaks > 0, peaks, 1)
    written = np.rint(block.maps * scale[:, None, None]).astype(np.uint8)
    order = np.argsort(-block.maps.std(axis=(1, 2)), kind="stable").astype(np.int32)
    return Stage(part, level, block.reads, skip, written, peaks, order)


QUESTIONS = [Question("unet-maps", Window, unet_maps)]
