"""Findings from traits: what deviates, how far, and what that is likely to cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convivo.doubt.case import Case
from convivo.doubt.finding import NOTE, Finding, level_of
from convivo.doubt.numerals import numeral

ODD = 1.0  # deviation from which no known image is like this


@dataclass(frozen=True, slots=True)
class Trait:
    """How a trait is said: `text` takes the value and the two limits, in the units of a person."""

    text: str  # of what is measured
    powers: bool = False  # logarithms to base 2 are said as what they are of
    digits: int = 2


@dataclass(frozen=True, slots=True)
class Side:
    """A trait that is too large or too small, and what that means."""

    trait: str
    sign: str  # + or -
    means: str


def strongest(case: Case, sides: Sequence[Side]) -> Side | None:
    """Of the sides that a check looks at the one that costs most, or deviates most where nothing costs."""
    losses = case.expectation.losses(case.deviations) if case.expectation else {}
    found = [
        (losses.get(side.trait + side.sign, 0.0), case.deviations.get(side.trait + side.sign, 0.0), side)
        for side in sides
    ]
    return max(found, key=lambda each: each[:2], default=(0.0, 0.0, None))[2]


def doubt_of(case: Case, sides: Sequence[Side]) -> float:
    """Of all sides together: what they cost, in units of what makes an image suspicious.

    What lies outside all that is known is worth a note, though it may cost nothing.
    """
    if case.expectation is None:
        return 0.0
    losses = case.expectation.losses(case.deviations)
    names = {side.trait + side.sign for side in sides}
    cost = sum(loss for name, loss in losses.items() if name in names) / max(case.expectation.limit, 1e-6)
    odd = max((case.deviations.get(name, 0.0) for name in names), default=0.0)
    return max(cost, NOTE) if odd > ODD else cost


def deviating(
    case: Case, check: str, sides: Sequence[Side], words: Mapping[str, Trait], advice: Mapping[str, str]
) -> Finding | None:
    """One finding of the side that matters most; None where the model does not know these traits."""
    side = strongest(case, sides)
    if side is None or case.fingerprint is None:
        return None
    if side.trait not in case.traits or side.trait not in case.fingerprint.traits:
        return None
    doubt = doubt_of(case, sides)
    low, _, high = case.fingerprint.traits[side.trait]
    how = words[side.trait]
    measured, lowest, highest = (_in_units(number, how) for number in (case.traits[side.trait], low, high))
    value, least, most = (numeral(number, how.digits) for number in (measured, lowest, highest))
    level = level_of(doubt)
    means = f": {side.means}" if doubt >= NOTE else ""
    return Finding(
        image=case.name,
        id=check,
        level=level,
        measured=measured,
        expected=(lowest, highest),
        evidence=f"{how.text} {value}; images that the model knows have {least} to {most}{means}",
        advice=advice.get(side.trait + side.sign, "") if doubt >= NOTE else "",
        doubt=round(doubt, 3),
    )


def _in_units(value: float, how: Trait) -> float:
    return 2**value if how.powers else value
