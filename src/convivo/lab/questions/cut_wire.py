"""What a net says of a window that was trained without some of its skips, and how far its outlines are off."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from convivo.lab import shelf, wires
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.model import Model
from convivo.ops.scores import match, outline_distances
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.types import Labels

SOME, MOST = 0.5, 0.9  # IoU: the nucleus was found; its outline is right too
# IoU of those whose outlines are measured: at 0.5, two nuclei that were found as one may still count as one of them,
# and how far off that outline is says nothing of what skips do
CLEAR = 0.75
REACHES = tuple(step / 2 for step in range(17))  # pixels from an outline, up to 8
# so small a net is asked sooner than a faster engine is made ready for it
OPTIONS = PredictOptions(engine=Wanted(engine="torch", precision="float32"))


class Asked(msgspec.Struct, frozen=True):
    """Which window, and which skips are cut."""

    window: Window
    cut: tuple[int, ...] = ()  # levels, from 0, the finest


class Judged(msgspec.Struct, frozen=True):
    """Against the truth, which is known where the image was simulated."""

    there: int  # nuclei
    right: int  # that were found, at IoU 0.5
    accuracy: float  # at IoU 0.5
    strict: float  # at IoU 0.9
    off: (
        float | None
    )  # pixels: mean distance between the outlines of nuclei found at IoU 0.75; None where there are none
    within: list[
        float
    ]  # share of the outlines' pixels within 0, 0.5, 1 ... 8 pixels of their partner's outline


class Tested(msgspec.Struct, frozen=True):
    """On images from which no net learned, as its card says."""

    images: int
    strict: float  # accuracy at IoU 0.9


class Answer(msgspec.Struct, frozen=True):
    """What the net says."""

    cut: tuple[int, ...]
    labels: Labels  # (Y, X)
    found: int
    weights: int  # of the net
    tested: Tested | None
    judged: Judged | None


def cut_wire(asked: Asked) -> Answer:
    """Ask the net that was trained without these skips. Raises BadInput where there is none."""
    predictor = _predictor(tuple(sorted(set(asked.cut))))
    cut = shelf.cut(asked.window)
    labels = predictor.predict(cut.as_image()).labels
    weights = sum(each.numel() for each in predictor.model.net.parameters())
    judged = None if cut.truth is None else _judged(cut.truth, labels)
    return Answer(asked.cut, labels, int(labels.max(initial=0)), weights, _tested(predictor.model), judged)


@lru_cache(maxsize=len(wires.WIRINGS))
def _predictor(cut: tuple[int, ...]) -> Predictor:
    shelf.wait_until_warm()
    return Predictor(wires.load(cut), OPTIONS)


def _tested(model: Model) -> Tested | None:
    score = model.card.scores.test
    return None if score is None else Tested(score.images, score.accuracy[f"{MOST:g}"])


def _judged(truth: Labels, labels: Labels) -> Judged:
    some = match(truth, labels, SOME)
    off = outline_distances(truth, labels, CLEAR)
    return Judged(
        there=some.true_positives + some.false_negatives,
        right=some.true_positives,
        accuracy=some.accuracy,
        strict=match(truth, labels, MOST).accuracy,
        off=float(off.mean()) if off.size else None,
        within=[float((off <= reach).mean()) if off.size else 0.0 for reach in REACHES],
    )


QUESTIONS = [Question("cut-wire", Asked, cut_wire)]
