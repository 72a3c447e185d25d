"""A two-dimensional StarDist model of the original Keras package becomes one of ours.

The weights are the truth: the net's sizes are read from their shapes and then held against `config.json`, because a
folder can hold the weights of one training and the config of another. Besides the U-Net's layers there are

conv2d, conv2d_1 ...               the stem: those before down_level_0_no_0, numbered by the session
features, prob, dist               the head; features_class and prob_class where objects have classes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from convivo.errors import BadInput, BadModel
from convivo.io.keras import weights_file
from convivo.io.keras_config import CONFIG, StarDistConfig, read_config, read_thresholds
from convivo.methods import method_named
from convivo.model.card import Card
from convivo.model.keras_weights import (
    DAMAGED,
    FIRST,
    OTHER_NET,
    KerasLayers,
    check_config,
    check_widths,
    copy_convolution,
    fill_convolution,
    fill_unet,
    unet_sizes,
)
from convivo.model.model import Model
from convivo.nets.stardist import StarDistNet, StarDistSize, StarHead
from convivo.ops.normalisation import Normalisation

CITATION = (
    "Schmidt, Weigert, Broaddus, Myers: Cell Detection with Star-Convex Polygons, MICCAI 2018, "
    "doi:10.1007/978-3-030-00934-2_30"
)


def import_stardist(folder: Path, name: str) -> Model:
    """The model in a folder that the original StarDist wrote; raises BadModel where it does not fit our net."""
    config = read_config(folder)
    if not isinstance(config, StarDistConfig):
        raise BadModel(
            f"{folder / CONFIG} is not what StarDist writes: it has no n_rays", fix="give a StarDist model"
        )
    _refuse_other_nets(config, folder / CONFIG)
    layers = KerasLayers(weights_file(folder))
    size = _size(layers, config)
    _check_config(size, config, layers)
    first = config.unet_prefix + FIRST
    stem = layers.numbered(before=first)
    check_widths(size, layers, config.unet_prefix, size.filters if stem else size.channels)
    with torch.device("meta"):  # shapes without memory: a small file can claim a net that fills the machine
        _fill(StarDistNet(size), layers, config.unet_prefix)
    net = StarDistNet(size)
    _fill(net, layers, config.unet_prefix)
    return Model(_card(name, size, folder), net.eval())


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
        raise BadModel(f"{path} says net_conv_after_unet 0, and layer features is needed", fix=OTHER_NET)
    if not float(config.unet_expansion or 1).is_integer():
        raise BadModel(f"{path} says unet_expansion {config.unet_expansion}, no whole number", fix=OTHER_NET)


def _size(layers: KerasLayers, config: StarDistConfig) -> StarDistSize:
    """Sizes as the shapes of the weights tell them."""
    prefix = config.unet_prefix
    least = {"depth": config.unet_n_depth or 1, "convolutions": config.unet_n_conv_per_depth or 1}
    sizes = unet_sizes(layers, prefix, 2, **least)
    stem = layers.numbered(before=prefix + FIRST)
    if stem:
        sizes["channels"] = layers.kernel(stem[0], 2)[2]
    try:
        return StarDistSize(
            **sizes,
            batch_norm=bool(layers.norms),
            rays=layers.kernel("dist", 2)[3],
            grid=_grid(layers, config, stem, sizes["convolutions"]),
            features=layers.kernel("features", 2)[3],
            stem="pooled",
            classes=_classes(layers, config),
        )
    except BadInput as error:
        raise BadModel(f"{layers.path} holds another net: {error.problem}", fix=OTHER_NET) from error


def _grid(layers: KerasLayers, config: StarDistConfig, stem: list[str], convolutions: int) -> tuple[int, int]:
    """The config's grid, for which axes are halved no weight can tell, if the stem has a block for each halving."""
    if len(config.grid) != 2 or min(config.grid) < 1:
        raise BadModel(
            f"{CONFIG} beside {layers.path} says grid {config.grid}, not two sizes", fix="give a 2-D model"
        )
    wanted = (max(config.grid) - 1).bit_length() * convolutions
    if len(stem) != wanted:
        raise BadModel(
            f"{layers.path} has {len(stem)} convolutions before layer {config.unet_prefix}{FIRST} "
            f"({', '.join(stem) or 'none'}), and grid {config.grid} in {CONFIG} asks for {wanted}",
            fix=DAMAGED,
        )
    return config.grid


def _classes(layers: KerasLayers, config: StarDistConfig) -> int:
    """Of objects; the layer that says so counts the background too."""
    wanted = config.n_classes is not None or "prob_class" in layers
    return layers.kernel("prob_class", 2)[3] - 1 if wanted else 0


def _check_config(size: StarDistSize, config: StarDistConfig, layers: KerasLayers) -> None:
    """Refuse weights of another net than `config.json` describes, and name the layer that differs."""
    widened = size.expansion if size.depth > 1 else config.unet_expansion  # one level: fill sees a misfit
    prefix = config.unet_prefix
    first, last = prefix + FIRST, f"{prefix}down_level_0_no_{size.convolutions - 1}"
    found: dict[str, tuple[object, object, str]] = {
        "n_rays": (config.n_rays, size.rays, "dist"),
        "n_channel_in": (config.n_channel_in, size.channels, [*layers.numbered(before=first), first][0]),
        "unet_n_depth": (config.unet_n_depth, size.depth, f"{prefix}down_level_{size.depth - 1}_no_0"),
        "unet_kernel_size": (config.unet_kernel_size, (size.kernel, size.kernel), first),
        "unet_n_filter_base": (config.unet_n_filter_base, size.filters, first),
        "unet_n_conv_per_depth": (config.unet_n_conv_per_depth, size.convolutions, last),
        "unet_batch_norm": (config.unet_batch_norm, size.batch_norm, [*layers.norms, first][0]),
        "unet_expansion": (config.unet_expansion, widened, f"{prefix}down_level_1_no_0"),
        "net_conv_after_unet": (config.net_conv_after_unet, size.features, "features"),
    }
    if size.classes or config.n_classes is not None:
        found["n_classes"] = (config.n_classes or 0, size.classes, "prob_class")
    check_config(found, layers, CONFIG)


@torch.no_grad()
def _fill(net: StarDistNet, layers: KerasLayers, prefix: str) -> None:
    """Give the net the file's weights; raises BadModel, naming the layer, where a shape does not fit.

    A net on the device "meta" is checked, and nothing else happens.
    """
    for name, unit in zip(layers.numbered(before=prefix + FIRST), _stem_units(net), strict=True):
        fill_convolution(unit[0], layers[name])
    fill_unet(net.unet, layers, prefix, layers.norms)
    _fill_head(cast(StarHead, net.unet.head), layers, net.size.unit)
    layers.refuse_unused("StarDist")


def _stem_units(net: StarDistNet) -> Iterator[nn.Sequential]:
    for part in net.stem:
        if isinstance(part, nn.Sequential):  # the others are poolings
            yield from cast(Iterable[nn.Sequential], part)


def _fill_head(head: StarHead, layers: KerasLayers, unit: float) -> None:
    """Ours reads probability and distances in one convolution: its first output, and the others.

    Keras' distances are pixels, ours units of some; a power of two divides them without rounding.
    """
    fill_convolution(head.features[0], layers["features"])
    weight, bias = head.star.weight, cast(Tensor, head.star.bias)
    copy_convolution(layers["prob"], weight[:1], bias[:1])
    copy_convolution(layers["dist"], weight[1:], bias[1:])
    weight[1:].div_(unit)
    bias[1:].div_(unit)
    if head.class_features is not None and head.classes is not None:
        fill_convolution(head.class_features[0], layers["features_class"])
        fill_convolution(head.classes, layers["prob_class"])


def _card(name: str, size: StarDistSize, folder: Path) -> Card:
    """What is known of the model: how it was trained, and on what, is not."""
    thresholds = read_thresholds(folder)
    settings = {**method_named("stardist").settings, "prob": thresholds.prob, "nms": thresholds.nms}
    return Card(
        name=name,
        method="stardist",
        net=size,
        axes="YX",
        normalisation=Normalisation(low=1.0, high=99.8),  # no floor: nobody measured the training images
        settings=settings,
        citations=(CITATION,),
    )
