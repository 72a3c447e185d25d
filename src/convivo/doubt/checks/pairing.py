"""Does each mask belong to its image? A part of the check `labels`.

A mask that does not lie on its image is tried elsewhere: moved, turned and mirrored, and on the other images. Where it
fits there, that is what happened; where it fits nowhere, it may be the image that shows too little.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from convivo.doubt.checks.leak import plane
from convivo.doubt.finding import STOP, WARN, Finding, level_of
from convivo.ops.mask_fit import FITS, MaskFit, agreement, edges_of, mask_fit, outlines_of
from convivo.types import Annotated, AnyArray, Labels

ID = "labels"
BY_CHANCE = 0.35  # correlation that some shift of a wrong mask may have
TRIED = 30  # masks that fit nowhere and are tried on other images
WORDS = {
    1: "turned by 90°",
    2: "turned by 180°",
    3: "turned by 270°",
    4: "mirrored left to right",
    5: "mirrored and turned by 90°",
    6: "mirrored top to bottom",
    7: "mirrored and turned by 270°",
}


class Pair(NamedTuple):
    """One plane of an image and of its mask, and how they fit; None where either shows nothing."""

    name: str
    image: AnyArray
    labels: Labels
    fit: MaskFit | None


class Elsewhere(NamedTuple):
    """Where a mask fits better than where it lies, in words, and what to do."""

    agreement: float
    words: str
    advice: str


def misfits(data: Sequence[Annotated]) -> Iterator[Finding]:
    """One finding for each mask that does not lie on its image."""
    pairs = [_pair(each) for each in data]
    tried = 0
    for pair in pairs:
        if pair.fit is None:
            continue
        if pair.fit.agreement < FITS:
            tried += 1
            yield _misfit(pair, pair.fit, pairs if tried <= TRIED else [])
        elif pair.fit.is_shifted:
            yield _finding(pair, pair.fit, _moved(pair.fit), STOP)


def _pair(each: Annotated) -> Pair:
    image, labels = plane(each), each.labels
    if labels.ndim == 3:  # the plane with most in it
        number = int((labels > 0).sum(axis=(1, 2)).argmax()) if len(labels) else 0
        stack = next(iter(each.image.pages(3)))[1]
        image = np.nan_to_num(np.asarray(stack[:, number], np.float32).mean(axis=0), posinf=0, neginf=0)
        labels = labels[number]
    fits = image.shape == labels.shape and labels.size > 0
    return Pair(each.name, image, labels, mask_fit(image, labels) if fits else None)


def _misfit(pair: Pair, fit: MaskFit, others: Sequence[Pair]) -> Finding:
    found = max(_elsewhere(pair, fit, others), default=None)
    if found and found.agreement > FITS:
        return _finding(pair, fit, found, STOP)
    words = "fits nowhere: the outlines of its objects are no edges of the image"
    advice = "look at image and mask on top of each other, and leave the pair out if they differ"
    return _finding(pair, fit, Elsewhere(0.0, words, advice), WARN)


def _elsewhere(pair: Pair, fit: MaskFit, others: Sequence[Pair]) -> Iterator[Elsewhere]:
    if fit.is_shifted and fit.shifted > BY_CHANCE:
        yield _moved(fit)
    edges, lines = edges_of(pair.image), outlines_of(pair.labels)
    for how, labels in _turned(pair.labels, edges.shape):
        found = agreement(edges, outlines_of(labels))
        yield Elsewhere(found, f"fits {how} ({found:.2f})", "turn it back, and look how it was exported")
    for other in others:
        if other is not pair and other.image.shape == pair.labels.shape:
            found = agreement(edges_of(other.image), lines)
            advice = f"give it the name of {other.name}, and look which mask belongs to {pair.name}"
            yield Elsewhere(found, f"fits {other.name} ({found:.2f})", advice)


def _moved(fit: MaskFit) -> Elsewhere:
    down, right = fit.shift
    words = f"fits better {abs(down)} pixels further {'down' if down > 0 else 'up'} and "
    words += f"{abs(right)} {'right' if right > 0 else 'left'} ({fit.shifted:.2f})"
    return Elsewhere(fit.shifted, words, "move the mask, or export it again on the image's own grid")


def _turned(labels: Labels, shape: tuple[int, ...]) -> Iterator[tuple[str, Labels]]:
    for number, words in WORDS.items():
        turned = np.rot90(labels[:, ::-1] if number >= 4 else labels, number % 4)
        if turned.shape == shape:
            yield words, turned


def _finding(pair: Pair, fit: MaskFit, found: Elsewhere, doubt: float) -> Finding:
    usual = f"agrees with the image's edges by {fit.agreement:.2f} (usual: {FITS} and more)"
    return Finding(
        image=pair.name,
        id=ID,
        level=level_of(doubt),
        measured=round(fit.agreement, 3),
        expected=(FITS, 1.0),
        evidence=f"the mask {usual}, and {found.words}",
        advice=found.advice,
        doubt=doubt,
    )
