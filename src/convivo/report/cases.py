"""One image of a report is drawn: its pictures beside the truth, and what went wrong in words."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np
from skimage.measure import regionprops

from convivo.report.content import Case, Drawn, Figure
from convivo.report.pictures import (
    Picture,
    compare,
    data_uri,
    flat,
    grey,
    label_colours,
    outlines,
    probability_colours,
)
from convivo.report.scaling import Shape, check_fit, picture_shape, scale_image, scale_labels
from convivo.report.unmatched import Unmatched, object_numbers, unmatched

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from convivo.types import Labels

SIDE = 1024  # pixels; the longest side of a picture on the page


def draw(case: Case, side: int = SIDE) -> Drawn:
    """Draw a case and say how it went. Pictures show the page that `flat` picks; counts are of the whole.

    Raises BadInput where the image, its labels and its truth have different shapes.
    """
    for labels in (case.labels, case.truth):
        if labels is not None:
            check_fit(case.name, flat(case.image), flat(labels))
    found = len(object_numbers(case.labels))
    if case.truth is None:
        verdict = f"{counted(found, 'object')} found, no truth to compare with"
        figures = _without_truth(case, verdict, side)
        return Drawn(
            name=case.name, verdict=verdict, detail=_pages(case.labels), figures=figures, found=found
        )
    true, alone = len(object_numbers(case.truth)), unmatched(case.labels, case.truth, case.pairs)
    verdict = _verdict(found, true, alone)
    return Drawn(
        name=case.name,
        verdict=verdict,
        detail=_where_to_look(case.labels, case.truth, alone),
        figures=_with_truth(case, case.truth, alone, verdict, side),
        found=found,
        true=true,
        missed=len(alone.missed),
        invented=len(alone.invented),
        scores=case.scores,
    )


def counted(number: int, noun: str) -> str:
    """Say a number of things: "1 object", "1,204 objects"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _verdict(found: int, true: int, alone: Unmatched) -> str:
    if true == found == 0:
        return "nothing there, nothing found"
    if len(alone.missed) == len(alone.invented) == 0:
        return "the one object matched" if true == 1 else f"all {true:,} objects matched"
    return f"{len(alone.missed):,} missed, {len(alone.invented):,} invented"


def _where_to_look(labels: Labels, truth: Labels, alone: Unmatched) -> str:
    unjudged = f"{counted(len(alone.unjudged), 'found object')} in unknown truth not judged."
    sentences = (
        _largest("missed", truth, alone.missed),
        _largest("invented", labels, alone.invented),
        unjudged if len(alone.unjudged) else "",
        _pages(labels),
    )
    return " ".join(filter(None, sentences))


def _largest(kind: str, labels: Labels, numbers: NDArray[np.integer]) -> str:
    """The size and place of the largest of these objects, in pixels of the original image."""
    if len(numbers) == 0:
        return ""
    objects = regionprops(np.where(np.isin(labels, numbers), labels, 0))
    largest = max(objects, key=lambda region: region.area)
    axes = [f"axis {axis}" for axis in range(labels.ndim - 2)] + ["y", "x"]
    place = ", ".join(f"{axis} {at:.0f}" for axis, at in zip(axes, largest.centroid, strict=True))
    return f"Largest {kind}: {counted(int(largest.area), 'pixel')} at {place}."


def _pages(labels: Labels) -> str:
    if labels.ndim == 2:
        return ""
    pages = " × ".join(str(length) for length in labels.shape[:-2])
    return f"The pictures show the middle of {pages} pages; counts are of all of them."


def _without_truth(case: Case, verdict: str, side: int) -> tuple[Figure, ...]:
    shape = _shape(case, side)
    drawn = outlines(scale_image(flat(case.image), shape), scale_labels(flat(case.labels), shape))
    return _figure("comparison", "Outlines found", f"{case.name}: {verdict}", drawn), *_plain(case, shape)


def _with_truth(case: Case, truth: Labels, alone: Unmatched, verdict: str, side: int) -> tuple[Figure, ...]:
    """The comparison first; then image beside probability, labels beside true labels."""
    shape = _shape(case, side)
    labels, true = (scale_labels(flat(each), shape) for each in (case.labels, truth))
    drawn = compare(scale_image(flat(case.image), shape), labels, true, alone)
    words = f"Outlines found and true outlines over {case.name}: {verdict}"
    return (
        _figure("comparison", "Found against truth", words, drawn),
        *_plain(case, shape),
        _figure(
            "truth", "True labels", f"Each true object of {case.name} in its own colour", label_colours(true)
        ),
    )


def _plain(case: Case, shape: Shape) -> tuple[Figure, ...]:
    """The pictures that need no truth: image, probability, labels."""
    image = grey(scale_image(flat(case.image), shape))
    figures = [_figure("image", "Image", f"Grey values of {case.name}, contrast stretched", image)]
    if case.probability is not None:
        probability = probability_colours(scale_image(flat(case.probability), shape))
        words = f"Probability of each pixel of {case.name} to lie in an object"
        figures.append(_figure("probability", "Probability", words, probability))
    labels = label_colours(scale_labels(flat(_in_colours_of_truth(case)), shape))
    words = f"Each object found in {case.name} in its own colour"
    return *figures, _figure("labels", "Labels found", words, labels)


def _in_colours_of_truth(case: Case) -> Labels:
    """The labels renumbered, so that a matched object has the number, and so the colour, of its true one."""
    if case.truth is None:
        return case.labels
    numbers = np.unique(case.labels)
    true_number = {pair.label_id: pair.truth_id for pair in case.pairs}
    free = itertools.count(int(case.truth.max(initial=0)) + 1)
    renumbered = [
        number if number <= 0 else true_number.get(number) or next(free) for number in numbers.tolist()
    ]
    return np.array(renumbered, dtype=np.int64)[np.searchsorted(numbers, case.labels)]


def _shape(case: Case, side: int) -> Shape:
    rows, columns = flat(case.image).shape
    return picture_shape((rows, columns), side)


def _figure(kind: str, title: str, alternative: str, picture: Picture) -> Figure:
    height, width = picture.shape[:2]
    return Figure(kind, title, alternative, data_uri(picture), width, height)
