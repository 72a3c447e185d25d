"""`convivo import` makes a model folder that predicts, says what it took over, and writes over nothing."""

import json

import numpy as np
import pytest
import tifffile

from convivo.model import Model
from keras_files import random_net, write_layers, write_stardist
from restoration_files import random_restoration, restoration_layers, write_restoration
from shared_data import SHARED, needs_shared


@pytest.fixture
def theirs(tmp_path, monkeypatch):
    """A StarDist model with tuned thresholds."""
    monkeypatch.chdir(tmp_path)
    folder = write_stardist(tmp_path / "theirs", random_net(grid=(2, 2)))
    (folder / "thresholds.json").write_text('{"prob": 0.48, "nms": 0.3}')
    return folder


def test_it_says_what_it_took_over_and_what_to_do_next(convivo, theirs, tmp_path):
    code, out, err = convivo("import", theirs, "--out", "my-model")
    weights = sum(weight.numel() for weight in random_net(grid=(2, 2)).parameters())
    assert (code, err) == (0, "")
    for words in ("weights_best.h5", "8 rays", "grid 2 x 2", "prob 0.48", "nms 0.3", f"{weights:,} weights"):
        assert words in out
    assert "convivo predict IMAGES --model my-model" in out
    assert Model.load(tmp_path / "my-model").card.name == "my-model"


def test_what_was_imported_predicts(convivo, theirs, tmp_path):
    convivo("import", theirs, "--out", "my-model")
    tifffile.imwrite(tmp_path / "cells.tif", np.random.default_rng(0).integers(0, 999, (64, 65), np.uint16))
    code, _, err = convivo("predict", "cells.tif", "--model", "my-model", "--out", "results")
    assert code == 0, err
    assert (tmp_path / "results" / "objects.csv").is_file()


def test_a_model_is_never_written_over(convivo, theirs, tmp_path):
    convivo("import", theirs, "--out", "my-model")
    before = (tmp_path / "my-model" / "card.json").read_bytes()
    code, _, err = convivo("import", theirs, "--out", "my-model")
    assert code == 2
    assert "my-model already holds a model" in err
    assert "--resume" not in err
    assert (tmp_path / "my-model" / "card.json").read_bytes() == before


@pytest.mark.parametrize("out", ["theirs", "images"])
def test_a_folder_of_other_files_is_not_mixed_with_a_model(convivo, theirs, tmp_path, out):
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "cells.tif").write_bytes(b"pixels")
    before = sorted(path.name for path in (tmp_path / out).iterdir())
    code, _, err = convivo("import", theirs, "--out", out)
    assert code == 2
    assert f"{out} holds other files" in err
    assert sorted(path.name for path in (tmp_path / out).iterdir()) == before


def test_an_unfinished_training_is_never_written_over(convivo, theirs, tmp_path):
    (tmp_path / "my-model").mkdir()
    (tmp_path / "my-model" / "training.safetensors").write_bytes(b"hours of work")
    code, _, err = convivo("import", theirs, "--out", "my-model")
    assert code == 2
    assert "fix: give another folder with --out\n" in err
    assert [path.name for path in (tmp_path / "my-model").iterdir()] == ["training.safetensors"]


def test_thresholds_that_nobody_tuned_are_remarked_on(convivo, theirs):
    (theirs / "thresholds.json").unlink()
    code, out, err = convivo("import", theirs, "--out", "my-model")
    assert code == 0
    assert "prob 0.5, nms 0.4" in out
    assert "no thresholds.json" in err


def test_classes_are_remarked_on(convivo, tmp_path):
    theirs = write_stardist(tmp_path / "theirs", random_net(classes=3))
    code, _, err = convivo("import", theirs, "--out", tmp_path / "my-model")
    assert code == 0
    assert "3 classes are kept in the net, but not read yet" in err


def test_a_model_that_does_not_fit_is_refused_in_two_lines_and_leaves_nothing(convivo, theirs, tmp_path):
    config = json.loads((theirs / "config.json").read_text())
    (theirs / "config.json").write_text(json.dumps({**config, "n_rays": 32}))
    code, out, err = convivo("import", theirs, "--out", "my-model")
    assert (code, out) == (2, "")
    assert "config.json says n_rays 32, layer dist" in err
    assert len(err.splitlines()) == 2
    assert not (tmp_path / "my-model").exists()


RESTORATION = {
    "a CARE net in 2-D: 1 channel, 3 filters, depth 2, kernel 5 x 5": ({"kernel": 5}, None),
    "a CARE net in 3-D: 2 channels in, 1 out, 3 filters, depth 1, kernel 3 x 3 x 3": (
        {"dimensions": 3, "channels": 2, "residual": False, "depth": 1}, None
    ),
    "a probabilistic CARE net in 2-D: 1 channel,": ({"probabilistic": True}, None),
    "a Noise2Void net in 2-D: 1 channel,": ({"batch_norm": True}, {}),
    "a Noise2Void 2 net in 2-D: 2 channels, each with a net of its own,": (
        {"channels": 2, "restored": 2, "separate": True, "pooling": "blur"},
        {"means": ["1", "2"], "stds": ["1", "2"]},
    ),
}  # fmt: skip


@pytest.mark.parametrize("words", RESTORATION)
def test_it_says_which_restoration_net_it_took_over_and_what_to_do_next(convivo, words, tmp_path):
    size, n2v = RESTORATION[words]
    net = random_restoration(**size)
    write_restoration(tmp_path / "theirs", net, n2v=n2v)
    code, out, err = convivo("import", tmp_path / "theirs", "--out", tmp_path / "mine")
    assert (code, err) == (0, "")
    said, following = out.splitlines()
    assert said.startswith(f"weights_best.h5 is {words}")
    assert said.endswith(f" {sum(weight.numel() for weight in net.parameters()):,} weights")
    assert f"convivo predict IMAGES --model {tmp_path / 'mine'}" in following


def test_weights_alone_are_imported_with_a_note(convivo, tmp_path):
    (tmp_path / "theirs").mkdir()
    write_layers(tmp_path / "theirs" / "weights_mine.h5", restoration_layers(random_restoration()))
    code, out, err = convivo("import", tmp_path / "theirs", "--out", tmp_path / "mine")
    assert code == 0
    assert out.startswith("weights_mine.h5 is a CARE net")
    assert err.startswith("note: there is no config.json, so it is taken for CARE, residual")


def test_an_imported_care_model_restores_files(convivo, tmp_path):
    write_restoration(tmp_path / "theirs", random_restoration())
    convivo("import", tmp_path / "theirs", "--out", tmp_path / "mine")
    tifffile.imwrite(tmp_path / "a.tif", np.random.default_rng(0).integers(0, 999, (64, 65), np.uint16))
    code, _, err = convivo(
        "predict", tmp_path / "a.tif", "--model", tmp_path / "mine", "--out", tmp_path / "results"
    )
    assert code == 0, err
    assert tifffile.imread(tmp_path / "results" / "a_restored.tif").shape == (64, 65)


@needs_shared
@pytest.mark.parametrize("name", ["n2v_2d", "care2d"])
def test_what_predict_writes_is_what_the_original_said(convivo, name, tmp_path):
    golden = np.load(SHARED / "golden" / name / "golden.npz")
    tifffile.imwrite(tmp_path / "x.tif", golden["x"])
    convivo("import", SHARED / "golden" / name, "--out", tmp_path / "mine")
    options = ("--engine", "torch", "--precision", "float32", "--out", tmp_path / "results")
    code, _, err = convivo("predict", tmp_path / "x.tif", "--model", tmp_path / "mine", *options)
    assert code == 0, err
    wanted = golden["out0" if name == "n2v_2d" else "out_default_norm"]
    found = tifffile.imread(tmp_path / "results" / "x_restored.tif")
    assert np.abs(found - wanted).max() < 1e-5 * np.ptp(wanted)


def test_a_folder_that_holds_no_model_is_refused_in_words(convivo, tmp_path):
    (tmp_path / "empty").mkdir()
    code, _, err = convivo("import", tmp_path / "empty", "--out", tmp_path / "mine")
    assert code == 2
    assert "empty has no weights*.h5" in err
    assert "config.json" in err
