"""`convivo train n2v`, `train care`, and `predict` with what they leave."""

import json

import numpy as np
import pytest
import tifffile
from PIL import Image as PillowImage

from convivo.io.images import read
from convivo.model import Model, TargetScale
from restorers import exposures, noisy, restorer
from simulated import nuclei

pytestmark = pytest.mark.usefixtures("few_hidden_pixels")

QUICK = ("--steps", 2, "--patch", 32, "--batch", 2, "--filters", 4, "--depth", 1)


@pytest.fixture
def pairs(tmp_path):
    """Pairs on disk; `low` alone are noisy images."""
    for side in ("low", "high"):
        (tmp_path / "pairs" / side).mkdir(parents=True)
    for each in exposures(3):
        tifffile.imwrite(tmp_path / "pairs" / "low" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(tmp_path / "pairs" / "high" / f"{each.name}.tif", each.target.array[0])
    return tmp_path / "pairs"


@pytest.fixture
def models(tmp_path):
    """Untrained models on disk, by what they are."""
    scale = TargetScale(gain=(40.0,), offset=(-9000.0,))  # far beyond the ends of 8 and 16 bits
    made = {
        "n2v": restorer("n2v"),
        "care": restorer("care", members=2, probabilistic=True),
        "far": restorer("care").with_card(target_scale=scale),
    }
    for name, model in made.items():
        model.save(tmp_path / "models" / name)
    return tmp_path / "models"


def put(folder, dtype=np.uint16, name="cell", shape=(40, 44)):
    folder.mkdir(exist_ok=True)
    array = noisy((1, *shape))[0].astype(dtype)
    tifffile.imwrite(folder / f"{name}.tif", array)
    return array


def test_noisy_images_alone_train_noise2void_which_then_restores_them(convivo, pairs, tmp_path, monkeypatch):
    code, out, err = convivo("train", "n2v", pairs / "low", "--out", tmp_path / "m", *QUICK)
    assert code == 0, err
    assert "3 images; a net of" in err
    card = Model.load(tmp_path / "m").card
    (decibels,) = card.scores.selection.restoration.values()
    assert f"guessed where pixels were hidden to {decibels:.2f} dB" in out
    assert set(card.scores.selection.restoration) == {"hidden_db"}
    monkeypatch.chdir(tmp_path)
    row = next(each for each in json.loads(convivo("models", "--json")[1]) if each["name"] == "m")
    assert (row["accuracy"], row["part"]) == (f"{decibels:.2f} dB (hidden pixels)", "selection")
    assert (card.method, card.target_scale) == ("n2v", None)
    code, out, err = convivo("predict", pairs / "low", "--model", tmp_path / "m", "--out", tmp_path / "r")
    assert code == 0, err
    assert "3 of 3 images restored, by" in out
    written = {path.name for path in (tmp_path / "r").iterdir()}
    assert written == {
        "restored.png",
        "findings.json",
        *(f"field{number}_restored.tif" for number in range(3)),
    }


def test_pairs_train_care_whose_ensemble_says_what_it_does_not_know(convivo, pairs, tmp_path):
    options = ("--probabilistic", "--members", 2)
    code, _, err = convivo("train", "care", pairs, "--out", tmp_path / "m", *QUICK, *options)
    assert code == 0, err
    assert "3 pairs of images" in err
    card = Model.load(tmp_path / "m").card
    assert set(card.scores.selection.restoration) == {"scaled_db"}  # psnr is that of restored images
    size = card.net
    assert (size.members, size.probabilistic, size.outputs) == (2, True, 4)
    low = pairs / "low" / "field0.tif"
    assert convivo("predict", low, "--model", tmp_path / "m", "--out", tmp_path / "r")[0] == 0
    restored, maps = (read(tmp_path / "r" / f"field0_{what}.tif") for what in ("restored", "uncertainty"))
    assert restored.array.shape == (1, 64, 64)
    assert maps.array.shape == (4, 64, 64)
    for number, name in enumerate(["data", "model", "total", "disagreement"]):
        named = read(tmp_path / "r" / "field0_uncertainty.tif", channel=name)
        np.testing.assert_array_equal(named.array[0], maps.array[number])
    np.testing.assert_allclose(maps.array[2] ** 2, maps.array[0] ** 2 + maps.array[1] ** 2, rtol=1e-4)
    assert maps.array[3].max() <= 1


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.float32])
def test_a_restored_image_has_the_type_of_its_file_rounded_and_clipped(convivo, models, tmp_path, dtype):
    array = put(tmp_path / "in", dtype)
    code, _, err = convivo("predict", tmp_path / "in", "--model", models / "far", "--out", tmp_path / "r")
    assert code == 0, err
    found = tifffile.imread(tmp_path / "r" / "cell_restored.tif")
    assert (found.dtype, found.shape) == (dtype, array.shape)
    python = Model.load(models / "far")
    from convivo.run.restore import restore

    exact = restore(python, read(tmp_path / "in" / "cell.tif")).image.array[0].astype(np.float64)
    if dtype == np.float32:
        assert exact.min() < 0
        np.testing.assert_allclose(found, exact, rtol=1e-4)
    else:
        limit = np.iinfo(dtype).max
        assert exact.min() < 0
        assert (found[exact < 0] == 0).all()
        assert (found[exact > limit + 1] == limit).all()
        assert np.abs(found - np.clip(exact, 0, limit)).max() <= 0.6


@pytest.mark.parametrize(("low", "high", "written"), [
    (np.uint8, np.uint16, np.uint16),
    (np.uint16, np.float32, np.float32),
    (np.uint16, np.uint8, np.uint16),
    (np.float32, np.uint16, np.float32),
])  # fmt: skip
def test_a_type_that_cannot_hold_what_targets_hold_becomes_one_that_can(
    convivo, pairs, tmp_path, low, high, written
):
    for each in exposures(3):
        clean = each.target.array[0] / each.target.array.max()
        clean = clean if high == np.float32 else clean * np.iinfo(high).max
        tifffile.imwrite(
            pairs / "low" / f"{each.name}.tif", (each.image.array[0] / 8).clip(0, 255).astype(low)
        )
        tifffile.imwrite(pairs / "high" / f"{each.name}.tif", clean.astype(high))
    assert convivo("train", "care", pairs, "--out", tmp_path / "m", *QUICK)[0] == 0
    assert convivo("predict", pairs / "low", "--model", tmp_path / "m", "--out", tmp_path / "r")[0] == 0
    found = tifffile.imread(tmp_path / "r" / "field0_restored.tif")
    assert found.dtype == written
    wanted = tifffile.imread(pairs / "high" / "field0.tif")
    assert np.percentile(found, 95) == pytest.approx(np.percentile(wanted, 95), rel=0.2)


def test_every_axis_and_the_pixel_size_are_kept(convivo, models, tmp_path):
    film = noisy((3, 4, 20, 24)).astype(np.uint16)
    tifffile.imwrite(
        tmp_path / "film.tif",
        film,
        imagej=True,
        resolution=(4.0, 4.0),
        metadata={"axes": "TZYX", "spacing": 1.5, "unit": "um"},
    )
    code, _, err = convivo(
        "predict", tmp_path / "film.tif", "--model", models / "care", "--out", tmp_path / "r"
    )
    assert code == 0, err
    before = read(tmp_path / "film.tif")
    for name, channels in (("film_restored.tif", 1), ("film_uncertainty.tif", 4)):
        after = read(tmp_path / "r" / name)
        assert after.axes == before.axes == "TCZYX"
        assert after.array.shape == (3, channels, 4, 20, 24)
        assert after.pixel_size.lengths == pytest.approx(before.pixel_size.lengths)


def test_maps_of_several_channels_are_named_with_the_channel(convivo, tmp_path):
    restorer("care", channels=2, restored=2, members=2).save(tmp_path / "two")
    tifffile.imwrite(tmp_path / "film.tif", noisy((3, 2, 20, 24)), imagej=True, metadata={"axes": "TCYX"})
    code, _, err = convivo(
        "predict", tmp_path / "film.tif", "--model", tmp_path / "two", "--out", tmp_path / "r"
    )
    assert code == 0, err
    names = ["model, channel 0", "model, channel 1", "total, channel 0", "total, channel 1"]
    with tifffile.TiffFile(tmp_path / "r" / "film_uncertainty.tif") as written:
        assert written.imagej_metadata["Labels"] == 3 * names  # each page has its own


def test_a_bad_file_among_good_ones_is_named_and_the_others_are_restored(convivo, models, tmp_path):
    for name in ("a", "c"):
        put(tmp_path / "in", name=name)
    (tmp_path / "in" / "b.tif").write_bytes(b"no image")
    code, out, err = convivo("predict", tmp_path / "in", "--model", models / "n2v", "--out", tmp_path / "r")
    assert code == 2
    assert "2 of 3 images restored" in out
    assert "1 of 3 images could not be done" in err
    assert "b.tif" in err
    written = {path.name for path in (tmp_path / "r").iterdir()}
    assert written == {"a_restored.tif", "c_restored.tif", "findings.json", "restored.png"}
    with PillowImage.open(tmp_path / "r" / "restored.png") as sheet:
        assert min(sheet.size) > 50


def test_what_was_restored_is_not_restored_again(convivo, models, tmp_path):
    put(tmp_path / "in")
    for _ in range(2):
        code, out, _ = convivo(
            "predict", tmp_path / "in", "--model", models / "care", "--out", tmp_path / "in"
        )
        assert code == 0
        assert "1 of 1 images restored" in out


def test_a_note_on_a_constant_image_is_said(convivo, models, tmp_path):
    tifffile.imwrite(tmp_path / "blank.tif", np.full((20, 24), 7, np.uint8))
    code, out, err = convivo(
        "predict", tmp_path / "blank.tif", "--model", models / "n2v", "--out", tmp_path / "r"
    )
    assert code == 0
    assert "note: blank: the image is constant" in err
    assert "by no engine" in out
    assert (tifffile.imread(tmp_path / "r" / "blank_restored.tif") == 7).all()


def test_tta_restores_otherwise(convivo, models, tmp_path):
    put(tmp_path / "in", np.float32)
    for out, more in (("plain", ()), ("tta", ("--tta",))):
        code, _, err = convivo(
            "predict", tmp_path / "in", "--model", models / "n2v", "--out", tmp_path / out, *more
        )
        assert code == 0, err
    plain, turned = (tifffile.imread(tmp_path / name / "cell_restored.tif") for name in ("plain", "tta"))
    assert not np.allclose(plain, turned)


@pytest.mark.parametrize(("options", "words"), [
    (("--prob", 0.5), "restores images and has no prob"),
    (("--split", "watershed"), "restores images and has no split"),
    (("--rays",), "measures no rays"),
    (("--tile", 33), "multiple of the net's stride 2"),
])  # fmt: skip
def test_options_of_a_finder_are_refused_for_a_restorer(convivo, models, tmp_path, options, words):
    put(tmp_path / "in")
    code, _, err = convivo(
        "predict", tmp_path / "in", "--model", models / "n2v", "--out", tmp_path / "r", *options
    )
    assert code == 2
    assert words in err
    assert not (tmp_path / "r").exists()


def test_a_finder_has_no_turned_views(convivo, tmp_path):
    put(tmp_path / "in")
    Model.new("unet", nuclei(1), name="finder", filters=4, depth=1).save(tmp_path / "finder")
    code, _, err = convivo(
        "predict", tmp_path / "in", "--model", tmp_path / "finder", "--out", tmp_path / "r", "--tta"
    )
    assert code == 2
    assert "'finder' finds objects and takes no mean over turned views" in err
