"""The files of a lesson's folder: which languages there are, what lesson.toml says, and the questions."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from convivo.course.lesson.blocks import Option, Question
from convivo.course.lesson.markdown import Source, rendered_line
from convivo.errors import BadInput

ENGLISH = "en"
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Z]{2})?")


class About(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What lesson.toml says."""

    minutes: int = 20
    slides: tuple[int, ...] = ()  # of the deck that it follows
    given: tuple[str, ...] = ()  # numbers in its text that are premises, and no results


class WrittenOption(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An option as questions.toml has it; a translation says `text` and `because` alone."""

    text: str
    because: str
    misconception: str = ""
    right: bool = False


class WrittenQuestion(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question as questions.toml has it."""

    text: str
    options: tuple[WrittenOption, ...]
    picture: str = ""


Kind = TypeVar("Kind")
Questions = dict[str, WrittenQuestion]


def called(path: Path) -> str:
    """A file as a person would look for it: "unet/en.md"."""
    return f"{path.parent.name}/{path.name}"


def languages(folder: Path) -> tuple[str, ...]:
    """In which languages it is written, English first. Raises BadInput where English is missing."""
    found = sorted(path.stem for path in folder.glob("*.md") if LANGUAGE.fullmatch(path.stem))
    if ENGLISH not in found:
        raise BadInput(
            f"{folder.name} has no {ENGLISH}.md", fix="write it in English first; others are translations"
        )
    return (ENGLISH, *(each for each in found if each != ENGLISH))


def about(folder: Path) -> About:
    """What lesson.toml says."""
    return _read_toml(folder / "lesson.toml", About)


def written_questions(folder: Path, language: str) -> Questions:
    """All questions of one language, by their id, as they are written; {} where there is no such file."""
    path = question_file(folder, language)
    return _read_toml(path, Questions) if path.is_file() else {}


def question_file(folder: Path, language: str) -> Path:
    """Where questions of that language stand."""
    return folder / ("questions.toml" if language == ENGLISH else f"questions.{language}.toml")


def questions(folder: Path, language: str) -> dict[str, Question]:
    """All questions by their id; one that is not translated is there in English. Raises BadInput."""
    original = written_questions(folder, ENGLISH)
    _check(original, called(question_file(folder, ENGLISH)))
    translated = written_questions(folder, language) if language != ENGLISH else {}
    made = {}
    for name, question in original.items():
        other = translated.get(name)
        file = called(question_file(folder, language if other else ENGLISH))
        if other and len(other.options) != len(question.options):
            raise BadInput(
                f"{file}: {name} has {len(other.options)} options, and {len(question.options)} in English",
                fix="translate every option, in the same order",
            )
        made[name] = _question(name, question, other or question, Source("", file, 0))
    return made


def _check(written: Questions, file: str) -> None:
    for name, question in written.items():
        right = sum(option.right for option in question.options)
        if right != 1:
            raise BadInput(
                f"{file}: {name} has {right} right options", fix="mark exactly one with right = true"
            )
        for option in question.options:
            if bool(option.misconception) == option.right:
                problem = "the right option" if option.right else "the wrong option"
                raise BadInput(
                    f"{file}: {name}, {problem} {option.text!r} has the misconception {option.misconception!r}",
                    fix="name a misconception for each wrong option, and none for the right one",
                )


def _question(name: str, original: WrittenQuestion, shown: WrittenQuestion, file: Source) -> Question:
    def line(text: str) -> str:
        return rendered_line(Source(text, f"{file.file}, {name}", 0))

    return Question(
        id=name,
        text=line(shown.text),
        options=tuple(
            Option(
                text=line(said.text),
                because=line(said.because),
                right=option.right,
                misconception=option.misconception,
            )
            for option, said in zip(original.options, shown.options, strict=True)
        ),
        picture=original.picture,
    )


def _read_toml(path: Path, kind: type[Kind]) -> Kind:
    try:
        found: Any = tomllib.loads(path.read_text(encoding="utf-8"))
        return msgspec.convert(found, kind)
    except FileNotFoundError:
        raise BadInput(f"{called(path)} is missing", fix="write it, also where it says little") from None
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"{called(path)} is no TOML: {error}", fix="mend that line") from None
    except msgspec.ValidationError as error:
        raise BadInput(
            f"{called(path)}: {error}", fix="name and write each value as the other lessons do"
        ) from None
