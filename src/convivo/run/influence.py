"""How much each pixel of the image moves one pixel of the answer: the effective receptive field.

Luo, Li, Urtasun, Zemel, NeurIPS 2016: within the field that arithmetic allows, the influence of a pixel, the absolute
gradient of the answer with respect to it, falls from the middle outwards, like a Gaussian.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from convivo.errors import BadInput
from convivo.methods.unet import BACKGROUND, INTERIOR
from convivo.model import Model
from convivo.nets.receptive import sights
from convivo.nets.restoration import RestorationSize
from convivo.nets.stardist import StarDistSize
from convivo.types import Map, Pixels

SHARES = (0.5, 0.9, 0.95)


@dataclass(frozen=True, slots=True, eq=False)
class Influence:
    """The influence on one pixel of the answer, and the field within which it can lie."""

    shares: Map  # (Y, X) of the part that was looked at; all together they are 1
    top: int  # where that part lies in the image
    left: int
    field: tuple[tuple[int, int], tuple[int, int]]  # first and last pixel that the net can see, along y and x
    radii: dict[float, float]  # share of the influence: pixels around the place that hold it


def influence(model: Model, prepared: Pixels, at: tuple[int, int]) -> Influence:
    """Ask the net for one pixel of its answer, and its gradient for the pixels of a prepared (C, Y, X) image.

    The sides of the image are multiples of the net's stride. What is asked: a StarDist's logit of an object, a U-Net's
    logit of the inside against the background, the mean of what the members of a restoring net say.
    """
    if model.dimensions != 2 or not all(
        0 <= place < side for place, side in zip(at, prepared.shape[1:], strict=True)
    ):
        raise BadInput(
            f"row {at[0]}, column {at[1]} of an image of {' x '.join(map(str, prepared.shape[1:]))} pixels",
            fix="give a place inside, and a net of two dimensions",
        )
    seen = _seen(model, at)
    part = tuple(
        slice(max(0, first // step * step), min(side, -(-(last + 1) // step) * step))
        for (first, last), side, step in zip(seen, prepared.shape[1:], model.strides, strict=True)
    )
    shown = torch.from_numpy(np.ascontiguousarray(prepared[:, *part]))[None].requires_grad_()
    asked = _asked(model, _answer(model, shown), (at[0] - part[0].start, at[1] - part[1].start))
    (gradient,) = torch.autograd.grad(asked, shown)
    amounts = gradient[0].abs().sum(0).double().numpy()
    total = amounts.sum()
    shares = amounts / total if total > 0 else amounts
    place = (at[0] - part[0].start, at[1] - part[1].start)
    return Influence(shares.astype(np.float32), part[0].start, part[1].start, seen, _radii(shares, place))


def field_across(model: Model) -> int:
    """Pixels from the first to the last that one pixel of the answer can see, along an axis."""
    return max(sight.field for sight in sights(model.net))


def silent_layers(model: Model, prepared: Pixels) -> tuple[str, ...]:
    """Names of the rectifiers that say 0 at every place of a prepared (C, Y, X) image: nothing passes through them."""
    silent: list[str] = []

    def listen(name: str, said: Tensor) -> None:
        if not said.any():
            silent.append(name)

    hooks = [
        layer.register_forward_hook(lambda _layer, _given, said, name=name: listen(name, said))
        for name, layer in model.net.named_modules()
        if isinstance(layer, nn.ReLU)
    ]
    try:
        with torch.no_grad():
            model.net(torch.from_numpy(np.ascontiguousarray(prepared))[None])
    finally:
        for hook in hooks:
            hook.remove()
    return tuple(silent)


def _seen(model: Model, at: tuple[int, int]) -> tuple[tuple[int, int], tuple[int, int]]:
    (down, across), grid = sights(model.net), _grid(model)
    return down.at(at[0] // grid[0]), across.at(at[1] // grid[1])


def _answer(model: Model, shown: Tensor) -> Tensor:
    """The net's answer; its weights are taken as they are, so that only the image's gradient is kept."""
    for weight in model.net.parameters():
        weight.requires_grad_(False)
    return model.net(shown)[0]  # type: ignore[no-any-return]


def _asked(model: Model, answer: Tensor, at: tuple[int, int]) -> Tensor:
    size, (rows, columns) = model.card.net, _grid(model)
    there = answer[:, at[0] // rows, at[1] // columns]
    if isinstance(size, StarDistSize):
        return there[0]
    if isinstance(size, RestorationSize):
        maps = len(there) // size.members
        return there.reshape(size.members, maps)[:, : size.restored].mean()
    return there[INTERIOR] - there[BACKGROUND]


def _grid(model: Model) -> tuple[int, int]:
    size = model.card.net
    return (size.grid[0], size.grid[1]) if isinstance(size, StarDistSize) else (1, 1)


def _radii(shares: Map, at: tuple[int, int]) -> dict[float, float]:
    """How far around the place one must look to find so much of the influence."""
    rows, columns = np.indices(shares.shape)
    distances = np.hypot(rows - at[0], columns - at[1]).ravel()
    order = np.argsort(distances)
    held = np.cumsum(shares.ravel()[order])
    return {
        share: float(distances[order][min(np.searchsorted(held, share), len(order) - 1)]) for share in SHARES
    }
