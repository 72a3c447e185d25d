"""The commands, used as in the README."""

import csv
import json
import signal
import subprocess
import sys
from time import perf_counter, sleep

import numpy as np
import pytest
import tifffile
from PIL import Image as Pillow

from convivo.io.images import read, read_labels
from convivo.model import Model
from convivo.version import __version__


@pytest.fixture
def folder(convivo, tmp_path):
    """A simulated data set."""
    code, out, _ = convivo(
        "simulate", tmp_path / "data", "--images", 6, "--size", 96, "--nuclei", 6, "--diameter", 16
    )
    assert code == 0, out
    return tmp_path / "data"


def test_another_simulation_is_not_put_into_the_same_folder(convivo, folder):
    before = {each.name: each.read_bytes() for each in (folder / "images").iterdir()}
    code, _, err = convivo("simulate", folder, "--images", 3, "--size", 64, "--seed", 1)
    assert code == 2
    assert "images holds 6 files already" in err
    assert {each.name: each.read_bytes() for each in (folder / "images").iterdir()} == before


def test_simulated_images_are_the_same_for_the_same_seed(convivo, folder, tmp_path):
    convivo("simulate", tmp_path / "again", "--images", 3, "--size", 96, "--nuclei", 6, "--diameter", 16)
    for part in ("images", "masks", "clean"):
        assert len(list((folder / part).iterdir())) == 6
        for path in (tmp_path / "again" / part).iterdir():
            assert np.array_equal(tifffile.imread(path), tifffile.imread(folder / part / path.name))


def test_train_predict_evaluate_report(convivo, folder, tmp_path, monkeypatch):
    (tmp_path / "quick.toml").write_text("steps = 30\npatch = 48\nfilters = 4\ndepth = 1\nrate = 0.003\n")
    model, out = tmp_path / "model", tmp_path / "out"
    code, said, err = convivo("train", "unet", folder, "--out", model, "--config", tmp_path / "quick.toml")
    assert code == 0, err
    assert "(optimistic)" in said
    assert Model.load(model).card.training.steps == 30
    assert (model / "train.csv").read_text().startswith("step,loss,rate,validation")

    code, said, err = convivo("predict", folder / "images", "--model", model, "--out", out)
    assert code == 0, err
    with (out / "objects.csv").open() as file:
        rows = list(csv.DictReader(file))
    for path in sorted((folder / "images").iterdir()):
        labels = read_labels(out / f"{path.stem}_labels.tif")
        assert labels.dtype == np.uint16
        mine = [row for row in rows if row["image"] == path.stem]
        assert sorted(int(row["label"]) for row in mine) == list(range(1, labels.max() + 1))
        assert (out / f"{path.stem}_rois.zip").is_file()
    with Pillow.open(out / "contact.png") as sheet:
        assert min(sheet.size) > 100

    code, said, err = convivo("evaluate", "--model", model, folder, "--report", tmp_path / "report", "--json")
    assert code == 0, err
    by_model = json.loads(said[: said.rindex("}") + 1])
    page = (tmp_path / "report" / "report.html").read_text()
    assert all(path.stem in page for path in (folder / "images").iterdir())

    code, said, err = convivo("evaluate", "--labels", out, "--truth", folder / "masks", "--json")
    assert code == 0, err
    by_labels = json.loads(said)
    assert [row["true_positives"] for row in by_labels["scores"]] == [
        row["true_positives"] for row in by_model["scores"]
    ]

    tuned = tmp_path / "tuned"
    code, said, err = convivo(
        "train", "unet", folder, "--out", tuned, "--from", model, "--steps", 3, "--patch", 48
    )
    assert code == 0, err
    assert Model.load(tuned).card.started_from == "model"

    monkeypatch.chdir(tmp_path)
    code, said, err = convivo("models", "--json")
    assert {row["name"] for row in json.loads(said)} >= {"model", "tuned"}


def test_the_pixel_size_reaches_labels_and_table(convivo, folder, model_folder, tmp_path):
    array = tifffile.imread(folder / "images" / "nuclei_0000.tif")
    path = tmp_path / "sized.tif"
    tifffile.imwrite(path, array, imagej=True, resolution=(4.0, 4.0), metadata={"unit": "um"})
    code, _, err = convivo("predict", path, "--model", model_folder, "--out", tmp_path / "o")
    assert code == 0, err
    assert read(tmp_path / "o" / "sized_labels.tif").pixel_size == read(path).pixel_size
    with (tmp_path / "o" / "objects.csv").open() as file:
        row = next(csv.DictReader(file))
    area = next(
        float(value) for name, value in row.items() if "area" in name and "um" in name.replace("µ", "u")
    )
    assert area == pytest.approx(int(row["area"]) / 16)


def test_a_trained_run_can_be_resumed_only_where_it_was_broken_off(convivo, folder, model_folder):
    code, _, err = convivo("train", "unet", folder, "--out", model_folder, "--resume")
    assert code == 2
    assert "no unfinished training" in err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_leaves_a_usable_model_that_can_go_on(convivo, folder, tmp_path):
    model = tmp_path / "model"
    command = [sys.executable, "-c", "from convivo.cli import main; main()", "train", "unet", str(folder)]
    options = ["--out", str(model), "--steps", "3000", "--patch", "48", "--batch", "1", "--filters", "4"]
    with subprocess.Popen(
        [*command, *options], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        waited = perf_counter()
        while not (model / "train.csv").is_file() and process.poll() is None:
            assert perf_counter() - waited < 90
            sleep(0.1)
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    assert process.returncode == 0, err
    assert "Traceback" not in err
    assert f"model: {model}" in out
    steps = Model.load(model).card.training.steps
    assert 0 < steps < 3000
    assert (model / "training.safetensors").is_file()
    code, _, err = convivo("predict", folder / "images", "--model", model, "--out", tmp_path / "out")
    assert code == 0, err


def test_doctor_says_what_is_here(convivo):
    code, out, _ = convivo("doctor", "--json")
    facts = json.loads(out)["facts"]
    assert code == 0
    assert facts["convivo"] == __version__
    assert {"torch", "openvino", "devices", "memory free"} <= facts.keys()


def test_the_demo_goes_the_whole_way(convivo, folder, tmp_path):
    code, out, err = convivo("demo", folder, "--out", tmp_path / "demo", "--minutes", 0.05)
    assert code == 0, err
    page = (tmp_path / "demo" / "report" / "report.html").read_text()
    for word in ("Loss", "Probability", "Accuracy", "truth"):
        assert word.lower() in page.lower()
    assert "side by side" in page
    assert page.count('class="rival"') == page.count('class="comparison"') > 0
    for results in ("results", "results-nuclei"):
        assert (tmp_path / "demo" / results / "contact.png").is_file()
    assert Model.load(tmp_path / "demo" / "model")
    for name in ("report.html", "restoration.html"):
        assert f"/demo/report/{name}" in out
        assert (tmp_path / "demo" / "report" / name).is_file()
