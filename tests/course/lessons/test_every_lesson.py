"""Every lesson is held against the truth: its numbers, its questions, and all that it names."""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable
from functools import cache
from types import FunctionType
from typing import Any
from urllib.parse import parse_qsl

import pytest

from convivo.course.lesson.blocks import Asked, ExerciseCard, Explorable, Finder, Predict, Takeaway
from convivo.course.lesson.folder import about, languages, written_questions
from convivo.course.lesson.numerals import Said, agrees, bare_numbers, facts_said
from convivo.course.lesson.reading import read_lesson
from convivo.course.lessons import FOLDER, LESSONS
from course.lessons import explorables

EXERCISES = FOLDER.parent / "exercises"


each_lesson = pytest.mark.parametrize("name", LESSONS)


@each_lesson
def test_every_number_that_follows_from_something_is_what_is_computed(name: str) -> None:
    computed = computed_facts(name)
    said = all_said(name)
    wrong = [
        f"{each.file} says {each.text!r}, {each.fact} gives {computed[each.fact]()!r}"
        for each in said
        if each.fact in computed and not agrees(each, computed[each.fact]())
    ]
    assert [each.fact for each in said if each.fact not in computed] == []
    assert wrong == []
    assert set(computed) - {each.fact for each in said} == set(), "computed, and said nowhere"


@each_lesson
def test_every_other_number_is_a_premise_that_was_declared(name: str) -> None:
    given = set(about(FOLDER / name).given)
    bare = {
        number for language in languages(FOLDER / name) for number in bare_numbers(FOLDER / name, language)
    }
    assert bare - given == set(), "neither a fact nor given"
    assert given - bare == set(), "given, and not in the text"


@each_lesson
def test_every_explorable_is_there_and_takes_over_its_view(name: str) -> None:
    for block in blocks(name, Explorable):
        assert block.caption
        assert block.name in explorables.names()
        assert untaken(block.name, block.values) == []


@each_lesson
def test_every_picture_of_a_question_is_a_view_of_an_explorable(name: str) -> None:
    for question in written_questions(FOLDER / name, "en").values():
        if question.picture:
            explorable, _, values = question.picture.partition("?")
            assert explorable in explorables.names()
            assert untaken(explorable, dict(parse_qsl(values, strict_parsing=True))) == []


@each_lesson
def test_every_exercise_is_there(name: str) -> None:
    there = {path.parent.name for path in EXERCISES.glob("*/exercise.toml")}
    assert {block.name for block in blocks(name, ExerciseCard)} <= there


@each_lesson
def test_a_lesson_opens_with_a_prediction_and_asks_three_questions_and_ends_with_what_it_gave(
    name: str,
) -> None:
    lesson = read_lesson(name)
    kinds = [type(block) for block in lesson.blocks]
    assert kinds.count(Predict) == 1
    assert Predict in kinds[:2]
    assert kinds.count(Asked) >= 3
    assert kinds.count(Finder) == 1
    assert kinds.count(Takeaway) == 1
    asked = [block.question.id for block in lesson.blocks if isinstance(block, Predict | Asked)]
    assert sorted(asked) == sorted(written_questions(FOLDER / name, "en")), (
        "each is asked once, and none is left"
    )


@each_lesson
def test_every_wrong_option_names_a_misconception_and_every_option_says_why(name: str) -> None:
    for question in written_questions(FOLDER / name, "en").values():
        assert sum(option.right for option in question.options) == 1
        assert len(question.options) >= 3
        assert len({option.text for option in question.options}) == len(question.options)
        for option in question.options:
            assert len(option.because) > 20
            assert option.right or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", option.misconception)


@each_lesson
def test_the_right_option_is_not_always_the_longest_or_the_same_one(name: str) -> None:
    questions = list(written_questions(FOLDER / name, "en").values())
    places = {[option.right for option in question.options].index(True) for question in questions}
    assert len(places) > 1


@each_lesson
def test_every_language_has_the_same_blocks_questions_and_facts(name: str) -> None:
    english = read_lesson(name)
    for language in english.languages[1:]:
        other = read_lesson(name, language)
        assert [shape(block) for block in other.blocks] == [shape(block) for block in english.blocks]
        translated = written_questions(FOLDER / name, language)
        assert list(translated) == list(written_questions(FOLDER / name, "en"))
        facts = [{each.fact for each in facts_said(FOLDER / name, each)} for each in ("en", language)]
        assert facts[0] == facts[1]


def test_lessons_are_those_that_have_a_folder() -> None:
    assert sorted(LESSONS) == sorted(path.parent.name for path in FOLDER.glob("*/lesson.toml"))


@cache
def computed_facts(name: str) -> dict[str, Callable[[], Any]]:
    """Every public function of the lesson's facts.py, each computed once."""
    module = importlib.import_module(f"convivo.course.lessons.{name}.facts")
    return {
        key: cache(value)
        for key, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and not key.startswith("_")
    }


def all_said(name: str) -> list[Said]:
    folder = FOLDER / name
    return [each for language in languages(folder) for each in facts_said(folder, language)]


def blocks(name: str, kind: type[Any]) -> list[Any]:
    return [block for block in read_lesson(name).blocks if isinstance(block, kind)]


def untaken(explorable: str, given: dict[str, str]) -> list[str]:
    """What the page would not take over."""
    return [f"{name}={text}" for name, text in given.items() if not explorables.takes(explorable, name, text)]


def shape(block: object) -> tuple[object, ...]:
    """What must be alike in every language."""
    if isinstance(block, Predict | Asked):
        return type(block), block.question.id
    if isinstance(block, Explorable):
        return type(block), block.name, tuple(block.values.items())
    return type(block), getattr(block, "where", getattr(block, "name", ""))
