"""Are objects as often right as their probability says?

Probabilities of found objects are held against the truth, in bins (Guo et al. 2017). More off than perfect ones would
be by chance is a note. Whoever is told more than one half bets that an object is right: where such objects are more
often wrong the probability misleads, which is a warning.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from convivo.doubt.check import Check
from convivo.doubt.finding import NOTE, WARN, Finding
from convivo.ops.scores.calibration import Bin, Calibration, Judged, calibration

ID = "calibration"
EVEN = 0.5


def ask(images: Sequence[Judged]) -> Iterator[Finding]:
    """How far probabilities are off, over all images; nothing where nothing was found."""
    found = calibration(images)
    if found is None:
        return
    wrong = misleading(found)
    if wrong:
        doubt, told = WARN, wrong
    else:
        doubt = NOTE if found.error > found.chance else NOTE * found.error / (found.chance or 1)
        told = max(found.bins, key=lambda each: each.objects * abs(each.said - each.right))
    yield Finding.of(
        "", ID, found.error, (0.0, found.chance), _in_words(found, told), _advice(doubt, told), doubt
    )


def misleading(found: Calibration) -> Bin | None:
    """Of objects said to be likelier right than wrong those that are surely more often wrong, together."""
    poor = [each for each in found.bins if each.low >= EVEN and each.right_at_most < EVEN]
    return _together(poor) if poor else None


def _together(bins: Sequence[Bin]) -> Bin:
    objects = sum(each.objects for each in bins)
    said, right = (
        sum(each.objects * value for each, value in zip(bins, values, strict=True)) / objects
        for values in ([each.said for each in bins], [each.right for each in bins])
    )
    return Bin(bins[0].low, bins[-1].high, objects, said, right)


def _in_words(found: Calibration, told: Bin) -> str:
    low, high = found.interval
    return (
        f"objects that are given {told.low:.1f} to {told.high:.1f} are right in {told.right:.0%} of cases "
        f"({told.objects:,} of {found.objects:,}); probabilities are off by {found.error:.3f} "
        f"({low:.3f} to {high:.3f}), and perfect ones by up to {found.chance:.3f}"
    )


def _advice(doubt: float, told: Bin) -> str:
    if doubt < NOTE:
        return ""
    if doubt >= WARN:
        return f"leave out objects with a probability below {told.high:.1f}, or look at them"
    if told.right > told.said:
        return "sort by the probability, and do not read it as one: objects are more often right than it says"
    return "sort by the probability, and do not read it as one: objects are less often right than it says"


CHECK: Check[Sequence[Judged]] = Check(ID, "Are objects as often right as their probability says?", ask)
