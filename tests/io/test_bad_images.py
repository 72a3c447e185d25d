"""A bad file is told with its name, what is wrong and what to do; never a traceback, never a word of a library."""

import logging
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from convivo.errors import BadInput
from convivo.io.images import read, read_labels

RNG = np.random.default_rng(0)
PLANE = RNG.integers(0, 60_000, (6, 7), dtype=np.uint16)
STACK = RNG.integers(1, 60_000, (3, 6, 7), dtype=np.uint16)

TIFFS = {
    "pages.tif": {"photometric": "minisblack", "metadata": None},
    "shaped.tif": {"photometric": "minisblack", "metadata": {"axes": "ZYX"}},
    "imagej.tif": {"imagej": True, "metadata": {"axes": "ZYX"}},
    "x.ome.tif": {"photometric": "minisblack", "metadata": {"axes": "ZYX"}},
    "zlib.tif": {"photometric": "minisblack", "metadata": {"axes": "ZYX"}, "compression": "zlib"},
    "lzw.tif": {
        "photometric": "minisblack",
        "metadata": {"axes": "ZYX"},
        "compression": "lzw",
        "predictor": True,
    },
    "strips.tif": {"photometric": "minisblack", "metadata": {"axes": "ZYX"}, "rowsperstrip": 2},
    "tiles.tif": {"photometric": "minisblack", "metadata": {"axes": "ZYX"}, "tile": (16, 16)},
}


@pytest.fixture
def quiet(capfd, caplog):
    """Nothing is printed and nothing reaches the log."""
    with caplog.at_level(logging.DEBUG):
        yield
    captured = capfd.readouterr()
    assert (captured.out, captured.err) == ("", "")
    assert caplog.get_records("call") == []


def refused(path, **options):
    with pytest.raises(BadInput) as caught:
        read(path, **options)
    assert str(path) in caught.value.problem
    assert caught.value.fix
    assert len(str(caught.value).splitlines()) <= 6
    return caught.value


def read_or_refused(path, **options):
    """The image, or None where it is refused by its name."""
    try:
        return read(path, **options)
    except BadInput as error:
        assert path.name in error.problem  # noqa: PT017  (either is right)
        return None


def stored(folder, name):
    tifffile.imwrite(folder / name, STACK, **TIFFS[name])
    return (folder / name).read_bytes()


@pytest.mark.parametrize("name", TIFFS)
@pytest.mark.usefixtures("quiet")
def test_a_tiff_cut_short_anywhere_is_refused_or_read_whole(tmp_path, name):
    whole = stored(tmp_path, name)
    for length in [*range(0, len(whole), 13), len(whole) - 1]:
        (tmp_path / name).write_bytes(whole[:length])
        image = read_or_refused(tmp_path / name, axes="ZYX")
        if image is not None:
            np.testing.assert_array_equal(image.array[0], STACK)


@given(name=st.sampled_from(sorted(TIFFS)), place=st.floats(0, 1, exclude_max=True), byte=st.integers(0, 255))
@settings(max_examples=150, deadline=None)
def test_a_tiff_with_a_wrong_byte_is_an_image_or_bad_input(tmp_path_factory, name, place, byte):
    folder = tmp_path_factory.getbasetemp()
    damaged = bytearray(stored(folder, name))
    damaged[int(place * len(damaged))] = byte
    (folder / name).write_bytes(damaged)
    image = read_or_refused(folder / name)
    assert image is None or image.array.dtype.kind in "buif"


@pytest.mark.usefixtures("quiet")
def test_a_tiff_whose_pages_run_in_a_circle_is_refused_and_not_followed_for_ever(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(PLANE, metadata=None)
        writer.write(PLANE[:3], metadata=None)
    with tifffile.TiffFile(tmp_path / "a.tif") as tiff:
        last = tiff.pages[1].offset
    whole = bytearray((tmp_path / "a.tif").read_bytes())
    following = (
        last + 2 + 12 * int.from_bytes(whole[last : last + 2], "little")
    )  # behind the tags of the page
    whole[following : following + 4] = last.to_bytes(4, "little")
    (tmp_path / "a.tif").write_bytes(whole)
    assert "circular" in refused(tmp_path / "a.tif").problem


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.npy"])
@pytest.mark.usefixtures("quiet")
def test_a_picture_cut_short_anywhere_is_refused_or_read_whole(tmp_path, name):
    path = tmp_path / name
    np.save(path, PLANE) if name == "a.npy" else PillowImage.fromarray(PLANE.astype(np.uint8)).save(path)
    whole, expected = path.read_bytes(), read(path).array
    for length in range(0, len(whole), 3):
        path.write_bytes(whole[:length])
        image = read_or_refused(path)
        if image is not None:
            np.testing.assert_array_equal(image.array, expected)


@pytest.mark.usefixtures("quiet")
def test_a_missing_file_is_told_with_the_one_it_was_meant_to_be(tmp_path):
    (tmp_path / "cells.tif").write_bytes(b"")
    assert "cells.tif" in refused(tmp_path / "cell.tif").fix
    with pytest.raises(BadInput, match="no folder"):
        read(tmp_path / "no" / "cells.tif")


@pytest.mark.parametrize(
    ("name", "content", "problem", "fix"),
    [
        ("a.tif", b"", "empty", "once more"),
        ("a.tif", b"Label,Area\n1,20\n", "text file", "image itself"),
        ("a.png", b"<html><body>404</body></html>", "text file", "image itself"),
        ("a.tif", b"\x00\x01\x02\x03" * 20, "00 01 02 03", "Fiji"),
        ("a.tif", b"\x89PNG\r\n\x1a\n....", "PNG file with the ending .tif", "a.png"),
        ("a.jpg", b"II*\0....", "TIFF file with the ending .jpg", "a.tif"),
        ("a.tif", b"II*\0\x08\0\0\0", "damaged", "once more"),
        ("a.czi", b"ZISRAWFILE", ".czi", ".tif, .tiff, .png"),
        ("a", b"x", "(none)", ".tif"),
        (
            "a.npy",
            b"\x93NUMPY\x01\x00v\x00{'descr': '|O', 'fortran_order': False, 'shape': (1,), }\n",
            "damaged",
            "once",
        ),
    ],
)
@pytest.mark.usefixtures("quiet")
def test_what_is_no_image_is_told_for_what_it_is(tmp_path, name, content, problem, fix):
    (tmp_path / name).write_bytes(content)
    error = refused(tmp_path / name)
    assert problem in error.problem
    assert fix in error.fix


def test_a_folder_is_no_image(tmp_path):
    (tmp_path / "a.tif").mkdir()
    assert "folder" in refused(tmp_path / "a.tif").problem


@pytest.mark.usefixtures("quiet")
def test_pickled_objects_are_never_loaded(tmp_path):
    class Trap:
        def __reduce__(self):
            return Path.touch, (tmp_path / "sprung",)

    np.save(tmp_path / "a.npy", np.array([[Trap()]], object), allow_pickle=True)
    refused(tmp_path / "a.npy")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize("options", [{}, {"metadata": None}])
@pytest.mark.usefixtures("quiet")
def test_six_axes_are_too_many(tmp_path, options):
    np.save(tmp_path / "a.npy", np.zeros((2,) * 6))
    tifffile.imwrite(
        tmp_path / "a.tif", np.zeros((2, 2, 2, 2, 6, 7), np.uint8), photometric="minisblack", **options
    )
    assert "6 axes" in refused(tmp_path / "a.npy").problem
    assert "axes" in refused(tmp_path / "a.tif").problem
    assert "6 axes" in refused(tmp_path / "a.npy", axes="TZCYXQ").problem


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.usefixtures("quiet")
def test_nan_and_infinity_are_counted_and_placed(tmp_path, bad):
    array = PLANE.astype(np.float32)
    array[2, 3] = array[4, 1] = bad
    tifffile.imwrite(tmp_path / "a.tif", array)
    assert (
        "2 NaN or infinite values of 42, first at C = 0, Y = 2, X = 3" in refused(tmp_path / "a.tif").problem
    )


@pytest.mark.usefixtures("quiet")
def test_complex_numbers_are_refused(tmp_path):
    tifffile.imwrite(tmp_path / "a.tif", PLANE.astype(np.complex64))
    assert "complex" in refused(tmp_path / "a.tif").problem


@pytest.mark.usefixtures("quiet")
def test_several_images_in_one_file_are_not_dropped_unnoticed(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(PLANE, metadata=None)
        writer.write(PLANE[:3], metadata=None)
    error = refused(tmp_path / "a.tif")
    assert "2 images (6 x 7, 3 x 7)" in error.problem


@pytest.mark.usefixtures("quiet")
def test_a_small_copy_for_the_file_browser_is_no_second_image(tmp_path):
    with tifffile.TiffWriter(tmp_path / "a.tif") as writer:
        writer.write(PLANE, metadata=None)
        writer.write(np.zeros((3, 3, 3), np.uint8), photometric="rgb", metadata=None, subfiletype=1)
    np.testing.assert_array_equal(read(tmp_path / "a.tif").array[0], PLANE)


@pytest.mark.usefixtures("quiet")
def test_an_ome_tiff_whose_companion_is_gone_is_refused(tmp_path):
    tifffile.imwrite(tmp_path / "a.ome.tif", STACK, photometric="minisblack", metadata={"axes": "ZYX"})
    whole = (tmp_path / "a.ome.tif").read_bytes()
    (tmp_path / "a.ome.tif").write_bytes(whole.replace(b'SizeZ="3"', b'SizeZ="9"'))
    refused(tmp_path / "a.ome.tif")


@pytest.mark.parametrize("reader", [read, read_labels])
def test_axes_that_do_not_fit_name_letters_and_shape(tmp_path, reader):
    tifffile.imwrite(tmp_path / "a.tif", STACK, photometric="minisblack")
    with pytest.raises(BadInput, match=r"2 axes.*3 x 6 x 7"):
        reader(tmp_path / "a.tif", axes="YX")
