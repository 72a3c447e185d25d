"""`convivo demo`: the whole way once, from images to a report, in about two minutes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import remark, say, watched

if TYPE_CHECKING:
    from convivo.model import Model
    from convivo.report.content import Report
    from convivo.types import Annotated as Example

NAME = "demo"
HELD_OUT = ("test", "validation")  # folders beside train/ that are scored, the first that is there


def command(
    data: Annotated[
        Path | None, typer.Argument(help="Your own images/ and masks/. Default: simulated ones.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for everything.")] = Path("demo"),
    minutes: Annotated[float, typer.Option(help="Time to train.")] = 1.0,
    axes: options.Axes = None,
    channel: options.Channel = None,
    seed: options.Seed = 0,
) -> None:
    """Simulate (or read) images, train a U-Net, predict images it never saw, score, and write a report."""
    from convivo.cli.train import follow
    from convivo.io.atomic import output_folder
    from convivo.model import Model, ModelFolder
    from convivo.run.predict import Predictor
    from convivo.run.train import TrainConfig, train

    out = output_folder(out)
    learn, unseen, story = examples(data or simulated(out / "data", seed), axes, channel, seed)
    model = Model.new("unet", learn, name="demo", seed=seed)
    store = ModelFolder(out / "model")
    store.finish()  # a demo starts anew
    follow(train(model, learn, TrainConfig(minutes=minutes, seed=seed), store=store))
    report = examined(Predictor(model), unseen, out, story)
    page = write(out / "report", model, store, report, story)
    say(f"open {page.resolve().as_uri()}")


def simulated(folder: Path, seed: int) -> Path:
    """A small data set: ordinary fields, and crowded ones where nuclei overlap."""
    from convivo.cli.simulate import write_simulated
    from convivo.ops.simulate import Microscope, Scene

    write_simulated(folder / "train", 24, Scene(crowding=0.5), Microscope(), seed)
    write_simulated(folder / "test", 6, Scene(crowding=0.5), Microscope(), seed + 1)
    return folder


def examples(
    data: Path, axes: str | None, channel: str | None, seed: int
) -> tuple[Sequence[Example], Sequence[Example], str]:
    """Images to learn from, images to be scored on, and how they were divided."""
    from convivo.io.pairs import open_pairs
    from convivo.run.split import split_by_group

    if (data / "train").is_dir():
        held_out = next((data / name for name in HELD_OUT if (data / name).is_dir()), None)
        if held_out is not None:
            learn, unseen = (
                open_pairs(folder, axes=axes, channel=channel) for folder in (data / "train", held_out)
            )
            return (
                learn.data,
                unseen.data,
                f"the folder {held_out.name}, of which nothing was used in training",
            )
    pairs = open_pairs(data, axes=axes, channel=channel)
    for note in pairs.notes:
        remark(f"note: {note}")
    split = split_by_group(pairs.data, seed=seed + 1, parts=pairs.parts)
    if not split.validation:
        return (
            pairs.data,
            pairs.data,
            "the training images themselves: there is only one, so this says little",
        )
    return split.train, split.validation, "images held back from training"


def examined(predictor: object, unseen: Sequence[Example], out: Path, story: str) -> Report:
    """Predict what the model never saw, write the results as `predict` does, and draw and score them."""
    from convivo.cli.evaluate import drawn, report_rows, show
    from convivo.io.atomic import output_folder, writing
    from convivo.io.images import write_labels
    from convivo.io.rois import write_rois
    from convivo.io.tables import write_objects
    from convivo.report.contact import ContactSheet
    from convivo.report.content import Case, Report
    from convivo.run.evaluate import evaluate
    from convivo.run.predict import Predictor

    assert isinstance(predictor, Predictor)
    results, sheet = output_folder(out / "results"), ContactSheet()
    scores, cases, rows, engine = [], [], [], ""
    found = watched(evaluate(predictor, unseen), "predicting and drawing", len(unseen), "image")
    for each, (score, prediction) in zip(unseen, found, strict=True):
        write_labels(results / f"{each.name}_labels.tif", prediction.labels, pixel_size=each.image.pixel_size)
        write_rois(results / f"{each.name}_rois.zip", prediction.labels)
        sheet.add(each.name, each.image, prediction.labels, len(prediction.objects), prediction.notes)
        case = Case(
            name=each.name,
            image=each.image,
            labels=prediction.labels,
            truth=each.labels,
            probability=prediction.probability,
        )
        scores.append(score)
        cases.append(drawn(case, score))
        rows += [(each.name, measured, each.image.pixel_size) for measured in prediction.objects]
        engine = prediction.engine
    write_objects(results / "objects.csv", rows, predictor.model.dimensions)
    with writing(results / "contact.png") as part:
        sheet.picture().save(part)
    show(scores, as_json=False)
    return Report(
        title="A U-Net finds nuclei",
        subtitle="Trained a moment ago on this machine, then asked about images it had not seen",
        facts=(("engine", engine),),
        scores=report_rows(scores),
        scored_on=story,
        cases=tuple(cases),
    )


def write(folder: Path, model: Model, store: object, report: Report, story: str) -> Path:
    """The report page, with what the training says of itself."""
    from dataclasses import replace

    from convivo.io.atomic import output_folder
    from convivo.model import ModelFolder
    from convivo.report.curves import CurveRow
    from convivo.report.page import write_report

    assert isinstance(store, ModelFolder)
    training = model.card.training
    assert training is not None
    facts = (
        ("model", f"U-Net, {sum(weight.numel() for weight in model.net.parameters()):,} weights"),
        (
            "trained",
            f"{training.steps:,} steps in {training.minutes:.1f} minutes, on {len(training.images)} images",
        ),
        ("chosen by", f"{len(training.selection_images)} other images"),
        ("seed", str(training.seed)),
        *report.facts,
    )
    curve = tuple(CurveRow(row.step, row.loss, row.rate, row.validation) for row in store.curve())
    path = output_folder(folder) / "report.html"
    papers = ("U-Net: Ronneberger, Fischer, Brox, MICCAI 2015", "Accuracy: Schmidt et al., MICCAI 2018")
    write_report(path, replace(report, facts=facts, curve=curve, credits=papers))
    return path
