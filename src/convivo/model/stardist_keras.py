"""A two-dimensional StarDist model of the original Keras package becomes one of ours.

The weights are the truth: the net's sizes are read from their shapes and then held against `config.json`, because a
folder can hold the weights of one training and the config of another.
"""

from __future__ import annotations

from pathlib import Path

import torch

from convivo.errors import BadInput, BadModel
from convivo.io.keras import CONFIG, StarDistConfig, read_config, read_thresholds, weights_file
from convivo.methods import method_named
from convivo.model.card import Card
from convivo.model.keras_weights import DAMAGED, FIRST, OTHER_NET, KerasLayers, fill, misfit
from convivo.model.model import Model
from convivo.nets.stardist import StarDistNet, StarDistSize
from convivo.ops.normalisation import Normalisation

CITATION = (
    "Schmidt, Weigert, Broaddus, Myers: Cell Detection with Star-Convex Polygons, MICCAI 2018, "
    "doi:10.1007/978-3-030-00934-2_30"
)


def import_stardist(folder: Path, name: str) -> Model:
    """The model in a folder that the original StarDist wrote; raises BadModel where it does not fit our net."""
    config = read_config(folder)
    _refuse_other_nets(config, folder / CONFIG)
    layers = KerasLayers(weights_file(folder), config.unet_prefix)
    size = _size(layers, config)
    _check_config(size, config, layers)
    _check_widths(size, layers)
    with torch.device("meta"):  # shapes without memory: a small file can claim a net that fills the machine
        fill(StarDistNet(size), layers)
    net = StarDistNet(size)
    fill(net, layers)
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
    rows, columns, channels, filters = layers.kernel(FIRST)
    if rows != columns:
        raise BadModel(
            f"layer {FIRST} of {layers.path} has a kernel of {rows} x {columns} pixels, which is not square",
            fix=OTHER_NET,
        )
    depth = layers.count("down_level_{}_no_0", config.unet_n_depth or 1)
    convolutions = layers.count("down_level_0_no_{}", config.unet_n_conv_per_depth or 1)
    wider = "down_level_1_no_0" if depth > 1 else "middle_0" if convolutions > 1 else FIRST
    try:
        return StarDistSize(
            channels=layers.kernel(layers.stem[0])[2] if layers.stem else channels,
            filters=filters,
            expansion=layers.kernel(wider)[3] // filters,
            depth=depth,
            convolutions=convolutions,
            kernel=rows,
            batch_norm=bool(layers.norms),
            rays=layers.kernel("dist")[3],
            grid=_grid(layers, config, convolutions),
            features=layers.kernel("features")[3],
            stem="pooled",
            classes=_classes(layers, config),
        )
    except BadInput as error:
        raise BadModel(f"{layers.path} holds another net: {error.problem}", fix=OTHER_NET) from error


def _grid(layers: KerasLayers, config: StarDistConfig, convolutions: int) -> tuple[int, int]:
    """The config's grid, for which axes are halved no weight can tell, if the stem has a block for each halving."""
    if len(config.grid) != 2 or min(config.grid) < 1:
        raise BadModel(
            f"{CONFIG} beside {layers.path} says grid {config.grid}, not two sizes", fix="give a 2-D model"
        )
    wanted = (max(config.grid) - 1).bit_length() * convolutions
    if len(layers.stem) != wanted:
        raise BadModel(
            f"{layers.path} has {len(layers.stem)} convolutions before layer {FIRST} "
            f"({', '.join(layers.stem) or 'none'}), and grid {config.grid} in {CONFIG} asks for {wanted}",
            fix=DAMAGED,
        )
    return config.grid


def _classes(layers: KerasLayers, config: StarDistConfig) -> int:
    """Of objects; the layer that says so counts the background too."""
    wanted = config.n_classes is not None or "prob_class" in layers
    return layers.kernel("prob_class")[3] - 1 if wanted else 0


def _check_config(size: StarDistSize, config: StarDistConfig, layers: KerasLayers) -> None:
    """Refuse weights of another net than `config.json` describes, and name the layer that differs."""
    widened = size.expansion if size.depth > 1 else config.unet_expansion  # one level: fill sees a misfit
    last = f"down_level_0_no_{size.convolutions - 1}"
    found: dict[str, tuple[object, object, str]] = {
        "n_rays": (config.n_rays, size.rays, "dist"),
        "n_channel_in": (config.n_channel_in, size.channels, [*layers.stem, FIRST][0]),
        "unet_n_depth": (config.unet_n_depth, size.depth, f"down_level_{size.depth - 1}_no_0"),
        "unet_kernel_size": (config.unet_kernel_size, (size.kernel, size.kernel), FIRST),
        "unet_n_filter_base": (config.unet_n_filter_base, size.filters, FIRST),
        "unet_n_conv_per_depth": (config.unet_n_conv_per_depth, size.convolutions, last),
        "unet_batch_norm": (config.unet_batch_norm, size.batch_norm, [*layers.norms, FIRST][0]),
        "unet_expansion": (config.unet_expansion, widened, "down_level_1_no_0"),
        "net_conv_after_unet": (config.net_conv_after_unet, size.features, "features"),
    }
    if size.classes or config.n_classes is not None:
        found["n_classes"] = (config.n_classes or 0, size.classes, "prob_class")
    for key, (said, is_so, layer) in found.items():
        if said is not None and said != is_so:
            raise BadModel(
                f"{CONFIG} says {key} {said}, layer {layer} of {layers.path} says {is_so}", fix=DAMAGED
            )


def _check_widths(size: StarDistSize, layers: KerasLayers) -> None:
    """Hold each level's first kernel against the sizes, before any number grows beyond what torch can count.

    Depth comes from names and expansion from one kernel, so their power can be as large as a file pleases.
    """
    names = [f"down_level_{level}_no_0" for level in range(size.depth)]
    names += ["middle_0"] if size.convolutions > 1 else []
    before, width = size.filters if layers.stem else size.channels, size.filters
    for name in names:
        found, wanted = layers.kernel(name), (size.kernel, size.kernel, before, width)
        if found != wanted:
            raise misfit(layers[name], "kernel", found, wanted)
        before, width = width, width * size.expansion


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
