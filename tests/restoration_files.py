"""Folders as the original CARE and Noise2Void write them, made from a net of ours."""

import json

import numpy as np
import torch

from convivo.nets.restoration import RestorationNet, RestorationSize
from keras_files import convolution, norm, randomise, unet_places, write_layers

SMALL = {"filters": 3, "depth": 2}
FIRST_NORM, FIRST_HEAD = 7, 9  # numbers of the session: sorted as text, 10 would come before them
N2V = {"means": ["243.7104"], "stds": ["154.71759"], "n2v_perc_pix": 1.5, "n2v_manipulator": "median"}


def random_restoration(**size):
    """A small net whose weights, biases and running statistics are all random."""
    torch.manual_seed(0)
    return randomise(RestorationNet(RestorationSize(**{**SMALL, **size})))


def restoration_layers(net, *, prefixed=False):
    """Name and weights of each layer in the order of a Keras file, which mixes the layers of several U-Nets."""
    size, member = net.size, net.members[0]
    branches = [
        _branch(unet, f"channel_{k}" if prefixed or size.separate else "", FIRST_NORM + 100 * k)
        for k, unet in enumerate(member.unets)
    ]
    layers = [("input", {}), *(layer for step in zip(*branches, strict=True) for layer in step)]
    kind, heads = f"conv{size.dimensions}d", []
    for unet in member.unets:
        head = convolution(unet.state_dict(), "head")
        parts = 2 if size.probabilistic else 1
        for part in range(parts):
            own = {name: np.split(values, parts, axis=-1)[part] for name, values in head.items()}
            heads.append((f"{kind}_{FIRST_HEAD + len(heads)}", own))
    return dict([*layers, *heads, ("add_4", {})])


def _branch(unet, prefix, number):
    weights, layers = unet.state_dict(), []
    for count, (name, at) in enumerate(unet_places(unet.size)):
        layers.append((prefix + name, convolution(weights, f"{at}.0")))
        if unet.size.batch_norm:
            layers.append((f"batch_normalization_{number + count}", norm(weights, f"{at}.1")))
        if name.startswith("down") and name.endswith(f"_{unet.size.convolutions - 1}"):
            level = int(name.split("_")[2])
            blur = weights.get(f"pools.{level}.smoothing")
            kernel = {} if blur is None else {"blur_kernel": np.moveaxis(blur.numpy(), (0, 1), (-2, -1))}
            layers.append((f"{prefix}max_{level}", kernel))
    return layers


def write_restoration(folder, net, dialect="keras 3", layers=None, *, n2v=None, **changes):
    """A folder with config and weights; `layers` and `changes` of the config plant faults.

    Where `n2v` is given, the folder is of Noise2Void, and these are fields of its config.
    """
    folder.mkdir(exist_ok=True)
    size = net.size
    config = {
        "n_dim": size.dimensions,
        "axes": "ZYX"[-size.dimensions :] + "C",
        "n_channel_in": size.channels,
        "n_channel_out": size.restored,
        "probabilistic": size.probabilistic,
        "unet_residual": size.residual,
        "unet_n_depth": size.depth,
        "unet_kern_size": size.kernel,
        "unet_n_first": size.filters,
        "unet_last_activation": "linear",
        "train_loss": "mae",
    }
    if n2v is not None:
        config |= {
            "batch_norm": size.batch_norm,
            "single_net_per_channel": size.separate,
            "blurpool": size.pooling == "blur",
            "skip_skipone": 0 in size.cut,
            "structN2Vmask": None,
            **N2V,
            **n2v,
        }
    (folder / "config.json").write_text(json.dumps({**config, **changes}))
    layers = layers or restoration_layers(net, prefixed=n2v is not None)
    write_layers(folder / "weights_best.h5", layers, dialect)
    return folder


def answer(net, pixels):
    """The net's answer, (maps, ...), for (C, ...) pixels."""
    with torch.inference_mode():
        return net(torch.from_numpy(pixels)[None])[0].numpy()
