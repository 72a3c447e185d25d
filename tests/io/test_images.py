"""Every kind of image that scientists bring is read as what it is: pixels, axes, channels, pixel size."""

import imagecodecs
import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as PillowImage

from convivo.errors import BadInput
from convivo.io.images import read
from convivo.types import PixelSize
from shared_data import SHARED, needs_shared

RNG = np.random.default_rng(0)
PLANE = RNG.integers(0, 60_000, (6, 7), dtype=np.uint16)
STACK = RNG.integers(0, 60_000, (3, 6, 7), dtype=np.uint16)
COLOUR = RNG.integers(0, 255, (6, 7, 3), dtype=np.uint8)
ALPHA = np.dstack([COLOUR, np.full((6, 7), 128, np.uint8)])
GREY_AS_COLOUR = np.repeat(COLOUR[..., :1], 3, axis=2)


def tiff(tmp_path, array, name="cells.tif", **options):
    tifffile.imwrite(tmp_path / name, array, **options)
    return tmp_path / name


@pytest.mark.parametrize("dtype", ["u1", "i1", "u2", ">u2", "i2", "u4", "i4", "f2", "f4", ">f4", "f8"])
def test_tiffs_of_every_type_keep_their_type_and_values(tmp_path, dtype):
    array = (STACK[0] % 100).astype(dtype)
    image = read(tiff(tmp_path, array, byteorder=">" if dtype.startswith(">") else "<"))
    assert image.array.dtype == np.dtype(dtype).newbyteorder("=")
    assert (image.axes, image.name) == ("CYX", "cells")
    np.testing.assert_array_equal(image.array, array[None])


def test_a_picture_of_single_bits_becomes_numbers(tmp_path):
    image = read(tiff(tmp_path, PLANE % 2 == 0))
    assert image.array.dtype == np.uint8
    np.testing.assert_array_equal(image.array[0], PLANE % 2 == 0)


@pytest.mark.parametrize("suffix", ["TIF", "tiff", "ome.tif", "ome.TIFF"])
def test_the_name_is_the_stem_whatever_the_ending(tmp_path, suffix):
    assert read(tiff(tmp_path, PLANE, f"a.b.{suffix}")).name == "a.b"


@pytest.mark.parametrize("axes", ["ZYX", "CYX", "TYX"])
def test_imagej_and_ome_tiffs_are_believed(tmp_path, axes):
    held = {"ZYX": "CZYX", "CYX": "CYX", "TYX": "TCYX"}[axes]
    expected = np.expand_dims(STACK, held.index("C")) if "C" not in axes else STACK
    for name, options in [("ij.tif", {"imagej": True}), ("x.ome.tif", {"photometric": "minisblack"})]:
        image = read(tiff(tmp_path, STACK, name, metadata={"axes": axes}, **options))
        assert image.axes == held
        np.testing.assert_array_equal(image.array, expected)


def test_a_hyperstack_of_five_axes_is_held_as_tczyx(tmp_path):
    array = RNG.integers(0, 99, (2, 3, 4, 6, 7), dtype=np.uint16)
    image = read(tiff(tmp_path, array, imagej=True, metadata={"axes": "TZCYX"}))
    assert image.axes == "TCZYX"
    np.testing.assert_array_equal(image.array, np.einsum("tzcyx->tczyx", array))


@pytest.mark.parametrize("metadata", [None, {}])
def test_an_ambiguous_three_page_tiff_asks_for_axes_and_takes_the_answer(tmp_path, metadata):
    path = tiff(tmp_path, STACK, photometric="minisblack", metadata=metadata)
    with pytest.raises(BadInput) as caught:
        read(path)
    assert "3 x 6 x 7" in caught.value.problem
    assert "cells.tif" in caught.value.problem
    assert caught.value.fix.endswith("--axes ZYX or --axes TYX or --axes CYX")
    for axes, held in [("zyx", "CZYX"), ("TYX", "TCYX"), ("CYX", "CYX")]:
        assert read(path, axes=axes).axes == held


def test_a_stack_of_colour_pages_asks_too(tmp_path):
    with pytest.raises(BadInput, match="axes"):
        read(tiff(tmp_path, np.stack([COLOUR, COLOUR]), photometric="rgb"))
    assert read(tmp_path / "cells.tif", axes="ZYXC").array.shape == (3, 2, 6, 7)


def test_a_single_page_among_the_pages_is_no_question(tmp_path):
    assert read(tiff(tmp_path, PLANE[None], photometric="minisblack", metadata=None)).axes == "CYX"


@pytest.mark.parametrize("name", ["c.tif", "c.png", "c.npy"])
def test_colour_becomes_channels_and_alpha_is_dropped(tmp_path, name):
    path = tmp_path / name
    for stored in (COLOUR, ALPHA):
        save(path, stored)
        image = read(path)
        assert image.axes == "CYX"
        np.testing.assert_array_equal(image.array, np.moveaxis(COLOUR, -1, 0))


@pytest.mark.parametrize("name", ["c.tif", "c.png", "c.npy"])
def test_colour_with_equal_planes_is_grey(tmp_path, name):
    for stored in (GREY_AS_COLOUR, np.dstack([GREY_AS_COLOUR, ALPHA[..., 3]])):
        save(tmp_path / name, stored)
        np.testing.assert_array_equal(read(tmp_path / name).array, GREY_AS_COLOUR[None, ..., 0])


def test_equal_channels_that_are_no_colours_stay_channels(tmp_path):
    same = np.stack([PLANE] * 3)
    assert read(tiff(tmp_path, same, imagej=True, metadata={"axes": "CYX"})).array.shape == (3, 6, 7)


def save(path, array):
    if path.suffix == ".npy":
        np.save(path, array)
    elif path.suffix == ".tif":
        tifffile.imwrite(path, array, photometric="rgb")
    else:
        PillowImage.fromarray(array).save(path)


def test_pngs_of_every_kind_are_read(tmp_path):
    path = tmp_path / "a.png"
    grey, deep = COLOUR[..., 0], RNG.integers(0, 60_000, (6, 7, 3), dtype=np.uint16)
    with_alpha = PillowImage.fromarray(COLOUR).convert("LA")
    palette = PillowImage.fromarray(COLOUR).quantize(5)
    for picture, expected in [
        (PillowImage.fromarray(grey), grey[None]),
        (PillowImage.fromarray(PLANE), PLANE[None]),
        (with_alpha, np.asarray(with_alpha)[None, ..., 0]),
        (palette, np.moveaxis(np.asarray(palette.convert("RGB")), -1, 0)),
        (PillowImage.fromarray(grey > 99), 255 * (grey > 99)[None].astype(np.uint8)),
    ]:
        picture.save(path)
        np.testing.assert_array_equal(read(path).array, expected)
    path.write_bytes(imagecodecs.png_encode(deep))  # 16 bits of colour, which Pillow would cut to 8
    np.testing.assert_array_equal(read(path).array, np.moveaxis(deep, -1, 0))


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK"])
@pytest.mark.parametrize("suffix", ["jpg", "JPEG"])
def test_jpegs_are_read_as_pillow_shows_them(tmp_path, mode, suffix):
    path = tmp_path / f"a.{suffix}"
    PillowImage.fromarray(COLOUR).convert(mode).save(path)
    with PillowImage.open(path) as picture:
        shown = np.asarray(picture.convert("L" if mode == "L" else "RGB"))
    np.testing.assert_array_equal(read(path).array, shown[None] if mode == "L" else np.moveaxis(shown, -1, 0))


@pytest.mark.parametrize("shape", [(0, 0), (0, 5), (1, 1)])
def test_an_array_without_pixels_or_with_one_is_an_image(tmp_path, shape):
    np.save(tmp_path / "a.npy", np.zeros(shape, np.float32))
    assert read(tmp_path / "a.npy").array.shape == (1, *shape)


def test_a_channel_is_picked_by_number_or_by_name(tmp_path):
    named = {"axes": "CYX", "Channel": {"Name": ["DAPI", "488", "gfp"]}}
    ome = tiff(tmp_path, STACK, "x.ome.tif", photometric="minisblack", metadata=named)
    imagej = tiff(tmp_path, STACK, imagej=True, metadata={"axes": "CYX", "Labels": ["DAPI", "488", "gfp"]})
    for path in (ome, imagej):
        for channel, number in [(0, 0), (2, 2), ("1", 1), ("DAPI", 0), ("488", 1), (488, 1), ("GFP", 2)]:
            image = read(path, channel=channel)
            assert image.axes == "CYX"
            np.testing.assert_array_equal(image.array, STACK[[number]])


def test_a_channel_of_colour_is_picked_even_where_the_planes_are_equal(tmp_path):
    save(tmp_path / "a.png", GREY_AS_COLOUR)
    assert read(tmp_path / "a.png", channel=2).array.shape == (1, 6, 7)


@pytest.mark.parametrize(
    ("labels", "channel", "words"),
    [
        (["DAPI", "488", "gfp"], "cy5", ["'DAPI', '488', 'gfp'"]),
        (["DAPI", "488", "gfp"], 3, ["3 channels", "0 to 2"]),
        (None, "DAPI", ["no names", "0 to 2"]),
        (None, -1, ["0 to 2"]),
    ],
)
def test_a_channel_that_is_not_there_gets_told_which_are(tmp_path, labels, channel, words):
    metadata = {"axes": "CYX"} | ({"Labels": labels} if labels else {})
    with pytest.raises(BadInput) as caught:
        read(tiff(tmp_path, STACK, imagej=True, metadata=metadata), channel=channel)
    assert str(channel) in caught.value.problem
    assert all(word in caught.value.fix for word in words)


def test_a_channel_of_a_grey_image_beyond_the_first_says_that_there_is_one(tmp_path):
    with pytest.raises(BadInput) as caught:
        read(tiff(tmp_path, PLANE), channel=1)
    assert "1 channel, number 0" in caught.value.fix


@pytest.mark.parametrize(
    ("unit", "micrometres"),
    [
        ("micron", 1),
        ("um", 1),
        ("µm", 1),
        ("\\u00B5m", 1),
        ("microns", 1),
        ("nm", 1e-3),
        ("mm", 1e3),
        ("cm", 1e4),
    ],
)
def test_the_pixel_size_of_fiji_is_known_in_micrometres(tmp_path, unit, micrometres):
    description = f"ImageJ=1.54f\nimages=3\nslices=3\nunit={unit}\nspacing=2.5\nloop=false\n"
    options = {"photometric": "minisblack", "metadata": None, "resolution": (4, 2), "resolutionunit": 1}
    path = tiff(tmp_path, STACK, description=description.encode("latin-1"), **options)
    image = read(path)
    assert image.axes == "CZYX"
    assert image.pixel_size.unit == "µm"
    assert image.pixel_size.lengths == pytest.approx(
        [2.5 * micrometres, 0.5 * micrometres, 0.25 * micrometres]
    )


@given(y=st.floats(0.001, 500), x=st.floats(0.001, 500), z=st.floats(0.001, 500))
@settings(max_examples=25, deadline=None)
def test_any_pixel_size_that_imagej_metadata_hold_is_read(tmp_path_factory, y, x, z):
    path = tmp_path_factory.getbasetemp() / "size.tif"
    metadata = {"axes": "ZYX", "unit": "um", "spacing": z}
    tifffile.imwrite(path, STACK, imagej=True, metadata=metadata, resolution=(1 / x, 1 / y))
    assert read(path).pixel_size.lengths == pytest.approx([z, y, x], rel=1e-5)


def test_fiji_leaves_out_a_spacing_of_one(tmp_path):
    path = tiff(tmp_path, STACK, imagej=True, resolution=(2, 2), metadata={"axes": "ZYX", "unit": "um"})
    assert read(path).pixel_size == PixelSize((1.0, 0.5, 0.5))


@pytest.mark.parametrize("unit", ["pixel", "inch", "", "furlong"])
def test_a_pixel_size_in_an_unknown_unit_is_none(tmp_path, unit):
    path = tiff(tmp_path, PLANE, imagej=True, resolution=(2, 2), metadata={"unit": unit})
    assert read(path).pixel_size is None


@pytest.mark.parametrize(("unit", "micrometres"), [("µm", 1), ("nm", 1e-3), ("mm", 1e3)])
def test_the_pixel_size_of_ome_is_known_in_micrometres(tmp_path, unit, micrometres):
    size = {f"PhysicalSize{axis}": length for axis, length in zip("ZYX", (2.5, 0.5, 0.25), strict=True)}
    units = {f"PhysicalSize{axis}Unit": unit for axis in "ZYX"}
    metadata = {"axes": "ZYX", **size, **units}
    path = tiff(tmp_path, STACK, "x.ome.tif", photometric="minisblack", metadata=metadata)
    assert read(path).pixel_size.lengths == pytest.approx([each * micrometres for each in (2.5, 0.5, 0.25)])


def test_in_ome_the_unit_is_micrometres_unless_said_and_a_size_of_pixels_is_none(tmp_path):
    for metadata, expected in [
        ({"PhysicalSizeX": 0.25, "PhysicalSizeY": 0.5}, PixelSize((0.5, 0.25))),
        (
            {
                "PhysicalSizeX": 1,
                "PhysicalSizeXUnit": "pixel",
                "PhysicalSizeY": 1,
                "PhysicalSizeYUnit": "pixel",
            },
            None,
        ),
        ({"PhysicalSizeX": 0.25}, None),
        ({}, None),
    ]:
        assert (
            read(tiff(tmp_path, PLANE, "x.ome.tif", metadata={"axes": "YX", **metadata})).pixel_size
            == expected
        )


def test_plain_tags_are_a_pixel_size_only_where_they_know_of_a_microscope(tmp_path):
    for resolution, unit, expected in [
        ((20_000, 40_000), "centimeter", (0.25, 0.5)),
        ((50_800, 25_400), "inch", (1.0, 0.5)),
        ((72, 72), "inch", None),
        ((96, 96), "inch", None),
        ((300, 300), "inch", None),
        ((28.346, 28.346), "centimeter", None),  # 72 dpi in other words
        ((1, 1), "centimeter", None),
        ((1, 1), "none", None),
        ((20_000, 20_000), "none", None),
        ((0, 0), "centimeter", None),
    ]:
        size = read(tiff(tmp_path, PLANE, resolution=resolution, resolutionunit=unit)).pixel_size
        assert size is None if expected is None else size.lengths == pytest.approx(expected, rel=1e-4)


def test_a_stack_whose_planes_lie_at_an_unknown_distance_has_no_pixel_size(tmp_path):
    path = tiff(
        tmp_path, STACK, photometric="minisblack", resolution=(20_000, 20_000), resolutionunit="centimeter"
    )
    assert read(path, axes="ZYX").pixel_size is None
    assert read(path, axes="TYX").pixel_size == PixelSize((0.5, 0.5))


@needs_shared
def test_the_images_of_the_course_are_read_or_asked_about():
    for pattern, axes, held in [
        ("bbbc039/validation/images/*.tif", None, "CYX"),
        ("dsb2018/colour/images/*.tif", None, "CYX"),
        ("qcanet_embryo3d/images/*.tif", "ZYX", "CZYX"),
        ("bsd_grey/**/*.png", None, "CYX"),
    ]:
        for path in sorted((SHARED / "data").glob(pattern))[:2]:
            image = read(path, axes=axes)
            assert image.axes == held
            assert image.array.size > 10_000
