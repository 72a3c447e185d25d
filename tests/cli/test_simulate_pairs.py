"""`convivo simulate pairs`: files that `convivo train care` takes as they are."""

import numpy as np
import pytest
import tifffile

from convivo.io.exposures import open_exposures
from convivo.io.label_images import write_channels
from convivo.types import Image, PixelSize


@pytest.fixture
def good(tmp_path):
    """Two 16-bit images, one of two channels."""
    rng = np.random.default_rng(0)
    (tmp_path / "good").mkdir()
    for name, channels in (("one", 1), ("two", 2)):
        array = (500 + 400 * rng.random((channels, 40, 48))).astype(np.uint16)
        image = Image(array, "CYX", name, PixelSize((0.5, 0.5)))
        write_channels(tmp_path / "good" / f"{name}.tif", image)
    return tmp_path / "good"


def test_low_and_high_are_pairs_on_one_scale(convivo, good, tmp_path):
    out = tmp_path / "pairs"
    _, said, _ = convivo("simulate", "pairs", "--from", str(good), "--photons", "1000", "--out", str(out))
    assert "2 pairs at 1000 photons" in said
    pairs = {each.name: each for each in open_exposures(out).data}
    assert {name: each.image.array.shape for name, each in pairs.items()} == {
        "one": (1, 40, 48),
        "two": (2, 40, 48),
    }
    for each in pairs.values():
        low, high = each.image.array, each.target.array
        assert (low.dtype, high.dtype) == (np.float32, np.uint16)
        assert 5 < np.std(low - high) < 30
        assert low.mean() == pytest.approx(high.mean(), rel=0.02)
        assert each.image.pixel_size == PixelSize((0.5, 0.5))


def test_the_same_seed_draws_the_same_and_another_does_not(convivo, good, tmp_path):
    drawn = []
    for folder, seed in (("a", "1"), ("b", "1"), ("c", "2")):
        out = tmp_path / folder
        convivo("simulate", "pairs", "--from", str(good), "--seed", seed, "--out", str(out))
        drawn.append(tifffile.imread(out / "low" / "one.tif"))
    np.testing.assert_array_equal(drawn[0], drawn[1])
    assert not np.array_equal(drawn[0], drawn[2])


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (["--photons", "0"], "0 photons"),
        (["--read-noise", "-1"], "read noise"),
        (["--seed", "-1"], "seed -1"),
    ],
)
def test_what_no_camera_does_is_refused(convivo, good, tmp_path, options, problem):
    out = tmp_path / "pairs"
    code, _, words = convivo("simulate", "pairs", "--from", str(good), "--out", str(out), *options)
    assert code == 2
    assert problem in words


def test_a_film_of_stacks_has_a_twin_of_its_shape(convivo, tmp_path):
    film = (500 + 400 * np.random.default_rng(0).random((2, 1, 3, 40, 48))).astype(np.uint16)
    write_channels(tmp_path / "film.tif", Image(film, "TCZYX", "film"))
    out = tmp_path / "pairs"
    code, _, err = convivo("simulate", "pairs", "--from", str(tmp_path / "film.tif"), "--out", str(out))
    assert code == 0, err
    (pair,) = open_exposures(out).data
    assert (pair.image.axes, pair.image.array.shape) == ("TCZYX", film.shape)
    off = (pair.image.array - film).mean(axis=(1, 2, 3, 4))
    assert np.abs(off).max() < 0.02 * film.mean()


def test_an_image_without_contrast_is_named(convivo, good, tmp_path):
    tifffile.imwrite(good / "blank.tif", np.full((40, 48), 7, np.uint16))
    code, _, err = convivo("simulate", "pairs", "--from", str(good), "--out", str(tmp_path / "pairs"))
    assert code == 2
    assert "blank: the image has no contrast" in err


def test_new_pairs_are_never_mixed_with_old_ones(convivo, good, tmp_path):
    out = tmp_path / "pairs"
    assert convivo("simulate", "pairs", "--from", str(good / "one.tif"), "--out", str(out))[0] == 0
    before = (out / "low" / "one.tif").read_bytes()
    for source in ("one.tif", "two.tif"):
        code, _, err = convivo(
            "simulate", "pairs", "--from", str(good / source), "--seed", "5", "--out", str(out)
        )
        assert code == 2
        assert "low holds 1 file already (one.tif)" in err
        assert "another folder" in err
    assert [each.name for each in (out / "low").iterdir()] == ["one.tif"]
    assert (out / "low" / "one.tif").read_bytes() == before
    (out / "low" / "one.tif").unlink()
    (out / "low" / ".DS_Store").write_bytes(b"")  # what a file manager leaves there counts for nothing
    (out / "high" / "one.tif").unlink()
    assert convivo("simulate", "pairs", "--from", str(good), "--out", str(out))[0] == 0
