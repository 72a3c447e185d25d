"""Findings from traits: what deviates, how far, and how much of what is expected to be lost that explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf

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
    least: float = -inf  # that it can be; a wide limit may lie below


@dataclass(frozen=True, slots=True)
class Side:
    """A trait that is too large or too small, and what that means."""

    trait: str
    sign: str  # + or -
    means: str
    advice: str = ""


def foremost(case: Case, sides: Sequence[Side]) -> Side | None:
    """The side to be named: where they raise a doubt the one that explains most, otherwise the farthest off."""

    def by_share(side: Side) -> float:
        return case.share({side.trait}) if _deviation(case, side) > 0 else -1.0

    def by_distance(side: Side) -> float:
        return _beyond(case, side) if _deviation(case, side) > 0 else _deviation(case, side)

    return max(sides, key=by_share if _explained(case, sides) >= NOTE else by_distance, default=None)


def doubt_of(case: Case, sides: Sequence[Side]) -> float:
    """Of all their traits together: their share of what is expected to be lost, never more than the whole raises.

    What lies outside all that is known is worth a note, though nothing may be lost.
    """
    odd = max((_beyond(case, side) for side in sides), default=0.0)
    return max(_explained(case, sides), NOTE if odd > ODD else 0.0)


def deviating(
    case: Case, check: str, sides: Sequence[Side], words: Mapping[str, Trait], means: str = ""
) -> Finding | None:
    """One finding of the trait that matters most; None where the model does not know these traits.

    means  what is said of it, instead of the words of its side
    """
    known = {} if case.fingerprint is None else case.fingerprint.traits
    side = foremost(case, [side for side in sides if side.trait in case.traits and side.trait in known])
    if side is None:
        return None
    doubt, is_off = doubt_of(case, sides), _deviation(case, side) > 0
    is_said = is_off and doubt >= NOTE
    usual, how = known[side.trait], words[side.trait]
    measured, low, middle, high = (
        _in_units(number, how) for number in (case.traits[side.trait], usual.low, usual.middle, usual.high)
    )
    value, least, near, most = (numeral(number, how.digits) for number in (measured, low, middle, high))
    mostly = f", mostly near {near}" if is_said and low <= measured <= high else ""
    means = means or (side.means if is_said else "")
    return Finding(
        image=case.name,
        id=check,
        level=level_of(doubt),
        measured=measured,
        expected=(low, high),
        evidence=f"{how.text} {value}; images that the model knows have {least} to {most}{mostly}"
        + (f": {means}" if means else ""),
        advice=side.advice if is_said else "",
        doubt=round(doubt, 3),
    )


def _explained(case: Case, sides: Sequence[Side]) -> float:
    """The doubt that these traits raise together."""
    return case.doubt_because({side.trait for side in sides})


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
    return max(how.least, 2**value if how.powers else value)
