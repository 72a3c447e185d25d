"""`convivo curve` trains, goes on after an interruption, and writes what follows."""

import json
from functools import partial

import pytest
from PIL import Image as Pillow

from convivo.io.tables import read_table
from convivo.model import ModelFolder
from convivo.run import config, curve
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.config import TrainConfig
from convivo.run.predict import Predictor


@pytest.fixture(autouse=True)
def _small_and_quick(monkeypatch):
    """Small patches, and no engine that would be compiled for each of eight nets."""
    monkeypatch.setattr(config, "TrainConfig", partial(TrainConfig, patch=48, batch=1))
    torch = PredictOptions(engine=Wanted("torch", "float32"))
    monkeypatch.setattr(curve, "Predictor", lambda model: Predictor(model, torch))


def test_a_curve_goes_on_where_it_was_interrupted(convivo, folder, tmp_path, monkeypatch):
    out = tmp_path / "curve"
    arguments = ("curve", folder, "unet", "--out", out, "--minutes", 0.002, "--filters", 4)
    real = curve.learn

    def interrupted(trial, store, *more, **size):
        steps = real(trial, store, *more, **size)
        if trial.images < 2:
            yield from steps
        else:
            yield next(steps)
            steps.close()

    monkeypatch.setattr(curve, "learn", interrupted)
    code, _, err = convivo(*arguments[:-3], 0.03, *arguments[-2:])
    assert code == 130, err
    assert "goes on from here" in err
    assert not (out / "curve.csv").exists()
    before = (out / "1-images" / "weights.safetensors").stat().st_mtime_ns

    monkeypatch.setattr(curve, "learn", real)
    code, said, err = convivo(*arguments)
    assert code == 0, err
    assert "1 images, 4 filters: done before" in err
    assert (out / "1-images" / "weights.safetensors").stat().st_mtime_ns == before
    rows = read_table(out / "curve.csv")
    assert [(row["images"], row["filters"]) for row in rows] == [
        ("1", "4"),
        ("2", "4"),
        ("3", "4"),
        ("3", "8"),
    ]
    assert all(row["low"] == row["accuracy"] == row["high"] for row in rows)  # one image chooses
    assert "3 numbers of images are too few to fit a curve to" in said
    with Pillow.open(out / "curve.png") as picture:
        assert picture.format == "PNG"

    code, said, _ = convivo(*arguments, "--json")
    assert code == 0
    assert [row["images"] for row in json.loads(said)["trainings"]] == [1, 2, 3, 3]
    assert all(ModelFolder(out / name).holds_finished_model for name in ("2-images", "3-images-larger-net"))


def test_restoration_is_refused_in_words(convivo, folder, tmp_path):
    code, _, err = convivo("curve", folder, "n2v", "--out", tmp_path / "out")
    assert code == 2
    assert "n2v finds no objects" in err
