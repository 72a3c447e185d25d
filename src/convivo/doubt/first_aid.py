"""First aid for an image whose answer is doubtful: all that the checks might advise, tried, and put in order.

The checks `scale` and `light` advise the best of their own kind. Here both kinds stand in one list, by what each gains.
"""

from __future__ import annotations

from dataclasses import dataclass

from convivo.doubt.case import Case
from convivo.doubt.checks.light import BETTER as LIGHTER
from convivo.doubt.checks.light import lost_with_remedies
from convivo.doubt.checks.scale import BETTER as FITTING
from convivo.doubt.checks.scale import lost_at_scales

RESCALE = "scale"  # the name of the aid that is no remedy for light


@dataclass(frozen=True, slots=True)
class Aid:
    """One thing to do, and what it promises of the part with most objects.

    name    "scale", or that of a remedy (`ops.remedies`)
    scale   times as large as the image is shown now; 1 where only the light is changed
    gain    share of the best accuracy that is expected to be won; below 0 where it harms
    helps   whether that is enough to be advised
    """

    name: str
    scale: float
    gain: float
    helps: bool


def first_aid(case: Case) -> list[Aid]:
    """Everything that can be tried, what promises most first; nothing for a model that was never tried, or in 3-D."""
    if case.fingerprint is None or case.fingerprint.quick is None or case.model.dimensions != 2:
        return []
    tried = [*_of_light(case), _of_size(case)]
    return sorted(tried, key=lambda each: -each.gain)


def _of_light(case: Case) -> list[Aid]:
    as_it_is, lost = lost_with_remedies(case)
    gains = {remedy.name: as_it_is - left for remedy, left in lost.items()}
    return [Aid(name, 1.0, gain, gain > LIGHTER) for name, gain in gains.items()]


def _of_size(case: Case) -> Aid:
    """The best scale but the one that the image has."""
    lost = lost_at_scales(case)
    others = {scale: left for scale, left in lost.items() if scale != 1} or lost
    best = min(others, key=lambda each: others[each])
    gain = lost[1.0] - others[best]
    return Aid(RESCALE, best, gain, gain > FITTING)
