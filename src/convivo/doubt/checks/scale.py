"""Are the objects as large as those that the model learned from?

A net knows one size, or a range of sizes. Shown others it finds parts of objects, or nothing (slide 21 of the deck).
Where sizes are off, or the answer is doubtful, other scales are tried out: the image is shown smaller and larger, and
the scale whose answer is expected to be most accurate is advised.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import sqrt

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.finding import NOTE, Finding
from convivo.ops.deviations import deviations
from convivo.ops.resize import resize, scaled_shape
from convivo.run.stress import traits_of

ID = "scale"
WORDS = {
    "diameter": Trait("the object in the middle of all has a diameter in pixels of", powers=True),
    "small_diameter": Trait("a tenth of the objects are smaller than a diameter in pixels of", powers=True),
    "large_diameter": Trait("a tenth of the objects are larger than a diameter in pixels of", powers=True),
}
SIDES = tuple(
    Side(name, sign, f"the objects that were found are too {what}")
    for name in WORDS
    for sign, what in (("+", "large"), ("-", "small"))
)
TRIED = tuple(2 ** (step / 2) for step in range(-5, 7) if step)  # times as large as the image is
LARGEST = 4e6  # pixels of an image that is tried
BETTER = 0.1  # of the best accuracy that another scale must promise


def ask(case: Case) -> Iterator[Finding]:
    """Of sizes, and of the scale that would fit."""
    found = deviating(case, ID, SIDES, WORDS, {})
    if found is None:
        return
    if (
        case.quick
        or case.expectation is None
        or case.expectation.lost(case.deviations) < case.expectation.limit
    ):
        yield found
        return
    scale = better_scale(case)
    if scale is None:
        yield found
        return
    yield Finding(
        image=found.image,
        id=ID,
        level=found.level,
        measured=found.measured,
        expected=found.expected,
        evidence=f"{found.evidence}; shown {scale:.2g} times as large, the answer promises more",
        advice=f"convivo predict ... --scale {scale * case.options.scale:.2g}",
        doubt=max(found.doubt, NOTE),
    )


def better_scale(case: Case) -> float | None:
    """The scale with the most promising answer, where it promises clearly more than the image as it is."""
    fingerprint, quick = case.fingerprint, case.fingerprint.quick if case.fingerprint else None
    if fingerprint is None or quick is None:
        return None
    now = quick.lost(case.deviations)
    promised = {
        scale: quick.lost(deviations(_traits_at(case, scale), fingerprint.traits))
        for scale in TRIED
        if case.pixels[0].size * scale**2 <= LARGEST
        and min(case.pixels.shape[1:]) * scale >= 2 * sqrt(case.model.stride)
    }
    best = min(promised, key=lambda scale: promised[scale], default=1.0)
    return best if promised.get(best, now) < now - BETTER else None


def _traits_at(case: Case, scale: float) -> dict[str, float]:
    """Traits of the page resized, as the net would be shown it."""
    shown = resize(case.pixels, scaled_shape(case.pixels.shape[1:], scale))
    return traits_of(shown, case.examiner.predict(shown))


CHECK: ImageCheck = Check(
    ID,
    "Are the objects as large as those that the model learned from?",
    ask,
    needs_fingerprint=True,
    quick=True,
)
