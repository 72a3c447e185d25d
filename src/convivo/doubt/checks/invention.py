"""Does a restored image show more than its input supports?

"To a hammer everything looks like a nail": a net that has learned from nuclei draws nuclei. Three things tell. The net
itself says how far it may be off (`--probabilistic`, `--members`): set against what it drew, that is the share of the
drawing that is a guess. What was taken away must look like noise; structure in it was lost, or drawn and is not there
(ops/residual.py). And grain that differs from pixel to pixel is no structure: it is noise that came through, or shot
noise of the long exposures that CARE has learned to draw (Weigert et al. 2018).

A share of 1 means that the error is as large as all that was drawn: then the restoration holds nothing, and the doubt
is 2. A tenth of it, where the error is a third of the contrast, is 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.finding import NOTE, STOP, Finding
from convivo.ops.noise_kinds import measure_noise
from convivo.ops.normalisation import noise_level
from convivo.ops.residual import structure
from convivo.types import AnyArray, Map

WARNS = 0.1  # of the variance of what was drawn: a third of its contrast
TWICE = 2.0  # variance of blocks over that of noise: as much structure as noise
WHITE = 2.0  # fall of the spectrum below which detail is grain (ops/noise_kinds.py)
SMALLEST = 32  # pixels along Y and X
LONGER = "give it more light; measure only what NAME_uncertainty.tif (--channel total) says is known"
ON_NOISY = "train on such noisy images: convivo train ... --from"
ON_PAIRS = (
    "train on pairs of such images: convivo train ... --from, or on the noisy images alone: "
    "convivo train n2v IMAGES --out OUT"
)


@dataclass(frozen=True, slots=True)
class Restored:
    """One channel before and after, in the units of the restored image, and how far off it may be."""

    before: AnyArray
    after: Map
    uncertainty: Map | None

    @property
    def drawn(self) -> float:
        """The variance of what was drawn."""
        return float(np.var(self.after, dtype=np.float64))


def ask(case: Case) -> Iterator[Finding]:
    """What a restoration draws beyond its input; nothing for models that find objects."""
    if not case.restores:
        return
    channels = list(restored_channels(case))
    if not channels:
        evidence = (
            f"nothing to restore: constant, holding NaN, or smaller than {SMALLEST} x {SMALLEST} pixels"
        )
        yield finding(case, 1.0, evidence, "give an image that shows something")
        return
    found = [each for channel in channels for each in _of_channel(case, channel)]
    worth = [each for each in found if each.doubt >= NOTE]
    yield from worth or [max(found, key=lambda each: each.doubt)]


def restored_channels(case: Case) -> Iterator[Restored]:
    """Each restored channel that shows something, with the one of the image that it came from."""
    pixels = case.pixels
    fit = min(pixels.shape[-2:], default=0) >= SMALLEST and np.isfinite(pixels).all()
    if not fit or pixels.min() == pixels.max():
        return
    restoration = case.restoration
    sources = list(case.model.sources)
    before = case.model.in_target_units(pixels[sources].astype(np.float32))
    total = restoration.uncertainty.get("total")
    for number, after in enumerate(restoration.image.array):
        if after.max() > after.min():
            yield Restored(before[number], after, None if total is None else total[number])


def share_doubt(share: float) -> float:
    """Doubt of a share of what was drawn: 2 for all of it, 1 for a tenth, 0 for a hundredth."""
    return max(0.0, STOP + float(np.log10(max(share, 1e-6))))


def _of_channel(case: Case, channel: Restored) -> Iterator[Finding]:
    if channel.uncertainty is not None:
        yield _guessed(case, channel, channel.uncertainty)
    yield _taken_away(case, channel)
    yield from _grain(case, channel)


def _guessed(case: Case, channel: Restored, uncertainty: Map) -> Finding:
    """How much of what was drawn is a guess, as the model itself says."""
    share = float(np.mean(np.square(uncertainty, dtype=np.float64))) / channel.drawn
    return finding(
        case,
        share_doubt(share),
        f"the model's own uncertainty is {100 * np.sqrt(share):.0f} % of the contrast that it drew (a third is much, "
        "all of it means that nothing is known)",
        LONGER if share_doubt(share) >= NOTE else "",
        measured=share,
        expected=(0.0, WARNS),
    )


def _taken_away(case: Case, channel: Restored) -> Finding:
    """Whether what was taken away is noise."""
    found = structure(channel.before - channel.after, channel.after)
    if found is None:
        return finding(case, 0.0, "nothing was taken away, so nothing was drawn")
    doubt = max(0.0, float(np.log2(max(found.least, 1e-6)) / np.log2(TWICE)))
    if case.model.card.settings.get("axes"):
        return finding(
            case, 0.0, "what was taken away runs along lines, as this model has learned; more cannot be told"
        )
    what = (
        "it holds structure that was lost, or drawn without being there"
        if doubt >= NOTE
        else "it looks like noise"
    )
    anew = ON_PAIRS if case.model.restoration.has_targets else ON_NOISY
    return finding(
        case,
        doubt,
        f"of what was taken away, means over {found.side} x {found.side} pixels vary {found.excess:.2f} times as much "
        f"as noise of each pixel's own (structure from {TWICE:g} on): {what}",
        f"look at the image minus the restored one; {anew}" if doubt >= NOTE else "",
        measured=found.excess,
        expected=(0.0, TWICE),
    )


def _grain(case: Case, channel: Restored) -> Iterator[Finding]:
    """Whether flat parts came out grainy. Noise2Void mixes measured pixels in, so its grain is meant."""
    if not case.model.restoration.has_targets:
        return
    share = noise_level(channel.after) ** 2 / channel.drawn
    if share_doubt(share) >= NOTE and (fall := measure_noise(channel.after).fall) < WHITE:
        yield finding(
            case,
            share_doubt(share),
            f"the restored image is grainy: {100 * np.sqrt(share):.0f} % of its contrast differs from pixel to pixel "
            f"without any structure (finest details are {fall:.1f} times weaker, structure: from {WHITE:g} on)",
            "it is noise that came through, or that the long exposures taught: train with longer ones, or average them",
            measured=share,
            expected=(0.0, WARNS),
        )


def finding(
    case: Case,
    doubt: float,
    evidence: str,
    advice: str = "",
    *,
    measured: float | None = None,
    expected: tuple[float, float] | None = None,
    check: str = "invention",
) -> Finding:
    """A finding about a restored image."""
    return Finding.of(case.name, check, measured, expected, evidence, advice, doubt)


CHECK: ImageCheck = Check(
    "invention", "Does a restored image show more than its input supports?", ask, quick=True, of="restored"
)
