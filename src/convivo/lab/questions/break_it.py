"""Break it: an altered image, what the real net finds in it, whether that is right, and what doubt says of it."""

from __future__ import annotations

import msgspec
import numpy as np

from convivo.doubt.advice import completed, in_parts
from convivo.doubt.case import Case
from convivo.doubt.check import ImageCheck
from convivo.doubt.checks import OF_IMAGES
from convivo.doubt.examine import examination
from convivo.doubt.finding import Finding
from convivo.doubt.first_aid import first_aid
from convivo.lab import shelf
from convivo.lab.break_it.aid import MODEL, Aid, examiner, mended, options
from convivo.lab.break_it.harm import Harm, harmed
from convivo.lab.break_it.strips import Strip, strips
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.ops.scores import matched_pairs
from convivo.run.steadiness import IOU
from convivo.run.stress import accuracy
from convivo.types import Image, Labels, Map, Prediction

BLACK, WHITE = 1.0, 99.8  # percentiles that are shown so: about what the net is shown


class Asked(msgspec.Struct, frozen=True):
    """Which image, what happens to it, and what is done about it."""

    window: Window
    harm: Harm = Harm()
    aid: Aid = Aid()


class Told(msgspec.Struct, frozen=True):
    """A finding as the page shows it."""

    id: str
    question: str
    level: str
    evidence: str
    advice: str  # words, and
    command: str  # what can be typed, and
    after: str  # words again; each may be empty
    doubt: float


class Broken(msgspec.Struct, frozen=True):
    """The altered image and what is to be said of it. Shares are from 0 to 1; None where nobody can know."""

    pixels: Map  # (Y, X), after harm and first aid, in the image's own units
    low: float  # the grey value to show as black
    high: float
    labels: Labels  # (Y, X), what the net finds
    truth: Labels | None  # (Y, X), what is there, where the image was simulated
    found: int
    there: int | None
    right: list[int]  # labels that match a nucleus at IoU 0.5
    hit: list[int]  # and the nuclei in the truth that they match
    accuracy: float | None  # at IoU 0.5
    sure: float | None  # mean over the objects of the probability that the net gives them
    expected: float | None  # accuracy that doubt expects
    best: float | None  # accuracy on images like those that the model learned from
    findings: list[Told]  # the worst first
    strips: list[Strip]


class Promise(msgspec.Struct, frozen=True):
    """What one kind of first aid promises: the accuracy that is expected with it."""

    name: str
    scale: float  # times as large as the image is then shown
    expected: float
    helps: bool


class Promises(msgspec.Struct, frozen=True):
    """In doubt's own order, what promises most first."""

    now: float  # accuracy that is expected as it is
    aids: list[Promise]


def break_it(asked: Asked) -> Broken:
    """Harm the window, mend it, ask the net, and doubt its answer quickly."""
    cut = shelf.cut(asked.window)
    image, truth = harmed(cut.pixels, cut.truth, asked.harm)
    case = _case(mended(image, asked.aid), asked, cut.source.name)
    told = examination(case)
    return _answered(case, truth, told.findings, fit=told.fit)


def promises(asked: Asked) -> Promises:
    """Try all first aid on the altered image; what was chosen already stays."""
    cut = shelf.cut(asked.window)
    image, _ = harmed(cut.pixels, None, asked.harm)
    case = _case(mended(image, asked.aid), asked, cut.source.name)
    best = case.expectation.best if case.expectation else 0.0
    now = best * (1 - case.lost)
    aids = [
        Promise(
            aid.name, aid.scale * case.options.scale, min(best, max(0.0, now + best * aid.gain)), aid.helps
        )
        for aid in first_aid(case)
    ]
    return Promises(now, aids)


def _case(image: Map, asked: Asked, name: str) -> Case:
    """The quick case of the image, with the answer of the engines at hand."""
    asks = examiner(asked.aid.scale)
    known = asks.predict(image[None])
    return Case(
        asks.model, Image(image[None], "CYX", name), options(asked.aid.scale), known, quick=True, asks=asks
    )


def _answered(case: Case, truth: Labels | None, findings: tuple[Finding, ...], *, fit: bool) -> Broken:
    answer, pixels = case.prediction, case.pixels[0]
    low, high = (float(value) for value in np.percentile(pixels, (BLACK, WHITE)))
    expectation, fingerprint = case.expectation, case.fingerprint
    pairs = () if truth is None else matched_pairs(truth, answer.labels, IOU)
    return Broken(
        pixels=pixels,
        low=low,
        high=high if high > low else low + 1.0,
        labels=answer.labels,
        truth=truth,
        found=len(answer.objects),
        there=None if truth is None else len(np.unique(truth[truth > 0])),
        right=[pair.label_id for pair in pairs],
        hit=[pair.truth_id for pair in pairs],
        accuracy=None if truth is None else accuracy(truth, answer.labels),
        sure=_sure(answer),
        expected=expectation.best * (1 - case.lost) if expectation and fit else None,
        best=expectation.best if expectation else None,
        findings=[_told(each, case) for each in findings],
        strips=strips(case.traits, fingerprint.traits) if fingerprint and fit else [],
    )


def _sure(answer: Prediction) -> float | None:
    if not answer.objects:
        return None
    return float(np.mean([each.probability for each in answer.objects]))


def _told(finding: Finding, case: Case) -> Told:
    whole = completed(finding, images="IMAGE", model=MODEL, method=case.model.card.method)
    advice = in_parts(whole.advice)
    return Told(
        finding.id,
        _questions().get(finding.id, "Can the net look at this at all?"),
        finding.level,
        finding.evidence,
        advice.before,
        advice.command,
        advice.after,
        finding.doubt,
    )


def _questions() -> dict[str, str]:
    checks: tuple[ImageCheck, ...] = OF_IMAGES
    return {check.id: check.question for check in checks}


QUESTIONS = [Question("break-it", Asked, break_it), Question("break-it-aid", Asked, promises)]
