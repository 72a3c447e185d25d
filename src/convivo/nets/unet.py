"""U-Net in two and three dimensions (Ronneberger, Fischer, Brox, MICCAI 2015; Çiçek et al., MICCAI 2016).

    image ─ block ──────────────── skip ───────────────► concat ─ block ─ head ─ output
              └ pool ─ block ───── skip ──────► concat ─ block ┘ up
                         └ pool ─ middle block ┘ up

The encoder trades "where" for "what": each pooling halves the map and doubles its channels. The decoder uses the
"what" to say "where": it upsamples, puts the skip beside it, and convolves. The order of layers and the channel
counts are those of CSBDeep's U-Net, on which StarDist, CARE and Noise2Void stand, so that their weights fit here.
"""

from __future__ import annotations

from typing import Literal, cast, get_args

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convivo.errors import BadInput
from convivo.nets.blur_pool import MaxBlurPool

CONVOLUTIONS = {2: nn.Conv2d, 3: nn.Conv3d}
POOLS = {2: nn.MaxPool2d, 3: nn.MaxPool3d}
NORMS = {2: nn.BatchNorm2d, 3: nn.BatchNorm3d}

Pooling = Literal["max", "blur"]


class UNetSize(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="unet"):
    """How large a U-Net is. The default has 341,745 weights (one output) and sees 100 pixels across."""

    dimensions: int = 2  # of the image: 2 or 3
    channels: int = 1  # of the input
    outputs: int = 1  # maps that come out
    filters: int = 16  # channels of the first level
    expansion: int = 2  # each level below has so many times as many
    depth: int = 3  # poolings
    convolutions: int = 2  # in each block
    kernel: int = 3  # side of a convolution's kernel, odd
    batch_norm: bool = False
    pooling: Pooling = "max"  # "blur" smooths before it leaves out positions (Zhang 2019, Noise2Void 2)
    cut: tuple[int, ...] = ()  # levels, 0 the finest, whose skip does not reach the decoder; Noise2Void 2: 0
    narrow_up: bool = False  # blocks on the way up begin with `filters` channels on every level (n2v 0.3.2)

    def __post_init__(self) -> None:
        if self.dimensions not in CONVOLUTIONS:
            raise BadInput(f"a U-Net of {self.dimensions} dimensions", fix="use dimensions 2 or 3")
        if self.kernel % 2 == 0:
            raise BadInput(f"kernel size {self.kernel} is even", fix="use an odd one, such as 3 or 5")
        if (
            min(self.channels, self.outputs, self.filters, self.expansion, self.convolutions, self.kernel) < 1
            or self.depth < 0
        ):
            raise BadInput(
                f"{self} has a size below one", fix="give every size at least 1 (depth at least 0)"
            )
        if list(self.cut) != sorted(set(self.cut) & set(range(self.depth))):
            raise BadInput(
                f"skips {self.cut} cannot be cut in a U-Net of depth {self.depth}",
                fix="name levels from 0, the finest, to the depth - 1, each once and in their order",
            )
        if self.pooling not in get_args(Pooling):
            raise BadInput(f"pooling {self.pooling!r} is not known", fix="use max or blur")


class UNet(nn.Module):
    """A U-Net without a last activation: losses and decoders take the logits.

    `head` reads the finest map; without one a 1 x 1 convolution makes `outputs` maps of it.
    """

    def __init__(self, size: UNetSize, head: nn.Module | None = None) -> None:
        super().__init__()
        self.size = size
        widths = [size.filters * size.expansion**level for level in range(size.depth + 1)]
        self.down = nn.ModuleList(
            block(size, before, [width] * size.convolutions)
            for before, width in zip([size.channels, *widths], widths[:-1], strict=False)
        )
        self.pools = nn.ModuleList(pool(size, width) for width in widths[:-1])
        bottom = size.channels if size.depth == 0 else widths[-2]
        self.middle = block(size, bottom, _narrowing(widths, size.depth, size.convolutions))
        self.up = nn.ModuleList(
            block(size, _joined(size, widths, level), _widths_up(size, widths, level))
            for level in reversed(range(size.depth))
        )
        self.head = head or CONVOLUTIONS[size.dimensions](widths[0], size.outputs, 1)
        self.apply(initialise)

    def forward(self, x: Tensor) -> Tensor:  # (B, C, Y, X) -> (B, outputs, Y, X)
        """Logits of the image's size; sides are multiples of 2^depth, and in 3-D Z comes before Y."""
        *skips, x = self.encode(x)
        for level, up in reversed([*enumerate(reversed(self.up))]):
            x = F.interpolate(x, scale_factor=2.0, mode="nearest")  # as large as the skip
            if level not in self.size.cut:
                x = torch.cat([x, skips[level]], dim=1)
            x = up(x)  # its two widths (one, where the skip is cut) become one, then half of it
        return cast(Tensor, self.head(x))

    def encode(self, x: Tensor) -> list[Tensor]:
        """Feature maps of every level from fine to coarse; all but the last are the skips."""
        maps = []
        for down, pooled in zip(self.down, self.pools, strict=True):
            x = down(x)
            maps.append(x)
            x = pooled(x)  # half as large
        return [*maps, self.middle(x)]


def block(size: UNetSize, channels: int, widths: list[int]) -> nn.Sequential:
    """Convolutions of the given widths, one after the other, each with its activation."""
    steps = zip([channels, *widths], widths, strict=False)
    return nn.Sequential(*(unit(size, before, after) for before, after in steps))


def unit(size: UNetSize, channels: int, width: int) -> nn.Sequential:
    """Convolution, batch normalisation where asked for, rectifier. The map keeps its size."""
    convolution = CONVOLUTIONS[size.dimensions](channels, width, size.kernel, padding=size.kernel // 2)
    if not size.batch_norm:
        return nn.Sequential(convolution, nn.ReLU(inplace=True))
    # Keras' eps; its momentum (torch's 0.01) would remember the first weights for too long in a training of minutes
    return nn.Sequential(
        convolution, NORMS[size.dimensions](width, eps=1e-3, momentum=0.05), nn.ReLU(inplace=True)
    )


def pool(size: UNetSize, channels: int) -> nn.Module:
    """What leaves every second position out."""
    return MaxBlurPool(size.dimensions, channels) if size.pooling == "blur" else POOLS[size.dimensions](2)


def _joined(size: UNetSize, widths: list[int], level: int) -> int:
    """Channels that a block on the way up reads: what was upsampled, and the skip beside it, unless it is cut."""
    return widths[level] if level in size.cut else 2 * widths[level]


def _widths_up(size: UNetSize, widths: list[int], level: int) -> list[int]:
    *first, last = _narrowing(widths, level, size.convolutions)
    return [size.filters if size.narrow_up else width for width in first] + [last]


def _narrowing(widths: list[int], level: int, convolutions: int) -> list[int]:
    """Widths of a block on the way up: its last convolution already has the width of the level above."""
    return [widths[level]] * (convolutions - 1) + [widths[max(0, level - 1)]]


def initialise(module: nn.Module) -> None:
    """Glorot's uniform weights and zero biases (Glorot, Bengio 2010), as the originals start."""
    if isinstance(module, nn.Conv2d | nn.Conv3d):
        nn.init.xavier_uniform_(module.weight)
        if module.bias is not None:
            nn.init.zeros_(module.bias)
