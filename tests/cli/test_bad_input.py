"""Whatever is wrong with the input, a person reads what it is and what to do, in at most six lines."""

import os
import resource
import subprocess
import sys

import numpy as np
import pytest
import tifffile

from convivo.cli import doctor
from convivo.io.tables import read_table
from convivo.model import Model
from convivo.run.predict import Predictor


def refused(result, *words):
    """Exit code 2, few lines, no traceback, and the words."""
    code, out, err = result
    lines = [line for line in err.splitlines() if line.strip() and "━" not in line]
    assert code == 2, err
    assert 1 <= len(lines) <= 6, err
    assert "Traceback" not in err
    assert "fix: " in err
    for word in words:
        assert word in err, (word, err)


def test_unpaired_names_are_listed(convivo, folder, tmp_path):
    (folder / "images" / "field0.tif").rename(folder / "images" / "other.tif")
    refused(convivo("train", "unet", folder, "--out", tmp_path / "m"), "unpaired", "other", "field0")


def test_a_mask_of_another_shape_names_both(convivo, folder, tmp_path):
    tifffile.imwrite(folder / "masks" / "field0.tif", np.ones((96, 90), np.uint16))
    refused(convivo("train", "unet", folder, "--out", tmp_path / "m"), "96 x 90", "96 x 96")


def test_a_label_image_given_as_image_is_recognised(convivo, folder, model_folder, tmp_path):
    mask = folder / "masks" / "field1.tif"
    refused(convivo("predict", mask, "--model", model_folder, "--out", tmp_path / "o"), "label image")
    (folder / "images" / "field1.tif").write_bytes(mask.read_bytes())
    refused(convivo("train", "unet", folder, "--out", tmp_path / "m"), "label image")


def test_colour_where_grey_was_trained(convivo, model_folder, tmp_path):
    colour = np.random.default_rng(0).integers(0, 255, (40, 40, 3)).astype(np.uint8)
    tifffile.imwrite(tmp_path / "rgb.tif", colour, photometric="rgb")
    refused(
        convivo("predict", tmp_path / "rgb.tif", "--model", model_folder, "--out", tmp_path / "o"),
        "3 channels",
        "--channel",
    )
    picked = convivo(
        "predict", tmp_path / "rgb.tif", "--model", model_folder, "--out", tmp_path / "o", "--channel", "1"
    )
    assert picked[0] == 0


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_values_that_are_no_numbers(convivo, model_folder, tmp_path, value):
    image = np.random.default_rng(0).normal(size=(40, 40)).astype(np.float32)
    image[3, 5] = value
    tifffile.imwrite(tmp_path / "bad.tif", image)
    refused(convivo("predict", tmp_path / "bad.tif", "--model", model_folder, "--out", tmp_path / "o"), "bad")


@pytest.mark.parametrize("kind", ["corrupt", "empty", "truncated", "text", "six axes"])
def test_files_that_are_no_images(convivo, model_folder, tmp_path, kind):
    path = tmp_path / "file.tif"
    tifffile.imwrite(path, np.arange(90_000, dtype=np.uint16).reshape(300, 300), compression="zlib")
    whole = path.read_bytes()
    if kind == "corrupt":
        path.write_bytes(whole[:8] + os.urandom(200) + whole[208:])
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "truncated":
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "text":
        path.write_text("these are my cells")
    else:
        tifffile.imwrite(path, np.zeros((2, 2, 2, 2, 8, 8), np.uint8))
    refused(convivo("predict", path, "--model", model_folder, "--out", tmp_path / "o"), "file.tif")


def test_an_unknown_model_names_what_there_is(convivo, folder, tmp_path, monkeypatch, model_folder):
    monkeypatch.chdir(model_folder.parent)
    refused(convivo("predict", folder, "--model", "traned", "--out", tmp_path / "o"), "traned", "trained")


def test_an_empty_folder(convivo, model_folder, tmp_path):
    (tmp_path / "empty").mkdir()
    refused(convivo("predict", tmp_path / "empty", "--model", model_folder, "--out", tmp_path / "o"), "empty")


@pytest.mark.skipif(os.name == "nt", reason="permissions work otherwise on Windows")
def test_a_folder_that_cannot_be_written(convivo, folder, model_folder, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("a file where a folder should be")
    refused(convivo("predict", folder / "images", "--model", model_folder, "--out", blocked / "o"))
    refused(convivo("train", "unet", folder, "--out", blocked / "m"))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits a file's size as Linux does")
def test_a_full_disk_leaves_nothing_half_written(folder, model_folder, tmp_path):
    """A limit on the size of files fails writes as a full disk does."""
    command = ["-c", "from convivo.cli import main; main()", "predict", str(folder / "images")]
    options = ["--model", str(model_folder), "--out", str(tmp_path / "o"), "--engine", "torch"]
    limited = subprocess.run(
        [sys.executable, *command, *options],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300)),
    )
    assert limited.returncode == 2, limited.stderr
    assert "Traceback" not in limited.stderr
    assert not list((tmp_path / "o").glob("*.tif"))
    assert not [path for path in (tmp_path / "o").iterdir() if ".part" in path.name]


def test_training_data_without_one_object(convivo, folder, tmp_path):
    for path in (folder / "masks").iterdir():
        tifffile.imwrite(path, np.zeros((96, 96), np.uint16))
    refused(convivo("train", "unet", folder, "--out", tmp_path / "m"), "no annotated object")


def test_a_tile_off_the_stride_names_the_two_nearest(convivo, folder, model_folder, tmp_path):
    result = convivo(
        "predict", folder / "images", "--model", model_folder, "--out", tmp_path / "o", "--tile", 50
    )
    refused(result, "50", "48 or 52")


def test_no_memory_at_all(convivo, folder, model_folder, tmp_path, monkeypatch):
    def none(*anything):
        raise MemoryError

    monkeypatch.setattr(Model, "prepare", none)
    refused(convivo("predict", folder / "images", "--model", model_folder, "--out", tmp_path / "o"), "memory")


def test_one_bad_file_of_many_is_reported_and_the_others_are_done(convivo, folder, model_folder, tmp_path):
    (folder / "images" / "broken.tif").write_text("no image")
    code, out, err = convivo("predict", folder / "images", "--model", model_folder, "--out", tmp_path / "o")
    assert code == 2
    assert "4 of 5 images done" in out
    assert "broken.tif" in err
    assert len(list((tmp_path / "o").glob("*_labels.tif"))) == 4
    assert (tmp_path / "o" / "contact.png").is_file()


def test_a_picture_of_single_bits_is_predicted(convivo, folder, model_folder, tmp_path):
    tifffile.imwrite(tmp_path / "bits.tif", tifffile.imread(folder / "images" / "field0.tif") > 900)
    code, out, err = convivo(
        "predict", tmp_path / "bits.tif", "--model", model_folder, "--out", tmp_path / "o"
    )
    assert code == 0, err


@pytest.mark.parametrize(
    ("error", "words"), [(ValueError("odd"), "unforeseen: ValueError: odd"), (MemoryError(), "memory")]
)
def test_an_unforeseen_error_costs_one_image_and_not_the_table(
    convivo, folder, model_folder, tmp_path, monkeypatch, error, words
):
    whole = Predictor.predict

    def odd(self, image):
        if image.name == "field1":
            raise error
        return whole(self, image)

    monkeypatch.setattr(Predictor, "predict", odd)
    arguments = ["predict", folder / "images", "--model", model_folder, "--out", tmp_path / "o"]
    code, out, err = convivo(*arguments)
    assert code == 2
    assert "3 of 4 images done" in out
    assert words in err
    assert {row["image"] for row in read_table(tmp_path / "o" / "objects.csv")} == {
        "field0",
        "field2",
        "field3",
    }
    assert (tmp_path / "o" / "contact.png").is_file()
    with pytest.raises(type(error)):
        convivo(*arguments, "--debug")


def test_ctrl_c_keeps_table_and_sheet_of_what_is_done(convivo, folder, model_folder, tmp_path, monkeypatch):
    whole = Predictor.predict

    def stopped(self, image):
        if image.name == "field2":
            raise KeyboardInterrupt
        return whole(self, image)

    monkeypatch.setattr(Predictor, "predict", stopped)
    code, out, err = convivo("predict", folder / "images", "--model", model_folder, "--out", tmp_path / "o")
    assert code == 130
    assert "2 of 4 images done" in out
    assert err.count("stopped") == 1
    assert {row["image"] for row in read_table(tmp_path / "o" / "objects.csv")} == {"field0", "field1"}
    assert (tmp_path / "o" / "contact.png").is_file()


def test_ctrl_c_in_any_command_says_so_once(convivo, monkeypatch):
    def stopped():
        raise KeyboardInterrupt

    monkeypatch.setattr(doctor, "examine", stopped)
    code, _, err = convivo("doctor")
    assert (code, err.strip()) == (130, "stopped")


def test_a_wrong_option_is_named_by_typer(convivo):
    code, _, err = convivo("doctor", "--jsn")
    assert code == 2
    assert "--jsn" in err


def test_a_scale_that_no_image_can_have_is_refused_once(convivo, folder, model_folder, tmp_path):
    result = convivo(
        "predict", folder / "images", "--model", model_folder, "--out", tmp_path / "o", "--scale", 0
    )
    refused(result, "scale")
    assert result[2].count("fix: ") == 1


def test_odd_but_honest_images_are_no_error(convivo, model_folder, tmp_path):
    tifffile.imwrite(tmp_path / "dot.tif", np.ones((1, 1), np.uint8))
    tifffile.imwrite(tmp_path / "flat.tif", np.full((50, 60), 9, np.uint16))
    code, out, err = convivo(
        "predict",
        tmp_path / "dot.tif",
        tmp_path / "flat.tif",
        "--model",
        model_folder,
        "--out",
        tmp_path / "o",
    )
    assert code == 0, err
    assert "2 of 2 images done, 0 objects" in out
    assert err.count("the image is constant") == 2


def test_a_model_is_not_written_over(convivo, folder, model_folder):
    refused(convivo("train", "unet", folder, "--out", model_folder), "already holds a model", "--resume")


def test_debug_shows_the_traceback(convivo, tmp_path):
    with pytest.raises(Exception, match="there is no model"):
        convivo("predict", tmp_path, "--model", "none", "--out", tmp_path / "o", "--debug")


def test_a_wrong_option_in_a_config_names_the_near_one(convivo, folder, tmp_path):
    (tmp_path / "train.toml").write_text("minuts = 1\n")
    result = convivo("train", "unet", folder, "--out", tmp_path / "m", "--config", tmp_path / "train.toml")
    refused(result, "minuts", "minutes")
