"""Where an image lies among those that the model knows: one strip for each trait that a biologist can picture.

The traits, and the limits between which all but one in a hundred of the known images lie, are doubt's (`ops.traits`,
the model's fingerprint). Here they get words, units and an axis that stays, cut off where numbers mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import log

from convivo.doubt.numerals import numeral
from convivo.ops.deviations import Typical, Usual


@dataclass(frozen=True, slots=True)
class Scale:
    """How one trait is said and drawn."""

    trait: str
    title: str
    explained: str
    said: Callable[[float], str]  # a value in the units of a person
    lowest: float  # ends of the axis, in these units
    highest: float
    powers: bool = False  # the trait is a logarithm to base 2, and the axis one to base 10
    unit: float = 1.0  # by which the trait's own number is multiplied


@dataclass(frozen=True, slots=True)
class Strip:
    """One strip, ready to be drawn: places are shares of its length, from 0 to 1."""

    name: str
    title: str
    explained: str
    value: str  # as it is said; empty where there is none
    usual: str
    low: float  # where the band of the known images begins
    high: float
    at: float | None  # where this image lies; None where the trait cannot be measured
    where: str  # inside, below, above, or unmeasured
    ends: tuple[str, str]  # of the axis


def _pixels(value: float) -> str:
    return f"{numeral(value, 2)} px"


def _percent(value: float) -> str:
    return f"{round(value):,} %".replace("-", "−")


def _times(value: float) -> str:
    return f"{numeral(value, 2)} ×"


def _finely(value: float) -> str:
    return f"{value:.2f} ×" if value < 10 else _times(value)


SCALES: tuple[Scale, ...] = (
    Scale("diameter", "Object diameter", "of the middle one of all", _pixels, 3, 200, powers=True),
    Scale("range_to_noise", "Signal over noise", "bright minus dark over noise", _times, 1, 1000, powers=True),
    Scale("edge", "Sharp outlines", "against a softened copy", _finely, 0.5, 4, powers=True),
    Scale("contrast", "Contrast", "objects above their surroundings", _percent, -100, 120, unit=100),
    Scale("dark_share", "Background", "the middle one of all grey values", _percent, 0, 100, unit=100),
    Scale("brightest", "Outshone", "the range stretched by few pixels", _finely, 1, 100, powers=True),
    Scale("unsure", "Hesitation", "hesitant over certain area", _percent, 1, 1000, powers=True, unit=100),
)  # fmt: skip


def strips(traits: Mapping[str, float], known: Typical) -> list[Strip]:
    """All strips whose trait the model knows, in the order in which they are written out."""
    return [
        _strip(scale, traits.get(scale.trait), known[scale.trait]) for scale in SCALES if scale.trait in known
    ]


def _strip(scale: Scale, trait: float | None, usual: Usual) -> Strip:
    low, high = (_cut(scale, _in_units(scale, end)) for end in (usual.low, usual.high))
    value = None if trait is None else _in_units(scale, trait)
    return Strip(
        name=scale.trait,
        title=scale.title,
        explained=scale.explained,
        value="" if value is None else _said(scale, value),
        usual=_range(_said(scale, low), _said(scale, high)),
        low=_place(scale, low),
        high=_place(scale, high),
        at=None if value is None else _place(scale, _cut(scale, value)),
        where=_where(trait, usual),
        ends=(scale.said(scale.lowest), scale.said(scale.highest)),
    )


def _range(low: str, high: str) -> str:
    """With the unit said once."""
    return f"{low.removesuffix(high[high.rindex(' ') :])} to {high}"


def _where(trait: float | None, usual: Usual) -> str:
    if trait is None:
        return "unmeasured"
    return "below" if trait < usual.low else "above" if trait > usual.high else "inside"


def _in_units(scale: Scale, trait: float) -> float:
    return scale.unit * (2**trait if scale.powers else trait)


def _cut(scale: Scale, value: float) -> float:
    return min(max(value, scale.lowest), scale.highest)


def _said(scale: Scale, value: float) -> str:
    """In words where it lies beyond the axis."""
    if value > scale.highest:
        return f"over {scale.said(scale.highest)}"
    return f"below {scale.said(scale.lowest)}" if value < scale.lowest else scale.said(value)


def _place(scale: Scale, value: float) -> float:
    if not scale.powers:
        return (value - scale.lowest) / (scale.highest - scale.lowest)
    return log(value / scale.lowest) / log(scale.highest / scale.lowest)
