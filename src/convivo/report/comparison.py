"""The page that compares contenders: for each trial a verdict, curves, a table, and one image for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from convivo.io.atomic import writing
from convivo.report.accuracy_curves import AccuracyLine, accuracy_curves
from convivo.report.content import Figure
from convivo.report.mistake_pictures import WINDOW, pictures_of
from convivo.report.page import rendered
from convivo.report.pictures import data_uri
from convivo.report.verdicts import verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from convivo.report.pictures import Picture
    from convivo.run.compare import Outcome, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One trial as the page shows it. It holds no array."""

    name: str
    about: str
    images: int
    true: int
    verdict: tuple[str, ...]  # sentences
    curves: str  # an SVG element
    outcomes: tuple[Outcome, ...]
    best: tuple[float, ...]  # the highest accuracy at each IoU
    shown: str  # which image the pictures show
    panels: tuple[Figure, ...]  # the truth, then each contender under its name


def section(result: Result) -> Section:
    """Draw a trial, and say who loses where."""
    outcomes = result.outcomes
    columns = zip(*([row.total.accuracy for row in each.rows] for each in outcomes), strict=True)
    return Section(
        name=result.trial.name,
        about=result.trial.about,
        images=result.trial.images,
        true=outcomes[0].rows[0].true,
        verdict=verdict(outcomes),
        curves=accuracy_curves([_line(each) for each in outcomes]),
        outcomes=outcomes,
        best=tuple(max(column) for column in columns),
        shown=_which(result),
        panels=_panels(result),
    )


def write_comparison(path: Path, sections: Sequence[Section], facts: Sequence[tuple[str, str]]) -> None:
    """Write the page; raises CannotWrite where the disk refuses."""
    with writing(path) as temporary:
        temporary.write_text(rendered("comparison.html.j2", sections=sections, facts=facts), encoding="utf-8")


def _line(outcome: Outcome) -> AccuracyLine:
    totals = [row.total for row in outcome.rows]
    return AccuracyLine(
        outcome.contender,
        tuple(total.iou for total in totals),
        tuple(total.accuracy for total in totals),
    )


def _which(result: Result) -> str:
    rows, columns = (min(length, WINDOW) for length in result.shown.truth.shape[-2:])
    why = (
        ", on which most is missed"
        if len(result.outcomes) == 1
        else ", on which the contenders lie furthest apart"
    )
    one = result.shown.example.name + ("" if result.trial.images == 1 else why)
    return f"Shown: {one}; its {rows} × {columns} pixels with the most mistakes."


def _panels(result: Result) -> tuple[Figure, ...]:
    truth, *found = pictures_of(result.shown)
    names = [answer.contender for answer in result.shown.answers]
    return (
        _panel("truth", "Truth", *truth),
        *(_panel("comparison", name, *each) for name, each in zip(names, found, strict=True)),
    )


def _panel(kind: str, title: str, words: str, picture: Picture) -> Figure:
    height, width = picture.shape[:2]
    return Figure(kind, title, words, data_uri(picture), width, height)
