"""The course at a glance: its lessons in their order, its exercises, and how far one has come."""

from __future__ import annotations

import msgspec

from convivo.course.exercise.folder import EXERCISES, Exercise
from convivo.course.lesson.blocks import Asked, ExerciseCard, Finder, Lesson, Predict
from convivo.course.lesson.reading import read_lesson
from convivo.course.lessons import LESSONS
from convivo.course.progress import Everything
from convivo.lab.course.shelf import exercise


class LessonLine(msgspec.Struct, frozen=True, kw_only=True):
    """A lesson in the list."""

    name: str
    number: int
    title: str
    summary: str
    minutes: int
    language: str
    languages: tuple[str, ...]
    questions: int  # that it asks, the prediction too
    answered: int
    read: bool
    finder: str  # html: what "my nucleus finder" can do after it
    exercises: tuple[str, ...]


class ExerciseLine(msgspec.Struct, frozen=True, kw_only=True):
    """An exercise in the list."""

    name: str
    title: str
    summary: str
    lesson: str
    minutes: int
    rungs: tuple[str, ...]
    done: tuple[str, ...]  # rungs


class Overview(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    lessons: tuple[LessonLine, ...]
    exercises: tuple[ExerciseLine, ...]


def overview(kept: Everything, language: str) -> Overview:
    """Lessons and exercises, with what is kept of the learner."""
    exercises = [exercise(name) for name in EXERCISES]
    return Overview(
        lessons=tuple(_lesson(read_lesson(name, language), exercises, kept) for name in LESSONS),
        exercises=tuple(_exercise(each, kept) for each in exercises),
    )


def _lesson(lesson: Lesson, exercises: list[Exercise], kept: Everything) -> LessonLine:
    asked = {block.question.id for block in lesson.blocks if isinstance(block, Predict | Asked)}
    answered = {answer.question for answer in kept.answers if answer.page == lesson.name}
    shown = [block.name for block in lesson.blocks if isinstance(block, ExerciseCard)]
    own = [each.name for each in exercises if each.lesson == lesson.name and each.name not in shown]
    return LessonLine(
        name=lesson.name,
        number=lesson.number,
        title=lesson.title,
        summary=lesson.summary,
        minutes=lesson.minutes,
        language=lesson.language,
        languages=lesson.languages,
        questions=len(asked),
        answered=len(asked & answered),
        read=any(read.lesson == lesson.name for read in kept.lessons),
        finder="\n".join(block.html for block in lesson.blocks if isinstance(block, Finder)),
        exercises=tuple(name for name in [*shown, *own] if name in EXERCISES),
    )


def _exercise(each: Exercise, kept: Everything) -> ExerciseLine:
    done = {climbed.rung for climbed in kept.rungs if climbed.exercise == each.name}
    return ExerciseLine(
        name=each.name,
        title=each.title,
        summary=each.summary,
        lesson=each.lesson,
        minutes=each.minutes,
        rungs=each.rungs,
        done=tuple(rung for rung in each.rungs if rung in done),
    )
