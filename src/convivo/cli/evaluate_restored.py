"""`convivo evaluate` for a model that restores images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from math import isnan
from pathlib import Path
from typing import TYPE_CHECKING

from convivo.cli.console import print_json, print_table, remark, say, watched

if TYPE_CHECKING:
    from convivo.ops.scores import MeanAndDeviation, MeanScores, RestorationScore
    from convivo.run.evaluate_restored import RestoredScore
    from convivo.run.restore import Restorer

HEADER = ("", "PSNR dB", "scale-invariant PSNR dB", "SSIM", "NRMSE")


def evaluate_pairs(
    restorer: Restorer,
    data: Path,
    axes: str | None,
    channel: str | None,
    *,
    data_range: float | None,
    as_json: bool,
    report: Path | None = None,
) -> None:
    """Score the restored images of DATA/low against DATA/high, beside the images as they came.

    Where `report` names a folder, a page with pictures of the worst is written into it.
    """
    from convivo.cli.restored_report import Gallery, write
    from convivo.io.exposures import open_exposures
    from convivo.run.evaluate_restored import evaluate_restored

    pairs, _ = open_exposures(data, axes=axes, channel=channel)
    results = watched(
        evaluate_restored(restorer, pairs, data_range=data_range), "evaluating", len(pairs), "image"
    )
    scores: list[RestoredScore] = []
    gallery = Gallery()
    for each, (found, restoration) in zip(pairs, results, strict=True):
        for note in restoration.notes:
            remark(f"note: {each.name}: {note}")
        scores += found
        if report:
            gallery.keep(each, found, restoration)
    show(scores, as_json=as_json)
    if report:
        path = write(report, restorer, data, gallery)
        (remark if as_json else say)(f"report: {path}")


def show(scores: Sequence[RestoredScore], *, as_json: bool) -> None:
    """Means over the images, and what the fit was."""
    from convivo.ops.scores import mean_scores

    sides = {"as it came": [each.before for each in scores if each.before is not None]}
    sides["restored"] = [each.after for each in scores]
    if as_json:
        print_json({"images": len(scores), "per_image": [_plain(each) for each in scores]})
        return
    print_table(HEADER, (_cells(name, mean_scores(side)) for name, side in sides.items() if side))
    say(f"{len(scores)} images, mean and standard deviation over them; {_ranges(sides['restored'])}")
    say(
        f"PSNR without any fit; the others after truth ~ gain x restored + offset: {_fits(sides['restored'])}"
    )


def _cells(name: str, means: MeanScores) -> tuple[str, ...]:
    return (
        name,
        _words(means.psnr, 2),
        _words(means.scale_invariant_psnr, 2),
        _words(means.ssim, 3),
        _words(means.nrmse, 4),
    )


def _words(value: MeanAndDeviation, digits: int) -> str:
    if isnan(value.standard_deviation):
        return f"{value.mean:.{digits}f}"
    return f"{value.mean:.{digits}f} ± {value.standard_deviation:.{digits}f}"


def _ranges(scores: Sequence[RestorationScore]) -> str:
    """With which range PSNR and SSIM were computed."""
    found = sorted({score.data_range for score in scores})
    if len(found) == 1:
        return f"range {found[0]:g}"
    return f"range of each truth, {found[0]:g} to {found[-1]:g} (--range sets one for all)"


def _fits(scores: Sequence[RestorationScore]) -> str:
    gains, offsets = sorted(score.gain for score in scores), sorted(score.offset for score in scores)
    middle = len(scores) // 2
    return f"median gain {gains[middle]:.3g}, offset {offsets[middle]:.3g}"


def _plain(score: RestoredScore) -> dict[str, object]:
    before = None if score.before is None else asdict(score.before)
    return {"image": score.name, "as_it_came": before, "restored": asdict(score.after)}
