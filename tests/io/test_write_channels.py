"""Images of any axes come back as they were written."""

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.io.images import read, write_channels
from convivo.types import Image, PixelSize

AXES = ["CYX", "CZYX", "TCYX", "TCZYX"]


@given(
    axes=st.sampled_from(AXES),
    channels=st.integers(1, 4),
    dtype=st.sampled_from([np.uint8, np.uint16, np.float32]),
    lengths=st.tuples(*[st.floats(0.01, 50)] * 3),
    seed=st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_pixels_axes_and_pixel_size_come_back(tmp_path_factory, axes, channels, dtype, lengths, seed):
    rng = np.random.default_rng(seed)
    shape = [channels if axis == "C" else int(rng.integers(2, 6)) for axis in axes]
    array = rng.integers(0, 255, shape).astype(dtype)
    size = PixelSize(lengths if "Z" in axes else lengths[1:])
    path = tmp_path_factory.getbasetemp() / "image.tif"
    write_channels(path, Image(array, axes, "image", size))
    back = read(path)
    assert (back.axes, back.array.dtype) == (axes, dtype)
    np.testing.assert_array_equal(back.array, array)
    assert back.pixel_size.lengths == pytest.approx(size.lengths, rel=1e-5)


def test_imagej_counts_channels_before_planes(tmp_path):
    array = np.random.default_rng(0).integers(0, 9, (2, 3, 4, 5, 6)).astype(np.uint16)  # T C Z Y X
    write_channels(tmp_path / "a.tif", Image(array, "TCZYX"))
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        assert tiff.is_imagej
        assert len(tiff.pages) == 2 * 3 * 4
        assert tiff.series[0].axes == "TZCYX"
        np.testing.assert_array_equal(tiff.pages[1].asarray(), array[0, 1, 0])


def test_channels_keep_their_names(tmp_path):
    array = np.arange(2 * 3 * 4 * 5 * 6, dtype=np.uint16).reshape(2, 3, 4, 5, 6)
    write_channels(tmp_path / "a.tif", Image(array, "TCZYX"), names=("DAPI", "GFP", "Längs"))
    for number, name in enumerate(("DAPI", "GFP", "Längs")):
        found = read(tmp_path / "a.tif", channel=name)
        np.testing.assert_array_equal(found.array[:, 0], array[:, number])


def test_an_image_without_pixels_is_refused(tmp_path):
    with pytest.raises(BadInput, match="would have no pixels"):
        write_channels(tmp_path / "a.tif", Image(np.zeros((1, 0, 4), np.uint8)))
