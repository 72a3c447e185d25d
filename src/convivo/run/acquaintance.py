"""Let a model know itself: what its images and answers usually look like, and what it scores where they look different.

Both stand in the fingerprint, so that a new image can be held against them. It takes time, because the model is asked
about every image, and about altered copies of some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from time import perf_counter

import msgspec
import numpy as np

from convivo.model import Model, first_page
from convivo.ops.alterations import ALTERATIONS
from convivo.ops.deviations import Traits, deviations, typical
from convivo.ops.expectation import UNTRIED, Expectation, experienced, learned
from convivo.ops.fingerprint import Fingerprint, fingerprint
from convivo.ops.traits import feature_traits, usual_features
from convivo.ops.traits.of_features import FEATURES, Spread
from convivo.run.steadiness import CHANGES, disagreements
from convivo.run.stress import DRAWN, PAIRED, UNALTERED, Examiner, Trial, traits_of, trials
from convivo.types import Annotated

TRIED = 48  # images that are altered, at most
USUAL = 5  # times as many tell what is usual
STEADY = 0.5  # times as many tell what comes and goes
ANSWERS = (
    1 + DRAWN + PAIRED + USUAL + STEADY * (1 + len(CHANGES))
)  # of the model, for each image that is altered


def acquainted(
    model: Model,
    known: Sequence[Annotated],
    tried: Sequence[Annotated],
    *,
    kinds: Sequence[str] = tuple(ALTERATIONS),
    most: int = TRIED,
) -> Fingerprint:
    """The model's fingerprint with traits and expectations.

    known   images like those that it is for: what is usual
    tried   images with truth that it did not train on, of which altered copies are made; `most` of them
    """
    altered = _some(tried, most)
    once = {
        id(each) for each in altered
    }  # these are tried unaltered too: each image tells once what is usual
    usual = [*trials(model, [each for each in _some(known, USUAL * most) if id(each) not in once], ())]
    hard = [*trials(model, altered, kinds)]
    steady = steadiness(model, _some(known, max(1, int(STEADY * most))))
    return with_trials(described(model, known), usual, hard, steady)


def affordable(model: Model, tried: Sequence[Annotated], seconds: float) -> int:
    """How many images can be altered and tried in that time, as one answer for the largest tells."""
    largest = max(tried, key=lambda each: each.image.array.size)
    page, examiner = first_page(largest.image, largest.labels.ndim), Examiner(model)
    examiner.predict(page)  # the first answer chooses an engine
    started = perf_counter()
    traits_of(page, examiner.predict(page), model.sure)
    return int(seconds / (ANSWERS * (perf_counter() - started)))


def steadiness(model: Model, known: Sequence[Annotated]) -> list[Traits]:
    """What comes and goes in each image when it is changed a little."""
    examiner = Examiner(model)
    pages = [first_page(each.image, each.labels.ndim) for each in known]
    return [disagreements(examiner.labels(page), examiner.changed(page)) for page in pages]


def with_trials(
    seen: Fingerprint, usual: Sequence[Trial], hard: Sequence[Trial], steady: Sequence[Traits] = ()
) -> Fingerprint:
    """The fingerprint after these trials, and what is known of how steady answers are.

    Without expectations where nothing is usual of so few images, and of a model that finds nothing to be lost.
    """
    unaltered = [each for each in hard if each.kind == UNALTERED]
    best = float(np.mean([each.accuracy for each in unaltered])) if unaltered else 0.0
    plain = [*usual, *unaltered]
    features = usual_features([each.features for each in plain])
    traits = typical([_traits(each, features) for each in plain])
    if not best > 0 or not traits:
        return replace(seen, traits={}, tried=UNTRIED, quick=None, thorough=None)
    experience = experienced([deviations(_traits(each, features), traits) for each in hard], sorted(traits))

    def told_by(names: Sequence[str]) -> Expectation:
        return learned(
            experience,
            names,
            [each.accuracy for each in hard],
            [each.name for each in hard],
            best,
        )

    return replace(
        seen,
        traits=traits | typical(steady),
        features=features,
        tried=experience,
        quick=told_by([name for name in experience.names if not name.startswith(FEATURES)]),
        thorough=told_by(experience.names),
    )


def _traits(trial: Trial, features: Sequence[Spread]) -> Traits:
    """With those of the net's features."""
    return {**trial.traits, **feature_traits(trial.features, features)}


def described(model: Model, data: Sequence[Annotated]) -> Fingerprint:
    """The model's fingerprint, or one of these images where it has none."""
    if model.card.fingerprint is not None:
        return model.card.fingerprint
    pages = [first_page(each.image, each.labels.ndim) for each in data]
    return fingerprint(pages, [each.labels for each in data])


def with_fingerprint(model: Model, seen: Fingerprint) -> None:
    """Put it on the card."""
    model.card = msgspec.structs.replace(model.card, fingerprint=seen)


def _some(data: Sequence[Annotated], most: int) -> Sequence[Annotated]:
    """Evenly spaced ones."""
    return data[:: max(1, -(-len(data) // most))]
