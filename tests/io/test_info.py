"""A text travels inside a TIFF and comes back, beside all else that the file says."""

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.io.images import read, read_labels, write_channels, write_labels
from convivo.io.info import read_info
from convivo.types import Image, PixelSize

LABELS = np.random.default_rng(0).integers(0, 9, (3, 12, 14))


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
@settings(max_examples=30, deadline=None)
def test_the_text_comes_back(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / "info.tif"
    write_labels(path, LABELS[0], info=text)
    assert read_info(path) == text


def test_labels_axes_and_pixel_size_are_as_without(tmp_path):
    size = PixelSize((2.0, 0.5, 0.25))
    for name, info in (("with", "µ\n" * 5000), ("without", "")):
        write_labels(tmp_path / f"{name}.tif", LABELS, pixel_size=size, info=info)
    found, plain = (read(tmp_path / f"{name}.tif") for name in ("with", "without"))
    assert (found.axes, found.pixel_size) == (plain.axes, plain.pixel_size)
    assert (read_labels(tmp_path / "with.tif") == LABELS).all()
    assert read_info(tmp_path / "with.tif") == "µ\n" * 5000
    assert read_info(tmp_path / "without.tif") == ""


def test_the_names_of_channels_stay_beside_it(tmp_path):
    image = Image(np.zeros((2, 3, 8, 9), np.float32), "TCYX")
    write_channels(tmp_path / "a.tif", image, names=["data", "model", "total"], info="so it is")
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        assert tiff.imagej_metadata["Labels"] == ["data", "model", "total"] * 2
        assert tiff.imagej_metadata["Info"] == "so it is"
    assert read(tmp_path / "a.tif", channel="model").array.shape == (2, 1, 8, 9)


def test_a_tiff_of_another_program_has_none(tmp_path):
    tifffile.imwrite(tmp_path / "plain.tif", LABELS[0])
    assert read_info(tmp_path / "plain.tif") == ""


def test_what_is_no_tiff_is_said(tmp_path):
    (tmp_path / "text.tif").write_text("labels")
    for name in ("text.tif", "missing.tif"):
        with pytest.raises(BadInput, match=name):
            read_info(tmp_path / name)


def test_values_that_are_no_numbers_are_read_where_somebody_looks_for_them(tmp_path):
    array = np.ones((6, 7), np.float32)
    array[2, 3] = np.nan
    tifffile.imwrite(tmp_path / "nan.tif", array)
    with pytest.raises(BadInput, match="NaN"):
        read(tmp_path / "nan.tif")
    assert np.isnan(read(tmp_path / "nan.tif", finite=False).array).sum() == 1
