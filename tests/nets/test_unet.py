"""The U-Net against Keras' outputs for foreign weights, and against its own figure."""

import json

import h5py
import numpy as np
import pytest
import torch
from torch import nn

from convivo.errors import BadInput
from convivo.nets.unet import UNet, UNetSize
from shared_data import SHARED, needs_shared


def keras_weights(path, dimensions):
    """Kernels and biases in the order of the file, kernels in torch's order of axes."""
    order = (dimensions + 1, dimensions, *range(dimensions))
    with h5py.File(path) as file:
        for layer in file.attrs["layer_names"]:
            for name in file[layer].attrs["weight_names"]:
                values = np.asarray(file[layer][name])
                yield torch.from_numpy(values.transpose(order).copy() if values.ndim > 1 else values)


@needs_shared
@pytest.mark.parametrize("case", ["care2d", "care3d"])
def test_the_original_weights_give_the_original_output(case):
    folder = SHARED / "golden" / case
    config = json.loads((folder / "config.json").read_text())
    golden = np.load(folder / "golden.npz")
    image = golden["x"]
    net = UNet(
        UNetSize(
            dimensions=image.ndim,
            filters=config["unet_n_first"],
            depth=config["unet_n_depth"],
            kernel=config["unet_kern_size"],
        )
    )
    parameters = list(net.parameters())
    weights = list(keras_weights(folder / "weights_best.h5", image.ndim))
    with torch.no_grad():
        for parameter, weight in zip(parameters, weights, strict=True):
            assert parameter.shape == weight.shape
            parameter.copy_(weight)
        missing = [-length % 4 for length in image.shape]  # CARE pads by reflection, half of it before
        padded = np.pad(image, [(total // 2, total - total // 2) for total in missing], mode="reflect")
        output = padded + net(torch.from_numpy(padded)[None, None])[0, 0].numpy()  # CARE adds its input
    inside = tuple(
        slice(total // 2, total // 2 + length) for total, length in zip(missing, image.shape, strict=True)
    )
    assert np.abs(output[inside] - golden["out0"]).max() < 1e-5 * np.ptp(golden["out0"])


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize("depth", [0, 1, 2])
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_weight_learns_and_the_map_keeps_its_size(dimensions, depth, batch_norm):
    torch.manual_seed(0)
    size = UNetSize(
        dimensions=dimensions, channels=2, outputs=3, filters=4, depth=depth, batch_norm=batch_norm
    )
    net = UNet(size)
    shape = (8, 12, 16)[-dimensions:]
    output = net(torch.randn(2, 2, *shape))
    assert output.shape == (2, 3, *shape)
    output.square().sum().backward()
    # a batch norm takes any constant out again, so a bias before it cannot learn
    biases = {
        id(unit[0].bias) for unit in net.modules() if isinstance(unit, nn.Sequential) and batch_norm
        if hasattr(unit[0], "bias")
    }  # fmt: skip
    for name, weight in net.named_parameters():
        assert weight.grad is not None, name
        assert id(weight) in biases or weight.grad.abs().max() > 0, name


def test_encode_returns_the_skips_and_the_bottom():
    net = UNet(UNetSize(filters=4, depth=2))
    shapes = [tuple(level.shape[1:]) for level in net.encode(torch.zeros(1, 1, 16, 24))]
    assert shapes == [(4, 16, 24), (8, 8, 12), (8, 4, 6)]  # the middle block already has the width above it


@pytest.mark.parametrize("level", [0, 1, 2])
def test_a_skip_carries_its_level_alone_and_nothing_where_it_is_cut(level):
    torch.manual_seed(0)
    wired, cut = UNet(UNetSize(filters=4, depth=3)), UNet(UNetSize(filters=4, depth=3, cut=(level,)))
    for net in (wired, cut):
        *skips, x = net.encode(torch.randn(1, 1, 16, 24))
        skips = [skip.detach().requires_grad_() for skip in skips]
        maps = [*skips, x.detach()]
        net.encode = lambda _, maps=maps: maps
        net(torch.zeros(1, 1, 16, 24)).sum().backward()
        reached = [skip.grad is not None for skip in skips]
        assert reached == [net is wired or each != level for each in range(3)]


def test_each_cut_halves_what_its_block_reads_and_leaves_the_other_weights_as_they_are():
    whole = UNet(UNetSize(filters=4, depth=3)).state_dict()
    for level, name in enumerate(["up.2.0.0.weight", "up.1.0.0.weight", "up.0.0.0.weight"]):
        weights = UNet(UNetSize(filters=4, depth=3, cut=(level,))).state_dict()
        assert weights[name].shape[1] * 2 == whole[name].shape[1]
        others = {key: value.shape for key, value in weights.items() if key != name}
        assert others == {key: value.shape for key, value in whole.items() if key != name}


def test_skips_that_are_not_there_cannot_be_cut():
    for cut in [(3,), (-1,), (1, 0), (0, 0)]:
        with pytest.raises(BadInput, match="cannot be cut in a U-Net of depth 3"):
            UNetSize(depth=3, cut=cut)


def test_impossible_sizes_are_named():
    with pytest.raises(BadInput, match="kernel size 4 is even"):
        UNetSize(kernel=4)
    with pytest.raises(BadInput, match="4 dimensions"):
        UNetSize(dimensions=4)
