"""The net of StarDist (Schmidt, Weigert, Broaddus, Myers, MICCAI 2018), in two dimensions.

    image ─ stem ─ U-Net ─ features ─┬─ 1 x 1 ─ object probability   (a logit)
            on the grid              ├─ 1 x 1 ─ distances to the boundary, one along each ray
                                     └─ (features ─ 1 x 1 ─ classes, where the objects have any)

An object is found by any of its pixels, so not every pixel need be asked: the stem leaves one position for each
`grid` of them, and all that follows is that much cheaper. The original's stem is a block of convolutions and a
pooling for each halving, the `pooled` one here; the `strided` one, a single convolution that steps over the grid,
costs a tenth of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, cast, get_args

import msgspec
import torch
from torch import Tensor, nn

from convivo.errors import BadInput
from convivo.nets.unet import UNet, UNetSize, block, initialise, unit

Stem = Literal["strided", "pooled"]
GRIDS = (1, 2, 4)
FEWEST_RAYS, MOST_RAYS = 8, 128


class StarDistSize(UNetSize, frozen=True, kw_only=True, tag_field="kind", tag="stardist"):
    """How large the net is: a U-Net's size, and what stands around it. `outputs` follows from the rest."""

    outputs: int = 0
    rays: int = 32  # directions in which distances are measured
    grid: tuple[int, int] = (2, 2)  # pixels, along Y and X, for which one position answers
    features: int = 64  # channels of the layer that the answers are read from
    # pixels that a distance of 1 in the output stands for: Adam learns numbers near 1 fastest
    unit: float = 8.0
    stem: Stem = "strided"
    classes: int = 0  # of objects, without the background; 0: objects have no class

    def __post_init__(self) -> None:
        if self.dimensions != 2:
            raise BadInput(f"a StarDist net of {self.dimensions} dimensions", fix="use 2-D images")
        if not FEWEST_RAYS <= self.rays <= MOST_RAYS:
            raise BadInput(f"{self.rays} rays", fix=f"use {FEWEST_RAYS} to {MOST_RAYS} of them, such as 32")
        msgspec.structs.force_setattr(self, "grid", tuple(self.grid))
        if len(self.grid) != 2 or any(step not in GRIDS for step in self.grid):
            raise BadInput(
                f"grid {self.grid} is not known", fix=f"use two of {', '.join(map(str, GRIDS))}, for Y and X"
            )
        if not 0 < self.unit < float("inf"):
            raise BadInput(f"unit {self.unit} of the distances", fix="use pixels above 0, such as 8")
        if self.stem not in get_args(Stem):
            raise BadInput(f"stem {self.stem!r} is not known", fix=f"use {' or '.join(get_args(Stem))}")
        if min(self.features, self.classes + 1) < 1:
            raise BadInput(
                f"{self} has a size below one", fix="give every size at least 1 (classes at least 0)"
            )
        outputs = 1 + self.rays + (self.classes + 1 if self.classes else 0)
        msgspec.structs.force_setattr(self, "outputs", outputs)
        UNetSize.__post_init__(self)


class StarDistNet(nn.Module):
    """Probability logits and distances on the grid; distances are in units of `size.unit` pixels."""

    def __init__(self, size: StarDistSize) -> None:
        super().__init__()
        self.size = size
        self.stem = nn.Sequential(*_stem(size))
        channels = size.filters if len(self.stem) else size.channels
        on_grid = msgspec.structs.replace(size, channels=channels)
        head = StarHead(size)
        self.unet = UNet(on_grid, head)
        self.apply(initialise)
        head.guess_distances()

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, Y, X) -> (B, 1 + rays (+ classes + 1), Y / grid, X / grid). Sides are multiples of grid x 2^depth."""
        x = self.stem(x)
        return cast(Tensor, self.unet(x))

    def encode(self, x: Tensor) -> list[Tensor]:
        """The U-Net's feature maps from fine to coarse."""
        return self.unet.encode(self.stem(x))


class StarHead(nn.Module):
    """What is read from the U-Net's finest map."""

    def __init__(self, size: StarDistSize) -> None:
        super().__init__()
        self.features = unit(_plain(size), size.filters, size.features)
        self.star = nn.Conv2d(size.features, 1 + size.rays, 1)
        self.class_features = unit(_plain(size), size.filters, size.features) if size.classes else None
        self.classes = nn.Conv2d(size.features, size.classes + 1, 1) if size.classes else None

    def guess_distances(self) -> None:
        """Let every distance begin at one unit, which is nearer to the truth than none."""
        if self.star.bias is not None:
            nn.init.ones_(self.star.bias[1:])

    def forward(self, x: Tensor) -> Tensor:  # (B, filters, Y, X) -> (B, outputs, Y, X)
        """Star first, then the classes' logits, where there are any."""
        star = self.star(self.features(x))
        if self.class_features is None or self.classes is None:
            return cast(Tensor, star)
        return torch.cat([star, self.classes(self.class_features(x))], dim=1)


def _stem(size: StarDistSize) -> Iterator[nn.Module]:
    """From the image's pixels to the grid's positions."""
    if size.grid == (1, 1):
        return
    if size.stem == "strided":
        rows, columns = (2 * step + 1 if step > 1 else size.kernel for step in size.grid)
        padding = (rows // 2, columns // 2)
        yield nn.Conv2d(size.channels, size.filters, (rows, columns), stride=size.grid, padding=padding)
        yield nn.ReLU(inplace=True)
        return
    channels, pooled = size.channels, (1, 1)
    while pooled != size.grid:
        yield block(_plain(size), channels, [size.filters] * size.convolutions)
        pool = tuple(2 if done < step else 1 for done, step in zip(pooled, size.grid, strict=True))
        yield nn.MaxPool2d(pool)
        pooled = (pooled[0] * pool[0], pooled[1] * pool[1])
        channels = size.filters


def _plain(size: StarDistSize) -> UNetSize:
    """The layers around the U-Net have no batch normalisation."""
    return msgspec.structs.replace(size, batch_norm=False)
