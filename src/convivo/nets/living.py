"""The part of a net that still reaches its answer where some of its layers are silent.

A rectifier that says 0 everywhere passes nothing on, and no change of the image comes through it. In a U-Net the answer
then hangs on the skips above that layer alone, and the field is that of the longest way that is left.
"""

from __future__ import annotations

from collections.abc import Collection

from torch import nn

from convivo.nets.receptive import sights
from convivo.nets.stardist import StarDistNet
from convivo.nets.unet import UNet


def living_field(net: nn.Module, silent: Collection[str]) -> int:
    """Pixels across, along the last axis, from which anything can reach the answer.

    `silent` names layers as `net.named_modules` does. Where a net is made of several U-Nets, a level counts as silent
    if it is so in each of them. 0 where no way is left.
    """
    unets = [(name, each) for name, each in net.named_modules() if isinstance(each, UNet)]
    deepest = max((_deepest(unet, _within(name, silent)) for name, unet in unets), default=-1)
    if deepest < 0:
        return 0
    unet = unets[0][1]
    stem = net.stem if isinstance(net, StarDistNet) else nn.Sequential()
    assert isinstance(stem, nn.Sequential)
    return sights(nn.Sequential(*stem, *_way(unet, deepest)))[-1].field


def _within(name: str, silent: Collection[str]) -> set[str]:
    """Names of silent layers as the U-Net of that name calls them."""
    start = f"{name}." if name else ""
    return {each.removeprefix(start) for each in silent if each.startswith(start)}


def _deepest(unet: UNet, silent: Collection[str]) -> int:
    """The deepest level from which something reaches the answer; the depth is the middle's, -1 is none."""
    depth = len(unet.down)

    def is_silent(part: str) -> bool:
        return any(name.startswith(f"{part}.") for name in silent)

    down = next((level for level in range(depth) if is_silent(f"down.{level}")), depth)
    deepest = down - 1 if down < depth else depth - is_silent("middle")
    for level in reversed(range(depth)):  # a silent block hides all below it
        if is_silent(f"up.{depth - 1 - level}"):
            deepest = min(deepest, level - 1)
    while 0 <= deepest < depth and deepest in unet.size.cut:
        deepest -= 1
    return deepest


def _way(unet: UNet, deepest: int) -> list[nn.Module]:
    """Down to a level, over its skip or the middle, and up; skips on the way see nothing that this does not."""
    depth = len(unet.down)
    way: list[nn.Module] = []
    for level in range(deepest):
        way += [unet.down[level], unet.pools[level]]
    if deepest < depth:
        way += [unet.down[deepest], unet.up[depth - 1 - deepest]]
    else:
        way.append(unet.middle)
    for level in reversed(range(deepest)):
        way += [nn.Upsample(scale_factor=2), unet.up[depth - 1 - level]]
    return [*way, unet.head]
