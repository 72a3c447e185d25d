"""Are the objects as large as those that the model learned from?

A net knows one size, or a range of sizes. Shown others it finds parts of objects, or nothing (slide 21 of the deck).
Where the answer is doubtful, other scales are tried out: a part of the image is shown smaller and larger, and the scale
whose answer is expected to be most accurate is advised.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod, sqrt

import msgspec

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.finding import WARN, Finding, level_of
from convivo.ops.deviations import deviations
from convivo.ops.resize import resize, scaled_shape
from convivo.ops.traits import object_traits

ID = "scale"
SIZES = {
    "diameter": Trait("the object in the middle of all has a diameter in pixels of", powers=True),
    "small_diameter": Trait("a tenth of the objects are smaller than a diameter in pixels of", powers=True),
    "large_diameter": Trait("a tenth of the objects are larger than a diameter in pixels of", powers=True),
}
SHAPES = {
    "elongation": Trait("the object in the middle of all is longer than wide by", powers=True),
    "aligned": Trait("the mean of all objects is longer than wide by", powers=True),
}
SIDES = (
    *(
        Side(name, sign, f"the objects that were found are too {what}")
        for name in SIZES
        for sign, what in (("+", "large"), ("-", "small"))
    ),
    Side("elongation", "+", "the objects that were found are too long"),
    Side("aligned", "+", "all are long in one direction: pixels that are not square, or a sample that moved"),
)
DOUBLINGS = (0.25, 0.5, 2.0, 4.0)  # times as large as the image is
HALVES = (2**-0.5, 2**0.5)
SMALLEST, LARGEST = 48, 2.5e6  # pixels of a side, and of an image, that is tried
BETTER = 0.1  # of the best accuracy that another scale must promise


def ask(case: Case) -> Iterator[Finding]:
    """Of sizes, and of the scale that would fit, also where nothing was found as the image is."""
    scale = None if case.quick or case.doubt < WARN else better_scale(case)
    found = (
        deviating(case, ID, SIDES, SIZES | SHAPES)
        if scale is None
        else _shown_otherwise(case, f"{scale * case.options.scale:.2g}")
    )
    if found is not None:
        yield found


def _shown_otherwise(case: Case, scale: str) -> Finding:
    """The same with the scale that would fit: it tells more than whether objects look too large or too small."""
    promise = f"shown {scale} times as large, the answer promises more"
    advice = f"convivo predict ... --scale {scale}"
    doubt = round(case.doubt, 3)  # a scale that would do explains all of it
    found = deviating(case, ID, SIDES, SIZES | SHAPES, promise)
    if found is None:
        nothing = f"nothing was found whose size could be measured; {promise}"
        return Finding.of(case.name, ID, None, None, nothing, advice, doubt)
    return msgspec.structs.replace(found, advice=advice, doubt=doubt, level=level_of(doubt))


def better_scale(case: Case) -> float | None:
    """How much larger still the image should be shown, where that promises clearly more than as it is shown now.

    Whole doublings are tried first, then half a doubling to both sides of the best; on the part with most objects.
    """
    if case.fingerprint is None or case.fingerprint.quick is None:
        return None
    promised = lost_at_scales(case)
    best = min(promised, key=lambda each: promised[each])
    return best if promised[best] < promised[1.0] - BETTER else None


def lost_at_scales(case: Case) -> dict[float, float]:
    """What is expected to be lost of the part by the scale at which it is shown, 1 as now; of a tried model."""
    sides = scaled_shape(case.part.shape[1:], case.options.scale)
    smallest, largest = SMALLEST / min(sides), sqrt(LARGEST / prod(sides))
    promised = {1.0: _lost_at(case, 1.0)}
    for steps in (DOUBLINGS, HALVES):
        around = min(promised, key=lambda each: promised[each])
        for scale in (around * step for step in steps):
            if smallest <= scale <= largest:
                promised[scale] = _lost_at(case, scale)
    return promised


def _lost_at(case: Case, scale: float) -> float:
    """What is expected to be lost of the part, shown so many times as large as now, because of the answer alone.

    Not of the light: resizing smooths the noise and sharpens the lines, which says nothing of whether a size fits.
    """
    known = case.fingerprint
    assert known is not None and known.quick is not None  # noqa: PT018  asked before
    shown = resize(case.part, scaled_shape(case.part.shape[1:], scale * case.options.scale))
    prediction = case.examiner.predict(shown, 1 / case.options.scale)
    traits = object_traits(shown[0], prediction.labels, prediction.probability, sure=case.model.sure)
    return known.quick.lost(deviations(traits, known.traits), known.tried)


CHECK: ImageCheck = Check(
    ID,
    "Are the objects as large as those that the model learned from?",
    ask,
    needs_fingerprint=True,
    quick=True,
)
