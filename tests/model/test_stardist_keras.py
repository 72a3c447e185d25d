"""A model of the original StarDist says the same after its import, and what would not is refused by name."""

import json

import numpy as np
import pytest
import torch

from convivo.errors import BadModel
from convivo.model import Model, stardist_keras
from convivo.model.stardist_keras import import_stardist
from convivo.nets.receptive import stride
from convivo.nets.stardist import StarDistNet, StarDistSize
from convivo.ops.tiling import Tile
from keras_files import DIALECTS, keras_layers, random_net, write_layers, write_stardist
from shared_data import SHARED, needs_shared

GOLDEN = SHARED / "golden"
NAMES = [
    "sd2d_bn",
    "sd2d_exp1",
    "sd2d_g11",
    "sd2d_g12",
    "sd2d_g22",
    "sd2d_g44",
    "sd2d_mc3_rgb",
    "stardist_bbbc039_trained",
]


def answer(net, pixels):
    """The net's answer, (outputs, Y, X), for (C, Y, X) pixels."""
    with torch.inference_mode():
        return net(torch.from_numpy(pixels)[None])[0].numpy()


def padded(pixels, strides):
    """As the original pads: by reflection at the end, each axis to multiples of its own stride."""
    missing = [-length % step for length, step in zip(pixels.shape[1:], strides, strict=True)]
    return np.pad(pixels, [(0, 0), *((0, end) for end in missing)], mode="reflect")


def differences(name):
    """Largest differences from what Keras answered: probability, distances and classes' probabilities.

    Those of the distances are parts of their maximum.
    """
    model = import_stardist(GOLDEN / name, "imported")
    golden = np.load(GOLDEN / name / "golden.npz")
    trained = "input_0" in golden
    image = golden["input_0" if trained else "x"]
    pixels = np.moveaxis(image if image.ndim == 3 else image[..., None], -1, 0).astype(np.float32)
    output = answer(model.net, padded(pixels, stride(model.net)))
    rays = model.card.net.rays
    prob, dist = golden["prob_0" if trained else "out0"], golden["dist_0" if trained else "out1"]
    likely = 1 / (1 + np.exp(-output[0]))
    far = np.maximum(1e-3, np.moveaxis(output[1 : 1 + rays] * model.card.net.unit, 0, -1))
    rows, columns = prob.shape
    found = [
        np.abs(likely[:rows, :columns] - prob).max(),
        np.abs(far[:rows, :columns] - dist).max() / dist.max(),
    ]
    if "out2" in golden:
        powers = np.exp(output[1 + rays :] - output[1 + rays :].max(axis=0))
        classes = np.moveaxis(powers / powers.sum(axis=0), 0, -1)
        found.append(np.abs(classes[:rows, :columns] - golden["out2"]).max())
    return found


@needs_shared
@pytest.mark.parametrize("name", NAMES)
def test_an_imported_net_answers_as_keras_did(name):
    assert max(differences(name)) < 1e-5


@needs_shared
def test_an_imported_model_finds_the_very_objects_that_the_original_found():
    model = import_stardist(GOLDEN / "stardist_bbbc039_trained", "imported")
    golden = np.load(GOLDEN / "stardist_bbbc039_trained" / "golden.npz")
    image = golden["input_0"].astype(np.float32)
    whole = tuple(slice(0, side) for side in image.shape)
    tile = (Tile(whole, whole, whole), answer(model.net, image[None]))
    found = model.decode([tile], image.shape, {"border": "stardist"}).labels
    assert golden["labels_0"].max() > 20
    assert np.array_equal(found, golden["labels_0"])


@needs_shared
def test_every_golden_model_is_compared():
    assert sorted(NAMES) == sorted(
        path.name for path in GOLDEN.iterdir() if path.name.startswith(("sd2d_", "stardist_"))
    )


@needs_shared
@pytest.mark.parametrize("name", ["sd3d_unet", "sd3d_resnet"])
def test_three_dimensional_models_are_refused(name):
    with pytest.raises(BadModel, match="config.json says n_dim 3, and only 2 can be imported"):
        import_stardist(GOLDEN / name, "imported")


@needs_shared
def test_a_model_of_another_method_is_refused():
    with pytest.raises(BadModel, match="config.json is not what StarDist writes"):
        import_stardist(GOLDEN / "care2d", "imported")


SIZES = {
    "plain": {"grid": (1, 1)},
    "grid 2 x 2": {"grid": (2, 2)},
    "grid 1 x 2": {"grid": (1, 2)},
    "grid 4 x 2 with three convolutions": {"grid": (4, 2), "convolutions": 3},
    "batch norm": {"grid": (2, 2), "batch_norm": True},
    "one convolution a block": {"grid": (1, 1), "convolutions": 1},
    "one level": {"grid": (1, 1), "depth": 1},
    "no widening": {"grid": (1, 1), "expansion": 1},
    "widening by 3, large kernels": {"grid": (1, 1), "expansion": 3, "kernel": 5},
    "colours and classes": {"grid": (2, 2), "channels": 3, "classes": 2},
}


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_net_of_any_size_comes_back_from_its_weights(size, tmp_path):
    net = random_net(**size)
    model = import_stardist(write_stardist(tmp_path, net), "imported")
    pixels = np.random.default_rng(0).random((net.size.channels, 32, 48), np.float32)
    assert model.card.net == net.size
    assert np.array_equal(answer(model.net, pixels), answer(net, pixels))


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_net_comes_back_from_every_dialect(dialect, tmp_path):
    net = random_net(grid=(2, 2), batch_norm=True)
    model = import_stardist(write_stardist(tmp_path, net, dialect), "imported")
    pixels = np.random.default_rng(0).random((1, 32, 32), np.float32)
    assert np.array_equal(answer(model.net, pixels), answer(net, pixels))


def test_the_prefix_of_layers_is_taken_off(tmp_path):
    net = random_net(grid=(1, 1))
    unet = ("down", "middle", "up")
    named = {
        f"cell_{name}" if name.startswith(unet) else name: weights
        for name, weights in keras_layers(net).items()
    }
    model = import_stardist(write_stardist(tmp_path, net, layers=named, unet_prefix="cell_"), "imported")
    pixels = np.random.default_rng(0).random((1, 32, 32), np.float32)
    assert np.array_equal(answer(model.net, pixels), answer(net, pixels))


def test_the_card_says_what_is_known_and_nothing_else(tmp_path):
    write_stardist(tmp_path / "theirs", random_net())
    (tmp_path / "theirs" / "thresholds.json").write_text('{"prob": 0.48, "nms": 0.3}')
    import_stardist(tmp_path / "theirs", "imported").save(tmp_path / "ours")
    card = Model.load(tmp_path / "ours").card
    assert (card.name, card.method, card.axes) == ("imported", "stardist", "YX")
    assert card.settings == {"prob": 0.48, "nms": 0.3, "smallest": 1, "smallest_cut": 1, "border": "asked"}
    assert (card.normalisation.low, card.normalisation.high, card.normalisation.floor) == (1.0, 99.8, ())
    assert (card.net.unit, card.net.stem) == (8.0, "pooled")
    assert (card.training, card.fingerprint, card.pixel_size, card.scores.test) == (None, None, None, None)
    assert "Schmidt" in card.citations[0]


def test_distances_are_in_the_units_of_our_own_nets_to_the_last_bit(tmp_path):
    net = random_net(grid=(2, 2))
    dist = keras_layers(net)["dist"]
    model = import_stardist(write_stardist(tmp_path, net), "imported")
    star = model.net.unet.head.star
    assert model.card.net.unit == StarDistSize().unit
    assert np.array_equal(star.weight[1:].detach().permute(2, 3, 1, 0) * 8, dist["kernel"])
    assert np.array_equal(star.bias[1:].detach() * 8, dist["bias"])


def test_a_config_that_says_little_leaves_the_sizes_to_the_weights(tmp_path):
    net = random_net(grid=(2, 2), batch_norm=True, expansion=3)
    write_stardist(tmp_path, net)
    (tmp_path / "config.json").write_text(json.dumps({"n_rays": 8, "grid": [2, 2], "axes": "YX"}))
    assert import_stardist(tmp_path, "imported").card.net == net.size


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"n_dim": 3}, "says n_dim 3, and only 2 can be imported"),
        ({"backbone": "resnet"}, "says backbone 'resnet', and only 'unet'"),
        ({"axes": "XYC"}, "says axes 'XY', and only 'YX'"),
        ({"unet_pool": (4, 4)}, r"says unet_pool \(4, 4\), and only \(2, 2\)"),
        ({"unet_activation": "elu"}, "says unet_activation 'elu', and only 'relu'"),
        ({"unet_last_activation": "linear"}, "says unet_last_activation 'linear'"),
        ({"net_conv_after_unet": 0}, "says net_conv_after_unet 0, and layer features is needed"),
        ({"unet_expansion": 1.5}, "says unet_expansion 1.5, no whole number"),
        ({"n_rays": 32}, "config.json says n_rays 32, layer dist of .*h5 says 8"),
        ({"n_classes": 2}, "layer prob_class is missing"),
        ({"n_channel_in": 3}, "says n_channel_in 3, layer conv2d_7 of .*h5 says 1"),
        ({"unet_n_depth": 3}, "layer down_level_2_no_0 is missing"),
        ({"unet_n_depth": 1}, "says unet_n_depth 1, layer down_level_1_no_0 of .*h5 says 2"),
        ({"unet_n_conv_per_depth": 3}, "layer down_level_0_no_2 is missing"),
        (
            {"unet_kernel_size": (5, 5)},
            r"says unet_kernel_size \(5, 5\), layer down_level_0_no_0 .* \(3, 3\)",
        ),
        ({"unet_n_filter_base": 32}, "says unet_n_filter_base 32, layer down_level_0_no_0 of .*h5 says 3"),
        ({"unet_batch_norm": True}, "says unet_batch_norm True, layer down_level_0_no_0 of .*h5 says False"),
        ({"unet_expansion": 1}, "says unet_expansion 1, layer down_level_1_no_0 of .*h5 says 2"),
        ({"net_conv_after_unet": 128}, "says net_conv_after_unet 128, layer features of .*h5 says 5"),
        ({"grid": (1, 1)}, r"has 2 convolutions before layer down_level_0_no_0 \(conv2d_7, conv2d_8\)"),
        ({"grid": (4, 4)}, r"grid \(4, 4\) in config.json asks for 4"),
        ({"grid": (2, 2, 2)}, r"says grid \(2, 2, 2\), not two sizes"),
    ],
    ids=str,
)
def test_a_config_that_does_not_fit_is_refused_by_value_and_layer(changes, problem, tmp_path):
    write_stardist(tmp_path, random_net(grid=(2, 2)), **changes)
    with pytest.raises(BadModel, match=problem) as caught:
        import_stardist(tmp_path, "imported")
    assert caught.value.fix


@pytest.fixture
def no_memory(monkeypatch):
    """Nets may be built for their shapes alone: what a file claims is checked before it is given memory."""

    def build(size):
        assert torch.get_default_device().type == "meta"
        return StarDistNet(size)

    monkeypatch.setattr(stardist_keras, "StarDistNet", build)


@pytest.mark.parametrize(
    "name", [name for name, weights in keras_layers(random_net(batch_norm=True)).items() if weights]
)
@pytest.mark.usefixtures("no_memory")
def test_a_layer_of_another_shape_is_named(name, tmp_path):
    net = random_net(batch_norm=True)
    layers = keras_layers(net)
    kind = "gamma" if "gamma" in layers[name] else "kernel"
    layers[name][kind] = layers[name][kind][..., :-1] if kind == "gamma" else layers[name][kind][..., :-1, :]
    shape = str(layers[name][kind].shape)
    with pytest.raises(BadModel) as caught:
        import_stardist(write_stardist(tmp_path, net, layers=layers), "imported")
    said = caught.value.problem
    assert f"layer {name} of" in said or f"layer {name} is" in said
    assert shape in said or "n_channel_in" in said or "kernel of shape" in said


@pytest.mark.parametrize(("depth", "convolutions"), [(3, 2), (2, 2), (9, 1)])
@pytest.mark.usefixtures("no_memory")
def test_one_wide_kernel_among_tiny_layers_claims_no_memory(depth, convolutions, tmp_path):
    net = random_net(grid=(1, 1), filters=1, depth=depth, convolutions=convolutions, expansion=1)
    layers = keras_layers(net)
    layers["down_level_1_no_0"] = {"kernel": np.zeros((3, 3, 1, 700), np.float32), "bias": np.zeros(700)}
    write_stardist(tmp_path, net, layers=layers, unet_expansion=700)
    second = "down_level_2_no_0" if depth > 2 else "middle_0"
    with pytest.raises(
        BadModel,
        match=rf"layer {second} of .* kernel of shape \(3, 3, 1, 1\), .* \(3, 3, 700, 490000\)",
    ):
        import_stardist(tmp_path, "imported")


@pytest.mark.usefixtures("no_memory")
def test_a_wide_head_on_tiny_layers_claims_no_memory(tmp_path):
    net = random_net(grid=(1, 1), filters=1)
    layers = keras_layers(net)
    layers["features"] = {"kernel": np.zeros((3, 3, 1, 700), np.float32), "bias": np.zeros(700)}
    write_stardist(tmp_path, net, layers=layers, net_conv_after_unet=700)
    with pytest.raises(BadModel, match=r"layer prob of .* shape \(1, 1, 5, 1\), .* \(1, 1, 700, 1\)"):
        import_stardist(tmp_path, "imported")


@pytest.mark.parametrize(
    "name",
    ["down_level_0_no_0", "down_level_1_no_1", "middle_2", "up_level_0_no_2", "features", "prob", "dist"],
)
def test_a_missing_layer_is_named(name, tmp_path):
    net = random_net(grid=(1, 1))
    layers = {each: weights for each, weights in keras_layers(net).items() if each != name}
    with pytest.raises(BadModel, match=f"layer {name} is missing in .*weights_best.h5"):
        import_stardist(write_stardist(tmp_path, net, layers=layers), "imported")


def test_a_missing_batch_normalisation_is_noticed(tmp_path):
    net = random_net(batch_norm=True)
    layers = keras_layers(net)
    del layers["batch_normalization_5"]
    with pytest.raises(BadModel, match="has 9 batch normalisations .*batch_normalization_13.* ask for 10"):
        import_stardist(write_stardist(tmp_path, net, layers=layers), "imported")


def test_a_layer_that_our_net_has_no_place_for_is_named(tmp_path):
    net = random_net()
    layers = {**keras_layers(net), "conv2d_9": keras_layers(net)["prob"]}
    with pytest.raises(BadModel, match="layer conv2d_9 of .*weights_best.h5 has no place"):
        import_stardist(write_stardist(tmp_path, net, layers=layers), "imported")


def test_a_layer_without_a_bias_is_named(tmp_path):
    net = random_net()
    layers = keras_layers(net)
    del layers["features"]["bias"]
    with pytest.raises(BadModel, match="layer features of .* has 0 weights 'bias' .it has kernel."):
        import_stardist(write_stardist(tmp_path, net, layers=layers), "imported")


def test_kernels_that_are_not_square_are_refused(tmp_path):
    net = random_net(grid=(1, 1))
    layers = keras_layers(net)
    layers["down_level_0_no_0"]["kernel"] = layers["down_level_0_no_0"]["kernel"][:, :1]
    with pytest.raises(BadModel, match="layer down_level_0_no_0 of .* kernel of 3 x 1 pixels"):
        import_stardist(write_stardist(tmp_path, net, layers=layers), "imported")


def test_more_rays_than_our_net_takes_are_refused_as_a_bad_model(tmp_path):
    net = random_net(grid=(1, 1))
    layers = keras_layers(net)
    layers["dist"] = {"kernel": np.zeros((1, 1, 5, 200), np.float32), "bias": np.zeros(200, np.float32)}
    with pytest.raises(BadModel, match="weights_best.h5 holds another net: 200 rays"):
        import_stardist(write_stardist(tmp_path, net, layers=layers, n_rays=200), "imported")


def test_the_last_weights_serve_where_there_are_no_best(tmp_path):
    net = random_net()
    write_stardist(tmp_path, net)
    (tmp_path / "weights_best.h5").unlink()
    write_layers(tmp_path / "weights_last.h5", keras_layers(net))
    assert import_stardist(tmp_path, "imported").card.net == net.size
