"""A two-dimensional StarDist model of the original Keras package becomes one of ours.

The weights are the truth: sizes are read from their shapes, then held against `config.json`, and every weight must
fit the net of those sizes. A convolution's number says where it stands:

    conv2d, conv2d_1 ...        the stem: those before down_level_0_no_0, numbered by the session, in file order
    down_level_{n}_no_{i}       level n, convolution i
    middle_{i}, up_level_{n}_no_{i}    likewise, but the last of c convolutions has number c, not c - 1
    features, prob, dist        the head; features_class and prob_class where objects have classes
    batch_normalization_{k}     in file order, one after each convolution from down_level to up_level
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from convivo.errors import BadInput, BadModel
from convivo.io.keras import CONFIG, Layer, StarDistConfig, read_config, read_layers, read_thresholds, weights_file
from convivo.methods import method_named
from convivo.model.card import Card
from convivo.model.model import Model
from convivo.nets.stardist import StarDistNet, StarDistSize
from convivo.nets.unet import UNet
from convivo.ops.normalisation import Normalisation

CITATION = (
    "Schmidt, Weigert, Broaddus, Myers: Cell Detection with Star-Convex Polygons, MICCAI 2018, "
    "doi:10.1007/978-3-030-00934-2_30"
)
NUMBERED = re.compile(r"conv2d(_\d+)?")
DOWN = re.compile(r"down_level_(\d+)_no_(\d+)")
OTHER_NET = "convivo has no such net: train one with `convivo train stardist`"
DAMAGED = "copy the folder again; weights and config.json must be of one training"


def import_stardist(folder: Path, name: str) -> Model:
    """The model in a folder of the original StarDist; raises BadModel where it does not fit our net."""
    config = read_config(folder)
    _refuse_other_nets(config, folder / CONFIG)
    layers = KerasLayers(weights_file(folder), config.unet_prefix)
    size = _size(layers, config)
    _check_config(size, config, layers)
    net = StarDistNet(size)
    with torch.no_grad():
        _fill(net, layers)
    layers.refuse_unused()
    return Model(_card(name, size, folder), net.eval())


class KerasLayers:
    """The layers of one file by name, without the U-Net's prefix; remembers which were asked for."""

    def __init__(self, path: Path, prefix: str = "") -> None:
        self.path = path
        self._layers = {layer.name.removeprefix(prefix): layer for layer in read_layers(path)}
        self._asked: set[str] = set()

    def __contains__(self, name: str) -> bool:
        return name in self._layers

    def __getitem__(self, name: str) -> Layer:
        if name not in self._layers:
            raise BadModel(f"layer {name} is missing in {self.path}", fix=DAMAGED)
        self._asked.add(name)
        return self._layers[name]

    def kernel(self, name: str) -> tuple[int, int, int, int]:
        """Shape (Y, X, in, out) of a layer's kernel."""
        shape = self[name].array("kernel").shape
        if len(shape) != 4 or 0 in shape:
            raise BadModel(
                f"layer {name} of {self.path} has a kernel of shape {shape}, not (Y, X, in, out)",
                fix="give a 2-D StarDist model",
            )
        return cast(tuple[int, int, int, int], shape)

    @property
    def stem(self) -> list[str]:
        """The convolutions before the U-Net."""
        names = list(self._layers)
        before = names[: names.index("down_level_0_no_0")] if "down_level_0_no_0" in self else []
        return [name for name in before if NUMBERED.fullmatch(name)]

    @property
    def norms(self) -> list[str]:
        """The batch normalisations."""
        return [name for name, layer in self._layers.items() if layer.holds("moving_mean")]

    @property
    def down(self) -> set[tuple[int, int]]:
        """Level and number of the convolutions on the way down."""
        found = map(DOWN.fullmatch, self._layers)
        return {(int(match[1]), int(match[2])) for match in found if match}

    def refuse_unused(self) -> None:
        """A layer that nobody asked for does something that our net does not."""
        for name in self._layers.keys() - self._asked:
            raise BadModel(f"layer {name} of {self.path} has no place in StarDist's U-Net", fix=OTHER_NET)


def _refuse_other_nets(config: StarDistConfig, path: Path) -> None:
    """Nets that the original can build and we cannot."""
    taken: dict[str, tuple[object, object]] = {
        "n_dim": (config.n_dim, 2),
        "backbone": (config.backbone, "unet"),
        "axes": (config.axes.replace("C", ""), "YX"),
        "unet_pool": (config.unet_pool, (2, 2)),
        "unet_activation": (config.unet_activation, "relu"),
        "unet_last_activation": (config.unet_last_activation, "relu"),
    }
    for key, (value, ours) in taken.items():
        if value != ours:
            raise BadModel(f"{path} says {key} {value!r}, and only {ours!r} can be imported", fix=OTHER_NET)
    if config.net_conv_after_unet == 0:
        raise BadModel(
            f"{path} says net_conv_after_unet 0, and the layer `features` is needed", fix=OTHER_NET
        )


def _size(layers: KerasLayers, config: StarDistConfig) -> StarDistSize:
    """Sizes as the shapes of the weights tell them. Which axes the stem pools, only the config knows."""
    rows, columns, channels, filters = layers.kernel("down_level_0_no_0")
    if rows != columns:
        raise BadModel(
            f"layer down_level_0_no_0 of {layers.path} has a kernel of {rows} x {columns} pixels, not square",
            fix=OTHER_NET,
        )
    depth = 1 + max(level for level, _ in layers.down)
    convolutions = 1 + max(number for level, number in layers.down if level == 0)
    next_level = "down_level_1_no_0" if depth > 1 else "middle_0" if convolutions > 1 else "down_level_0_no_0"
    try:
        return StarDistSize(
            channels=layers.kernel(layers.stem[0])[2] if layers.stem else channels,
            filters=filters,
            expansion=layers.kernel(next_level)[3] // filters,
            depth=depth,
            convolutions=convolutions,
            kernel=rows,
            batch_norm=bool(layers.norms),
            rays=layers.kernel("dist")[3],
            grid=_grid(config, layers, convolutions),
            features=layers.kernel("features")[3],
            unit=1.0,  # Keras' distances are pixels
            stem="pooled",
            classes=layers.kernel("prob_class")[3] - 1 if "prob_class" in layers else 0,
        )
    except BadInput as error:
        raise BadModel(f"{layers.path} holds a net that convivo has not: {error.problem}", fix=OTHER_NET) from error


def _grid(config: StarDistConfig, layers: KerasLayers, convolutions: int) -> tuple[int, int]:
    """The config's grid, if the stem has its convolutions: one block for each halving."""
    if len(config.grid) != 2:
        raise BadModel(f"{layers.path.parent / CONFIG} says grid {config.grid}, not two numbers", fix=DAMAGED)
    wanted = (max(1, *config.grid) - 1).bit_length() * convolutions
    if len(layers.stem) != wanted:
        raise BadModel(
            f"{layers.path} has {len(layers.stem)} convolutions before layer down_level_0_no_0 "
            f"({', '.join(layers.stem) or 'none'}), and the grid {config.grid} of {CONFIG} asks for {wanted}",
            fix=DAMAGED,
        )
    return cast(tuple[int, int], config.grid)


def _check_config(size: StarDistSize, config: StarDistConfig, layers: KerasLayers) -> None:
    """Refuse weights of another net than `config.json` describes, and name the layer that says so."""
    first, widest = "down_level_0_no_0", f"down_level_{size.depth - 1}_no_0"
    found: dict[str, tuple[object, object, str]] = {
        "n_rays": (config.n_rays, size.rays, "dist"),
        "n_classes": (config.n_classes, size.classes or None, "prob_class"),
        "n_channel_in": (config.n_channel_in, size.channels, layers.stem[0] if layers.stem else first),
        "unet_n_depth": (config.unet_n_depth, size.depth, widest),
        "unet_kernel_size": (config.unet_kernel_size, (size.kernel, size.kernel), first),
        "unet_n_filter_base": (config.unet_n_filter_base, size.filters, first),
        "unet_n_conv_per_depth": (
            config.unet_n_conv_per_depth,
            size.convolutions,
            f"down_level_0_no_{size.convolutions - 1}",
        ),
        "unet_batch_norm": (config.unet_batch_norm, size.batch_norm, "batch_normalization"),
        "unet_expansion": (config.unet_expansion, size.expansion, "down_level_1_no_0"),
        "net_conv_after_unet": (config.net_conv_after_unet, size.features, "features"),
    }
    for key, (said, is_so, layer) in found.items():
        unsaid = said is None and key != "n_classes"
