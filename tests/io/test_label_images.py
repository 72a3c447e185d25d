"""Label images and maps come back as they were written, in Fiji too."""

import tracemalloc

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from convivo.errors import BadInput, CannotWrite
from convivo.io.images import read, read_labels, write_labels, write_map
from convivo.types import PixelSize

RNG = np.random.default_rng(0)


@given(
    axes=st.sampled_from([("", 2), ("", 3), ("T", 2), ("Z", 2), ("TZ", 2), ("T", 3)]),
    highest=st.sampled_from([0, 1, 65_535, 65_536, 2**32 - 1]),
    size=st.tuples(*[st.floats(0.001, 100)] * 3),
    data=st.data(),
)
@settings(max_examples=40, deadline=None)
def test_labels_and_pixel_size_come_back_as_they_were(tmp_path_factory, axes, highest, size, data):
    pages, dimensions = axes
    shape = data.draw(st.tuples(*[st.integers(2, 5)] * (len(pages) + dimensions)))
    labels = RNG.integers(0, highest, shape, endpoint=True)
    labels.flat[0] = highest
    path = tmp_path_factory.getbasetemp() / "a_labels.tif"
    lengths = size if "Z" in pages or dimensions == 3 else size[1:]
    write_labels(path, labels, pixel_size=PixelSize(lengths), page_axes=pages)
    np.testing.assert_array_equal(read_labels(path), labels)
    image = read(path)
    assert image.axes.replace("C", "") == pages + "ZYX"[-dimensions:]
    assert image.array.dtype == (np.uint16 if highest <= 65_535 else np.uint32)
    assert image.pixel_size.lengths == pytest.approx(lengths, rel=1e-5)


def test_a_unit_other_than_micrometres_is_brought_to_it_and_an_unknown_one_left_out(tmp_path):
    for size, expected in [
        (PixelSize((650.0, 325.0), "nm"), PixelSize((0.65, 0.325))),
        (PixelSize((1.0, 1.0), "pixel"), None),
        (None, None),
    ]:
        write_labels(tmp_path / "a.tif", np.eye(4, dtype=int), pixel_size=size)
        assert read(tmp_path / "a.tif").pixel_size == expected


@pytest.mark.parametrize("highest", [9, 70_000])
def test_fiji_opens_what_is_written(tmp_path, highest):
    """What ImageJ's decoder asks for: strips, Deflate without predictor, its own description, one IFD a plane."""
    labels = RNG.integers(0, highest, (3, 40, 50), endpoint=True)
    write_labels(tmp_path / "a.tif", labels, pixel_size=PixelSize((2.0, 0.5, 0.25)))
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        assert not tiff.is_bigtiff
        assert len(tiff.pages) == 3
        for page in tiff.pages:
            assert not page.is_tiled
            assert page.predictor == 1
            assert page.compression == tifffile.COMPRESSION.ADOBE_DEFLATE
        described = tiff.imagej_metadata
        assert {key: described[key] for key in ("images", "slices", "unit", "spacing")} == {
            "images": 3,
            "slices": 3,
            "unit": "um",
            "spacing": 2.0,
        }
        assert tiff.pages[0].tags["XResolution"].value == (4, 1)
        assert tiff.pages[0].tags["YResolution"].value == (2, 1)


@pytest.mark.parametrize("name", ["a.ome.tif", "ä 細胞.tif"])
def test_any_name_will_do(tmp_path, name):
    write_labels(tmp_path / name, np.eye(4, dtype=np.uint8))
    np.testing.assert_array_equal(read_labels(tmp_path / name), np.eye(4))


def test_a_width_of_three_is_no_colour(tmp_path):
    labels = RNG.integers(0, 9, (5, 4, 3))
    write_labels(tmp_path / "a.tif", labels)
    np.testing.assert_array_equal(read_labels(tmp_path / "a.tif"), labels)


@pytest.mark.parametrize(
    ("labels", "problem"),
    [
        (np.array([[2**32]]), "4294967296"),
        (np.array([[-1, 3]]), "-1"),
        (np.array([[0.5]]), "float64"),
        (np.zeros((0, 5), int), "0 x 5"),
    ],
)
def test_labels_that_a_file_cannot_hold_are_refused_and_nothing_is_left(tmp_path, labels, problem):
    with pytest.raises(BadInput, match=problem):
        write_labels(tmp_path / "a.tif", labels)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_cannot_write(tmp_path):
    with pytest.raises(CannotWrite, match="does not exist"):
        write_labels(tmp_path / "no" / "a.tif", np.eye(3, dtype=int))


def test_a_map_comes_back_as_float32_with_its_pixel_size(tmp_path):
    values = RNG.random((2, 6, 7))
    write_map(tmp_path / "a.tif", values, pixel_size=PixelSize((0.5, 0.5)), page_axes="T")
    image = read(tmp_path / "a.tif")
    assert (image.axes, image.array.dtype, image.pixel_size) == ("TCYX", np.float32, PixelSize((0.5, 0.5)))
    np.testing.assert_array_equal(image.array[:, 0], values.astype(np.float32))


@pytest.mark.parametrize("dtype", ["?", "u1", "i2", "u4", "i4", "f4", "f8"])
def test_label_images_of_every_type_become_integers(tmp_path, dtype):
    labels = (RNG.integers(0, 9, (6, 7)) > 4).astype(dtype)
    tifffile.imwrite(tmp_path / "a.tif", labels)
    found = read_labels(tmp_path / "a.tif")
    assert found.dtype.kind in "ui"
    np.testing.assert_array_equal(found, labels)


def test_a_mask_of_one_value_is_returned_as_it_is(tmp_path):
    mask = np.array([[0, 255], [255, 0]], np.uint8)
    PillowImage.fromarray(mask).save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_labels(tmp_path / "a.png"), mask)
    PillowImage.fromarray(np.dstack([mask] * 3)).save(tmp_path / "a.png")  # grey, saved as colour
    np.testing.assert_array_equal(read_labels(tmp_path / "a.png"), mask)


def test_of_a_png_with_a_palette_the_numbers_are_the_labels(tmp_path):
    labels = RNG.integers(0, 4, (6, 7), dtype=np.uint8)
    picture = PillowImage.fromarray(labels).convert("P")
    picture.putpalette([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255])
    picture.save(tmp_path / "a.png")
    np.testing.assert_array_equal(read_labels(tmp_path / "a.png"), labels)
    assert read(tmp_path / "a.png").array.shape == (3, 6, 7)  # as an image it has its colours


@pytest.mark.parametrize("name", ["a.png", "a.tif"])
def test_a_coloured_mask_is_refused_with_the_way_to_convert_it(tmp_path, name):
    coloured = RNG.integers(0, 255, (6, 7, 3), dtype=np.uint8)
    (PillowImage.fromarray(coloured).save if name == "a.png" else lambda p: tifffile.imwrite(p, coloured))(
        tmp_path / name
    )
    with pytest.raises(BadInput, match="one number a pixel") as caught:
        read_labels(tmp_path / name)
    assert "skimage.measure.label" in caught.value.fix


def test_labels_on_channels_are_refused_with_the_axes_they_may_be(tmp_path):
    stack = RNG.integers(0, 9, (3, 6, 7), dtype=np.uint16)
    tifffile.imwrite(tmp_path / "a.tif", stack, imagej=True)  # tifffile calls them channels where nobody says
    with pytest.raises(BadInput, match="3 channels") as caught:
        read_labels(tmp_path / "a.tif")
    assert "--axes ZYX" in caught.value.fix
    np.testing.assert_array_equal(read_labels(tmp_path / "a.tif", axes="ZYX"), stack)


def test_labels_that_are_not_whole_are_refused_with_one_of_them(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", np.array([[0, 1], [2.5, 3]], np.float32))
    with pytest.raises(BadInput, match=r"holds 2\.5"):
        read_labels(tmp_path / "a.tif")


def test_eight_thousand_pixels_square_are_written_with_little_memory(tmp_path):
    labels = np.zeros((8192, 8192), np.uint16)
    labels[::3, ::5] = 7
    tracemalloc.start()
    try:
        write_labels(tmp_path / "a.tif", labels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < labels.nbytes / 4
