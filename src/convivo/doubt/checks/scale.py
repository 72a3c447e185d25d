"""Are the objects as large as those that the model learned from?

A net knows one size, or a range of sizes. Shown others it finds parts of objects, or nothing (slide 21 of the deck).
Where sizes are off, or the answer is doubtful, other scales are tried out: the image is shown smaller and larger, and
the scale whose answer is expected to be most accurate is advised.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod, sqrt

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.finding import NOTE, WARN, Finding
from convivo.ops.deviations import Traits, deviations
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
TRIED = tuple(2 ** (step / 2) for step in range(-5, 7) if step)  # times as large as the image is
SMALLEST, LARGEST = 48, 2.5e6  # pixels of a side, and of an image, that is tried
ANSWER = frozenset(
    (
        "unsure",
        "outside",
        "nothing_found",
        *SIZES,
        *SHAPES,
        "contrast",
        "edge",
        "texture",
        "on_edges",
        "as_bright",
    )
)  # traits that say whether an answer is one
BETTER = 0.1  # of the best accuracy that another scale must promise


def ask(case: Case) -> Iterator[Finding]:
    """Of sizes, and of the scale that would fit."""
    found = deviating(case, ID, SIDES, SIZES | SHAPES)
    if found is None:
        return
    if case.quick or case.doubt < WARN:
        yield found
        return
    scale = better_scale(case)
    if scale is None:
        yield found
        return
    shown = f"{scale * case.options.scale:.2g}"
    yield Finding(
        image=found.image,
        id=ID,
        level=found.level,
        measured=found.measured,
        expected=found.expected,
        evidence=f"{found.evidence}; shown {shown} times as large, the answer promises more",
        advice=f"convivo predict ... --scale {shown}",
        doubt=max(found.doubt, NOTE),
    )


def better_scale(case: Case) -> float | None:
    """How much larger still the image should be shown, where that promises clearly more than as it is shown now."""
    now = _lost(case, case.traits)
    if now is None:
        return None
    sides = scaled_shape(case.pixels.shape[1:], case.options.scale)
    smallest, largest = SMALLEST / min(sides), sqrt(LARGEST / prod(sides))
    promised = {
        scale: _lost(case, _answer_at(case, scale)) for scale in TRIED if smallest <= scale <= largest
    }
    best, lost = min(promised.items(), key=lambda each: each[1] or 0.0, default=(1.0, now))
    return best if lost is not None and lost < now - BETTER else None


def _answer_at(case: Case, scale: float) -> dict[str, float]:
    """Traits of the answer for the page resized, as the net would be shown it, so many times as large as now.

    Not of the light: resizing smooths the noise and sharpens the lines, which says nothing of whether a size fits.
    """
    shown = resize(case.pixels, scaled_shape(case.pixels.shape[1:], scale * case.options.scale))
    prediction = case.examiner.predict(shown, 1 / case.options.scale)
    return object_traits(shown[0], prediction.labels, prediction.probability, sure=case.model.sure)


def _lost(case: Case, traits: Traits) -> float | None:
    """What is expected to be lost because of the answer alone; None where the model was never tried."""
    known = case.fingerprint
    if known is None or known.quick is None:
        return None
    answer = {name: value for name, value in traits.items() if name in ANSWER}
    return known.quick.lost(deviations(answer, known.traits), known.tried)


CHECK: ImageCheck = Check(
    ID,
    "Are the objects as large as those that the model learned from?",
    ask,
    needs_fingerprint=True,
    quick=True,
)
