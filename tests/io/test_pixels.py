"""Real numbers as an image holds them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from convivo.io.pixels import stored_as

TYPES = ["uint8", "uint16", "uint32", "int8", "int16", "int32"]


@pytest.mark.parametrize("dtype", TYPES)
@given(values=arrays(np.float32, 8, elements=st.floats(-(2.0**70), 2.0**70, width=32)))
@settings(max_examples=40, deadline=None)
def test_whole_numbers_are_rounded_and_clipped_and_never_wrapped(dtype, values):
    limits = np.iinfo(dtype)
    expected = [min(max(round(float(each)), limits.min), limits.max) for each in values]
    found = stored_as(values, np.dtype(dtype))
    assert found.dtype == dtype
    assert found.tolist() == expected


def test_a_half_goes_to_the_even_neighbour_and_what_lies_outside_to_the_end():
    values = np.array([-7, -0.4, 0.5, 1.5, 254.4, 254.6, 255.5, 1e9], np.float32)
    assert stored_as(values, np.dtype(np.uint8)).tolist() == [0, 0, 0, 2, 254, 255, 255, 255]
    assert stored_as(values, np.dtype(np.int16)).tolist() == [-7, 0, 0, 2, 254, 255, 256, 32767]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.int64, np.uint64])
def test_floats_and_what_fiji_cannot_open_stay_as_they_are_in_float32(dtype):
    values = np.array([-1.25, 0.3, 1e7], np.float32)
    found = stored_as(values, np.dtype(dtype))
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, values)
