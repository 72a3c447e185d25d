"""The speaker's clock, held against sums made here."""

import itertools

import pytest

from page.node import run_node

MINUTES = [0.5, 1.0, 1.5, 0.25, 2.0]


def test_slides_begin_where_those_before_them_end():
    begins = run_node("slides/clock.ts", "page.plan(given.minutes)", minutes=MINUTES)
    assert begins == [0, *itertools.accumulate(MINUTES)]


@pytest.mark.parametrize(
    ("number", "elapsed", "late"),
    [(1, 1.0, 0), (1, 0.5, 0), (1, 1.5, 0), (1, 0.25, -0.25), (1, 3.5, 2.0), (4, 5.25, 0), (4, 6.25, 1.0)],
)
def test_a_speaker_is_late_only_beyond_the_end_of_a_slide(number, elapsed, late):
    begins = [0, *itertools.accumulate(MINUTES)]
    said = run_node(
        "slides/clock.ts",
        "page.behind(given.begins, given.number, given.elapsed)",
        begins=begins,
        number=number,
        elapsed=elapsed,
    )
    assert said == pytest.approx(late)


def test_minutes_are_said_as_on_a_clock():
    said = run_node("slides/clock.ts", "[0, 0.5, 4 + 5/60, 29.999].map(page.said)")
    assert said == ["0:00", "0:30", "4:05", "30:00"]


def test_the_last_slide_has_no_next_one():
    turns = run_node(
        "slides/keys.ts",
        "[['next', 4], ['next', 3], ['back', 0], ['back', 2], ['last', 1], ['first', 3]]"
        ".map(([action, number]) => page.turned(action, number, 5))",
    )
    assert turns == [4, 4, 0, 1, 4, 0]
