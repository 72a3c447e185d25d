"""Reads a lesson, a page that is written like one, or the talk: Markdown in, blocks out.

A fence whose info string begins with one of the words below is a block; all else is text.

    predict ID · question ID · explorable NAME · code MODULE:NAME · exercise NAME · takeaway · finder · notes MINUTES
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it.token import Token

from convivo.course.lesson.blocks import (
    Asked,
    Block,
    Code,
    ExerciseCard,
    Explorable,
    Finder,
    Lesson,
    Notes,
    Predict,
    Question,
    Slide,
    Takeaway,
    Text,
)
from convivo.course.lesson.excerpt import excerpt
from convivo.course.lesson.folder import ENGLISH, about, called, languages, questions
from convivo.course.lesson.markdown import Source, html, plain, rendered, rendered_line, tokens
from convivo.course.lessons import FOLDER, LESSONS
from convivo.errors import BadInput

SHOWN_AS_IS = ("", "python", "text", "console")  # fences that are code to be read, and no blocks
NEXT_SLIDE = "hr"


@dataclass(frozen=True, slots=True)
class Fence:
    """A block as it is written."""

    argument: str  # what follows the block's word
    body: Source
    questions: dict[str, Question]


def read_lesson(name: str, language: str = ENGLISH) -> Lesson:
    """A lesson of the course, in English where it is not translated. Raises BadInput."""
    if name not in LESSONS:
        raise BadInput(f"there is no lesson {name!r}", fix=f"choose from {', '.join(LESSONS)}")
    return read_page(FOLDER / name, language, number=LESSONS.index(name) + 1)


def read_page(folder: Path, language: str = ENGLISH, *, number: int = 0) -> Lesson:
    """A folder that holds a text like a lesson's: lesson.toml, en.md, and questions.toml where it asks any."""
    source, known, used = _open(folder, language)
    found = tokens(source)
    title, rest = _title(found, source)
    if [token.type for token in rest[:1]] != ["paragraph_open"]:
        raise source.wrong("a paragraph should follow the title", fix="say in it what one will be able to do")
    facts = about(folder)
    return Lesson(
        name=folder.name,
        number=number,
        title=title,
        summary=plain(rest[1]),
        minutes=facts.minutes,
        slides=facts.slides,
        language=used,
        languages=languages(folder),
        blocks=tuple(_blocks(rest[3:], source, known)),
    )


def read_slides(folder: Path, language: str = ENGLISH) -> tuple[Slide, ...]:
    """The talk: a text in which `---` divides slides. Each begins with its title, `# …`, or has none."""
    source, known, _ = _open(folder, language)
    slides: list[list[Token]] = [[]]
    for token in tokens(source):
        if token.type == NEXT_SLIDE and token.level == 0:
            slides.append([])
        else:
            slides[-1].append(token)
    return tuple(_slide(found, source, known) for found in slides)


def _slide(found: list[Token], source: Source, known: dict[str, Question]) -> Slide:
    title, rest = _title(found, source) if found and found[0].tag == "h1" else ("", found)
    return Slide(title=title, blocks=tuple(_blocks(rest, source, known)))


def _open(folder: Path, language: str) -> tuple[Source, dict[str, Question], str]:
    """The text, its questions, and the language they are in."""
    used = language if language in languages(folder) else ENGLISH
    path = folder / f"{used}.md"
    return Source(path.read_text(encoding="utf-8"), called(path)), questions(folder, used), used


def _title(found: list[Token], source: Source) -> tuple[str, list[Token]]:
    if not found or found[0].tag != "h1":
        raise source.wrong("the text does not begin with its title", fix="begin with a line `# title`")
    return plain(found[1]), found[3:]


def _blocks(found: list[Token], source: Source, known: dict[str, Question]) -> Iterator[Block]:
    """Text, and the blocks between."""
    text: list[Token] = []
    for token in found:
        word, _, argument = token.info.strip().partition(" ") if token.type == "fence" else ("", "", "")
        if token.type != "fence" or token.level or word in SHOWN_AS_IS:
            text.append(token)
            continue
        line = source.line + (token.map or [0])[0]
        body = Source(token.content, source.file, line + 1)
        if word not in READERS:
            raise body.wrong(f"{word!r} is no block", fix=f"write one of {', '.join(READERS)}", line=-1)
        if text:
            yield Text(html=html(text))
            text = []
        yield READERS[word](Fence(argument.strip(), body, known))
    if text:
        yield Text(html=html(text))


def _predict(fence: Fence) -> Block:
    return Predict(question=_asked(fence))


def _question(fence: Fence) -> Block:
    return Asked(question=_asked(fence))


def _asked(fence: Fence) -> Question:
    if fence.argument not in fence.questions:
        ids = ", ".join(fence.questions) or "none"
        raise fence.body.wrong(
            f"questions.toml has no question {fence.argument!r}", fix=f"it has {ids}", line=-1
        )
    return fence.questions[fence.argument]


def _explorable(fence: Fence) -> Block:
    values: dict[str, str] = {}
    caption = ""
    for number, line in enumerate(fence.body.text.splitlines()):
        if line.startswith("caption:"):
            caption = line.removeprefix("caption:").strip()
        elif "=" in line:
            name, _, value = line.partition("=")
            values[name.strip()] = value.strip()
        elif line.strip():
            raise fence.body.wrong(
                f"{line!r} sets nothing", fix="write name=value, or caption: one sentence", line=number
            )
    shown = rendered_line(Source(caption, fence.body.file, fence.body.line))
    return Explorable(name=_named(fence), values=values, caption=shown)


def _code(fence: Fence) -> Block:
    try:
        source = excerpt(fence.argument)
    except BadInput as error:
        raise fence.body.wrong(error.problem, fix=error.fix, line=-1) from None
    return Code(where=fence.argument, source=source, caption=rendered_line(fence.body))


def _exercise(fence: Fence) -> Block:
    return ExerciseCard(name=_named(fence))


def _notes(fence: Fence) -> Block:
    try:
        minutes = float(fence.argument)
    except ValueError:
        raise fence.body.wrong(
            "the notes do not say how long they take", fix="write ```notes 1.5, in minutes", line=-1
        ) from None
    return Notes(html=rendered(fence.body), minutes=minutes)


def _named(fence: Fence) -> str:
    if not fence.argument:
        raise fence.body.wrong(
            "the block names nothing", fix="write its name behind the block's word", line=-1
        )
    return fence.argument


READERS: dict[str, Callable[[Fence], Block]] = {
    "predict": _predict,
    "question": _question,
    "explorable": _explorable,
    "code": _code,
    "exercise": _exercise,
    "takeaway": lambda fence: Takeaway(html=rendered(fence.body)),
    "finder": lambda fence: Finder(html=rendered(fence.body)),
    "notes": _notes,
}
