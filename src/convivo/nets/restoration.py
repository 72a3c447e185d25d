"""The nets of CARE (Weigert et al., Nature Methods 2018) and Noise2Void (Krull, Buchholz, Jug, CVPR 2019).

    image ─┬─ U-Net ─ + ─ restored
           └──────────┘        the U-Net only says what to change, where input and output have the same channels

Where the net is probabilistic, it says two numbers of each pixel: the mean of a Laplace distribution and its scale,
which is how far off the mean is likely to be. An ensemble asks several nets, trained apart, the same question; where
they disagree, none of them knows.
"""

from __future__ import annotations

from typing import cast

import msgspec
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from convivo.errors import BadInput
from convivo.nets.unet import UNet, UNetSize

SMALLEST_SCALE = 1e-3  # of a Laplace distribution, as in CSBDeep


class RestorationSize(UNetSize, frozen=True, kw_only=True, tag_field="kind", tag="restoration"):
    """How large the net is: a U-Net's size, and what it is asked for. `outputs` follows from the rest."""

    outputs: int = 0
    restored: int = 1  # channels of the restored image
    residual: bool = True  # whether the U-Net says the change; needs as many channels out as in
    probabilistic: bool = False  # whether it says a scale beside each mean
    separate: bool = False  # whether each channel has a U-Net of its own
    members: int = 1  # nets of an ensemble

    def __post_init__(self) -> None:
        if min(self.restored, self.members) < 1:
            raise BadInput(f"{self} has a size below one", fix="give every size at least 1")
        if (self.residual or self.separate) and self.restored != self.channels:
            raise BadInput(
                f"{self.channels} channels cannot become {self.restored} channel by channel",
                fix="use a net that is neither residual nor separate, or as many channels out as in",
            )
        maps = self.restored * (2 if self.probabilistic else 1)
        msgspec.structs.force_setattr(self, "outputs", self.members * maps)
        UNetSize.__post_init__(self)


class RestorationNet(nn.Module):
    """All members, asked at once. Each answers `restored` means, then as many scales where it is probabilistic."""

    def __init__(self, size: RestorationSize) -> None:
        super().__init__()
        self.size = size
        self.members = nn.ModuleList(Member(size) for _ in range(size.members))

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, Y, X) -> (B, members x maps, Y, X).

        In training each member gets a part of the batch of its own, (B, maps, Y, X) in all: nets that were shown the
        same would err alike. B is then a multiple of the members.
        """
        if self.training and len(self.members) > 1:
            parts = x.chunk(len(self.members))
            return torch.cat([member(part) for member, part in zip(self.members, parts, strict=True)])
        return torch.cat([member(x) for member in self.members], dim=1)

    def encode(self, x: Tensor) -> list[Tensor]:
        """Feature maps of the first member's first U-Net, from fine to coarse."""
        first = self.members[0]
        assert isinstance(first, Member)
        return first.unet.encode(x[:, : first.unet.size.channels])


class Member(nn.Module):
    """One net: a U-Net for all channels, or one for each."""

    def __init__(self, size: RestorationSize) -> None:
        super().__init__()
        self.size = size
        own = size.restored if not size.separate else 1
        each = UNetSize(
            channels=1 if size.separate else size.channels,
            outputs=own * (2 if size.probabilistic else 1),
            **{name: getattr(size, name) for name in SHARED},
        )
        self.unets = nn.ModuleList(UNet(each) for _ in range(size.channels if size.separate else 1))
        if size.residual:  # it begins as the image itself, and learns what to change: 0.6 dB in minutes
            for unet in self.unets:
                nn.init.zeros_(cast(nn.Conv2d, cast(UNet, unet).head).weight)

    @property
    def unet(self) -> UNet:
        """The first U-Net; the others are like it."""
        first = self.unets[0]
        assert isinstance(first, UNet)
        return first

    def forward(self, x: Tensor) -> Tensor:
        """(B, C, Y, X) -> (B, maps, Y, X)."""
        size = self.size
        shown = torch.split(x, self.unet.size.channels, dim=1)
        answers = [unet(part).float() for unet, part in zip(self.unets, shown, strict=True)]
        own = 1 if size.separate else size.restored
        mean = torch.cat([answer[:, :own] for answer in answers], dim=1)
        if size.residual:
            mean = mean + x
        if not size.probabilistic:
            return mean
        scale = torch.cat([answer[:, own:] for answer in answers], dim=1)
        return torch.cat([mean, F.softplus(scale) + SMALLEST_SCALE], dim=1)


SHARED = (  # sizes that each U-Net has from the whole
    *("dimensions", "filters", "expansion", "depth", "convolutions", "kernel", "batch_norm"),
    *("pooling", "cut", "narrow_up"),
)
