"""Values cross unchanged, and nothing else does."""

from __future__ import annotations

import json
import math

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from convivo.course.checks import Held
from convivo.course.runner.crossing import KINDS, CannotCross, Packing, Unpacking
from convivo.course.runner.hearing import Hearing
from convivo.course.runner.messages import Garbled, Incoming, Message, written
from convivo.course.runner.program import Limits
from convivo.lab.course.told import told

plain = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
values = st.recursive(
    plain,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3) | st.integers(), inner, max_size=3)
    ),
    max_leaves=12,
)


def crossed(value):
    packing = Packing()
    message = Message({"value": packing.pack(value)}, packing.blocks)
    incoming, data = Incoming(), written(message)
    half = len(data) // 2
    (heard,) = [*incoming.add(data[:half]), *incoming.add(data[half:])]
    return Unpacking(heard.blocks).unpack(heard.said["value"])


@settings(max_examples=40)
@given(values)
def test_values_come_back_as_they_were(value):
    back = crossed(value)
    assert back == value
    assert repr(back) == repr(value)  # a tuple stays one, and true is not one


@given(
    arrays.arrays(
        st.sampled_from(sorted(KINDS)).map(np.dtype),
        arrays.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=4),
    )
)
def test_arrays_come_back_as_they_were(array):
    back = crossed([array])[0]
    assert (back.dtype, back.shape) == (array.dtype, array.shape)
    assert back.tobytes() == np.ascontiguousarray(array).tobytes()


def test_numbers_that_are_not_finite_and_slices_cross():
    nan, infinite, piece = crossed([math.nan, -math.inf, slice(1, None, 2)])
    assert math.isnan(nan)
    assert (infinite, piece) == (-math.inf, slice(1, None, 2))


def test_an_object_stays_and_is_named():
    packing = Packing(lambda value: Held(7, type(value).__name__))
    assert Unpacking([]).unpack(packing.pack({"net": Packing})) == {"net": Held(7, "type")}
    with pytest.raises(CannotCross, match="class object"):
        Packing().pack(object())


def test_what_contains_itself_is_refused():
    endless = []
    endless.append(endless)
    with pytest.raises(CannotCross, match="too deep"):
        Packing().pack(endless)


@pytest.mark.parametrize(
    "form",
    [
        {"array": ["<f8", [2, 2]]},
        {"array": ["<f8", [4611686018427387904, 4]]},
        {"array": ["|O", [1]]},
        {"array": ["<f8", [True]]},
        {"array": 3},
        {"slice": [1]},
        {"dict": [[{"list": []}, 1]]},
        {"call": "os.system"},
        {"list": {}},
        [1],
    ],
)
def test_a_form_that_we_do_not_write_is_refused(form):
    with pytest.raises(CannotCross):
        Unpacking([b"x" * 8]).unpack(form)


def test_a_message_that_promises_too_much_is_refused_before_it_is_waited_for():
    with pytest.raises(Garbled):
        Incoming().add((2**31).to_bytes(4, "little") + bytes(4))
    with pytest.raises(Garbled):
        Incoming().add((2).to_bytes(4, "little") + (1).to_bytes(4, "little") + (2**40).to_bytes(8, "little"))
    with pytest.raises(Garbled):
        Incoming().add((1).to_bytes(4, "little") + bytes(4) + json.dumps(7).encode())


@pytest.mark.parametrize("value", ["a\ud800", ["\udcff"], {"\ud800": 1}])
def test_half_a_character_arrives_as_a_mark_that_can_be_written(value):
    assert "?" in repr(crossed(value))
    json.dumps(crossed(value), ensure_ascii=False).encode()


@pytest.mark.parametrize("said", [{"print": "a\ud800"}, {"raised": ["E", "a\ud800", 1, ""]}])
def test_half_a_character_in_what_is_told_can_be_sent_on(said):
    (event,) = Hearing(Limits()).take([("wire", written(Message(said)))])
    assert "a?" in repr(event)
    msgspec.msgpack.encode(told(event))
