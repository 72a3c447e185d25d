"""The law that made the numbers is found again, and few numbers have none."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.ops.power_law import PowerLaw, power_law

IMAGES = (12, 25, 50, 100)


@settings(max_examples=50, deadline=None)
@given(
    floor=st.floats(0, 0.3),
    height=st.floats(0.3, 3),
    exponent=st.integers(0, 95).map(lambda number: 0.1 + 0.02 * number),
)
def test_the_law_that_made_errors_is_found(floor, height, exponent):
    law = PowerLaw(floor, height, exponent)
    found = power_law(IMAGES, [law.at(number) for number in IMAGES])
    for number in (12, 40, 200):
        assert found.at(number) == pytest.approx(law.at(number), abs=1e-3)


def test_neither_floor_nor_height_is_below_zero():
    assert power_law(IMAGES, [0.1, 0.2, 0.3, 0.4]).height == 0
    steep = power_law(IMAGES, [1.0, 0.4, 0.1, 0.0])
    assert steep.floor == 0
    assert steep.at(1000) >= 0


def test_the_exponent_tells_how_fast_it_falls():
    slow, fast = (power_law(IMAGES, [number**-c for number in IMAGES]).exponent for c in (0.2, 1.0))
    assert (slow, fast) == (pytest.approx(0.2, abs=0.02), pytest.approx(1.0, abs=0.02))


def test_three_numbers_follow_from_four_at_least():
    assert power_law([10, 20, 40], [0.3, 0.2, 0.1]) is None
    assert power_law([10, 20, 40, 40], [0.3, 0.2, 0.1, 0.1]) is None
