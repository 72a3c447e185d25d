"""The numbers of the lesson on channels, pooling and batch normalisation, counted on the layers themselves."""

from __future__ import annotations

import torch
from torch import nn
from torch.nn import functional as F

from convivo.nets.unet import UNet, UNetSize

FILTERS = 16
CHANNELS = 2  # such as DAPI and GFP


def _parameters(net: nn.Module) -> int:
    return sum(each.numel() for each in net.parameters())


def values_seen() -> int:
    """From how many values one value of a map is computed, with two channels."""
    return nn.Conv2d(CHANNELS, FILTERS, 3).weight[0].numel()


def parameters_two_channels() -> int:
    """Of a layer of 16 filters of 3 x 3 on two channels, with biases."""
    return _parameters(nn.Conv2d(CHANNELS, FILTERS, 3))


def parameters_one_channel() -> int:
    """The same on one channel."""
    return _parameters(nn.Conv2d(1, FILTERS, 3))


def parameters_if_filters_shared() -> int:
    """The same on two channels, if all filters had the same weights and a bias each."""
    return _parameters(nn.Conv2d(CHANNELS, 1, 3, bias=False)) + FILTERS


def parameters_second_layer() -> int:
    """Of a second layer of 16 filters, which reads the 16 maps of the first."""
    return _parameters(nn.Conv2d(FILTERS, FILTERS, 3))


def parameters_of_a_pooling() -> int:
    """How much there is to learn in a pooling."""
    return _parameters(nn.MaxPool2d(2))


def window_of_a_pooling() -> int:
    """From how many values it takes the largest."""
    return int(F.unfold(torch.zeros(1, 1, 2, 2), 2).numel())


def weights_of_windows() -> int:
    """What one weight for each value of the window and each of 64 channels would come to."""
    return nn.Conv2d(64, 64, 2, groups=64, bias=False).weight.numel()


def dropped_by_a_pooling() -> float:
    """Per cent of the values that a pooling leaves out."""
    image = torch.zeros(1, 1, 8, 8)
    return 100 * (1 - F.max_pool2d(image, 2).numel() / image.numel())


def learned_by_a_normalisation() -> int:
    """Parameters of a batch normalisation, for each channel."""
    return _parameters(nn.BatchNorm2d(1))


def weights_of_the_unet() -> int:
    """Of convivo's default U-Net with one output."""
    return _parameters(UNet(UNetSize()))


def share_of_the_bottom() -> float:
    """Per cent of them that lie in its two coarsest convolutions."""
    net = UNet(UNetSize())
    return 100 * _parameters(net.middle) / _parameters(net)


def positions_at_the_bottom() -> float:
    """Positions of its coarsest map for a hundred pixels of the image."""
    net = UNet(UNetSize(filters=1))
    image = torch.zeros(1, 1, 64, 64)
    return 100 * net.encode(image)[-1][0, 0].numel() / image.numel()
