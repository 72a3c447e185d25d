"""The kernels of a shipped net's first layer.

They are read from its file of weights, without torch: this is the first screen that people open, and while one question
waits for torch the worker shows no pictures.
"""

from __future__ import annotations

import msgspec
import numpy as np

from convivo.errors import BadInput
from convivo.lab.questions.question import Question
from convivo.types import Pixels


class First(msgspec.Struct, frozen=True):
    """The layer that sees the image."""

    weights: str  # its name in the file
    stride: int  # pixels from one place of the kernels to the next


FIRST = {"nuclei": First("stem.0.weight", stride=2), "nuclei-unet": First("down.0.0.0.weight", stride=1)}


class KernelsRequest(msgspec.Struct, frozen=True):
    """Of which net."""

    model: str


class Kernels(msgspec.Struct, frozen=True):
    """What the first layer has learned."""

    weights: Pixels  # (filters, Y, X), of the one channel that these nets see
    stride: int  # pixels from one place of the kernels to the next


def kernels(asked: KernelsRequest) -> Kernels:
    """The weights of the first convolution. Raises BadInput for a net that is not shown here."""
    if asked.model not in FIRST:
        raise BadInput(f"there is no net {asked.model!r} here", fix=f"ask one of: {', '.join(FIRST)}")
    from safetensors import safe_open

    from convivo.io.places import SHIPPED

    first = FIRST[asked.model]
    with safe_open(SHIPPED / asked.model / "weights.safetensors", framework="numpy") as file:
        return Kernels(file.get_tensor(first.weights)[:, 0].astype(np.float32), first.stride)


QUESTIONS = [Question("kernels", KernelsRequest, kernels)]
