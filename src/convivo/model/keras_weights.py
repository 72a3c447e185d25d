"""Find the layers of a Keras file by name, and put their weights into our U-Net. A name says where a layer stands:

down_level_{n}_no_{i}, middle_{i}, up_level_{n}_no_{i}
                         the U-Net, level n, convolution i; the last of c convolutions on the way up, and in the
                         middle, has number c instead of c - 1. Noise2Void puts channel_{k} before the names
max_{n}                  the pooling behind level n; it has weights where it smooths (Noise2Void 2)
batch_normalization_{k}  one after each convolution of the U-Net, numbered in the order in which they were made
conv2d_{k}, conv3d_{k}   what has no name of its own, numbered likewise; the first number is the session's

Names without a number count as number 0. Numbers, not the order of the file, tell which came first: where a net has
several branches, the file mixes their layers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path
from typing import Any, cast

import torch
from torch import Tensor, nn

from convivo.errors import BadModel
from convivo.io.keras import Layer, read_layers
from convivo.nets.blur_pool import MaxBlurPool
from convivo.nets.unet import UNet, UNetSize

FIRST = "down_level_0_no_0"
NUMBERED = re.compile(r"conv[23]d(_\d+)?")
NORM = {"gamma": "weight", "beta": "bias", "moving_mean": "running_mean", "moving_variance": "running_var"}
OTHER_NET = "convivo has no such net; train one with `convivo train`"
DAMAGED = "copy the folder again: weights and config.json must be of one training"


class KerasLayers:
    """The layers of one file by name; remembers which were asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._layers = {layer.name: layer for layer in read_layers(path)}
        self._asked: set[str] = set()
        norms = [name for name, layer in self._layers.items() if layer.holds("moving_mean")]
        self.norms = sorted(norms, key=_number)

    def __contains__(self, name: str) -> bool:
        return name in self._layers

    def __getitem__(self, name: str) -> Layer:
        if name not in self._layers:
            raise BadModel(f"layer {name} is missing in {self.path}", fix=DAMAGED)
        self._asked.add(name)
        return self._layers[name]

    def numbered(self, *, before: str | None = None) -> list[str]:
        """Names of convolutions that have only a number: all of them, or those that the file has before that layer."""
        names = list(self._layers)
        names = names[: names.index(before)] if before in names else [] if before else names
        return sorted((name for name in names if NUMBERED.fullmatch(name)), key=_number)

    def count(self, name: str, at_least: int) -> int:
        """How many layers in a row have such a name, with {} for their number; one that is missing is named."""
        for number in range(at_least):
            self[name.format(number)]
        return next(number for number in count(at_least) if name.format(number) not in self)

    def kernel(self, name: str, dimensions: int) -> tuple[int, ...]:
        """Shape ((Z,) Y, X, in, out) of a layer's kernel."""
        shape = self[name].array("kernel").shape
        if len(shape) != dimensions + 2 or 0 in shape:
            axes = ", ".join("ZYX"[-dimensions:])
            raise BadModel(
                f"layer {name} of {self.path} has a kernel of shape {shape}, not ({axes}, in, out)",
                fix=f"give a {dimensions}-D model",
            )
        return shape

    def refuse_unused(self, whose: str) -> None:
        """A layer that nobody asked for does something that our net does not; `whose` U-Net it is, for the error."""
        for name in self._layers:
            if name not in self._asked:
                raise BadModel(f"layer {name} of {self.path} has no place in {whose}'s U-Net", fix=OTHER_NET)


def unet_sizes(
    layers: KerasLayers, prefix: str, dimensions: int, *, depth: int = 1, convolutions: int = 1
) -> dict[str, Any]:
    """Sizes of the U-Net whose layers' names begin with `prefix`, as the shapes of its weights tell them.

    At least so many levels and convolutions must be there; one that is missing is named.
    """
    first = prefix + FIRST
    *sides, channels, filters = layers.kernel(first, dimensions)
    if len(set(sides)) > 1:
        raise BadModel(
            f"layer {first} of {layers.path} has a kernel of {' x '.join(map(str, sides))} pixels, "
            "which is not square",
            fix=OTHER_NET,
        )
    depth = layers.count(f"{prefix}down_level_{{}}_no_0", depth)
    convolutions = layers.count(f"{prefix}down_level_0_no_{{}}", convolutions)
    wider = "down_level_1_no_0" if depth > 1 else "middle_0" if convolutions > 1 else FIRST
    return {
        "dimensions": dimensions,
        "channels": channels,
        "filters": filters,
        "expansion": layers.kernel(prefix + wider, dimensions)[-1] // filters,
        "depth": depth,
        "convolutions": convolutions,
        "kernel": sides[0],
    }


def check_widths(size: UNetSize, layers: KerasLayers, prefix: str, channels: int) -> None:
    """Hold each level's first kernel against the sizes, before any number grows beyond what torch can count.

    Depth comes from names and expansion from one kernel, so their power can be as large as a file pleases.
    """
    names = [f"{prefix}down_level_{level}_no_0" for level in range(size.depth)]
    names += [f"{prefix}middle_0"] if size.convolutions > 1 else []
    before, width = channels, size.filters
    for name in names:
        found = layers.kernel(name, size.dimensions)
        wanted = (*(size.kernel,) * size.dimensions, before, width)
        if found != wanted:
            raise misfit(layers[name], "kernel", found, wanted)
        before, width = width, width * size.expansion


def check_config(said: dict[str, tuple[object, object, str]], layers: KerasLayers, config: str) -> None:
    """Refuse weights of another net than the config describes.

    For each field: what the config says (None: nothing), what the weights say, and the layer that says so.
    """
    for field, (theirs, found, layer) in said.items():
        if theirs is not None and theirs != found:
            raise BadModel(
                f"{config} says {field} {theirs}, layer {layer} of {layers.path} says {found}", fix=DAMAGED
            )


@torch.no_grad()
def fill_unet(unet: UNet, layers: KerasLayers, prefix: str, norms: Sequence[str]) -> None:
    """Give a U-Net's blocks and poolings the file's weights, and the batch normalisations of these names.

    Raises BadModel, naming the layer, where a shape does not fit. A net on the device "meta" is checked, and nothing
    else happens. The head is left to the caller: each method has its own.
    """
    units = list(_units(unet))
    for name, unit in units:
        fill_convolution(unit[0], layers[prefix + name])
    if unet.size.batch_norm:
        _fill_norms([unit[1] for _, unit in units], layers, norms)
    for level, pool in enumerate(unet.pools):
        if isinstance(pool, MaxBlurPool):
            kernel = torch.movedim(pool.smoothing, (0, 1), (-2, -1))  # (C, 1, Y, X) seen as (Y, X, C, 1)
            _copy(layers[f"{prefix}max_{level}"], "blur_kernel", kernel)


def _units(unet: UNet) -> Iterator[tuple[str, nn.Sequential]]:
    """Convolutions with their normalisation, in the order in which Keras made them, and the names that it gave them."""
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


def _fill_norms(norms: list[nn.Module], layers: KerasLayers, names: Sequence[str]) -> None:
    if len(norms) != len(names):
        raise BadModel(
            f"{layers.path} has {len(names)} batch normalisations (the last is {['none', *names][-1]}), "
            f"the convolutions of its U-Net ask for {len(norms)}",
            fix=DAMAGED,
        )
    for norm, name in zip(norms, names, strict=True):
        for kind, ours in NORM.items():
            _copy(layers[name], kind, getattr(norm, ours))


def fill_convolution(convolution: nn.Module, layer: Layer) -> None:
    """Kernel and bias of a layer to a convolution."""
    copy_convolution(layer, cast(Tensor, convolution.weight), cast(Tensor, convolution.bias))


def copy_convolution(layer: Layer, weight: Tensor, bias: Tensor) -> None:
    """Kernel and bias of a layer to weight (out, in, (Z,) Y, X) and bias (out,), which may be parts of larger ones."""
    _copy(layer, "kernel", torch.movedim(weight, (0, 1), (-1, -2)))  # seen as ((Z,) Y, X, in, out)
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


def _number(name: str) -> int:
    """`batch_normalization_3` is number 3; one without a number came first."""
    found = re.search(r"_(\d{1,9})$", name)
    return int(found[1]) if found else 0
