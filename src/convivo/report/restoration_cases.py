"""One restored image of a report is drawn: before, restored and truth, their errors, and one row as a profile."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from convivo.errors import BadInput
from convivo.report.brightness import on_scale_of
from convivo.report.content import Figure
from convivo.report.contrast import most_contrasted_piece, most_contrasted_row
from convivo.report.pictures import data_uri, flat, grey_between, limits
from convivo.report.profile import profile
from convivo.report.restoration_content import (
    AS_IT_CAME,
    DrawnRestoration,
    RestorationCase,
    Side,
    Way,
    in_sentence,
    short,
)
from convivo.report.restoration_pictures import enlarged, error_colours, error_limit, uncertainty_colours
from convivo.run.evaluate_restored import channels_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from convivo.report.pictures import Picture
    from convivo.run.evaluate_restored import RestoredScore
    from convivo.types import AnyArray, Restorable, Restoration


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """The piece of a case that the pictures show, (Y, X) each, all on one scale of brightness."""

    before: AnyArray
    ways: tuple[tuple[str, AnyArray], ...]
    truth: AnyArray | None
    uncertainties: tuple[tuple[str, AnyArray], ...]
    row: int  # of the piece: where the profile lies
    corner: tuple[int, int]  # where the piece begins
    whole: bool
    rescaled: tuple[str, ...]  # titles of what lay on another scale


@dataclass(frozen=True, slots=True)
class Answer:
    """What one way made of one image, and how good that is."""

    title: str
    scores: Sequence[RestoredScore]  # of each channel
    found: Restoration


def cases_of(each: Restorable, answers: Sequence[Answer]) -> list[RestorationCase]:
    """A case for each scored channel of an image that was restored in one or several ways."""
    before = channels_of(each.image)
    truth = channels_of(each.target) if each.target is not None else None
    return [
        RestorationCase(
            name=score.name,
            before=before[number if score.before is not None else 0],
            truth=truth[number] if truth else None,
            before_score=score.before,
            ways=tuple(_way(answer, number) for answer in answers),
        )
        for number, score in enumerate(answers[0].scores)
    ]


def numbers(case: RestorationCase) -> DrawnRestoration:
    """The case without pictures, for the table alone."""
    sides = (
        Side(AS_IT_CAME, case.before_score),
        *(Side(way.title, way.score) for way in case.ways),
    )
    return DrawnRestoration(name=case.name, sides=sides)


def draw(case: RestorationCase) -> DrawnRestoration:
    """Draw a case. Of a stack the middle plane is shown.

    Raises BadInput where there is neither truth nor a restored image, or shapes differ.
    """
    _refuse_unlike(case)
    shown = _shown(case)
    errors = _errors(shown)
    return DrawnRestoration(
        name=case.name,
        sides=numbers(case).sides,
        detail=_in_words(case, shown, errors),
        figures=tuple(_figures(case.name, shown, errors)),
        profile=profile(
            shown.before[shown.row],
            [(title, values[shown.row]) for title, values in shown.ways],
            None if shown.truth is None else shown.truth[shown.row],
            shown.corner[1],
        ),
    )


def _way(answer: Answer, number: int) -> Way:
    total = answer.found.uncertainty.get("total")
    image = answer.found.image
    return Way(
        title=answer.title,
        restored=channels_of(image)[number],
        score=answer.scores[number].after,
        uncertainty=None if total is None else channels_of(type(image)(total, image.axes))[number],
    )


def _refuse_unlike(case: RestorationCase) -> None:
    if case.truth is None and not case.ways:
        raise BadInput(f"{case.name} is neither restored nor has a truth", fix="give at least one of them")
    others = [case.truth, *(way.restored for way in case.ways), *(way.uncertainty for way in case.ways)]
    for other in others:
        if other is not None and other.shape != case.before.shape:
            raise BadInput(
                f"{case.name} has shape {case.before.shape}, what is shown beside it {other.shape}",
                fix="restore and compare images of one pixel grid",
            )


def _shown(case: RestorationCase) -> Shown:
    reference = flat(case.ways[0].restored if case.truth is None else case.truth)
    rows, columns = piece = most_contrasted_piece(reference)
    before = on_scale_of(reference, flat(case.before))
    ways = [(way.title, on_scale_of(reference, flat(way.restored))) for way in case.ways]
    every = [(AS_IT_CAME, before), *ways]
    return Shown(
        before=before.pixels[piece],
        ways=tuple((title, way.pixels[piece]) for title, way in ways),
        truth=None if case.truth is None else reference[piece],
        uncertainties=tuple(
            (way.title, flat(way.uncertainty)[piece]) for way in case.ways if way.uncertainty is not None
        ),
        row=most_contrasted_row(reference[piece]),
        corner=(rows.start, columns.start),
        whole=reference[piece].size == reference.size,
        rescaled=tuple(in_sentence(title) for title, scaled in every if scaled.changed),
    )


def _errors(shown: Shown) -> list[tuple[str, AnyArray]]:
    """Restored - truth, also of the image as it came; none without a truth."""
    if shown.truth is None:
        return []
    truth = shown.truth.astype(np.float64)
    return [(title, values - truth) for title, values in ((AS_IT_CAME, shown.before), *shown.ways)]


def _figures(name: str, shown: Shown, errors: Sequence[tuple[str, AnyArray]]) -> Iterator[Figure]:
    """One row of grey pictures, below each its error, then what the models are not sure of."""
    bottom, top = limits(shown.ways[0][1] if shown.truth is None else shown.truth)
    greys = [(AS_IT_CAME, shown.before), *shown.ways]
    for title, values in greys:
        words = f"{name}, {in_sentence(title)}"
        yield _figure("grey", title, words, grey_between(values, bottom, top), shown.row)
    if shown.truth is not None:
        picture = grey_between(shown.truth, bottom, top)
        yield _figure("grey", "Truth", f"{name}, the truth", picture, shown.row)
    limit = error_limit([error for _, error in errors]) if errors else 0.0
    for title, error in errors:
        words = (
            f"Error of {name}, {in_sentence(title)}: "
            f"root mean square {short(np.sqrt(np.mean(error**2)))} in the piece shown"
        )
        picture = error_colours(error, limit)
        yield _figure("error", f"Error: {in_sentence(title)}", words, picture, shown.row)
    yield from _doubts(name, shown)


def _doubts(name: str, shown: Shown) -> Iterator[Figure]:
    highest = _doubt_limit(shown)
    for title, doubt in shown.uncertainties:
        words = f"Standard deviation that {title} states for each pixel of {name}"
        picture = uncertainty_colours(doubt, highest)
        yield _figure("uncertainty", f"Uncertainty: {title}", words, picture, shown.row)


def _doubt_limit(shown: Shown) -> float:
    return max((limits(doubt)[1] for _, doubt in shown.uncertainties), default=0.0)


def _figure(kind: str, title: str, alternative: str, picture: Picture, row: int) -> Figure:
    large = enlarged(picture, row)
    return Figure(kind, title, alternative, data_uri(large), large.shape[1], large.shape[0])


def _in_words(case: RestorationCase, shown: Shown, errors: Sequence[tuple[str, AnyArray]]) -> str:
    """Which part is shown, and on which scales."""
    bottom, top = limits(shown.ways[0][1] if shown.truth is None else shown.truth)
    sentences = [_part(case, shown), f"Grey from {short(bottom)} (black) to {short(top)} (white)."]
    if errors:
        limit = short(error_limit([error for _, error in errors]))
        sentences.append(f"Errors from −{limit} (orange, too dark) to +{limit} (purple, too bright).")
    if shown.uncertainties:
        sentences.append(f"Uncertainty from 0 to {short(_doubt_limit(shown))}.")
    if shown.rescaled:
        wanted = "the first restored image" if shown.truth is None else "the truth"
        sentences.append(f"Brought to the brightness of {wanted}: {', '.join(shown.rescaled)}.")
    return " ".join(sentences)


def _part(case: RestorationCase, shown: Shown) -> str:
    plane = f"The middle one of {len(case.before)} planes. " if case.before.ndim == 3 else ""
    (rows, columns), (top, left) = shown.before.shape, shown.corner
    if shown.whole:
        return f"{plane}The whole image, {columns} × {rows} pixels; the profile is that of row {shown.row}."
    return (
        f"{plane}The most contrasted {columns} × {rows} pixels of {case.before.shape[-1]} × {case.before.shape[-2]}: "
        f"x from {left}, y from {top}; the profile is that of row {top + shown.row}."
    )
