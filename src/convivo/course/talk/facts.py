"""What the numbers of the talk follow from."""

from __future__ import annotations

from torch import nn

from convivo.nets import receptive
from convivo.nets.unet import UNet, UNetSize

SIDE = 256  # pixels: of an image
FOREGROUND = 0.03  # share of the pixels


def phases() -> int:
    """Minutes of the whole workshop: talk, flipped classroom, break, pair programming, feedback."""
    return 30 + 60 + 30 + 60 + 30


def weights_of_a_kernel() -> int:
    """Of one 3 x 3 kernel."""
    return sum(each.numel() for each in nn.Conv2d(1, 1, 3, bias=False).parameters())


def weights_of_full_connection() -> float:
    """Thousand millions: of a fully connected layer from an image to a map as large."""
    return (SIDE * SIDE) ** 2 / 1e9


def field_conv_then_pool() -> int:
    """Receptive field of a convolution and a pooling behind it."""
    return _field(nn.Conv2d(1, 1, 3, padding=1), nn.MaxPool2d(2))


def field_pool_then_conv() -> int:
    """The same the other way round."""
    return _field(nn.MaxPool2d(2), nn.Conv2d(1, 1, 3, padding=1))


def field_of_the_unet() -> int:
    """Receptive field of the default U-Net."""
    return receptive.sights(UNet(UNetSize(filters=1)))[0].field


def accuracy_of_nothing() -> float:
    """Percent of the pixels that are right where background is said everywhere."""
    return 100 * (1 - FOREGROUND)


def _field(*layers: nn.Module) -> int:
    return receptive.sights(nn.Sequential(*layers))[0].field
