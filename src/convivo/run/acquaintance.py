"""Let a model know itself: what its images and answers usually look like, and what deviations cost it.

Both stand in the fingerprint, so that a new image can be held against them. It takes time, because the model is asked
about every image, and about altered copies of some.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from convivo.model import Model, first_page
from convivo.ops.alterations import ALTERATIONS
from convivo.ops.deviations import typical
from convivo.ops.fingerprint import Fingerprint, fingerprint
from convivo.run.steadiness import CHANGES
from convivo.run.stress import UNALTERED, Trial, expectation, trials
from convivo.types import Annotated

TRIED = 48  # images that are altered, at most; five times as many tell what is usual
CHANGED = {f"not_as_{name}" for name in CHANGES}


def acquainted(
    model: Model,
    known: Sequence[Annotated],
    tried: Sequence[Annotated],
    *,
    kinds: Sequence[str] = tuple(ALTERATIONS),
    most: int = TRIED,
    steady: bool = True,
) -> Fingerprint:
    """The model's fingerprint with traits and expectations.

    known   images like those that it is for: what is usual
    tried   images with truth that it did not train on, of which altered copies are made; `most` of them
    """
    usual = [*trials(model, _some(known, 5 * most), (UNALTERED,), steady=steady)]
    hard = [*trials(model, _some(tried, most), (UNALTERED, *kinds), steady=steady)]
    return with_trials(described(model, known), usual, hard)


def with_trials(seen: Fingerprint, usual: Sequence[Trial], hard: Sequence[Trial]) -> Fingerprint:
    """The fingerprint after these trials."""
    unaltered = [each for each in hard if each.kind == UNALTERED]
    best = float(np.mean([each.accuracy for each in unaltered]))
    if not best > 0:
        return seen  # a model that finds nothing has nothing to lose
    traits = typical([each.traits for each in (*usual, *unaltered)])
    quick = {name: limits for name, limits in traits.items() if name not in CHANGED}
    return replace(
        seen,
        traits=traits,
        quick=expectation(hard, quick, best),
        thorough=expectation(hard, traits, best) if CHANGED & traits.keys() else None,
    )


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
