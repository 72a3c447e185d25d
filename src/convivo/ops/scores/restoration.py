"""How near a restored image comes to the truth, pixel value by pixel value.

    psnr                  20 log10(range) - 10 log10(mean squared error), in decibels, images as they are
    scale_invariant_psnr  the same after both were brought to mean 0 and the restored one scaled by least squares
    nrmse                 root of the mean squared error after the fit of gain and offset, over the truth's range
    ssim                  structural similarity (Wang et al. 2004), after the fit of gain and offset

A net's answer may lie on another scale than the truth: an exposure three times as long, a camera's offset. The fit
truth ~ gain x restored + offset takes that away before shapes are compared, as Weigert et al. (2018, CARE) do. Means
brought to 0 and a scale are the same fit, so `scale_invariant_psnr` is -20 log10(nrmse): the one is what papers on
Noise2Void and its heirs report (in CAREamics under this name), the other what those on CARE report.

The fit is not humble: an inverted image fits with a gain below 0, and a constant one with gain 0, where the truth's
mean stands for every pixel. Look at `gain` before believing the fitted measures. Structural similarity knows where
zero lies: a truth with a large camera offset scores higher (Ashesh et al. 2024, MicroSSIM).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf, isfinite, log10, nan, sqrt

import numpy as np
from numpy.typing import NDArray

from convivo.errors import BadInput
from convivo.ops.channel import check_channel
from convivo.ops.scores.overlap import check_shapes
from convivo.types import AnyArray

WINDOW = 11  # pixels across the Gaussian of Wang et al. (sigma 1.5)
BAND = (
    4_000_000  # pixels whose structural similarity is computed at once; it takes fifteen times their memory
)


@dataclass(frozen=True, kw_only=True, slots=True)
class RestorationScore:
    """One restored image against the truth."""

    psnr: float  # decibels, without any fit; infinite for equal images
    scale_invariant_psnr: float  # decibels, against the truth's own range; infinite where the fit is perfect
    ssim: float  # up to 1, after the fit
    nrmse: float  # 0 and up, after the fit, in units of the truth's own range
    gain: float  # truth ~ gain x restored + offset
    offset: float
    data_range: float  # that psnr and ssim were computed with
    mean_squared_error: float  # without any fit
    pixels: int


@dataclass(frozen=True, slots=True)
class MeanAndDeviation:
    """A measure over several images; the deviation is that of a sample (n - 1), NaN for one image."""

    mean: float
    standard_deviation: float


@dataclass(frozen=True, kw_only=True, slots=True)
class MeanScores:
    """Every image counts the same, however large."""

    images: int
    psnr: MeanAndDeviation
    scale_invariant_psnr: MeanAndDeviation
    ssim: MeanAndDeviation
    nrmse: MeanAndDeviation


@dataclass(frozen=True, slots=True)
class Fit:
    """truth ~ gain x restored + offset, and the mean squared error that is left."""

    gain: float
    offset: float
    error: float


def restoration_score(
    restored: AnyArray, truth: AnyArray, *, data_range: float | None = None
) -> RestorationScore:
    """Score one (Y, X) or (Z, Y, X) image of whole or floating numbers, in float64, nothing clipped.

    `data_range` is the range of psnr and ssim, 255 for 8-bit photographs; without it, it is maximum - minimum of the
    truth. The range of the other two is always that of the truth.

    Structural similarity of a stack is the mean over its planes. Where a side has fewer than 11 pixels, the image
    is mirrored for want of neighbours; otherwise only pixels with all their neighbours count, as in the paper.

    Raises BadInput for shapes that differ or are no image's, values that are not finite numbers, a truth that is
    constant, and a range that is not above 0.
    """
    _check(restored, truth, data_range)
    own_range = float(truth.max()) - float(truth.min())
    if own_range == 0:
        raise BadInput(
            f"the truth is {truth.flat[0]} everywhere: it has no range to compare errors with",
            fix="leave the image out, or check that it is the right file",
        )
    chosen = own_range if data_range is None else float(data_range)
    fit = _fit(restored, truth)
    error = _mean_squared_error(restored, truth, Fit(1.0, 0.0, nan))
    return RestorationScore(
        psnr=_decibels(chosen, error),
        scale_invariant_psnr=_decibels(own_range, fit.error),
        ssim=_structural_similarity(restored, truth, fit, chosen),
        nrmse=sqrt(fit.error) / own_range,
        gain=fit.gain,
        offset=fit.offset,
        data_range=chosen,
        mean_squared_error=error,
        pixels=truth.size,
    )


def mean_scores(scores: Iterable[RestorationScore]) -> MeanScores:
    """Mean and standard deviation over images, each measure by itself.

    An image that was restored perfectly has infinite decibels: the mean is then infinite too, and its deviation NaN.
    `ssim` and `nrmse` stay finite; so they tell where a few perfect images hide what the others are like.

    Raises BadInput where there is no score.
    """
    scores = tuple(scores)
    if not scores:
        raise BadInput("no image was scored", fix="score at least one image before taking the mean")
    return MeanScores(
        images=len(scores),
        psnr=_mean([score.psnr for score in scores]),
        scale_invariant_psnr=_mean([score.scale_invariant_psnr for score in scores]),
        ssim=_mean([score.ssim for score in scores]),
        nrmse=_mean([score.nrmse for score in scores]),
    )


def _check(restored: AnyArray, truth: AnyArray, data_range: float | None) -> None:
    check_shapes(truth, restored)
    check_channel(truth, "truth")
    check_channel(restored, "restored image")
    if data_range is not None and not (isfinite(data_range) and data_range > 0):
        raise BadInput(
            f"the data range is {data_range}", fix="use a number above 0, such as 255, or leave it out"
        )


def _fit(restored: AnyArray, truth: AnyArray) -> Fit:
    """Least squares; of a constant restored image, which fits with any gain, none is kept."""
    mean = float(restored.mean(dtype=np.float64))
    true_mean = float(truth.mean(dtype=np.float64))
    shared = own = 0.0
    for row, true_row in zip(restored, truth, strict=True):  # rows, or planes of a stack: little memory
        centred = np.asarray(row, np.float64) - mean
        shared += float(np.vdot(centred, np.asarray(true_row, np.float64) - true_mean))
        own += float(np.vdot(centred, centred))
    gain = shared / own if own else 0.0
    offset = true_mean - gain * mean
    return Fit(gain, offset, _mean_squared_error(restored, truth, Fit(gain, offset, nan)))


def _mean_squared_error(restored: AnyArray, truth: AnyArray, fit: Fit) -> float:
    total = 0.0
    for row, true_row in zip(restored, truth, strict=True):
        difference = _fitted(row, fit) - true_row
        total += float(np.vdot(difference, difference))
    return total / truth.size


def _fitted(restored: AnyArray, fit: Fit) -> NDArray[np.float64]:
    return fit.gain * np.asarray(restored, np.float64) + fit.offset


def _decibels(data_range: float, error: float) -> float:
    return 20 * log10(data_range) - 10 * log10(error) if error else inf


def _structural_similarity(restored: AnyArray, truth: AnyArray, fit: Fit, data_range: float) -> float:
    """Mean over the pixels of all planes, in bands of rows that overlap by what the window needs."""
    from skimage.metrics import structural_similarity  # a third of a second to import

    rows, columns = truth.shape[-2:]
    window = min(WINDOW, (min(rows, columns) - 1) // 2 * 2 + 1)  # odd, and not wider than the image
    counted = rows - window + 1  # rows that have all their neighbours
    step = max(1, BAND // columns)
    total = 0.0
    planes = zip(restored.reshape(-1, rows, columns), truth.reshape(-1, rows, columns), strict=True)
    for plane, true_plane in planes:
        for start in range(0, counted, step):
            height = min(step, counted - start)
            band = slice(start, start + height + window - 1)
            mean = structural_similarity(
                np.asarray(true_plane[band], np.float64),
                _fitted(plane[band], fit),
                win_size=window,
                gaussian_weights=True,
                sigma=1.5,
                use_sample_covariance=False,
                data_range=data_range,
            )
            total += height * float(mean)
    return total / float(counted * (truth.size // (rows * columns)))


def _mean(values: list[float]) -> MeanAndDeviation:
    mean = sum(values) / len(values)
    if len(values) == 1 or not isfinite(mean):
        return MeanAndDeviation(mean, nan)
    return MeanAndDeviation(mean, float(np.std(values, ddof=1)))
