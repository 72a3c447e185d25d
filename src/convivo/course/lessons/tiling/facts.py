"""What the numbers of the lesson on tiles follow from.

The net is a small one of our own: a U-Net with two poolings and random weights. What a tile needs follows from the
layers, so it needs no training.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import torch
from torch import Tensor

from convivo.nets import receptive
from convivo.nets.unet import UNet, UNetSize
from convivo.ops.tiling import round_up, tiles
from convivo.types import AnyArray

LARGE = 2048  # pixels: side of an image
BYTES = 4  # of a number in float32
TILE, SIDE = 64, 256  # of a core, and of the image that is tried
DIM, BRIGHT = 60.0, 240.0  # counts of two nuclei


def megabytes_of_the_image() -> float:
    """One channel of a large image, in float32."""
    return LARGE**2 * BYTES / 1e6


def megabytes_of_the_first_maps() -> float:
    """The maps behind the first convolution of the default U-Net, of the same image."""
    return LARGE**2 * UNetSize().filters * BYTES / 1e6


def weights_of_the_default() -> int:
    """Of the default U-Net."""
    return sum(each.numel() for each in UNet(UNetSize()).parameters())


def megabytes_of_the_weights() -> float:
    """All of them, in float32."""
    return weights_of_the_default() * BYTES / 1e6


def times_the_activations() -> float:
    """Numbers in the first maps of a tile with twice the side, over those of the tile."""
    return _first_map(2 * TILE).numel() / _first_map(TILE).numel()


def times_the_weights() -> float:
    """Weights of the net that sees the larger tile over those of the net that sees the smaller: it is the same."""
    small, large = _net(), _net()
    return sum(each.numel() for each in large.parameters()) / sum(each.numel() for each in small.parameters())


def poolings() -> int:
    """Of the net that is tried."""
    return _net().size.depth


def field() -> int:
    """Its receptive field."""
    return receptive.sights(_net())[0].field


def reach() -> int:
    """How far it sees to one side, at most."""
    return max(receptive.reach(_net()))


def stride() -> int:
    """The shift of the input under which its answer moves along."""
    return max(receptive.stride(_net()))


def halo() -> int:
    """The smallest halo without a seam: the reach, rounded up to the stride."""
    return round_up(reach(), stride())


def seam_without_halo() -> float:
    """Largest difference between tiled and whole, as a share of the map's largest value."""
    return _difference(0)


def seam_with_16() -> float:
    """The same with a halo of 16."""
    return _difference(16)


def seam_with_20() -> float:
    """The same with a halo of 20, the last that is too small."""
    return _difference(20)


def seam_with_enough() -> float:
    """The same with the smallest halo that suffices: rounding alone."""
    return _difference(halo())


def cost_of_small_tiles() -> float:
    """Pixels that are computed for each that is kept, at cores of 64."""
    return (TILE + 2 * halo()) ** 2 / TILE**2


def cost_of_large_tiles() -> float:
    """The same at cores of 256."""
    return (SIDE + 2 * halo()) ** 2 / SIDE**2


def field_of_the_default() -> int:
    """Receptive field of the default U-Net."""
    return receptive.sights(UNet(UNetSize()))[0].field


def halo_of_the_default() -> int:
    """Smallest halo of the default U-Net."""
    net = UNet(UNetSize(filters=1))
    return round_up(max(receptive.reach(net)), max(receptive.stride(net)))


def dim_nucleus_in_its_own_tile() -> float:
    """Brightness of a dim nucleus where its tile alone is scaled to its brightest pixel."""
    return float(_scaled([0.0, DIM])[1])


def dim_nucleus_in_the_image() -> float:
    """The same where the whole image is scaled at once."""
    return float(_scaled([0.0, DIM, BRIGHT])[1])


def _scaled(counts: list[float]) -> AnyArray:
    """Counts brought to 0 to 1 by the darkest and the brightest of them."""
    values = np.array(counts)
    return np.asarray((values - values.min()) / (values.max() - values.min()))


@cache
def _net() -> UNet:
    torch.manual_seed(0)
    return UNet(UNetSize(filters=4, depth=2)).eval()


def _first_map(side: int) -> Tensor:
    with torch.inference_mode():
        return _net().encode(torch.zeros(1, 1, side, side))[0]


def _answer(pixels: AnyArray) -> AnyArray:
    with torch.inference_mode():
        return np.asarray(_net()(torch.from_numpy(pixels)[None, None])[0, 0].numpy())


@cache
def _whole() -> tuple[AnyArray, AnyArray]:
    """An image of noise, which shows a seam best, and the answer for the whole of it."""
    pixels = np.random.default_rng(0).standard_normal((SIDE, SIDE)).astype(np.float32)
    return pixels, _answer(pixels)


def _difference(margin: int) -> float:
    pixels, whole = _whole()
    found = np.empty_like(whole)
    for tile in tiles(pixels.shape, TILE, margin, stride()):
        found[tile.core] = _answer(pixels[tile.read])[tile.crop]
    return float(np.abs(found - whole).max() / np.abs(whole).max())
