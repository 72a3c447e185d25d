"""A CARE or Noise2Void model of the original Keras packages, in 2-D or 3-D, becomes one of ours.

The weights are the truth, as for StarDist: sizes are read from their shapes (`restoration_layers`) and then held
against `config.json`. CARE alone does without the file, for it tells nothing that cannot be assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import cast

import torch
from torch import Tensor, nn

from convivo.errors import BadInput, BadModel
from convivo.io.keras import weights_file
from convivo.io.keras_config import CONFIG, CareConfig, N2VConfig, StarDistConfig, find_config
from convivo.methods import method_named
from convivo.model.card import Card
from convivo.model.imported import Imported
from convivo.model.keras_weights import (
    DAMAGED,
    OTHER_NET,
    KerasLayers,
    check_widths,
    copy_convolution,
    fill_unet,
)
from convivo.model.model import Model
from convivo.model.n2v_settings import n2v_settings
from convivo.model.restoration_layers import KerasNets, axes_of_space, check_against, nets_in, size_of
from convivo.nets.restoration import Member, RestorationNet, RestorationSize
from convivo.nets.unet import UNet
from convivo.ops.normalisation import Normalisation

CARE = (
    "Weigert, Schmidt, Boothe, et al.: Content-aware image restoration: pushing the limits of fluorescence "
    "microscopy, Nature Methods 2018, doi:10.1038/s41592-018-0216-7"
)
N2V = (
    "Krull, Buchholz, Jug: Noise2Void - Learning Denoising from Single Noisy Images, CVPR 2019, "
    "doi:10.1109/CVPR.2019.00223"
)
PERCENTILES = Normalisation(low=2.0, high=99.8)  # CARE's, where nobody said anything else; and no floor
NEEDED = (
    f"give the folder that the original package wrote, with {CONFIG} in it: the weights alone do not tell all"
)


def import_restoration(folder: Path, name: str) -> Imported:
    """The CARE or Noise2Void model in a folder that the original package wrote.

    Raises BadModel where it does not fit our net, or is no such model.
    """
    config = find_config(folder)
    if isinstance(config, StarDistConfig):
        raise BadModel(f"{folder / CONFIG} is StarDist's", fix="give a CARE or Noise2Void model")
    if config is not None:
        _refuse_other_nets(config, folder / CONFIG)
    nets = nets_in(KerasLayers(weights_file(folder)))
    return _imported(nets, config or _assumed(nets), name, is_assumed=config is None)


def _imported(nets: KerasNets, config: CareConfig, name: str, *, is_assumed: bool) -> Imported:
    size = size_of(nets, config)
    check_against(config, size, nets)
    for prefix in nets.prefixes:
        check_widths(size, nets.layers, prefix, 1 if size.separate else size.channels)
    card, notes = _card(name, size, config)
    with torch.device("meta"):  # shapes without memory: a small file can claim a net that fills the machine
        _fill(RestorationNet(size), nets)
    net = RestorationNet(size)
    _fill(net, nets)
    if is_assumed:
        residual = "residual" if size.residual else "not residual"
        notes = (f"there is no {CONFIG}, so it is taken for CARE, {residual}; the weights cannot tell",)
    return Imported(Model(card, net.eval()), nets.layers.path, notes)


def _refuse_other_nets(config: CareConfig, path: Path) -> None:
    """Nets that the original can build and we cannot."""
    if config.proj_axis is not None:
        raise BadModel(
            f"{path} says proj_axis {config.proj_axis!r}: a ProjectionCARE, two nets that make a plane of a stack",
            fix="give a CARE model whose output has the axes of its input",
        )
    if config.unet_last_activation != "linear":
        raise BadModel(
            f"{path} says unet_last_activation {config.unet_last_activation!r}, and only 'linear' can be imported",
            fix=OTHER_NET,
        )
    if axes_of_space(config) not in ("YX", "ZYX"):
        raise BadModel(
            f"{path} says axes {config.axes!r}, and only YX and ZYX, with or without C, can be imported",
            fix=OTHER_NET,
        )
    if isinstance(config, N2VConfig) and config.probabilistic:
        raise BadModel(f"{path} says probabilistic, and Noise2Void learns means alone", fix=OTHER_NET)


def _assumed(nets: KerasNets) -> CareConfig:
    """The config of a file that has none beside it: CARE's. Nothing else can be imported so."""
    layers, dimensions = nets.layers, nets.dimensions
    if "prob" in layers or "dist" in layers:
        raise BadModel(f"{layers.path} holds a StarDist net, and there is no {CONFIG} beside it", fix=NEEDED)
    if layers.norms or nets.prefixes[0]:
        raise BadModel(
            f"{layers.path} holds a Noise2Void net, and no {CONFIG} beside it says how its images are scaled",
            fix=NEEDED,
        )
    shown, restored = (
        layers.kernel(nets.first, dimensions)[-2],
        layers.kernel(nets.heads[0], dimensions)[-1],
    )
    return CareConfig(axes="ZYX"[-dimensions:], unet_residual=shown == restored)  # as CSBDeep's defaults


@torch.no_grad()
def _fill(net: RestorationNet, nets: KerasNets) -> None:
    """Give the net the file's weights; raises BadModel, naming the layer, where a shape does not fit.

    A net on the device "meta" is checked, and nothing else happens.
    """
    layers, count = nets.layers, len(nets.prefixes)
    share = len(layers.norms) // count  # numbers run through one U-Net after the other
    unets = cast(Sequence[UNet], cast(Member, net.members[0]).unets)
    for number, (unet, prefix) in enumerate(zip(unets, nets.prefixes, strict=True)):
        end = None if number == count - 1 else (number + 1) * share
        fill_unet(unet, layers, prefix, layers.norms[number * share : end])
        _fill_head(unet.head, layers, nets.heads[number::count])
    layers.refuse_unused("CARE's or Noise2Void")


def _fill_head(head: nn.Module, layers: KerasLayers, names: Sequence[str]) -> None:
    """Ours says means and scales in one convolution."""
    weight, bias = cast(Tensor, head.weight), cast(Tensor, head.bias)
    for name, part, each in zip(names, weight.chunk(len(names)), bias.chunk(len(names)), strict=True):
        copy_convolution(layers[name], part, each)


def _card(name: str, size: RestorationSize, config: CareConfig) -> tuple[Card, tuple[str, ...]]:
    """What is known of the model, and remarks: how it was trained, and on what, is not known."""
    is_n2v = isinstance(config, N2VConfig)
    method = method_named("n2v" if is_n2v else "care")
    settings, notes = n2v_settings(config, size.dimensions) if isinstance(config, N2VConfig) else ({}, ())
    card = Card(
        name=name,
        method=method.name,
        net=size,
        axes="ZYX"[-size.dimensions :],
        normalisation=_training_scale(config, size) if isinstance(config, N2VConfig) else PERCENTILES,
        settings={**method.settings, **settings},
        citations=(N2V if is_n2v else CARE,),
    )
    return card, notes


def _training_scale(config: N2VConfig, size: RestorationSize) -> Normalisation:
    """Mean and standard deviation of all training images, which Noise2Void keeps and uses for each image."""
    if not len(config.means) == len(config.stds) == size.channels:
        raise BadModel(
            f"{CONFIG} says means {config.means} and stds {config.stds}, and the net has {size.channels} channels",
            fix=DAMAGED,
        )
    try:
        means, spreads = tuple(map(float, config.means)), tuple(map(float, config.stds))
        scale = Normalisation(mean=means, spread=spreads)
    except (ValueError, BadInput) as error:
        raise _no_scale(config) from error
    if not all(map(isfinite, means)):
        raise _no_scale(config)
    return scale


def _no_scale(config: N2VConfig) -> BadModel:
    return BadModel(
        f"{CONFIG} says means {config.means} and stds {config.stds}, which do not scale an image", fix=DAMAGED
    )
