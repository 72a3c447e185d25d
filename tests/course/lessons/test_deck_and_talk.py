"""The page on the deck, and the talk: held against the truth as lessons are, and against the deck that they follow."""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from types import FunctionType

import pytest

from convivo.course.lesson.blocks import Block, Explorable, Notes, Text
from convivo.course.lesson.folder import about, languages
from convivo.course.lesson.numerals import agrees, bare_numbers, facts_said
from convivo.course.lesson.reading import read_page, read_slides
from convivo.course.lessons import FOLDER, LESSONS
from course.lessons import explorables
from course.lessons.test_every_lesson import untaken

DECK, TALK = FOLDER.parent / "deck", FOLDER.parent / "talk"
CONTRIBUTORS = (
    "Till Korten",
    "Johannes Müller",
    "Robert Haase",
    "Alex Krull",
    "Uwe Schmidt",
    "Martin Weigert",
    "Ignacio Arganda-Carreras",
)
MINUTES_OF_THE_TALK = 30

both = pytest.mark.parametrize("folder", [DECK, TALK], ids=["deck", "talk"])


@both
def test_every_number_is_computed_or_declared(folder: Path) -> None:
    module = importlib.import_module(f"convivo.course.{folder.name}.facts")
    facts = {
        name: value
        for name, value in vars(module).items()
        if isinstance(value, FunctionType) and value.__module__ == module.__name__ and name[0] != "_"
    }
    said = [each for language in languages(folder) for each in facts_said(folder, language)]
    assert {each.fact for each in said} == set(facts)
    assert [each for each in said if not agrees(each, facts[each.fact]())] == []
    bare = {number for language in languages(folder) for number in bare_numbers(folder, language)}
    assert bare == set(about(folder).given)


@both
def test_every_explorable_is_there_and_takes_over_its_view(folder: Path) -> None:
    shown = [block for block in blocks(folder) if isinstance(block, Explorable)]
    assert shown
    for block in shown:
        assert block.caption
        assert block.name in explorables.names()
        assert untaken(block.name, block.values) == []


def test_the_talk_takes_half_an_hour_and_every_slide_says_how_long() -> None:
    slides = read_slides(TALK)
    notes = [[block for block in slide.blocks if isinstance(block, Notes)] for slide in slides]
    assert [len(each) for each in notes] == [1] * len(slides)
    assert sum(each.minutes for (each,) in notes) == MINUTES_OF_THE_TALK == about(TALK).minutes
    assert all(slide.title for slide in slides)


def test_the_talk_has_the_slides_of_the_deck() -> None:
    assert len(read_slides(TALK)) == 23


def test_a_slide_has_few_words_and_what_is_said_stands_in_the_notes() -> None:
    for slide in read_slides(TALK):
        words = sum(len(said(block).split()) for block in slide.blocks if isinstance(block, Text))
        assert words <= 60, slide.title


@both
def test_everybody_who_contributed_to_the_deck_is_thanked_by_name(folder: Path) -> None:
    text = (folder / "en.md").read_text(encoding="utf-8")
    assert [name for name in CONTRIBUTORS if name not in text] == []


def test_corrections_lead_to_lessons_that_are_there_and_stand_in_the_order_of_the_slides() -> None:
    html = "".join(said_html(block) for block in blocks(DECK))
    led = re.findall(r'href="#/course/(\w+)"', html)
    assert set(led) <= {*LESSONS, "receptive_field", "unet", "stardist"}
    assert set(LESSONS) <= set(led)
    slides = [int(number) for number in re.findall(r"Slide (\d+)", html)]
    assert slides == sorted(slides)


def blocks(folder: Path) -> list[Block]:
    if folder == TALK:
        return [block for slide in read_slides(TALK) for block in slide.blocks]
    return list(read_page(folder).blocks)


def said_html(block: Block) -> str:
    return block.html if isinstance(block, Text) else ""


def said(block: Block) -> str:
    return re.sub(r"<[^>]+>", " ", said_html(block))
