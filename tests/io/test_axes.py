"""Every stored order of axes arrives in the one held order, and what leaves a choice is asked back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.io.axes import arrange, canonical, guess_axes, parse_axes


@st.composite
def stored_axes(draw):
    pages = draw(st.sets(st.sampled_from("TCZ")))
    return "".join(draw(st.permutations([*sorted(pages), "Y", "X"])))


def numbered(shape):
    return np.arange(np.prod(shape, dtype=int)).reshape(shape)


@given(axes=stored_axes(), data=st.data())
@settings(max_examples=60, deadline=None)
def test_every_order_of_axes_arrives_as_tczyx_with_each_pixel_in_its_place(axes, data):
    shape = data.draw(st.tuples(*[st.integers(1, 4)] * len(axes)))
    array = numbered(shape)
    held = "".join(axis for axis in "TCZYX" if axis in axes)
    expected = np.einsum(f"{axes}->{held}", array)  # numpy's own way of naming axes
    image = canonical(array, axes)
    assert image.axes == "".join(axis for axis in "TCZYX" if axis in axes + "C")
    np.testing.assert_array_equal(image.array.squeeze(), expected.squeeze())
    sizes = dict(zip(axes, shape, strict=True))
    assert image.array.shape == tuple(sizes.get(axis, 1) for axis in image.axes)


@given(axes=stored_axes(), data=st.data())
@settings(max_examples=30, deadline=None)
def test_from_the_held_order_one_comes_back_to_the_stored_one(axes, data):
    array = numbered(data.draw(st.tuples(*[st.integers(1, 4)] * len(axes))))
    held, letters = arrange(array, axes)
    if "C" not in axes:
        held, letters = held.squeeze(letters.index("C")), letters.replace("C", "")
    np.testing.assert_array_equal(np.einsum(f"{letters}->{axes}", held), array)


def test_arranging_makes_no_copy():
    array = numbered((2, 3, 4))
    assert np.shares_memory(arrange(array, "YXC")[0], array)


def test_lower_case_blanks_and_the_s_of_tifffile_are_understood():
    assert parse_axes(" yxs ") == "YXC"
    assert canonical(numbered((4, 5, 3)), "yxc").array.shape == (3, 4, 5)


@pytest.mark.parametrize(
    ("axes", "problem"),
    [
        ("QYX", "'Q'"),
        ("YYX", "'Y' occurs twice"),
        ("CYXS", "'C' occurs twice"),
        ("ZX", "'Y' is missing"),
        ("ZY", "'X' is missing"),
        ("TZCYXA", "6 axes"),
        ("Y-X", "'-'"),
    ],
)
def test_letters_that_are_unknown_double_missing_or_too_many_are_named(axes, problem):
    with pytest.raises(BadInput) as caught:
        parse_axes(axes, "cells.tif")
    assert problem in caught.value.problem
    assert "cells.tif" in caught.value.problem
    assert "Y" in caught.value.fix


@pytest.mark.parametrize(("axes", "shape"), [("YX", (3, 4, 5)), ("ZYX", (4, 5)), ("ZYX", (2, 4, 1, 5, 2))])
def test_a_count_that_does_not_match_names_both_sides(axes, shape):
    with pytest.raises(BadInput, match=f"name {len(axes)} axes.*{' x '.join(map(str, shape))}"):
        arrange(np.zeros(shape), axes)


def test_axes_of_length_one_may_be_left_out():
    assert canonical(numbered((1, 1, 4, 5)), "YX").array.shape == (1, 4, 5)
    assert canonical(numbered((3, 1, 4, 5)), "ZYX").array.shape == (1, 3, 4, 5)
    assert canonical(numbered((1, 1, 5)), "YX").array.shape == (1, 1, 5)  # but not Y itself


@pytest.mark.parametrize(
    ("shape", "axes"),
    [
        ((4, 5), "YX"),
        ((4, 5, 3), "YXC"),
        ((4, 5, 4), "YXC"),
        ((4, 5, 1), "YXC"),
        ((1, 4, 5), "YX"),
        ((0, 0), "YX"),
    ],
)
def test_what_leaves_no_choice_is_guessed(shape, axes):
    assert guess_axes(shape) == axes
    assert canonical(np.zeros(shape)).array.shape[-2:] == shape[axes.index("Y") - len(axes) :][:2]


@pytest.mark.parametrize(
    ("shape", "choices"),
    [
        ((3, 40, 50), ["ZYX", "TYX", "CYX"]),
        ((40, 50, 2), ["ZYX", "TYX", "CYX"]),
        ((2, 3, 40, 50), ["TZYX", "ZCYX", "TCYX"]),
        ((2, 40, 50, 3), ["TZYX", "ZCYX", "TCYX", "ZYXC", "TYXC"]),
        ((2, 3, 4, 40, 50), ["TZCYX"]),
    ],
)
def test_what_leaves_a_choice_is_asked_back_with_the_shape_and_the_choices(shape, choices):
    with pytest.raises(BadInput) as caught:
        canonical(np.zeros(shape), name="three.tif")
    assert " x ".join(map(str, shape)) in caught.value.problem
    assert "three.tif" in caught.value.problem
    assert caught.value.fix.split("--axes ")[1:] == [choice + " or " for choice in choices[:-1]] + [
        choices[-1]
    ]
    for choice in choices:
        assert canonical(np.zeros(shape), choice).array.size == np.prod(shape)  # each answer works


@pytest.mark.parametrize("shape", [(), (5,), (2, 2, 2, 2, 2, 2)])
def test_too_few_and_too_many_axes_are_no_image(shape):
    with pytest.raises(BadInput, match=r"shape|axes"):
        canonical(np.zeros(shape))


def test_nan_and_infinity_are_counted_and_the_first_is_placed():
    array = np.zeros((4, 5, 3), np.float32)
    array[2, 1, 0] = np.nan
    array[3, 3, 0] = -np.inf
    array[1, 4, 2] = np.inf
    with pytest.raises(BadInput, match=r"3 NaN or infinite values of 60, first at C = 0, Y = 2, X = 1"):
        canonical(array, "YXC")


@pytest.mark.parametrize("dtype", [complex, object, "datetime64[s]", "U3"])
def test_what_is_no_real_number_is_refused(dtype):
    with pytest.raises(BadInput, match="holds"):
        canonical(np.zeros((2, 3), dtype))
