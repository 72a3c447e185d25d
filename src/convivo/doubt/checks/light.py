"""Is the image as bright, as sharp and as noisy as those that the model learned from?

Range against noise, saturation, a few pixels that outshine all others, uneven background, and noise that runs along
lines; each against the images that the model knows.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import numpy as np

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.finding import WARN, Finding, level_of
from convivo.ops.deviations import deviations
from convivo.ops.remedies import REMEDIES, Remedy
from convivo.run.stress import traits_of
from convivo.types import AnyArray

ID = "light"
BETTER = 0.1  # of the best accuracy that a remedy must promise
WORDS = {
    "range_to_noise": Trait("range over noise is", powers=True),
    "brightest": Trait("the brightest pixels stretch the range by a factor of", powers=True),
    "dark_share": Trait("the median lies in the range at", least=0),
    "saturated": Trait("the share of pixels with the highest value is", least=0),
    "grey_levels": Trait("the number of grey levels is", powers=True),
    "noise_along_y": Trait("noise of neighbours along Y is correlated by"),
    "noise_along_x": Trait("noise of neighbours along X is correlated by"),
    "stripes": Trait("noise along Y and X differs in correlation by", least=0),
    "sharpness": Trait("the sharpest edges over those of a softened copy are", powers=True),
    "edge": Trait("outlines over those of a softened copy are as sharp as", powers=True),
}
FOCUS = "focus again; or train on images like these: convivo train ... --from"
EXPOSE_LESS = "expose less, so that the brightest pixels stay below the camera's limit"
SIDES = (
    Side(
        "range_to_noise",
        "-",
        "hardly more than noise",
        "expose longer; or take the noise away first: convivo train n2v IMAGES --out denoiser",
    ),
    Side("range_to_noise", "+", "hardly any noise, as in smoothed or simulated images"),
    Side(
        "brightest",
        "+",
        "something outshines all objects, and makes them look dark to the net",
        "cut the bright spot out, or mask it, before predicting",
    ),
    Side("brightest", "-", "the brightest part of the range is full, as in overexposed images", EXPOSE_LESS),
    Side(
        "dark_share",
        "+",
        "there is little dark background, or it is uneven",
        "subtract the background first (Fiji: Process > Subtract Background)",
    ),
    Side("dark_share", "-", "hardly anything but background"),
    Side("saturated", "+", "overexposed", EXPOSE_LESS),
    Side(
        "grey_levels",
        "-",
        "few grey levels, as after a conversion",
        "give the image as the microscope wrote it, with all its bits",
    ),
    Side("noise_along_y", "+", "smoothed or blurred along Y"),
    Side("noise_along_x", "+", "smoothed or blurred along X"),
    Side(
        "stripes",
        "+",
        "lines run through the image",
        "convivo train n2v IMAGES --along X --out denoiser, or a better reading of the camera",
    ),
    Side("sharpness", "-", "nothing in the image is sharp", FOCUS),
    Side("sharpness", "+", "sharper than any microscope, as drawings, text, and single hot pixels"),
    Side("edge", "-", "outlines are out of focus, or moved", FOCUS),
    Side("edge", "+", "outlines are sharper than those of any object known, as in drawings and text"),
)


def ask(case: Case) -> Iterator[Finding]:
    """The trait of light that matters most; of a doubtful answer also what would help, tried out."""
    found = deviating(case, ID, SIDES, WORDS)
    if found is None:
        return
    remedy = None if case.quick or case.doubt < WARN else remedy_for(case)
    if remedy is None:
        yield found
        return
    yield msgspec.structs.replace(
        found,
        level=level_of(case.doubt),
        evidence=f"{found.evidence}; {remedy.done}, the answer promises more",
        advice=remedy.advice,
        doubt=round(case.doubt, 3),
    )


def remedy_for(case: Case) -> Remedy | None:
    """Of the first aid for light the one that promises most, if it promises clearly more than the image as it is."""
    if case.model.dimensions != 2:
        return None
    as_it_is, promised = lost_with_remedies(case)
    best = min(promised, key=lambda each: promised[each])
    return best if promised[best] < as_it_is - BETTER else None


def lost_with_remedies(case: Case) -> tuple[float, dict[Remedy, float]]:
    """What is expected to be lost of the part with most objects, as it is and with each remedy; in 2-D."""
    shown = case.part.astype(np.float32)
    promised = {
        remedy: _lost_with(case, np.stack([remedy.apply(channel) for channel in shown]))
        for remedy in REMEDIES
    }
    return _lost_with(case, case.part), promised


def _lost_with(case: Case, pixels: AnyArray) -> float:
    """What is expected to be lost of these (C, Y, X) pixels; all, where nothing is left to see."""
    known = case.fingerprint
    if known is None or known.quick is None or not pixels.max() > pixels.min():
        return 1.0
    traits = traits_of(pixels, case.examiner.predict(pixels), case.model.sure, case.options.scale)
    return known.quick.lost(deviations(traits, known.traits), known.tried)


CHECK: ImageCheck = Check(
    ID, "Is the image as bright, sharp and noisy as those that the model learned from?", ask,
    needs_fingerprint=True, quick=True,
)  # fmt: skip
