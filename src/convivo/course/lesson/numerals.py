"""The numbers of a text: those that are facts, and those that merely stand there.

For whoever holds a lesson against the truth. A fact is a function of the folder's facts.py. What is written is its
value, rounded as it is written: 0.34 for 0.3408, 1,234 for 1234.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from convivo.course.lesson.folder import called, question_file, written_questions
from convivo.course.lesson.markdown import Source, pieces, tokens

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
NUMBERED_HEADING = re.compile(r"^#+ \d+\.? ", re.MULTILINE)
VALUE = re.compile(r"(?P<sign>[-−+]?)(?P<digits>\d[\d.,]*)(?P<unit>\s.*)?")
MARKS = {
    "de": (".", ","),
    "fr": (".", ","),
    "es": (".", ","),
}  # of thousands and of decimals; others as in English
BLOCKS_OF_TEXT = ("takeaway", "finder", "notes", "code", "explorable")


@dataclass(frozen=True, slots=True)
class Said:
    """A fact as a text says it."""

    fact: str
    text: str
    language: str
    file: str


def texts(folder: Path, language: str) -> Iterator[Source]:
    """Every piece of Markdown of one language: the text, its blocks' bodies, the questions."""
    path = folder / f"{language}.md"
    source = Source(NUMBERED_HEADING.sub("## ", path.read_text(encoding="utf-8")), called(path))
    yield source
    for token in tokens(source):
        if token.type == "fence" and token.info.split(" ")[0] in BLOCKS_OF_TEXT:
            body = token.content
            if token.info.startswith("explorable"):
                body = "\n".join(
                    line.removeprefix("caption:") for line in body.splitlines() if line.startswith("caption:")
                )
            yield Source(body, source.file, (token.map or [0])[0] + 2)
    file = called(question_file(folder, language))
    for name, question in written_questions(folder, language).items():
        for text in (
            question.text,
            *(part for each in question.options for part in (each.text, each.because)),
        ):
            yield Source(text, f"{file}, {name}", 0)


def facts_said(folder: Path, language: str) -> Iterator[Said]:
    """Every fact that the texts of one language name, with what they say it is."""
    for source in texts(folder, language):
        for words, fact in pieces(tokens(source)):
            if fact is not None:
                yield Said(fact, words, language, source.file)


def bare_numbers(folder: Path, language: str) -> Iterator[str]:
    """Every number in the texts of one language that is no fact, as it is written."""
    for source in texts(folder, language):
        for words, fact in pieces(tokens(source)):
            if fact is None:
                yield from NUMBER.findall(words)


def agrees(said: Said, value: object) -> bool:
    """Whether a text says what was computed: a word as it is, a number rounded as it is written."""
    if isinstance(value, str):
        return said.text == value
    found = VALUE.fullmatch(said.text)
    if found is None or isinstance(value, bool) or not isinstance(value, int | float):
        return False
    thousands, decimal = MARKS.get(said.language, (",", "."))
    digits = found["digits"].replace(thousands, "").replace(decimal, ".")
    decimals = len(digits.partition(".")[2])
    number = -float(digits) if found["sign"] in ("-", "−") else float(digits)
    return float(f"{number:.{decimals}f}") == float(f"{value:.{decimals}f}")  # as numbers, since "-0" is "0"
