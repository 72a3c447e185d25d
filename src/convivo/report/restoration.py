"""The page of restored images as one HTML file: before, restored, truth, error, and a profile of each."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from statistics import median
from typing import TYPE_CHECKING

from convivo.io.atomic import writing
from convivo.ops.scores import mean_scores
from convivo.report.page import rendered
from convivo.report.restoration_content import in_sentence, short
from convivo.report.restoration_pictures import ERROR_MAP, UNCERTAINTY_MAP, gradient

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from convivo.ops.scores import MeanAndDeviation, RestorationScore
    from convivo.report.restoration_content import DrawnRestoration, RestorationReport, Side

PICTURED = 12  # so many of the worst images get pictures


@dataclass(frozen=True, slots=True)
class Mean:
    """One row of the table: an image as it came, or one way to restore it, over all images."""

    title: str
    images: int  # that were scored
    headline: str  # "28.4 dB"
    cells: tuple[tuple[str, str], ...]  # mean and standard deviation of each measure, as the page says them


def write_restoration_report(path: Path, report: RestorationReport) -> None:
    """Write the page. Cases stand worst first, by scale-invariant PSNR of the first way to restore.

    Raises CannotWrite where the disk refuses.
    """
    with writing(path) as temporary:
        temporary.write_text(restoration_page(report), encoding="utf-8")


def restoration_page(report: RestorationReport) -> str:
    """Make the page's HTML. Every name and note is escaped."""
    cases = sorted(report.cases, key=badness)
    means = _means(cases)
    kinds = {figure.kind for case in cases for figure in case.figures}
    return rendered(
        "restoration.html.j2",
        report=report,
        cases=cases,
        pictured=sum(bool(case.figures) for case in cases),
        means=means,
        in_sentence=in_sentence,
        order=f"The worst first, by PSNR of {means[1].title!r}." if len(means) > 1 else "",
        fit=_fit(cases),
        has_truth="error" in kinds,
        has_uncertainty="uncertainty" in kinds,
        error_gradient=gradient(ERROR_MAP),
        uncertainty_gradient=gradient(UNCERTAINTY_MAP),
    )


def badness(case: DrawnRestoration) -> tuple[float, str]:
    """Sort key: low scale-invariant PSNR first; what was not scored comes last."""
    scores = [side.score for side in case.sides[1:] if side.score is not None]
    return (scores[0].scale_invariant_psnr if scores else float("inf")), case.name


def _means(cases: Sequence[DrawnRestoration]) -> list[Mean]:
    """As it came, then each way; nothing where no way was scored."""
    means = [_mean(title, scores) for title, scores in _scores(cases).items()]
    return means if any(mean.images for mean in means[1:]) else []


def _scores(cases: Sequence[DrawnRestoration]) -> dict[str, list[RestorationScore]]:
    """Scores of all images by the title of the side."""
    sides: dict[str, list[Side]] = {}
    for case in cases:
        for side in case.sides:
            sides.setdefault(side.title, []).append(side)
    return {title: [side.score for side in found if side.score is not None] for title, found in sides.items()}


def _mean(title: str, scores: Sequence[RestorationScore]) -> Mean:
    if not scores:
        return Mean(title, 0, "", ())
    means = mean_scores(scores)
    cells = (
        _words(means.psnr, 2),
        _words(means.scale_invariant_psnr, 2),
        _words(means.ssim, 3),
        _words(means.nrmse, 4),
    )
    return Mean(title, len(scores), f"{means.scale_invariant_psnr.mean:.1f} dB", cells)


def _words(value: MeanAndDeviation, digits: int) -> tuple[str, str]:
    spread = value.standard_deviation
    return f"{value.mean:.{digits}f}", f"{spread:.{digits}f}" if isfinite(spread) else ""


def _fit(cases: Sequence[DrawnRestoration]) -> str:
    """What was fitted before the measures were taken, and with which range."""
    scores = {title: found for title, found in _scores(cases).items() if found}
    if not scores:
        return ""
    fits = "; ".join(
        f"{in_sentence(title)}: gain {short(median(score.gain for score in found))}, "
        f"offset {short(median(score.offset for score in found))}"
        for title, found in scores.items()
    )
    ranges = sorted({score.data_range for found in scores.values() for score in found})
    said = f"the range {short(ranges[0])}" if len(ranges) == 1 else "the range of each truth"
    return (
        f"PSNR compares grey values as they are. The other three are taken after the gain and offset that bring an "
        f"image nearest to its truth, truth ≈ gain × image + offset (medians: {fits}). "
        f"PSNR and SSIM use {said}."
    )
