"""`convivo demo`: the whole way once, from images to a report, in about two minutes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import debugging, remark, say, watched

if TYPE_CHECKING:
    from convivo.io.pairs import Pairs
    from convivo.model import Model, ModelFolder
    from convivo.report.content import Drawn, Report
    from convivo.run.evaluate import ImageScore
    from convivo.run.predict import Predictor
    from convivo.types import Annotated as Example

NAME = "demo"
SHIPPED = "nuclei"
OF_ONE_MODEL = ("probability", "labels")  # pictures that are not of the image or its truth
HELD_OUT = ("test", "validation")  # folders beside train/ that are scored, the first that is there


@dataclass(frozen=True, slots=True)
class Examples:
    """Images to learn from, images to be scored on, and how they were divided."""

    learn: Sequence[Example]
    unseen: Sequence[Example]
    story: str
    parts: Mapping[str, str] = field(default_factory=dict)  # of what learns, where groups.csv decides
    files: Mapping[str, Path] = field(default_factory=dict)  # of the unseen, by name


@dataclass(frozen=True, slots=True)
class Found:
    """What one model made of the unseen images."""

    title: str
    scores: list[ImageScore]
    cases: list[Drawn]
    engine: str
    doubt: str  # what speaks against believing it, in short


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
    """Find nuclei, then see through noise: train on simulated images (or yours), compare on others, write reports."""
    from convivo.cli.watching import follow
    from convivo.io.atomic import output_folder
    from convivo.model import Model, ModelFolder
    from convivo.run.config import TrainConfig
    from convivo.run.predict import Predictor
    from convivo.run.train import train

    out = output_folder(out)
    chosen = examples(data or simulated(out / "data", seed), axes, channel, seed)
    model = Model.new("unet", chosen.learn, name="demo", seed=seed)
    store = ModelFolder(out / "model")
    store.finish()  # a demo starts anew
    config = TrainConfig(minutes=minutes, seed=seed)
    follow(train(model, chosen.learn, config, store=store, parts=chosen.parts))
    own = examined("U-Net, trained just now", Predictor(model), chosen, out / "results", str(store.path))
    ready = shipped(chosen)
    title, results = f"StarDist, {SHIPPED!r}", out / f"results-{SHIPPED}"
    other = examined(title, ready, chosen, results, SHIPPED) if ready else None
    page = write(out / "report", model, store, described(own, other, chosen.story))
    restored = see_through_noise(out, chosen, minutes, seed, simulated=data is None)
    say(f"open {page.resolve().as_uri()}")
    if restored:
        say(f"and  {restored.resolve().as_uri()}")


def see_through_noise(
    out: Path, chosen: Examples, minutes: float, seed: int, *, simulated: bool
) -> Path | None:
    """The page of restored images. One's own may be unfit for it: convivo says why, and leaves it out."""
    from convivo.cli.demo_restoration import clean_images, exposures, restoration
    from convivo.errors import ConvivoError

    if simulated:
        learn, unseen = (clean_images(out / "data" / part) for part in ("train", "test"))
        return restoration(out, exposures(learn, unseen, chosen.story, seed), minutes, seed)
    learn, unseen = ([each.image for each in part] for part in (chosen.learn, chosen.unseen))
    try:
        return restoration(out, exposures(learn, unseen, chosen.story, seed), minutes, seed)
    except ConvivoError as error:
        remark(f"note: no images were restored: {error.problem}")
        (out / "report" / "restoration.html").unlink(missing_ok=True)  # of an earlier demo
        return None


def simulated(folder: Path, seed: int) -> Path:
    """A small data set: ordinary fields, and crowded ones where nuclei overlap."""
    from convivo.cli.simulate import write_simulated
    from convivo.ops.simulate import Microscope, Scene

    write_simulated(folder / "train", 24, Scene(crowding=0.5), Microscope(), seed)
    write_simulated(folder / "test", 6, Scene(crowding=0.5), Microscope(), seed + 1)
    return folder


def examples(data: Path, axes: str | None, channel: str | None, seed: int) -> Examples:
    """The folders that are there, or a part of the images held back."""
    from convivo.run.split import split_by_group

    held_out = next((data / name for name in HELD_OUT if (data / name).is_dir()), None)
    if held_out is not None and (data / "train").is_dir():
        learn, unseen = (opened(folder, axes, channel) for folder in (data / "train", held_out))
        story = f"the folder {held_out.name}, of which nothing was used in training"
        return Examples(learn.data, unseen.data, story, learn.parts, files_of(held_out))
    pairs = opened(data, axes, channel)
    split = split_by_group(pairs.data, seed=seed + 1, parts=pairs.parts)
    if split.validation:
        story = "images held back from training"
        return Examples(split.train, split.validation, story, files=files_of(data))
    why = "there is only one" if len(pairs.data) == 1 else "all of them are one group"
    story = f"the training images themselves: {why}, so this says little"
    return Examples(pairs.data, pairs.data, story, pairs.parts, files_of(data))


def files_of(folder: Path) -> dict[str, Path]:
    """The images of a folder of pairs, by name."""
    from convivo.io.inputs import find_images
    from convivo.io.kinds import stem

    return {stem(path): path for path in find_images([folder / "images"])}


def opened(folder: Path, axes: str | None, channel: str | None) -> Pairs:
    """The pairs of a folder, with what there is to say of them."""
    from convivo.io.pairs import open_pairs

    pairs = open_pairs(folder, axes=axes, channel=channel)
    for note in pairs.notes:
        remark(f"note: {note}")
    return pairs


def examined(title: str, predictor: Predictor, chosen: Examples, out: Path, named: str) -> Found:
    """Predict what the model never saw, write the results as `predict` does, and draw and score them."""
    from convivo.cli.doubting import say_doubts
    from convivo.cli.evaluate import case_of, drawn, show
    from convivo.run.evaluate import evaluate
    from convivo.work.doubting import Doubts
    from convivo.work.found import FoundObjects

    kept = FoundObjects(predictor, emptied(out))
    doubts = Doubts(predictor.model, predictor.options, named=named, strict=debugging())
    scores, cases, engine = [], [], "no engine"
    found = watched(evaluate(predictor, chosen.unseen), f"predicting, {title}", len(chosen.unseen), "image")
    with kept.table():
        for each, (score, prediction) in zip(chosen.unseen, found, strict=True):
            findings, info = doubts.of(each.image, prediction, chosen.files.get(each.name, Path(each.name)))
            say_doubts(findings)
            kept.write(each.image, prediction, info)
            kept.keep(each.image, prediction)
            for note in prediction.notes:
                remark(f"note: {each.name}: {note}")
            engine = prediction.engine if prediction.engine != "none" else engine
            scores.append(score)
            cases.append(drawn(case_of(each, prediction), score, prediction.page_axes))
    kept.write_sheet()
    path = doubts.write(out)
    if said := doubts.in_short():
        remark(f"doubt: {said}: see {path}, or ask `convivo doubt`")
    say(title)
    show(scores, as_json=False)
    nothing = "none" if doubts.was_asked else "not asked: it does not know what it was trained on"
    return Found(title, scores, cases, engine, doubts.in_short() or nothing)


def shipped(chosen: Examples) -> Predictor | None:
    """The model that comes with convivo, where it can see these images."""
    from convivo.model import Model, find_model
    from convivo.run.predict import Predictor

    model = Model.load(find_model(SHIPPED))
    first = chosen.unseen[0]
    channels = first.image.array.shape[first.image.axes.index("C")]
    if (first.labels.ndim, channels) != (model.dimensions, model.card.net.channels):
        remark(f"note: the model {SHIPPED!r} sees one channel in 2-D, so it is not asked about these images")
        return None
    return Predictor(model)


def described(own: Found, other: Found | None, story: str) -> Report:
    """What the page says of one model, or of two beside the truth."""
    from convivo.report.content import Report
    from convivo.run.evaluate import score_rows

    every = [own] if other is None else [own, other]
    rows = [(each.title, score_rows(each.scores)) for each in every]
    return Report(
        title="A U-Net finds nuclei" if other is None else "A U-Net and StarDist find nuclei",
        subtitle="Trained a moment ago on this machine"
        + ("" if other is None else f", beside {SHIPPED!r}, which comes with convivo"),
        facts=(("engine", own.engine), *((f"doubt, {each.title}", each.doubt) for each in every)),
        scores=rows[0][1],
        side_by_side=tuple(rows) if other else (),
        scored_on=story,
        cases=tuple(
            own.cases
            if other is None
            else map(beside, own.cases, other.cases, [other.title] * len(own.cases))
        ),
    )


def beside(own: Drawn, other: Drawn, title: str) -> Drawn:
    """The pictures of one image, with the other model's outlines after one's own."""
    from dataclasses import replace

    first, *rest = own.figures
    rest = [
        replace(each, title=f"U-Net: {each.title.lower()}") if each.kind in OF_ONE_MODEL else each
        for each in rest
    ]
    rival = replace(other.figures[0], kind="rival", title=f"{title}, {other.verdict}")
    return replace(own, figures=(replace(first, title=f"U-Net, {own.verdict}"), rival, *rest))


def emptied(folder: Path) -> Path:
    """The folder without labels and ROIs of an earlier demo, whose images may have had other names."""
    from convivo.io.atomic import output_folder

    output_folder(folder)
    for path in [*folder.glob("*_labels.tif"), *folder.glob("*_rois.zip")]:
        path.unlink()
    return folder


def write(folder: Path, model: Model, store: ModelFolder, report: Report) -> Path:
    """The report page, with what the training says of itself."""
    from dataclasses import replace

    from convivo.io.atomic import output_folder
    from convivo.report.curves import CurveRow
    from convivo.report.page import write_report

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
