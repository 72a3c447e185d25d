"""What a lesson consists of once it is read: values that the page is handed as JSON.

Texts named `html` are ready to be shown: they came from Markdown in which HTML is switched off. A number that follows
from something stands in them as <span class="fact" data-fact="NAME">, NAME being a function of the folder's facts.py.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec


class Option(msgspec.Struct, frozen=True, kw_only=True):
    """One answer that can be chosen."""

    text: str  # html
    because: str  # html: why somebody would say so, and what is true
    right: bool = False
    misconception: str = ""  # a short name of what is misunderstood; empty for the right one


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """A question with one right option."""

    id: str  # such as "C13", or a word
    text: str  # html
    options: tuple[Option, ...]
    picture: str = ""  # the state of an explorable that illustrates it, "NAME?name=value&..."


class Text(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="text"):
    """Headings, paragraphs, lists, tables."""

    html: str


class Predict(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="predict"):
    """A prediction to commit to; what comes after it waits until then."""

    question: Question


class Asked(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="question"):
    """A ConcepTest."""

    question: Question


class Explorable(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="explorable"):
    """An explorable of the lab, set to a view."""

    name: str
    values: dict[str, str]  # as in the lab's address
    caption: str  # html


class Code(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="code"):
    """A piece of convivo's own source, read when the lesson is."""

    where: str  # such as "convivo.nets.unet:UNet.forward"
    source: str
    caption: str  # html


class ExerciseCard(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="exercise"):
    """The way to an exercise."""

    name: str


class Takeaway(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="takeaway"):
    """What to remember, and where it comes from."""

    html: str


class Finder(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="finder"):
    """What "my nucleus finder", which grows through the course, can do after this lesson."""

    html: str


class Notes(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind", tag="notes"):
    """What the speaker says; only in the talk."""

    html: str
    minutes: float  # that it takes


Block: TypeAlias = Text | Predict | Asked | Explorable | Code | ExerciseCard | Takeaway | Finder | Notes


class Lesson(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson, or a page that is written like one."""

    name: str
    number: int  # in the order of the course, from 1; 0 for what is no lesson
    title: str  # plain text
    summary: str  # plain text: what one will be able to do
    minutes: int
    slides: tuple[int, ...]  # of the deck that it follows
    language: str  # the one that it is in
    languages: tuple[str, ...]  # all that it is written in
    blocks: tuple[Block, ...]


class Slide(msgspec.Struct, frozen=True, kw_only=True):
    """A slide of the talk."""

    title: str  # plain text; empty where a slide has none
    blocks: tuple[Block, ...]
