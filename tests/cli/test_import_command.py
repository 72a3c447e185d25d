"""`convivo import` makes a model folder that predicts, says what it took over, and writes over nothing."""

import json

import numpy as np
import pytest
import tifffile

from convivo.model import Model
from keras_files import random_net, write_stardist


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
