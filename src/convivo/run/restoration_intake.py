"""What is said of restoration's training data before hours of training, and what is refused.

Twelve pages are looked at, so that it takes seconds. What is said of noise are medians, so that a single odd image
stops nobody; of pairs it is the worst one. `anyway` goes on in spite of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeVar

import numpy as np

from convivo.errors import BadInput
from convivo.model import Model
from convivo.ops.noise_kinds import Noise, measure_noise
from convivo.ops.registration import correlation, shift_between
from convivo.run.config import TrainConfig
from convivo.types import AnyArray, Restorable

Page = TypeVar("Page")

SMALLEST = 32  # pixels along Y and X: below, most of a patch would be mirrored
FEWEST = 64 * 64  # pixels of all images together
LOOKED_AT = 12  # pages of all images
NO_NOISE = 4.0  # fall of the spectrum (ops/noise_kinds.py) from which there is nothing to take away
LITTLE_NOISE = 2.0
SALT = 0.0025  # share of pixels that jump
CLIPPED = 0.01  # share of pixels at the lowest or the highest value
# correlation below which the images of a pair show different fields, by the shorter side from which it holds: pictures
# of two fields agree by chance where they are small, and at the shift where they agree most
UNRELATED = {512: 0.3, 256: 0.5, 0: 0.4}
NAMED = 5  # images of a kind
ANYWAY = "or go on with --anyway"


def refuse_unfit(
    model: Model, data: Sequence[Restorable], config: TrainConfig
) -> tuple[Sequence[Restorable], tuple[str, ...]]:
    """Refuse data that would teach nothing, or nonsense; returns what teaches, and remarks on what may do harm.

    Raises BadInput, with what was measured.
    """
    data, remarks = _without_constant(data, anyway=config.anyway)
    _refuse_small(data)
    return data, (*remarks, *_of_what_is_shown(model, data, config))


def _of_what_is_shown(model: Model, data: Sequence[Restorable], config: TrainConfig) -> Iterator[str]:
    if model.restoration.has_targets:
        return _of_pairs(model, data, config.most_shift, anyway=config.anyway)
    pages = _some([page for each in data for _, page in each.image.pages(model.dimensions)])
    lines = str(model.card.settings.get("axes", ""))  # a net that hides them needs noise across them alone
    return _of_noise([measure_noise(page[0], lines) for page in pages], lines, anyway=config.anyway)


def _refuse_small(data: Sequence[Restorable]) -> None:
    for each in data:
        sides = each.image.array.shape[-2:]
        if min(sides) < SMALLEST:
            raise BadInput(
                f"{each.name} has {sides[0]} x {sides[1]} pixels",
                fix=f"give images of at least {SMALLEST} x {SMALLEST}; stitch small ones, or leave them out",
            )
    total = sum(each.image.array.size for each in data)
    if total < FEWEST:
        raise BadInput(
            f"the {len(data)} images have {total:,} pixels together",
            fix=f"give more, or larger ones: {FEWEST:,} pixels at least, and better a million",
        )


def _without_constant(
    data: Sequence[Restorable], *, anyway: bool
) -> tuple[Sequence[Restorable], tuple[str, ...]]:
    """The images that show something, and what is said of the others where some are left."""
    found = {number: words for number, each in enumerate(data) if (words := _constant(each))}
    if not found:
        return data, ()
    kept = [each for number, each in enumerate(data) if number not in found]
    first, *others = found.values()
    if not kept or not anyway:
        raise BadInput(first, fix=f"leave it out: it shows nothing{f'; {ANYWAY} without it' if kept else ''}")
    others = [*others[: NAMED - 1], *([f"{len(found) - NAMED:,} more"] if len(found) > NAMED else [])]
    return kept, (f"{', '.join([first, *others])}: left out, as there is nothing to see",)


def _constant(each: Restorable) -> str:
    """Which image of an example is the same everywhere; empty where none is."""
    for what, image in (("", each.image), ("the target of ", each.target)):
        if image is not None and image.array.min() == image.array.max():
            return f"{what}{each.name} is {image.array.flat[0]} everywhere"
    return ""


def _of_noise(noises: Sequence[Noise], lines: str, *, anyway: bool) -> Iterator[str]:
    """What Noise2Void needs: noise, each pixel's own, that is neither clipped nor salt and pepper."""
    salt, fall, lowest, highest = (
        float(np.median([getattr(noise, name) for noise in noises]))
        for name in ("salt_and_pepper", "fall", "at_lowest", "at_highest")
    )
    if salt > SALT:
        found = f"{100 * salt:.1f} % of the pixels jump out of their neighbourhood: salt and pepper, or dead pixels"
        if not anyway:
            raise BadInput(
                f"{found}, from which Noise2Void learns nothing",
                fix=f"take them away with a median filter first (Fiji: Process > Noise > Remove Outliers), {ANYWAY}",
            )
        yield found
    if fall > NO_NOISE:
        name_lines = "" if lines else "; if noise runs along lines, name them, as --along X"
        found = (
            f"hardly any noise that differs from pixel to pixel (finest details are {fall:.1f} times weaker)"
        )
        if not anyway:
            raise BadInput(
                f"there is {found}: Noise2Void has nothing to take away and would blur",
                fix=f"give the images as the camera wrote them, not smoothed or averaged{name_lines}, {ANYWAY}",
            )
        yield found
    elif fall > LITTLE_NOISE:
        yield (
            f"noise that differs from pixel to pixel is weak (finest details are {fall:.1f} times weaker than those "
            "just above): what is smooth or runs along lines stays"
        )
    for share, end, effect in ((lowest, "lowest", "dark"), (highest, "highest", "bright")):
        if share > CLIPPED:
            yield (
                f"{100 * share:.0f} % of the pixels have the {end} value: if noise was clipped there, {effect} places "
                "come out wrong; export images without background subtraction or saturation"
            )


def _of_pairs(model: Model, data: Sequence[Restorable], most_shift: float, *, anyway: bool) -> Iterator[str]:
    """What CARE needs: two images of one field, on each other, that are not the same."""
    if len(data) < 3:
        yield f"{len(data)} pair{'s' * (len(data) > 1)}: no image is left to choose with, or hardly one"
    for each in data:
        if each.target is not None and np.array_equal(each.image.array, each.target.array):
            raise BadInput(
                f"{each.name} and its target are the same", fix="put the long exposures into high/"
            )
    shifts = []
    for each, page, target in _some(list(_page_pairs(model, data))):
        image = page[0] if len(page) == 1 else max(page, key=partial(_similarity, target))
        shift = shift_between(image, target)
        alike, limit = _likeness(image, target, shift)
        if alike < limit and not anyway:
            raise BadInput(
                f"{each.name} and its target show different fields, or hardly anything (correlation {alike:.2f})",
                fix=f"check that the images of a pair have the same name, {ANYWAY}",
            )
        shifts.append((max(map(abs, shift)), shift, each.name))
    largest, shift, name = max(shifts)
    words = ", ".join(
        f"{axis} {length:+.1f}" for axis, length in zip("ZYX"[-len(shift) :], shift, strict=True)
    )
    found = f"{name} is shifted against its target by {words} pixels, the most of {len(shifts)} that were looked at"
    if largest > most_shift and not anyway:
        raise BadInput(
            f"{found}; more than {most_shift:g} and the net would learn to blur",
            fix=f"register the pairs first, allow it with --most-shift {np.ceil(largest):.0f}, {ANYWAY}",
        )
    if largest > most_shift / 2:
        yield found


def _likeness(image: AnyArray, target: AnyArray, shift: tuple[float, ...]) -> tuple[float, float]:
    """How much a pair agrees, and how much it should."""
    side = min(image.shape[-2:])
    enough = next(least for least in UNRELATED if side >= least)
    found = correlation(image, target, shift if enough else ())  # small ones are compared as they lie
    return abs(found), UNRELATED[enough]


def _page_pairs(model: Model, data: Sequence[Restorable]) -> Iterator[tuple[Restorable, AnyArray, AnyArray]]:
    """Pages, (C, ...), with the first channel of their targets."""
    for each in data:
        assert each.target is not None
        pages = (page for _, page in each.image.pages(model.dimensions))
        targets = (page for _, page in each.target.pages(model.dimensions))
        for page, target in zip(pages, targets, strict=True):
            yield each, page, target[0]


def _similarity(target: AnyArray, channel: AnyArray) -> float:
    return abs(correlation(channel, target))


def _some(pages: Sequence[Page]) -> Sequence[Page]:
    """Evenly spaced ones, so that looking takes seconds."""
    return pages[:: -(-len(pages) // LOOKED_AT)]
