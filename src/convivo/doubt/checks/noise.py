"""Is the noise each pixel's own, and is there any? Noise2Void takes away nothing else.

What the pixels on a line tell of a pixel's noise (ops/noise_lines.py) stays in the restored image. The default net
leaves 16 % of the variance of noise that is each pixel's own (photographs, from 20.17 to 28.00 dB), so twice as much is
where lines begin to be what spoils the image. To hide them costs something too: what the pixels on the line know of
the signal, and the second look. structN2V hides the line with the pixel (Broaddus et al., ISBI 2020): the axis
and the reach follow from the correlations. What neighbours share in all directions no mask takes away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from convivo.doubt.case import Case
from convivo.doubt.check import Check, DataCheck, DataSet, ImageCheck
from convivo.doubt.finding import NOTE, STOP, WARN, Finding
from convivo.methods import Restoration, method_named
from convivo.ops.noise_kinds import Noise, measure_noise
from convivo.ops.noise_lines import Along, noise_along
from convivo.run.restoration_intake import CLIPPED, LOOKED_AT, NO_NOISE, SALT, SMALLEST
from convivo.types import AnyArray

LEAVES = 0.16  # of the variance of each pixel's own noise is left by the default net
HARMS = 2 * LEAVES  # of the noise's variance: where lines begin to be what spoils the image
MOST = 2 * STOP  # doubt: beyond it nothing gets worse
CLEAN = "give images as the camera wrote them, not smoothed, averaged, resampled or compressed"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was measured in the channels of an image, or in one of each of several images."""

    channels: Sequence[AnyArray]
    kinds: Sequence[Noise]
    lines: Sequence[dict[str, Along]]

    def kind(self, name: str) -> float:
        """The median of one of the measures."""
        return float(np.median([getattr(each, name) for each in self.kinds]))

    def fall_across(self, axes: str) -> float:
        """The median fall of the spectrum across lines along these axes, as training asks where it hides them."""
        return float(np.median([measure_noise(each, axes).fall for each in self.channels]))

    def typical(self, direction: str) -> Along | None:
        """The noise along a direction, of that channel or image where it is in the middle."""
        known = sorted(
            (each[direction] for each in self.lines if direction in each), key=lambda each: each.predicted
        )
        return known[len(known) // 2] if known else None


@dataclass(frozen=True, slots=True)
class Subject:
    """Of what a finding speaks."""

    image: str
    where: str
    command: str  # that hides lines, and that the options follow
    axes: str = ""  # along which the model hides lines already


def of_image(case: Case) -> Iterator[Finding]:
    """Whether a Noise2Void model can take this image's noise away."""
    model = case.model
    if not _learns_from_noise(model.card.method):
        return
    subject = Subject(
        case.name,
        "the image",
        "this model cannot; train one: convivo train n2v IMAGES --out MODEL",
        str(model.card.settings.get("axes", "")),
    )
    yield from _findings(subject, list(case.pixels))


def of_data(data: DataSet) -> Iterator[Finding]:
    """Whether these images can teach Noise2Void."""
    if not _learns_from_noise(data.method):
        return
    dimensions = data.model.dimensions if data.model else 3
    pages = [page[0] for each in data.data for _, page in each.image.pages(dimensions)]
    subject = Subject(
        "", f"{len(data.data)} image{'s' * (len(data.data) != 1)}", "convivo train n2v IMAGES --out MODEL"
    )
    yield from _findings(subject, pages[:: max(1, -(-len(pages) // LOOKED_AT))])


def _learns_from_noise(method: str) -> bool:
    how = method_named(method)
    return isinstance(how, Restoration) and not how.has_targets


def _findings(subject: Subject, channels: Sequence[AnyArray]) -> Iterator[Finding]:
    fit = [channel for channel in channels if _is_fit(channel)]
    if not fit:
        evidence = (
            f"{subject.where}: there is nothing to measure noise in: constant, holding NaN, or smaller than "
            f"{SMALLEST} x {SMALLEST} pixels"
        )
        yield _finding(subject, WARN, evidence, advice="give larger images that show something")
        return
    looked = Looked(fit, [measure_noise(each) for each in fit], [noise_along(each) for each in fit])
    every = [*_salt(subject, looked), _structure(subject, looked), *_clipped(subject, looked)]
    yield from [each for each in every if each.doubt >= NOTE] or every[:1]


def _is_fit(channel: AnyArray) -> bool:
    return bool(
        min(channel.shape[-2:], default=0) >= SMALLEST
        and np.isfinite(channel).all()
        and channel.max() > channel.min()
    )


def _structure(subject: Subject, looked: Looked) -> Finding:
    """Whether neighbours share their noise, in one direction or in all."""
    found = {axis: line for axis in "ZYX" if (line := looked.typical(axis)) is not None}
    told = {axis: line.predicted for axis, line in found.items()}
    most = max(told.values(), default=0.0)
    # structure that is taken for noise lies in all directions; a line stands out
    axes = "".join(axis for axis, share in told.items() if share > most / 2)
    is_smooth = len(axes) > 1 and _has_diagonals(looked)
    if most < NOTE * HARMS or is_smooth:
        return _own(subject, looked, most, is_smooth=is_smooth)
    if set(axes) <= set(subject.axes):
        evidence = f"{subject.where}: noise runs along {axes}, which this model hides"
        return _finding(subject, 0.0, evidence, measured=most, expected=(0.0, HARMS))
    return _lines(subject, looked, axes, [found[axis] for axis in axes], most)


def _has_diagonals(looked: Looked) -> bool:
    """Whether neighbours along a diagonal share noise too: then it is no line and no cross."""
    diagonals = (looked.typical("diagonal"), looked.typical("other diagonal"))
    return any(line is not None and line.correlations[0] > line.limit for line in diagonals)


def _lines(subject: Subject, looked: Looked, axes: str, lines: Sequence[Along], most: float) -> Finding:
    """Noise along lines: the mask that answers it."""
    first = max(lines, key=lambda line: line.predicted)
    reach = max(line.reach for line in lines)
    evidence = (
        f"{subject.where}: noise runs along {axes}: neighbours there correlate by {first.correlations[0]:.2f} "
        f"(pixels that know nothing of each other: within {first.limit:.2f}), and tell {100 * most:.0f} % of "
        f"the noise, which would stay (little harm: up to {100 * HARMS:.0f} %)"
    )
    if any(line.never_ends for line in lines):
        advice = (
            f"stripes over the whole image: take them away first (Fiji: Process > FFT > Bandpass Filter, Suppress "
            f"stripes), or the mean of each line along {axes}"
        )
    else:
        anyway = " --anyway" if looked.fall_across(axes) > NO_NOISE else ""
        advice = f"{subject.command} --along {axes} --reach {reach}{anyway}"
    return _finding(subject, most / HARMS, evidence, advice, measured=most, expected=(0.0, HARMS))


def _own(subject: Subject, looked: Looked, most: float, *, is_smooth: bool) -> Finding:
    """Noise of each pixel's own, or hardly any of it."""
    fall = looked.kind("fall")
    # where nothing differs at all, the fall is infinite, and a doubt that is no number would not come back from a file
    doubt = float(np.clip(np.log2(max(fall, 1e-9)) / np.log2(NO_NOISE), 0, MOST))
    if is_smooth:
        evidence = (
            f"{subject.where}: what differs from pixel to pixel is shared by neighbours in all directions (they tell "
            f"{100 * most:.0f} % of it; finest details are {fall:.1f} times weaker than those just above): "
            "it was smoothed, or is no noise"
        )
        return _finding(
            subject,
            max(doubt, min(most / HARMS, WARN)),
            evidence,
            CLEAN,
            measured=fall,
            expected=(0.0, NO_NOISE),
        )
    if doubt >= NOTE:
        evidence = (
            f"{subject.where}: there is little noise of each pixel's own: finest details are {fall:.1f} times weaker "
            f"than those just above (noise alone: 1, nothing to take away: from {NO_NOISE:g} on)"
        )
        advice = f"leave it as it is, or {CLEAN}"
        return _finding(subject, doubt, evidence, advice, measured=fall, expected=(0.0, NO_NOISE))
    evidence = (
        f"{subject.where}: the noise is each pixel's own: neighbours tell {100 * most:.0f} % of it, "
        f"up to {100 * HARMS:.0f} % does little harm"
    )
    return _finding(subject, 0.0, evidence, measured=most, expected=(0.0, HARMS))


def _salt(subject: Subject, looked: Looked) -> Iterator[Finding]:
    salt = looked.kind("salt_and_pepper")
    if salt >= NOTE * SALT:
        evidence = (
            f"{subject.where}: {100 * salt:.2f} % of the pixels jump out of their neighbourhood (camera noise: below "
            f"{100 * SALT:g} %): salt and pepper, or dead pixels, which tell nothing of the signal"
        )
        advice = "take them away with a median filter first (Fiji: Process > Noise > Remove Outliers)"
        yield _finding(subject, salt / SALT, evidence, advice, measured=salt, expected=(0.0, SALT))


def _clipped(subject: Subject, looked: Looked) -> Iterator[Finding]:
    for name, end, effect in (("at_lowest", "lowest", "dark"), ("at_highest", "highest", "bright")):
        share = looked.kind(name)
        if share > CLIPPED:
            evidence = (
                f"{subject.where}: {100 * share:.0f} % of the pixels have the {end} value (else below "
                f"{100 * CLIPPED:g} %): where noise was clipped, {effect} places come out wrong"
            )
            advice = "export images without background subtraction, contrast stretching or saturation"
            # clipped noise spoils where it was clipped, never the whole image
            doubt = min(NOTE * share / CLIPPED, WARN)
            yield _finding(subject, doubt, evidence, advice, measured=share, expected=(0.0, CLIPPED))


def _finding(
    subject: Subject,
    doubt: float,
    evidence: str,
    advice: str = "",
    *,
    measured: float | None = None,
    expected: tuple[float, float] | None = None,
) -> Finding:
    return Finding.of(subject.image, "noise", measured, expected, evidence, advice, doubt)


QUESTION = "Is the noise each pixel's own, and is there any?"
CHECK: ImageCheck = Check("noise", QUESTION, of_image, of="restored")
CHECK_OF_DATA: DataCheck = Check("noise", QUESTION, of_data)
