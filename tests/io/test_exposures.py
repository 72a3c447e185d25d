"""Noisy images and pairs of exposures as people keep them on disk."""

import numpy as np
import pytest
import tifffile

from convivo.errors import BadInput
from convivo.io.exposures import open_exposures, open_noisy

PICTURE = np.random.default_rng(0).integers(0, 4000, (12, 14)).astype(np.uint16)


def put(path, array=PICTURE, **options):
    path.parent.mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(path, array, **options)


def names(data):
    return [each.name for each in data]


def test_noisy_images_come_from_files_folders_and_patterns_each_once(tmp_path):
    for number in range(3):
        put(tmp_path / "noisy" / f"field{number}.tif", PICTURE + number)
    data, parts = open_noisy([tmp_path / "noisy", tmp_path / "noisy" / "field1.tif"])
    assert names(data) == ["field0", "field1", "field2"]
    assert [each.group for each in data] == names(data)
    assert all(each.target is None for each in data)
    assert parts == {}
    np.testing.assert_array_equal(data[2].image.array[0], PICTURE + 2)
    assert names(open_noisy([tmp_path / "noisy" / "field1.tif"])[0]) == ["field1"]
    assert names(open_noisy([f"{tmp_path}/noisy/*2.tif"])[0]) == ["field2"]


def test_axes_and_channel_say_how_noisy_images_are_read(tmp_path):
    put(tmp_path / "a.tif", np.stack([PICTURE, PICTURE + 1]), photometric="minisblack")
    image = open_noisy([tmp_path / "a.tif"], axes="CYX", channel="1")[0][0].image
    np.testing.assert_array_equal(image.array, PICTURE[None] + 1)
    assert open_noisy([tmp_path / "a.tif"], axes="ZYX")[0][0].image.axes == "CZYX"


def test_groups_and_parts_of_noisy_images_are_read_from_a_table(tmp_path):
    for number in range(3):
        put(tmp_path / f"field{number}.tif")
    (tmp_path / "groups.csv").write_text("image,group,part\nfield0.tif,dish,validation\nfield1.tif,dish,\n")
    data, parts = open_noisy([tmp_path])
    assert {each.name: each.group for each in data} == {
        "field0": "dish",
        "field1": "dish",
        "field2": "field2",
    }
    assert parts == {"field0": "validation"}


def test_the_table_of_one_folder_says_nothing_of_another(tmp_path):
    for day in ("monday", "tuesday"):
        put(tmp_path / day / "cell.tif")
    (tmp_path / "tuesday" / "groups.csv").write_text("image,group,part\ncell.tif,dish,validation\n")
    data, parts = open_noisy([tmp_path / "monday", tmp_path / "tuesday"])
    assert {each.name: each.group for each in data} == {"monday_cell": "monday_cell", "tuesday_cell": "dish"}
    assert parts == {"tuesday_cell": "validation"}


@pytest.mark.parametrize("opened", [lambda path: open_noisy([path / "low"]), open_exposures])
def test_a_row_that_names_no_image_is_refused(tmp_path, opened):
    for side in ("low", "high"):
        put(tmp_path / side / "cell.tif")
    for folder in (tmp_path, tmp_path / "low"):
        (folder / "groups.csv").write_text("image,group\nsell.tif,dish\n")
    with pytest.raises(BadInput, match="1 images that are not there: sell"):
        opened(tmp_path)


def test_pairs_go_by_name_whatever_the_ending(tmp_path):
    for number in (2, 10):
        put(tmp_path / "low" / f"field{number}.tif", PICTURE + number)
        put(tmp_path / "high" / f"field{number}.tiff", 4.0 * (PICTURE + number).astype(np.float32))
    data, parts = open_exposures(tmp_path)
    assert names(data) == ["field2", "field10"]  # as people count
    assert parts == {}
    for each in data:
        np.testing.assert_allclose(each.target.array, 4.0 * each.image.array)
        assert each.group == each.name


def test_groups_and_parts_of_pairs_are_read_from_a_table(tmp_path):
    for name in ("a", "b"):
        for side in ("low", "high"):
            put(tmp_path / side / f"{name}.tif")
    (tmp_path / "groups.csv").write_text("image,group,part\na.tif,dish,train\nb.tif,,validation\n")
    data, parts = open_exposures(tmp_path)
    assert [each.group for each in data] == ["dish", "b"]
    assert parts == {"a": "train", "b": "validation"}


def test_what_has_no_partner_is_named(tmp_path):
    for side, name in [("low", "a"), ("low", "b"), ("high", "a"), ("high", "c")]:
        put(tmp_path / side / f"{name}.tif")
    with pytest.raises(BadInput, match=r"1 of low \(b\) and 1 of high \(c\)"):
        open_exposures(tmp_path)


@pytest.mark.parametrize("side", ["low", "high"])
def test_a_folder_that_is_not_there_is_named(tmp_path, side):
    put(tmp_path / {"low": "high", "high": "low"}[side] / "a.tif")
    with pytest.raises(BadInput, match=f"no folder .*{side}") as caught:
        open_exposures(tmp_path)
    assert "simulate pairs" in caught.value.fix


def test_a_pair_of_unlike_shapes_is_refused_but_channels_may_differ(tmp_path):
    put(
        tmp_path / "low" / "a.tif",
        np.stack([PICTURE, PICTURE]),
        photometric="minisblack",
        metadata={"axes": "CYX"},
    )
    put(tmp_path / "high" / "a.tif")
    assert open_exposures(tmp_path)[0][0].image.array.shape == (2, 12, 14)
    put(tmp_path / "high" / "a.tif", PICTURE[:, 1:])
    with pytest.raises(BadInput, match="a is Y 12 x X 14 in low, and Y 12 x X 13 in high"):
        open_exposures(tmp_path)
