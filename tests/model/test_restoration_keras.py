"""A CARE or Noise2Void model restores after its import as it did before; what would not is refused by name."""

import json

import numpy as np
import pytest
import torch

from convivo.errors import BadModel
from convivo.model import Model, restoration_keras
from convivo.model.restoration_keras import import_restoration
from convivo.nets.restoration import RestorationNet
from keras_files import DIALECTS, keras_layers, random_net, write_layers
from restoration_files import answer, random_restoration, restoration_layers, write_restoration

SIZES = {
    "plain": {},
    "three dimensions": {"dimensions": 3},
    "large kernels": {"kernel": 5},
    "one level": {"depth": 1},
    "three levels of three convolutions": {"depth": 3, "convolutions": 3},
    "two channels to one": {"channels": 2, "residual": False},
    "not residual": {"residual": False},
    "probabilistic": {"probabilistic": True},
    "probabilistic, two channels, 3-D": {
        "dimensions": 3, "probabilistic": True, "channels": 2, "restored": 2
    },
}  # fmt: skip
N2V_SIZES = {
    "plain": {},
    "batch norm in 3-D": {"batch_norm": True, "dimensions": 3},
    "narrow on the way up": {"narrow_up": True, "depth": 3, "batch_norm": True},
    "blurred, without the finest skip": {"pooling": "blur", "cut": (0,), "residual": False},
    "blurred in 3-D": {"pooling": "blur", "dimensions": 3, "depth": 1},
    "without the finest skip in 3-D": {"cut": (0,), "dimensions": 3, "depth": 1},
    "joint": {"channels": 3, "restored": 3, "batch_norm": True},
    "each channel by itself": {"channels": 3, "restored": 3, "separate": True, "batch_norm": True},
    "each by itself, blurred": {"channels": 2, "restored": 2, "separate": True, "pooling": "blur"},
}


def comes_back(folder, net):
    """The imported net, which has the size and the answer of the one that was written."""
    model = import_restoration(folder, "imported").model
    shape = (8, 16, 24)[-net.size.dimensions :]
    pixels = np.random.default_rng(0).random((net.size.channels, *shape), np.float32)
    assert model.card.net == net.size
    assert np.array_equal(answer(model.net, pixels), answer(net, pixels))
    return model


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_a_care_net_of_any_size_comes_back_from_its_weights(size, tmp_path):
    net = random_restoration(**size)
    comes_back(write_restoration(tmp_path, net), net)


@pytest.mark.parametrize("size", N2V_SIZES.values(), ids=N2V_SIZES)
def test_a_noise2void_net_of_any_size_comes_back_from_its_weights(size, tmp_path):
    net = random_restoration(**size)
    channels = net.size.channels
    write_restoration(tmp_path, net, n2v={"means": ["1.5"] * channels, "stds": ["0.5"] * channels})
    comes_back(tmp_path, net)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_nets_come_back_from_every_dialect(dialect, tmp_path):
    size = {"channels": 2, "restored": 2, "separate": True, "batch_norm": True, "pooling": "blur"}
    net = random_restoration(**size)
    twice = {"means": ["1.5"] * 2, "stds": ["0.5"] * 2}
    comes_back(write_restoration(tmp_path / "n2v", net, dialect, n2v=twice), net)
    net = random_restoration(dimensions=3, probabilistic=True)
    comes_back(write_restoration(tmp_path / "care", net, dialect), net)


def test_a_net_without_a_prefix_may_be_noise2voids_too(tmp_path):
    net = random_restoration(batch_norm=True)
    write_restoration(tmp_path, net, layers=restoration_layers(net), n2v={})
    assert comes_back(tmp_path, net).card.method == "n2v"


def test_a_smoothing_that_is_not_ours_is_kept(tmp_path):
    net = random_restoration(pooling="blur", batch_norm=True)
    for pool in net.members[0].unet.pools:
        pool.smoothing.mul_(torch.rand_like(pool.smoothing))
    comes_back(write_restoration(tmp_path, net, n2v={}), net)


def test_the_card_of_a_care_model_says_what_is_known(tmp_path):
    write_restoration(tmp_path / "theirs", random_restoration(dimensions=3))
    imported = import_restoration(tmp_path / "theirs", "imported")
    imported.model.save(tmp_path / "ours")
    card = Model.load(tmp_path / "ours").card
    assert imported.notes == ()
    assert (card.name, card.method, card.axes, card.settings) == ("imported", "care", "ZYX", {})
    how = card.normalisation
    assert (how.low, how.high, how.floor, how.mean, how.spread) == (2.0, 99.8, (), (), ())
    assert (card.training, card.fingerprint, card.target_scale) == (None, None, None)
    assert "Weigert" in card.citations[0]


def test_the_card_of_a_noise2void_model_says_how_images_are_scaled_and_pixels_were_hidden(tmp_path):
    write_restoration(tmp_path, random_restoration(batch_norm=True), n2v={"n2v_neighborhood_radius": 5})
    card = import_restoration(tmp_path, "imported").model.card
    assert (card.method, card.normalisation.mean, card.normalisation.spread) == (
        "n2v", (243.7104,), (154.71759,)
    )  # fmt: skip
    assert card.settings == {"share": 0.015, "manipulator": "median", "radius": 5}
    assert "Krull" in card.citations[0]


def test_what_cannot_be_set_here_is_remarked_on(tmp_path):
    write_restoration(tmp_path, random_restoration(), n2v={"n2v_manipulator": "normal_fitted"})
    imported = import_restoration(tmp_path, "imported")
    assert imported.model.card.settings["manipulator"] == "uniform"
    assert [note[:31] for note in imported.notes] == ["n2v_manipulator 'normal_fitted'"]


@pytest.mark.parametrize(
    ("size", "words"), [({}, "CARE, residual"), ({"channels": 2, "residual": False}, "CARE, not residual")]
)
def test_weights_alone_are_taken_for_care_and_that_is_said(size, words, tmp_path):
    net = random_restoration(dimensions=3, **size)
    write_layers(tmp_path / "weights_mine.h5", restoration_layers(net), "keras 2.2.4")
    assert comes_back(tmp_path, net).card.method == "care"
    (note,) = import_restoration(tmp_path, "imported").notes
    assert "no config.json" in note
    assert words in note


@pytest.mark.parametrize(
    ("layers", "problem"),
    [
        (
            restoration_layers(random_restoration(), prefixed=True),
            "holds a Noise2Void net, and no config.json",
        ),
        (
            restoration_layers(random_restoration(batch_norm=True)),
            "holds a Noise2Void net, and no config.json",
        ),
        (keras_layers(random_net()), "holds a StarDist net, and there is no config.json"),
    ],
    ids=["prefix", "batch norm", "stardist"],
)
def test_other_weights_alone_do_not_tell_enough(layers, problem, tmp_path):
    write_layers(tmp_path / "weights_best.h5", layers)
    with pytest.raises(BadModel, match=problem) as caught:
        import_restoration(tmp_path, "imported")
    assert "config.json" in caught.value.fix


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"axes": "XYC"}, "says axes 'XYC', and only YX and ZYX"),
        ({"axes": "TYXC"}, "says axes 'TYXC', and only YX and ZYX"),
        ({"axes": "ZYXC"}, "says axes ZYX, layer down_level_0_no_0 of .*h5 says YX"),
        ({"n_dim": 3}, "says n_dim 3, layer down_level_0_no_0 of .*h5 says 2"),
        ({"n_channel_in": 3}, "says n_channel_in 3, layer down_level_0_no_0 of .*h5 says 1"),
        ({"n_channel_out": 3}, "says n_channel_out 3, layer conv2d_9 of .*h5 says 1"),
        ({"unet_n_depth": 3}, "layer down_level_2_no_0 is missing"),
        ({"unet_n_depth": 1}, "says unet_n_depth 1, layer down_level_1_no_0 of .*h5 says 2"),
        ({"unet_kern_size": 5}, "says unet_kern_size 5, layer down_level_0_no_0 of .*h5 says 3"),
        ({"unet_n_first": 32}, "says unet_n_first 32, layer down_level_0_no_0 of .*h5 says 3"),
        ({"probabilistic": True}, "says probabilistic True, layer conv2d_9 of .*h5 says False"),
        ({"unet_last_activation": "relu"}, "says unet_last_activation 'relu', and only 'linear'"),
        ({"unet_residual": "yes"}, "config.json is not what CARE writes: .*unet_residual"),
    ],
    ids=str,
)
def test_a_config_that_does_not_fit_is_refused_by_value_and_layer(changes, problem, tmp_path):
    write_restoration(tmp_path, random_restoration(), **changes)
    with pytest.raises(BadModel, match=problem) as caught:
        import_restoration(tmp_path, "imported")
    assert caught.value.fix


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"probabilistic": True}, "says probabilistic, and Noise2Void learns means"),
        (
            {"single_net_per_channel": True},
            "says single_net_per_channel True, layer channel_0down.* says False",
        ),
        ({"batch_norm": True}, "says batch_norm True, layer channel_0down_level_0_no_0 of .* says False"),
        ({"blurpool": True}, "says blurpool True, layer channel_0max_0 of .* says False"),
        ({"skip_skipone": True}, "says skip_skipone True, layer channel_0up_level_0_no_0 of .* says False"),
        ({"means": ["1.5"]}, r"says means \('1.5',\) and stds .*, and the net has 2 channels"),
        ({"stds": ["1.5", "0"]}, r"stds \('1.5', '0'\), which do not scale an image"),
        ({"means": ["nan", "0"]}, r"says means \('nan', '0'\) and .* do not scale an image"),
        ({"means": ["__import__('os')", "0"]}, "do not scale an image"),
        ({"n_channel_in": None, "stds": None}, "config.json is not what Noise2Void writes: .*stds"),
    ],
    ids=str,
)
def test_a_config_of_noise2void_that_does_not_fit_is_refused(changes, problem, tmp_path):
    twice = {"means": ["1.5", "2"], "stds": ["0.5", "1"]}
    write_restoration(tmp_path, random_restoration(channels=2, restored=2), n2v=twice, **changes)
    with pytest.raises(BadModel, match=problem) as caught:
        import_restoration(tmp_path, "imported")
    assert caught.value.fix


def test_a_residual_net_needs_as_many_channels_out_as_in(tmp_path):
    net = random_restoration(channels=2, residual=False)
    write_restoration(tmp_path, net, unet_residual=True)
    with pytest.raises(BadModel, match="h5 holds another net: 2 channels cannot become 1"):
        import_restoration(tmp_path, "imported")


def test_a_folder_of_stardist_is_none_of_these(tmp_path):
    (tmp_path / "config.json").write_text(json.dumps({"n_rays": 8, "grid": [1, 1], "axes": "YX"}))
    with pytest.raises(BadModel, match="config.json is StarDist's"):
        import_restoration(tmp_path, "imported")


@pytest.fixture
def no_memory(monkeypatch):
    """Nets may be built for their shapes alone: what a file claims is checked before it is given memory."""

    def build(size):
        assert torch.get_default_device().type == "meta"
        return RestorationNet(size)

    monkeypatch.setattr(restoration_keras, "RestorationNet", build)


SEPARATE = {"channels": 2, "restored": 2, "separate": True, "batch_norm": True, "pooling": "blur"}


@pytest.mark.parametrize(
    "name",
    [name for name, weights in restoration_layers(random_restoration(**SEPARATE)).items() if weights],
)
@pytest.mark.usefixtures("no_memory")
def test_a_layer_of_another_shape_is_named(name, tmp_path):
    net = random_restoration(**SEPARATE)
    layers = restoration_layers(net)
    kind = next(kind for kind in ("gamma", "blur_kernel", "kernel") if kind in layers[name])
    axis = {"gamma": 0}.get(kind, -2)
    layers[name][kind] = np.concatenate([layers[name][kind]] * 2, axis=axis)
    write_restoration(tmp_path, net, layers=layers, n2v={"means": ["1", "2"], "stds": ["1", "2"]})
    with pytest.raises(BadModel) as caught:
        import_restoration(tmp_path, "imported")
    assert f"layer {name} of" in caught.value.problem
    assert str(layers[name][kind].shape) in caught.value.problem


@pytest.mark.usefixtures("no_memory")
def test_a_wide_layer_among_tiny_ones_claims_no_memory(tmp_path):
    net = random_restoration(filters=1, depth=3)
    layers = restoration_layers(net)
    layers["down_level_1_no_0"] = {"kernel": np.zeros((3, 3, 1, 700), np.float32), "bias": np.zeros(700)}
    write_restoration(tmp_path, net, layers=layers)
    with pytest.raises(BadModel, match=r"down_level_2_no_0 of .* \(3, 3, 2, 4\), .* \(3, 3, 700, 490000\)"):
        import_restoration(tmp_path, "imported")


@pytest.mark.usefixtures("no_memory")
def test_many_small_nets_beside_a_large_one_claim_no_memory(tmp_path):
    layers = restoration_layers(random_restoration(filters=64, depth=1), prefixed=True)
    tiny = {"kernel": np.zeros((3, 3, 1, 1), np.float32), "bias": np.zeros(1)}
    layers |= {f"channel_{number}down_level_0_no_0": tiny for number in range(1, 20)}
    layers |= {f"conv2d_{number}": layers["conv2d_9"] for number in range(10, 29)}
    net = random_restoration(filters=64, depth=1, channels=20, restored=20, separate=True)
    folder = write_restoration(tmp_path, net, layers=layers, n2v={"means": ["0"] * 20, "stds": ["1"] * 20})
    with pytest.raises(BadModel, match=r"layer channel_1down_level_0_no_0 of .* \(3, 3, 1, 1\)"):
        import_restoration(folder, "imported")


@pytest.mark.parametrize(
    "name",
    [
        "channel_0down_level_0_no_1",
        "channel_1down_level_1_no_0",
        "channel_0middle_2",
        "channel_1up_level_0_no_2",
        "channel_0up_level_1_no_0",
    ],
)
def test_a_missing_layer_is_named(name, tmp_path):
    net = random_restoration(**SEPARATE)
    layers = {each: weights for each, weights in restoration_layers(net).items() if each != name}
    write_restoration(tmp_path, net, layers=layers, n2v={"means": ["1", "2"], "stds": ["1", "2"]})
    with pytest.raises(BadModel, match=f"layer {name} is missing in .*weights_best.h5"):
        import_restoration(tmp_path, "imported")


@pytest.mark.parametrize(("missing", "words"), [("conv2d_9", r"1 last convolutions \(conv2d_10\)"), (
    "batch_normalization_107", "batch normalisations")])  # fmt: skip
def test_a_missing_head_or_normalisation_is_noticed(missing, words, tmp_path):
    net = random_restoration(**SEPARATE)
    layers = {each: weights for each, weights in restoration_layers(net).items() if each != missing}
    write_restoration(tmp_path, net, layers=layers, n2v={"means": ["1", "2"], "stds": ["1", "2"]})
    with pytest.raises(BadModel, match=words):
        import_restoration(tmp_path, "imported")


@pytest.mark.parametrize("number", [0, 3])
def test_as_many_heads_as_the_net_can_have(number, tmp_path):
    net = random_restoration()
    layers = restoration_layers(net)
    head = layers.pop("conv2d_9")
    layers |= {f"conv2d_{each}": head for each in range(number)}
    with pytest.raises(BadModel, match=f"has {number} last convolutions .* 1 U-Net can have 1 or 2"):
        import_restoration(write_restoration(tmp_path, net, layers=layers), "imported")


def test_a_layer_that_our_net_has_no_place_for_is_named(tmp_path):
    net = random_restoration()
    layers = {**restoration_layers(net), "dense_1": {"kernel": np.zeros((2, 2)), "bias": np.zeros(2)}}
    with pytest.raises(BadModel, match="layer dense_1 of .*weights_best.h5 has no place in CARE's"):
        import_restoration(write_restoration(tmp_path, net, layers=layers), "imported")


def test_a_number_that_no_session_counts_to_is_read_all_the_same(tmp_path):
    net = random_restoration()
    layers = restoration_layers(net)
    layers["conv2d_" + "9" * 5000] = layers.pop("conv2d_9")
    comes_back(write_restoration(tmp_path, net, layers=layers), net)


def test_a_net_without_filters_is_refused(tmp_path):
    net = random_restoration()
    layers = restoration_layers(net)
    layers["down_level_0_no_0"] = {"kernel": np.zeros((3, 3, 1, 0)), "bias": np.zeros(0)}
    with pytest.raises(
        BadModel, match=r"down_level_0_no_0 of .* kernel of shape \(3, 3, 1, 0\), not \(Y, X, in"
    ):
        import_restoration(write_restoration(tmp_path, net, layers=layers), "imported")


def test_a_head_of_other_dimensions_is_refused(tmp_path):
    net = random_restoration()
    layers = restoration_layers(net)
    layers["conv3d"] = {"kernel": np.zeros((1, 1, 1, 3, 1)), "bias": np.zeros(1)}
    del layers["conv2d_9"]
    with pytest.raises(BadModel, match=r"layer conv3d of .* shape \(1, 1, 1, 3, 1\), not \(Y, X, in, out\)"):
        import_restoration(write_restoration(tmp_path, net, layers=layers), "imported")
