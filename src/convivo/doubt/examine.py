"""Ask all checks of an image, or of a model. What no check can look at is a finding too."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from convivo.doubt.case import Case
from convivo.doubt.check import ImageCheck, ModelCheck
from convivo.doubt.checks import OF_IMAGES, OF_MODELS
from convivo.doubt.finding import STOP, Finding, Level, worst_first
from convivo.errors import ConvivoError
from convivo.io.pixels import real
from convivo.model import Model
from convivo.run.asking import PredictOptions
from convivo.run.intake import looks_like_labels
from convivo.types import Image, Prediction, Restoration

INPUT = "input"  # id of the findings about what the model cannot be asked of
QUESTION = "Is this an image that the model can look at?"
SMALLEST = 16  # pixels of a side, of which a net sees hardly more than padding


@dataclass(frozen=True, slots=True)
class Examination:
    """One image after all checks: the findings, the worst first, and the case with what was asked for them."""

    case: Case
    findings: tuple[Finding, ...]
    fit: bool  # False where the model could not be asked at all


def examine(
    model: Model,
    image: Image,
    *,
    quick: bool = False,
    options: PredictOptions | None = None,
    known: Prediction | Restoration | None = None,
    checks: Sequence[ImageCheck] = OF_IMAGES,
) -> list[Finding]:
    """What the checks have to say of an image, the worst first. `known` is the answer, where it was given already."""
    return list(examination(Case(model, image, options or PredictOptions(), known, quick), checks).findings)


def examine_model(model: Model, checks: Sequence[ModelCheck] = OF_MODELS) -> list[Finding]:
    """What there is to say of the model itself, whatever image it is shown, the worst first."""
    return worst_first(finding for check in checks for finding in check.ask(model))


def examination(case: Case, checks: Sequence[ImageCheck] = OF_IMAGES) -> Examination:
    """Ask all checks of a case; of an image that is unfit, none."""
    unfit = tuple(unfit_input(case.model, case.image))
    if unfit:
        return Examination(case, unfit, fit=False)
    asked = [check for check in checks if check.applies("restored" if case.restores else "objects")]
    found = [
        finding for check in asked if check.quick or not case.quick for finding in _findings(case, check)
    ]
    return Examination(case, tuple(worst_first(found)), fit=True)


def _findings(case: Case, check: ImageCheck) -> Iterable[Finding]:
    if check.needs_fingerprint and not (case.fingerprint and case.fingerprint.traits):
        return [_without_fingerprint(case, check)]
    where = page_of(case)
    found = check.ask(case)
    return [_looked_at(finding, where) for finding in found] if where else found


def _looked_at(finding: Finding, where: str) -> Finding:
    return msgspec.structs.replace(finding, evidence=f"{finding.evidence} ({where})")


def page_of(case: Case) -> str:
    """Which page of a film or a stack is looked at, counted from 1, as Fiji does; empty where there is but one."""
    axes = case.image.page_axes(case.model.dimensions)
    lengths = [case.image.array.shape[case.image.axes.index(axis)] for axis in axes]
    places = zip(axes.lower(), case.index, lengths, strict=True)
    said = [f"{axis}={index + 1} of {length}" for axis, index, length in places if length > 1]
    return f"page {', '.join(said)}" if said else ""


def unfit_input(model: Model, image: Image) -> Iterator[Finding]:
    """Why nothing can be found in such an image, where that is so."""
    name, array = image.name or "the image", image.array
    channels = array.shape[image.axes.index("C")] if array.ndim == len(image.axes) else 0
    if array.size == 0:
        yield _stop(name, "the image has no pixels", "give an image that shows something")
    elif not np.isfinite(real(array, name)).all():
        odd = int(np.count_nonzero(~np.isfinite(array)))
        yield _stop(
            name,
            f"{odd:,} of {array.size:,} values are NaN or infinite",
            "replace them (numpy.nan_to_num), or cut them out",
            odd,
        )
    elif channels != model.card.net.channels:
        fix = (
            "choose one: convivo predict ... --channel 0"
            if model.card.net.channels == 1
            else "give images with those channels"
        )
        yield _stop(
            name,
            f"the image has {channels} channels, the model was trained on {model.card.net.channels}",
            fix,
            channels,
        )
    elif min(array.shape[-2:]) < SMALLEST:
        sides = " x ".join(map(str, array.shape[-2:]))
        yield _stop(
            name,
            f"the image has {sides} pixels, too few to see an object in its surroundings",
            f"give images of at least {SMALLEST} pixels a side",
            min(array.shape[-2:]),
        )
    elif array.min() == array.max():
        yield _stop(name, f"every pixel is {array.flat[0]}", "give an image that shows something")
    elif looks_like_labels(array):
        yield _stop(name, "this is a label image, not a picture", "give the microscope's image")


def not_done(name: str, error: ConvivoError) -> Finding:
    """An image that could not be read, or not be answered."""
    return _stop(name, error.problem, error.fix)


def _stop(name: str, evidence: str, advice: str, measured: float | None = None) -> Finding:
    return Finding(
        image=name,
        id=INPUT,
        level=Level.stop,
        measured=measured,
        evidence=evidence,
        advice=advice,
        doubt=STOP,
    )


def _without_fingerprint(case: Case, check: ImageCheck) -> Finding:
    name = case.model.card.name
    return Finding(
        image=case.name,
        id=check.id,
        level=Level.note,
        evidence=f"not asked: model {name!r} does not know what it was trained on",
        advice="convivo fingerprint ... DATA, with images and masks like those that it was trained on",
    )
