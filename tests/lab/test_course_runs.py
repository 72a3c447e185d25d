"""A run of which nobody hears any more is ended, whenever the page left."""

import asyncio

import msgspec
import pytest

from convivo.course.progress import Answered
from convivo.lab.course import routes
from convivo.lab.course.coach import Coach
from convivo.lab.course.orders import Outcome, Program, Said, Stop


@pytest.fixture
def coach(monkeypatch):
    """A coach without its process, and what it was ordered."""
    made = Coach()
    made.ordered = []
    monkeypatch.setattr(made, "_order", made.ordered.append)
    return made


def begun(coach, page="a page"):
    return coach.begin(page, "matching", "print(1)", check=False, seed=0)


def streamed(coach, number):
    asked = routes.Asked(page="a page", exercise="matching", rung="free", check=False)
    return routes._stream(coach, None, asked, number)


def test_a_page_that_leaves_before_it_heard_anything_ends_its_run(coach):
    async def leave():
        number = begun(coach)
        stream = streamed(coach, number)
        await anext(stream)
        await stream.aclose()
        assert coach.ordered[1:] == [Stop(number=number)]
        assert coach._talks == {}

    asyncio.run(leave())


def test_a_run_that_is_over_is_not_stopped_and_leaves_nothing(coach):
    async def end():
        number = begun(coach)
        coach._hand_on(Said(number=number, for_page=b"", end=Outcome(passed=(), all_passed=False)))
        return [said async for said in coach.follow(number)]

    assert asyncio.run(end()) == [Outcome(passed=(), all_passed=False)]
    assert [type(order) for order in coach.ordered] == [Program]
    assert coach._talks == {}


def test_pages_that_are_gone_are_forgotten(coach):
    async def many():
        for number in range(20):
            coach.leave(begun(coach, f"page {number}"))

    asyncio.run(many())
    assert len(coach._run_of) <= 1


def test_an_answer_is_the_number_of_an_option():
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(
            b'{"page": "a", "question": "b", "chosen": 9999999999999999999, "right": true}', type=Answered
        )
