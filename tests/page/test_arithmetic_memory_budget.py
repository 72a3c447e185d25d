"""The arithmetic of Memory budget: its net against torch, its tiles, reach and costs against convivo's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn

from convivo.nets import receptive
from convivo.nets.unet import UNet, UNetSize
from convivo.ops import tiling
from page.node import SOURCES, run_node

FOLDER = "explorables/memory-budget"
SIDE = 64


def picture() -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.kron(rng.random((16, 16)), np.ones((4, 4))) + 0.2 * rng.random((SIDE, SIDE))


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """The page's weights, its answer for the whole picture, and how far tiles are from it, by tile and halo."""
    addresses = ", ".join(
        f"import({(SOURCES / FOLDER / name).as_uri()!r})" for name in ("tiles.ts", "sight.ts")
    )
    return run_node(
        f"{FOLDER}/net.ts",
        f"await Promise.all([{addresses}]).then(([tiles, sight]) => {{"
        " const image = { channels: 1, height: 64, width: 64, data: given.pixels.data };"
        " const whole = tiles.tiled(image, 64, 0, 'image');"
        " const most = (...how) => Math.max(...tiles.seams(tiles.tiled(image, ...how), whole));"
        " return { layers: page.LAYERS, whole, reach: sight.reach(), halo: sight.roundedUp(sight.reach()),"
        " answer: page.answer(image).data,"
        " seams: [0, 4, 8, 12, 16, 20, 24].map((halo) => most(8, halo, 'image')), own: most(8, 24, 'tile'),"
        " spans: [[64, 8, 4], [64, 16, 24], [60, 16, 12], [64, 32, 16]].map((each) => tiles.spans(...each)) };"
        " })",
        pixels=picture(),
    )


def tiny(said: dict[str, Any]) -> UNet:
    """convivo's U-Net with the page's weights."""
    net = UNet(UNetSize(filters=1, depth=2)).double()
    layers = [layer for layer in net.modules() if isinstance(layer, nn.Conv2d)]
    for layer, told in zip(layers, said["layers"], strict=True):
        layer.weight.data = torch.tensor(told["weights"], dtype=torch.float64).reshape(layer.weight.shape)
        nn.init.zeros_(layer.bias)
    return net


def test_the_net_answers_as_convivos_with_its_weights(said):
    with torch.no_grad():
        expected = tiny(said)(torch.tensor(picture())[None, None]).numpy()
    np.testing.assert_allclose(said["answer"], expected.ravel(), atol=1e-10)
    standard = (picture() - picture().mean()) / picture().std()
    with torch.no_grad():
        expected = tiny(said)(torch.tensor(standard)[None, None]).numpy()
    np.testing.assert_allclose(said["whole"], expected.ravel(), atol=1e-10)


def test_the_smallest_exact_halo_is_convivos(said):
    net = UNet(UNetSize(filters=1, depth=2))
    (reach, _), (stride, _) = receptive.reach(net), receptive.stride(net)
    assert (said["reach"], said["halo"]) == (reach, tiling.round_up(reach, stride))


def test_seams_are_exactly_zero_from_that_halo_on_and_not_before(said):
    *with_seams, at_halo = said["seams"]
    assert at_halo == 0
    assert min(with_seams) > 1e-6
    assert (np.diff(with_seams) < 0).all()


def test_seams_are_what_torch_leaves_with_convivos_tiles(said):
    standard = (picture() - picture().mean()) / picture().std()
    net = tiny(said)
    out = np.empty((SIDE, SIDE))
    with torch.no_grad():
        for tile in tiling.tiles((SIDE, SIDE), 8, halo=8, stride=4):
            told = net(torch.tensor(standard[tile.read])[None, None])[0, 0].numpy()
            out[tile.core] = told[tile.crop]
    whole = np.reshape(said["whole"], (SIDE, SIDE))
    assert said["seams"][2] == pytest.approx(abs(out - whole).max() / whole.std())


def test_no_halo_helps_where_each_tile_is_normalised_by_itself(said):
    assert said["own"] > 0.01


def test_tiles_are_convivos(said):
    for (length, side, halo), spans in zip(
        [(64, 8, 4), (64, 16, 24), (60, 16, 12), (64, 32, 16)], said["spans"], strict=True
    ):
        expected = [
            {"read": [read.start, read.stop], "core": [core.start, core.stop]}
            for tile in tiling.tiles((length,), side, halo=halo, stride=4)
            for read, core in [(tile.read[0], tile.core[0])]
        ]
        assert spans == expected


@pytest.mark.parametrize("filters", [8, 16])
def test_memory_is_that_of_convivos_unet(filters):
    memory = run_node(f"{FOLDER}/costs.ts", "page.memoryOf(given.filters)", filters=filters)
    net = UNet(UNetSize(filters=filters))
    assert memory["weights"] == sum(weights.numel() for weights in net.parameters())
    values, side, depth = [], 32, 3
    kept = (nn.Conv2d, nn.MaxPool2d)
    for layer in net.modules():
        if isinstance(layer, kept):
            layer.register_forward_hook(lambda _layer, _given, out: values.append(out.numel()))
    for level, up in enumerate(reversed(net.up)):
        # what a block on the way up reads: the upsampled map beside the skip; and the upsampled map itself
        up.register_forward_pre_hook(lambda _layer, given: values.append(given[0].numel()))
        values.append(filters * 2**level * (side // 2**level) ** 2)
    assert len(net.up) == depth
    with torch.no_grad():
        net(torch.zeros(1, 1, side, side))
    assert memory["values"] * side**2 == pytest.approx(sum(values))


def test_compute_grows_as_the_window_over_the_tile():
    factors = run_node(f"{FOLDER}/costs.ts", "[page.computeFactor(64, 24), page.computeFactor(256, 24)]")
    for tile, factor in zip((64, 256), factors, strict=True):
        window = tiling.window((10_000,), tile, 24, 4)[0]
        assert factor == pytest.approx((window / tile) ** 2)
