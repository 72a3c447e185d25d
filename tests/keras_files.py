"""Folders as the original StarDist writes them, made from a net of ours: the layers' names in all their dialects."""

import json

import h5py
import numpy as np
import torch

from convivo.nets.stardist import StarDistNet, StarDistSize

DIALECTS = {  # names of a layer's weights inside its group, and how lists of names are stored
    "keras 2.2.4": ("{layer}_1/{kind}:0", str.encode),
    "keras 2.15": ("{layer}/{kind}:0", str.encode),
    "keras 3": ("{layer}/{kind}", str),
}
SMALL = {"filters": 3, "depth": 2, "rays": 8, "features": 5, "stem": "pooled"}


def random_net(**size):
    """A small net whose weights, biases and running statistics are all random."""
    torch.manual_seed(0)
    return randomise(StarDistNet(StarDistSize(**{**SMALL, **size})))


def randomise(net):
    """The net with random weights, biases and running statistics."""
    with torch.no_grad():
        for name, weight in net.state_dict().items():
            if weight.is_floating_point():
                weight.copy_(
                    torch.rand_like(weight) + 0.5 if "running_var" in name else torch.randn_like(weight) / 5
                )
    return net.eval()


def keras_layers(net):
    """Name and weights of each layer in the order of a Keras file; those without weights are there too."""
    weights, size = net.state_dict(), net.size
    stem = sorted({name.rsplit(".", 1)[0] for name in weights if name.startswith("stem.")})
    layers = [("input", {})]
    layers += [(f"conv2d_{7 + number}", convolution(weights, at)) for number, at in enumerate(stem)]
    places = unet_places(size)
    for number, (name, place) in enumerate(places):
        at = f"unet.{place}"
        layers += [(name, convolution(weights, f"{at}.0"))]
        layers += [(f"batch_normalization_{4 + number}", norm(weights, f"{at}.1"))] if size.batch_norm else []
        layers += [(f"max_{name[-6]}", {})] if name.startswith("down") and name.endswith("1") else []
    head = "unet.head"
    star = convolution(weights, f"{head}.star")
    layers += [("features", convolution(weights, f"{head}.features.0"))]
    layers += [("features_class", convolution(weights, f"{head}.class_features.0"))] if size.classes else []
    layers += [("prob", {kind: values[..., :1] for kind, values in star.items()})]
    layers += [("dist", {kind: values[..., 1:] * size.unit for kind, values in star.items()})]  # pixels
    layers += [("prob_class", convolution(weights, f"{head}.classes"))] if size.classes else []
    return dict(layers)


def unet_places(size):
    """Keras' name of each convolution in a U-Net, and its place in ours, in the order of Keras."""
    places = []
    for level in range(size.depth):
        places += [(f"down_level_{level}_no_{i}", f"down.{level}.{i}") for i in range(size.convolutions)]
    numbered = list(enumerate([*range(size.convolutions - 1), size.convolutions]))
    places += [(f"middle_{name}", f"middle.{i}") for i, name in numbered]
    for level in range(size.depth):
        down = size.depth - 1 - level
        places += [(f"up_level_{down}_no_{name}", f"up.{level}.{i}") for i, name in numbered]
    return places


def convolution(weights, at):
    kernel, bias = weights[f"{at}.weight"].numpy(), weights[f"{at}.bias"].numpy()
    return {"kernel": np.moveaxis(kernel, (0, 1), (-1, -2)), "bias": bias}


def norm(weights, at):
    names = {
        "gamma": "weight",
        "beta": "bias",
        "moving_mean": "running_mean",
        "moving_variance": "running_var",
    }
    return {kind: weights[f"{at}.{name}"].numpy() for kind, name in names.items()}


def write_layers(path, layers, dialect="keras 3"):
    pattern, store = DIALECTS[dialect]
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [store(name) for name in layers]
        for name, weights in layers.items():
            group = file.create_group(name)
            names = {pattern.format(layer=name, kind=kind): values for kind, values in weights.items()}
            group.attrs["weight_names"] = [store(each) for each in names]
            for each, values in names.items():
                group[each] = values
        if dialect == "keras 3":
            file.create_group("top_level_model_weights").attrs["weight_names"] = []


def write_config(folder, size, **changes):
    config = {
        "n_dim": 2,
        "axes": "YXC",
        "n_channel_in": size.channels,
        "n_rays": size.rays,
        "grid": size.grid,
        "backbone": "unet",
        "n_classes": size.classes or None,
        "unet_n_depth": size.depth,
        "unet_kernel_size": (size.kernel, size.kernel),
        "unet_n_filter_base": size.filters,
        "unet_n_conv_per_depth": size.convolutions,
        "unet_pool": (2, 2),
        "unet_activation": "relu",
        "unet_last_activation": "relu",
        "unet_batch_norm": size.batch_norm,
        "unet_dropout": 0.0,
        "unet_expansion": size.expansion,
        "unet_prefix": "",
        "net_conv_after_unet": size.features,
        "train_dist_loss": "mae",
    }
    (folder / "config.json").write_text(json.dumps({**config, **changes}))


def write_stardist(folder, net, dialect="keras 3", layers=None, **changes):
    """A folder with config and weights; `layers` and `changes` of the config plant faults."""
    folder.mkdir(exist_ok=True)
    write_config(folder, net.size, **changes)
    write_layers(folder / "weights_best.h5", layers or keras_layers(net), dialect)
    return folder
