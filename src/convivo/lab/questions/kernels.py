"""The kernels of a shipped net's first layer."""

from __future__ import annotations

import msgspec

from convivo.errors import BadInput
from convivo.lab import shelf
from convivo.lab.questions.question import Question
from convivo.types import Pixels

NETS = ("nuclei", "nuclei-unet")


class KernelsRequest(msgspec.Struct, frozen=True):
    """Of which net."""

    model: str


class Kernels(msgspec.Struct, frozen=True):
    """What the first layer has learned."""

    weights: Pixels  # (filters, Y, X), of the one channel that these nets see
    stride: int  # pixels from one place of the kernels to the next


def kernels(asked: KernelsRequest) -> Kernels:
    """The weights of the first convolution. Raises BadInput for a net that is not shown here."""
    if asked.model not in NETS:
        raise BadInput(f"there is no net {asked.model!r} here", fix=f"ask one of: {', '.join(NETS)}")
    from torch import nn

    first = next(layer for layer in shelf.shipped(asked.model).net.modules() if isinstance(layer, nn.Conv2d))
    return Kernels(first.weight.detach()[:, 0].float().numpy(), int(first.stride[0]))


QUESTIONS = [Question("kernels", KernelsRequest, kernels)]
