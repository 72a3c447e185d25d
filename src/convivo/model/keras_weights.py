"""Put the weights of a Keras StarDist file into our net, layer by layer. A layer's name says where it stands:

conv2d, conv2d_1 ...               the stem: those before down_level_0_no_0, numbered by the session, in file order
down_level_{n}_no_{i}, middle_{i}, up_level_{n}_no_{i}
                                   the U-Net, level n, convolution i; the last of c convolutions on the way up,
                                   and in the middle, has number c instead of c - 1
batch_normalization_{k}            in file order, one after each convolution of the U-Net
features, prob, dist               the head; features_class and prob_class where objects have classes
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from convivo.errors import BadModel
from convivo.io.keras import Layer, read_layers
from convivo.nets.stardist import StarDistNet, StarHead
from convivo.nets.unet import UNet

FIRST = "down_level_0_no_0"
NUMBERED = re.compile(r"conv2d(_\d+)?")
NORM = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
OTHER_NET = "convivo has no such net; train a 2-D one with `convivo train stardist`"
DAMAGED = "copy the folder again: weights and config.json must be of one training"


class KerasLayers:
    """The layers of one file by name, without the U-Net's prefix; remembers which were asked for."""

    def __init__(self, path: Path, prefix: str = "") -> None:
        self.path = path
        self._layers = {layer.name.removeprefix(prefix): layer for layer in read_layers(path)}
        self._asked: set[str] = set()
        names = list(self._layers)
        before = names[: names.index(FIRST)] if FIRST in names else []
        self.stem = [name for name in before if NUMBERED.fullmatch(name)]
        self.norms = [name for name in names if self._layers[name].holds("moving_mean")]

    def __contains__(self, name: str) -> bool:
        return name in self._layers

    def __getitem__(self, name: str) -> Layer:
        if name not in self._layers:
            raise BadModel(f"layer {name} is missing in {self.path}", fix=DAMAGED)
        self._asked.add(name)
        return self._layers[name]

    def count(self, name: str, at_least: int) -> int:
        """How many layers in a row have such a name, with {} for their number; one that is missing is named."""
        for number in range(at_least):
            self[name.format(number)]
        return next(number for number in count(at_least) if name.format(number) not in self)

    def kernel(self, name: str) -> tuple[int, int, int, int]:
        """Shape (Y, X, in, out) of a layer's kernel."""
        shape = self[name].array("kernel").shape
        if len(shape) != 4 or 0 in shape:
            raise BadModel(
                f"layer {name} of {self.path} has a kernel of shape {shape}, not (Y, X, in, out)",
                fix="give a 2-D StarDist model",
            )
        return cast(tuple[int, int, int, int], shape)

    def refuse_unused(self) -> None:
        """A layer that nobody asked for does something that our net does not."""
        for name in self._layers:
            if name not in self._asked:
                raise BadModel(f"layer {name} of {self.path} has no place in StarDist's U-Net", fix=OTHER_NET)


@torch.no_grad()
def fill(net: StarDistNet, layers: KerasLayers) -> None:
    """Give the net the file's weights; raises BadModel, naming the layer, where a shape does not fit.

    A net on the device "meta" is checked, and nothing else happens.
    """
    for name, unit in zip(layers.stem, _stem_units(net), strict=True):
        _fill_convolution(unit[0], layers[name])
    units = list(_unet_units(net.unet))
    for name, unit in units:
        _fill_convolution(unit[0], layers[name])
    if net.size.batch_norm:
        _fill_norms([unit[1] for _, unit in units], layers)
    _fill_head(cast(StarHead, net.unet.head), layers, net.size.unit)
    layers.refuse_unused()


def _stem_units(net: StarDistNet) -> Iterator[nn.Sequential]:
    for part in net.stem:
        if isinstance(part, nn.Sequential):  # the others are poolings
            yield from cast(Iterable[nn.Sequential], part)


def _unet_units(unet: UNet) -> Iterator[tuple[str, nn.Sequential]]:
    """Convolutions with their normalisation, in file order, and the names that Keras has for them."""
    convolutions, depth = unet.size.convolutions, unet.size.depth
    numbers = [*range(convolutions - 1), convolutions]
    blocks: list[tuple[str, Iterable[int], nn.Module]] = [
        *((f"down_level_{level}_no_{{}}", range(convolutions), down) for level, down in enumerate(unet.down)),
        ("middle_{}", numbers, unet.middle),
        *((f"up_level_{depth - 1 - k}_no_{{}}", numbers, up) for k, up in enumerate(unet.up)),
    ]
    for name, each, block in blocks:
        for number, unit in zip(each, cast(Iterable[nn.Sequential], block), strict=True):
            yield name.format(number), unit


def _fill_norms(norms: list[nn.Module], layers: KerasLayers) -> None:
    if len(norms) != len(layers.norms):
        raise BadModel(
            f"{layers.path} has {len(layers.norms)} batch normalisations (the last is {layers.norms[-1]}), "
            f"the convolutions of its U-Net ask for {len(norms)}",
            fix=DAMAGED,
        )
    for norm, name in zip(norms, layers.norms, strict=True):
        for kind, ours in NORM.items():
            _copy(layers[name], kind, getattr(norm, ours))


def _fill_head(head: StarHead, layers: KerasLayers, unit: float) -> None:
    """Ours reads probability and distances in one convolution: its first output, and the others.

    Keras' distances are pixels, ours units of some; a power of two divides them without rounding.
    """
    _fill_convolution(head.features[0], layers["features"])
    weight, bias = head.star.weight, cast(Tensor, head.star.bias)
    _copy_convolution(layers["prob"], weight[:1], bias[:1])
    _copy_convolution(layers["dist"], weight[1:], bias[1:])
    weight[1:].div_(unit)
    bias[1:].div_(unit)
    if head.class_features is not None and head.classes is not None:
        _fill_convolution(head.class_features[0], layers["features_class"])
        _fill_convolution(head.classes, layers["prob_class"])


def _fill_convolution(convolution: nn.Module, layer: Layer) -> None:
    _copy_convolution(layer, cast(Tensor, convolution.weight), cast(Tensor, convolution.bias))


def _copy_convolution(layer: Layer, weight: Tensor, bias: Tensor) -> None:
    _copy(layer, "kernel", weight.permute(2, 3, 1, 0))  # (out, in, Y, X) seen as (Y, X, in, out)
    _copy(layer, "bias", bias)


def _copy(layer: Layer, kind: str, target: Tensor) -> None:
    values = layer.array(kind)
    if values.shape != tuple(target.shape):
        raise misfit(layer, kind, values.shape, tuple(target.shape))
    target.copy_(torch.from_numpy(values))


def misfit(layer: Layer, kind: str, found: tuple[int, ...], wanted: tuple[int, ...]) -> BadModel:
    """The error of a layer whose shape is not what the sizes of the net ask for."""
    return BadModel(
        f"layer {layer.name} of {layer.file} has a {kind} of shape {found}, "
        f"the net of its other layers asks for {wanted}",
        fix=DAMAGED,
    )
