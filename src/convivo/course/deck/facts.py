"""What the numbers of the page on the deck follow from."""

from __future__ import annotations

from math import acos, pi, sqrt

from torch import nn

from convivo.nets import receptive

SIDE = 256  # pixels: of an image
KERNEL = 3
APART = 1.1  # radii between the middles of two equal discs
DECK_NET = "c c p c c p c c p c"  # layers: convolution 3 x 3, pooling 2 x 2


def weights_of_a_kernel() -> int:
    """Of one convolution from one map to one map."""
    return sum(each.numel() for each in nn.Conv2d(1, 1, KERNEL, bias=False).parameters())


def weights_of_full_connection() -> float:
    """Thousand millions: of a fully connected layer from an image to a map as large."""
    return (SIDE * SIDE) ** 2 / 1e9


def field_conv_then_pool() -> int:
    """Receptive field of a convolution and a pooling behind it."""
    return _field("c p")


def field_pool_then_conv() -> int:
    """The same the other way round."""
    return _field("p c")


def doubled_conv_then_pool() -> int:
    """What "each pooling doubles the field" would give."""
    return _doubled("c p")


def doubled_pool_then_conv() -> int:
    """The same the other way round."""
    return _doubled("p c")


def field_of_the_net() -> int:
    """Receptive field of seven convolutions and three poolings."""
    return _field(DECK_NET)


def doubled_of_the_net() -> int:
    """What doubling would give."""
    return _doubled(DECK_NET)


def union_share_of_discs() -> float:
    """Intersection over union of two equal discs."""
    return _lens() / (2 * pi - _lens())


def smaller_share_of_discs() -> float:
    """Their intersection over the smaller area."""
    return _lens() / pi


def _lens() -> float:
    """What two discs of radius 1 share."""
    return 2 * acos(APART / 2) - APART / 2 * sqrt(4 - APART**2)


def _field(layers: str) -> int:
    net = nn.Sequential(*(_layer(each) for each in layers.split()))
    return receptive.sights(net)[0].field


def _layer(kind: str) -> nn.Module:
    return nn.MaxPool2d(2) if kind == "p" else nn.Conv2d(1, 1, KERNEL, padding=1)


def _doubled(layers: str) -> int:
    field = 1
    for each in layers.split():
        field = 2 * field if each == "p" else field + KERNEL - 1
    return field
