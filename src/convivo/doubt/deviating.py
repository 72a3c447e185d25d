"""Findings from traits: what deviates, how far, and what that is likely to cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from convivo.doubt.case import Case
from convivo.doubt.finding import NOTE, Finding, level_of
from convivo.doubt.numerals import numeral

ODD = 1.0  # beyond this no known image is like it


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
    advice: str = ""


def farthest(case: Case, sides: Sequence[Side]) -> Side | None:
    """Of the sides that a check looks at the one that lies farthest from usual, in spreads."""
    found = [(_deviation(case, side), side) for side in sides]
    return max(found, key=lambda each: each[0], default=(0.0, None))[1]


def doubt_of(case: Case, sides: Sequence[Side]) -> float:
    """Of all their traits together: their share of what is expected to be lost, never more than the whole raises.

    What lies outside all that is known is worth a note, though it may cost nothing.
    """
    odd = max((_beyond(case, side) for side in sides), default=0.0)
    return max(case.doubt_because({side.trait for side in sides}), NOTE if odd > ODD else 0.0)


def deviating(case: Case, check: str, sides: Sequence[Side], words: Mapping[str, Trait]) -> Finding | None:
    """One finding of the trait that deviates most; None where the model does not know these traits."""
    known = {} if case.fingerprint is None else case.fingerprint.traits
    side = farthest(case, [side for side in sides if side.trait in case.traits and side.trait in known])
    if side is None:
        return None
    doubt = doubt_of(case, sides)
    usual, how = known[side.trait], words[side.trait]
    measured, low, high = (
        _in_units(number, how) for number in (case.traits[side.trait], usual.low, usual.high)
    )
    value, least, most = (numeral(number, how.digits) for number in (measured, low, high))
    means = f": {side.means}" if doubt >= NOTE and _deviation(case, side) > 0 else ""
    return Finding(
        image=case.name,
        id=check,
        level=level_of(doubt),
        measured=measured,
        expected=(low, high),
        evidence=f"{how.text} {value}; images that the model knows have {least} to {most}{means}",
        advice=side.advice if doubt >= NOTE else "",
        doubt=round(doubt, 3),
    )


def _deviation(case: Case, side: Side) -> float:
    """To that side, in spreads; negative on the other."""
    deviation = case.deviations.get(side.trait, 0.0)
    return deviation if side.sign == "+" else -deviation


def _beyond(case: Case, side: Side) -> float:
    """1 at the limit of all that is known, on that side."""
    if case.fingerprint is None or side.trait not in case.traits or side.trait not in case.fingerprint.traits:
        return 0.0
    if _deviation(case, side) <= 0:
        return 0.0
    return case.fingerprint.traits[side.trait].beyond(case.traits[side.trait])


def _in_units(value: float, how: Trait) -> float:
    return 2**value if how.powers else value
