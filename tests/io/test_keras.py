"""Weights of Keras are read in every dialect, in the order of the file, and without trusting it."""

import h5py
import numpy as np
import pytest

from convivo.errors import BadModel
from convivo.io.keras import read_layers, weights_file
from keras_files import DIALECTS, write_layers

FEATURES = {"kernel": np.arange(54.0).reshape(3, 3, 2, 3), "bias": np.array([1.0, 2.0, 3.0])}


@pytest.mark.parametrize("dialect", DIALECTS)
def test_a_layer_is_read_whatever_its_weights_are_called(dialect, tmp_path):
    write_layers(tmp_path / "w.h5", {"input": {}, "features": FEATURES, "a_last": FEATURES}, dialect)
    layers = read_layers(tmp_path / "w.h5")
    assert [layer.name for layer in layers] == [
        "features",
        "a_last",
    ]  # not alphabetic, and none without weights
    assert [weight.kind for weight in layers[0].weights] == ["kernel", "bias"]
    assert np.array_equal(layers[0].array("kernel"), FEATURES["kernel"])
    assert np.array_equal(layers[0].array("bias"), FEATURES["bias"])
    assert layers[0].array("kernel").dtype == np.float32


def test_weights_come_in_the_order_that_the_file_lists_them(tmp_path):
    norm = {"moving_mean": np.zeros(2), "gamma": np.ones(2), "beta": np.full(2, 3.0)}
    write_layers(tmp_path / "w.h5", {"batch_normalization_3": norm})
    (layer,) = read_layers(tmp_path / "w.h5")
    assert [weight.kind for weight in layer.weights] == ["moving_mean", "gamma", "beta"]


def test_a_layer_that_holds_two_kernels_gives_neither(tmp_path):
    with h5py.File(tmp_path / "w.h5", "w") as file:
        file.attrs["layer_names"] = ["functional_9"]
        group = file.create_group("functional_9")
        group.attrs["weight_names"] = ["a/kernel", "b/kernel"]
        group["a/kernel"], group["b/kernel"] = np.zeros((1, 1)), np.ones((1, 1))
    (layer,) = read_layers(tmp_path / "w.h5")
    assert len(layer.weights) == 2
    with pytest.raises(BadModel, match="functional_9 .*w.h5 has 2 weights 'kernel'"):
        layer.array("kernel")
    with pytest.raises(BadModel, match="has 0 weights 'bias' .it has kernel, kernel."):
        layer.array("bias")


def open_with(path, change):
    """A good file, changed in place."""
    write_layers(path, {"features": FEATURES})
    with h5py.File(path, "a") as file:
        change(file)


def not_finite(file):
    file["features/features/kernel"][1, 1, 0, 0] = np.nan


def no_layer_names(file):
    del file.attrs["layer_names"]


def listed_and_missing(file):
    file.attrs["layer_names"] = ["features", "dist"]


def weight_missing(file):
    del file["features/features/bias"]


def text_for_numbers(file):
    del file["features/features/bias"]
    file["features/features/bias"] = "0.5"


def huge(file):
    del file["features/features/bias"]
    file["features"].create_dataset("features/bias", (10**12,), "f4")


def elsewhere(file):
    del file["features/features/bias"]
    file["features/features/bias"] = h5py.ExternalLink("other.h5", "bias")


def group_elsewhere(file):
    del file["features/features"]
    file["features/features"] = h5py.ExternalLink("other.h5", "/")


def layer_elsewhere(file):
    names = file["features"].attrs["weight_names"]
    del file["features"]
    file["features"] = h5py.ExternalLink("other.h5", "/features")
    with h5py.File("other.h5", "a") as other:
        group = other.create_group("features")
        group.attrs["weight_names"] = names
        group["features/kernel"], group["features/bias"] = FEATURES["kernel"], FEATURES["bias"]


def layer_linked_elsewhere(file):
    layer_elsewhere(file)
    del file["features"]
    file["other"] = h5py.ExternalLink("other.h5", "/")
    file["features"] = h5py.SoftLink("/other/features")


def layer_below_a_link(file):
    layer_linked_elsewhere(file)
    file.attrs["layer_names"] = ["/other/features"]


def bias_linked_elsewhere(file):
    del file["features/features/bias"]
    file["other"] = h5py.ExternalLink("other.h5", "/")
    file["features/features/bias"] = h5py.SoftLink("/other/bias")


def below_an_array(file):
    file["features"].attrs["weight_names"] = ["features/kernel/bias"]


def many_times(file):
    file["features"].attrs["weight_names"] = ["features/kernel"] * 500


def packed(file):
    """Each of these is smaller than the file."""
    names = [f"packed_{number}" for number in range(50)]
    for name in names:
        file["features"].create_dataset(name, (1000,), "f4", compression="gzip", fillvalue=0)[:] = 0
    file["features"].attrs["weight_names"] = names


def raw_elsewhere(file):
    del file["features/features/bias"]
    file["features"].create_dataset("features/bias", (3,), "f4", external=[("secret", 0, 12)])


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (not_finite, "weight features/kernel of layer features of .*w.h5 holds numbers that are not finite"),
        (no_layer_names, "w.h5 has no list of layers"),
        (listed_and_missing, "layer dist is listed in .*w.h5"),
        (weight_missing, "weight features/bias of layer features of .*w.h5 is listed and missing"),
        (text_for_numbers, "features/bias .* is no array of floating-point numbers"),
        (huge, r"features/bias .* has shape \(1000000000000,\), more than the file holds"),
        (many_times, r"features/kernel .* more than the file holds beside the weights before it"),
        (packed, r"packed_\d+ .* more than the file holds beside the weights before it"),
        (elsewhere, "features/bias .* lies in another file"),
        (raw_elsewhere, "features/bias .* lies in another file"),
        (group_elsewhere, "weight features/kernel of layer features .* lies in another file, other.h5"),
        (layer_elsewhere, "layer features of .*w.h5 lies in another file, other.h5"),
        (layer_linked_elsewhere, "layer features of .*w.h5 is a link to /other/features"),
        (layer_below_a_link, "layer /other/features of .*w.h5 lies in another file, other.h5"),
        (bias_linked_elsewhere, "features/bias .* is a link to /other/bias"),
        (below_an_array, "features/kernel/bias of layer features of .*w.h5 is listed and missing"),
    ],
)
def test_a_damaged_file_is_refused_by_what_is_wrong_in_it(change, problem, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with h5py.File("other.h5", "w") as other:
        other["bias"] = np.zeros(3, np.float32)
    open_with(tmp_path / "w.h5", change)
    with pytest.raises(BadModel, match=problem) as caught:
        read_layers(tmp_path / "w.h5")
    assert caught.value.fix


def test_what_is_no_hdf5_is_refused_with_its_name(tmp_path):
    (tmp_path / "weights_best.h5").write_bytes(b"PK\x03\x04 a zip")
    with pytest.raises(BadModel, match="weights_best.h5 cannot be read"):
        read_layers(tmp_path / "weights_best.h5")


def test_a_file_that_was_cut_short_is_refused(tmp_path):
    write_layers(tmp_path / "w.h5", {"features": FEATURES})
    whole = (tmp_path / "w.h5").read_bytes()
    (tmp_path / "w.h5").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadModel, match="w.h5 cannot be read"):
        read_layers(tmp_path / "w.h5")


def test_the_best_weights_come_before_the_last_and_those_before_any_other(tmp_path):
    for name in ("weights_now.h5", "weights_last.h5", "weights_best.h5"):
        (tmp_path / name).touch()
        assert weights_file(tmp_path).name == name


def test_of_several_other_weights_none_is_guessed(tmp_path):
    with pytest.raises(BadModel, match="has no weights"):
        weights_file(tmp_path)
    (tmp_path / "weights_a.h5").touch()
    (tmp_path / "weights_b.h5").touch()
    with pytest.raises(BadModel, match="several files of weights: weights_a.h5, weights_b.h5"):
        weights_file(tmp_path)
