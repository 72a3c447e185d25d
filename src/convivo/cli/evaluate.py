"""`convivo evaluate`: how well a model, or somebody's labels, agree with the truth."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convivo.cli import options
from convivo.cli.calibrated import calibration_dict, probabilities_in, say_calibration
from convivo.cli.console import print_json, print_table, remark, say, watched
from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.report.content import Case, Drawn
    from convivo.run.evaluate import ImageScore, ScoreRow
    from convivo.run.predict import Predictor
    from convivo.types import Annotated as Example
    from convivo.types import Prediction

NAME = "evaluate"
HEADER = ("IoU", "accuracy", "95 % interval", "precision", "recall", "F1", "panoptic", "missed", "invented")


def command(
    data: Annotated[
        Path | None, typer.Argument(help="Folder with images/ and masks/, or low/ and high/.")
    ] = None,
    model: Annotated[str | None, typer.Option(help="Model to evaluate on DATA.")] = None,
    labels: Annotated[
        Path | None, typer.Option(help="Folder of label images to compare with --truth.")
    ] = None,
    truth: Annotated[Path | None, typer.Option(help="Folder of true label images, paired by name.")] = None,
    report: Annotated[Path | None, typer.Option(help="Folder for a report to open in a browser.")] = None,
    tile: options.Tile = None,
    engine: options.Engine = options.EngineChoice.auto,
    precision: options.Precision = options.PrecisionChoice.auto,
    device: options.Device = options.DeviceChoice.auto,
    axes: options.Axes = None,
    channel: options.Channel = None,
    scale: options.Scale = 1.0,
    split: options.Split = None,
    prob: options.Prob = None,
    nms: options.Nms = None,
    blind: options.Blind = False,
    tta: options.Tta = False,
    data_range: Annotated[
        float | None,
        typer.Option("--range", help="Restoration: of PSNR and SSIM, such as 255. Default: the truth's own."),
    ] = None,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Score a model on DATA, or the labels of a folder against the truth of another.

    DATA holds images/ and masks/; for a model that restores images low/ and high/.
    """
    if model and data and not (labels or truth):
        from convivo.cli.evaluate_restored import evaluate_pairs
        from convivo.cli.predict import open_predictor
        from convivo.run.restore import Restorer

        predictor = open_predictor(
            model,
            tile=tile,
            engine=engine,
            precision=precision,
            device=device,
            scale=scale,
            settings={"split": split, "prob": prob, "nms": nms},
            blind=blind,
            tta=tta,
        )
        if isinstance(predictor, Restorer):
            evaluate_pairs(predictor, data, axes, channel, data_range=data_range, as_json=json, report=report)
            return
        results = model_results(predictor, data, axes, channel, report)
    elif labels and truth and not (model or data):
        results = label_results(labels, truth, axes, report)
    else:
        raise BadInput(
            "evaluate was not told what to compare", fix="use --model MODEL DATA, or --labels DIR --truth DIR"
        )
    scores, cases = collect(results)
    show(scores, as_json=json)
    if report:
        say(f"report: {write(report, scores, cases, model or str(labels))}")


def model_results(
    predictor: Predictor, data: Path, axes: str | None, channel: str | None, report: Path | None
) -> Iterator[tuple[ImageScore, Drawn | None]]:
    """Score and, where a report is wanted, drawing of each image of a folder."""
    from convivo.io.pairs import open_pairs
    from convivo.run.evaluate import evaluate

    pairs = open_pairs(data, axes=axes, channel=channel)
    for note in pairs.notes:
        remark(f"note: {note}")
    found = watched(evaluate(predictor, pairs.data), "evaluating", len(pairs.data), "image")
    for each, (score, prediction) in zip(pairs.data, found, strict=True):
        for note in prediction.notes:
            remark(f"note: {each.name}: {note}")
        yield score, drawn(case_of(each, prediction), score, prediction.page_axes) if report else None


def label_results(
    labels: Path, truth: Path, axes: str | None, report: Path | None
) -> Iterator[tuple[ImageScore, Drawn | None]]:
    """Score of each pair of label images in two folders."""
    from dataclasses import replace

    from convivo.io.binary_masks import numbered
    from convivo.io.images import read_label_image
    from convivo.io.kinds import stem
    from convivo.io.pairs import LABELS, paired_label_paths
    from convivo.report.content import Case
    from convivo.run.evaluate import judged_pages, pages_of, score_image

    known = probabilities_in(labels)
    paths = paired_label_paths(labels, truth)
    for label_path, truth_path in watched(paths, "comparing", len(paths), "image"):
        name = stem(truth_path)
        found, stored = read_label_image(label_path, axes), read_label_image(truth_path, axes)
        pages = pages_of(found.axes, found.labels, stored.labels)
        wanted, note = numbered(stored.labels, truth_path.name, pages)
        if note:
            remark(f"note: {note}")
        score = score_image(name, wanted, found.labels, pages)
        mine = known.get(stem(label_path).removesuffix(LABELS), {})
        score = replace(score, judged=judged_pages(wanted, found.labels, pages, mine))
        case = Case(name=name, image=(wanted > 0).astype("uint8"), labels=found.labels, truth=wanted)
        yield score, drawn(case, score, pages) if report else None


def case_of(each: Example, prediction: Prediction) -> Case:
    """What the model says of an image, beside the truth."""
    from convivo.report.content import Case

    return Case(
        name=each.name,
        image=each.image,
        labels=prediction.labels,
        truth=each.labels,
        probability=prediction.probability,
    )


def drawn(case: Case, score: ImageScore, page_axes: str) -> Drawn:
    """The pictures of one image, with its score at IoU 0.5."""
    from dataclasses import replace

    from convivo.ops.scores import matched_pairs
    from convivo.report.cases import draw
    from convivo.run.evaluate import ScoreRow, apart

    assert case.truth is not None
    truth, labels = apart(case.truth, page_axes), apart(case.labels, page_axes)
    pairs = matched_pairs(truth, labels)
    row = ScoreRow(score.matchings[0])
    return draw(replace(case, truth=truth, labels=labels, pairs=pairs, scores=row))


def collect(results: Iterator[tuple[ImageScore, Drawn | None]]) -> tuple[list[ImageScore], list[Drawn]]:
    """Walk through the images."""
    scores, cases = [], []
    for score, case in results:
        scores.append(score)
        if case is not None:
            cases.append(case)
    return scores, cases


def show(scores: Sequence[ImageScore], *, as_json: bool) -> None:
    """The pooled scores at every threshold."""
    from convivo.ops.scores import pooled_pixels
    from convivo.run.evaluate import score_rows

    rows = score_rows(scores)
    foreground = pooled_pixels(score.foreground for score in scores)
    judged = [page for score in scores for page in score.judged]
    if as_json:
        print_json(
            {
                "images": len(scores),
                "scores": [as_dict(row) for row in rows],
                "foreground": {"dice": foreground.dice, "iou": foreground.iou},
                "per_image": per_image(scores),
                "calibration": calibration_dict(judged),
            }
        )
        return
    print_table(HEADER, (cells(row) for row in rows))
    say(f"{len(scores)} images pooled; accuracy = matched / (matched + missed + invented)")
    say(f"foreground pixels: Dice {foreground.dice:.3f}, IoU {foreground.iou:.3f}")
    say_calibration(judged)


def cells(row: ScoreRow) -> tuple[str, ...]:
    """One line of the table."""
    total = row.total
    measures = (total.precision, total.recall, total.f1, total.panoptic_quality)
    return (
        f"{total.iou:.2f}",
        f"{total.accuracy:.3f}",
        f"{row.low:.3f}-{row.high:.3f}",
        *(f"{value:.3f}" for value in measures),
        str(total.false_negatives),
        str(total.false_positives),
    )


def as_dict(row: ScoreRow) -> dict[str, Any]:
    """One threshold as JSON."""
    total = row.total
    return {
        "iou": total.iou,
        "accuracy": total.accuracy,
        "interval": [row.low, row.high],
        "precision": total.precision,
        "recall": total.recall,
        "f1": total.f1,
        "panoptic_quality": total.panoptic_quality,
        "true_positives": total.true_positives,
        "false_positives": total.false_positives,
        "false_negatives": total.false_negatives,
    }


def per_image(scores: Sequence[ImageScore]) -> list[dict[str, Any]]:
    """Accuracy of each image by threshold."""
    return [
        {"image": score.name, "accuracy": {f"{each.iou:g}": each.accuracy for each in score.matchings}}
        for score in scores
    ]


def write(folder: Path, scores: Sequence[ImageScore], cases: Sequence[Drawn], what: str) -> Path:
    """The report; returns where it is."""
    from convivo.io.atomic import output_folder
    from convivo.report.content import Report
    from convivo.report.page import write_report
    from convivo.run.evaluate import score_rows

    path = output_folder(folder) / "report.html"
    write_report(
        path, Report(title=f"{what} against the truth", scores=score_rows(scores), cases=tuple(cases))
    )
    return path
