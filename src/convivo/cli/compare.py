"""`convivo compare`: U-Net with components, U-Net with watershed, StarDist; who loses where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convivo.cli import options
from convivo.cli.console import print_json, print_table, remark, say, watched
from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.report.comparison import Section
    from convivo.run.choice import Wanted
    from convivo.run.compare import Contender, Outcome, Result
    from convivo.run.scenes import Trial

NAME = "compare"
SHIPPED = ("nuclei", "nuclei-unet")


def command(
    data: Annotated[
        Path | None, typer.Argument(help="Real ones too: a folder with images/ and masks/.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the report and the table.")] = Path("compare"),
    model: Annotated[
        list[str] | None,
        typer.Option(help=f"Model to compare; give it once for each. Default: {' and '.join(SHIPPED)}."),
    ] = None,
    images: Annotated[int, typer.Option(help="Simulated images of each scene.")] = 6,
    engine: options.Engine = options.EngineChoice.auto,
    precision: options.Precision = options.PrecisionChoice.auto,
    device: options.Device = options.DeviceChoice.auto,
    axes: options.Axes = None,
    channel: options.Channel = None,
    seed: options.Seed = 0,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Compare ways to find nuclei, from spread out to overlapping, and say who loses where."""
    from convivo.io.atomic import output_folder
    from convivo.report.comparison import section
    from convivo.run.choice import Wanted

    names = tuple(model or SHIPPED)
    ways = opened(names, Wanted(engine.value, precision.value, device.value))
    every = (*scenes(images, seed), *own_images(data, axes, channel, ways))
    out = output_folder(out)
    results, sections = [], []
    for result in concluded(every, ways):
        results.append(result)
        sections.append(section(result))
        if not json:
            show(result, " ".join(sections[-1].verdict))
    if json:
        print_json({"scenes": [as_dict(*pair) for pair in zip(results, sections, strict=True)]})
    facts = (
        ("models", ", ".join(Path(name).resolve().name for name in names)),
        ("simulated images of each scene", str(images)),
        ("seed", str(seed)),
    )
    write(out, results, sections, facts)
    (remark if json else say)(f"report: {out / 'report.html'}, numbers: {out / 'comparison.csv'}")


def opened(names: Sequence[str], wanted: Wanted) -> tuple[Contender, ...]:
    """The contenders that the models are."""
    from convivo.model import Model, find_model
    from convivo.run.compare import contenders

    return contenders([(name, Model.load(find_model(name))) for name in names], wanted)


def scenes(images: int, seed: int) -> tuple[Trial, ...]:
    """The simulated scenes."""
    from convivo.run.scenes import simulated_trials

    if images < 1:
        raise BadInput(f"{images} images of each scene", fix="use --images 1 or more; 6 is the default")
    return simulated_trials(images, seed)


def own_images(
    data: Path | None, axes: str | None, channel: str | None, ways: Sequence[Contender]
) -> Iterator[Trial]:
    """The images of a folder, where one is given: all of them fit, before anything is compared."""
    from convivo.io.pairs import open_pairs
    from convivo.run.compare import refuse_unfit_images
    from convivo.run.scenes import Trial

    if data is None:
        return
    pairs = open_pairs(data, axes=axes, channel=channel)
    for note in pairs.notes:
        remark(f"note: {note}")
    refuse_unfit_images(ways, pairs.data)
    about = f"The images in the folder {data.resolve().name}."
    yield Trial("your images", about, pairs.data, len(pairs.data))


def concluded(every: Sequence[Trial], ways: Sequence[Contender]) -> Iterator[Result]:
    """What comes of each trial."""
    from convivo.run.compare import compare, conclude

    for trial in every:
        asked = compare(ways, trial.examples)
        yield conclude(trial, watched(asked, f"comparing, {trial.name}", trial.images, "image"))


def show(result: Result, verdict: str) -> None:
    """One trial as a table, with its verdict."""
    from convivo.report.cases import counted

    first = result.outcomes[0]
    header = ("accuracy at IoU", *(f"{row.total.iou:g}" for row in first.rows), *first.mistakes)
    true = first.rows[0].true
    title = f"{result.trial.name}: {counted(result.trial.images, 'image')}, {counted(true, 'object')}"
    print_table(header, (cells(outcome) for outcome in result.outcomes), title)
    say(f"{verdict}\n")


def cells(outcome: Outcome) -> tuple[str, ...]:
    """One line of the table."""
    accuracies = (f"{row.total.accuracy:.3f}" for row in outcome.rows)
    return outcome.contender, *accuracies, *map(str, outcome.mistakes.values())


def as_dict(result: Result, drawn: Section) -> dict[str, Any]:
    """One trial as JSON."""
    return {
        "scene": result.trial.name,
        "images": result.trial.images,
        "objects": drawn.true,
        "verdict": " ".join(drawn.verdict),
        "contenders": [contender_dict(outcome) for outcome in result.outcomes],
    }


def contender_dict(outcome: Outcome) -> dict[str, Any]:
    """One contender as JSON."""
    return {
        "contender": outcome.contender,
        "scores": [
            {"iou": row.total.iou, "accuracy": row.total.accuracy, "interval": [row.low, row.high]}
            for row in outcome.rows
        ],
        **outcome.mistakes,
    }


def write(
    out: Path, results: Sequence[Result], sections: Sequence[Section], facts: Sequence[tuple[str, str]]
) -> None:
    """The report, and the numbers of the tables for a spreadsheet."""
    from convivo.io.tables import write_table
    from convivo.report.comparison import write_comparison

    first = results[0].outcomes[0]
    ious = [f"accuracy_{row.total.iou:g}" for row in first.rows]
    header = ("scene", "images", "objects", "contender", *ious, *first.mistakes)
    rows = (
        (result.trial.name, result.trial.images, outcome.rows[0].true, outcome.contender, *numbers(outcome))
        for result in results
        for outcome in result.outcomes
    )
    write_table(out / "comparison.csv", header, rows)
    write_comparison(out / "report.html", sections, facts)


def numbers(outcome: Outcome) -> tuple[float | int, ...]:
    """Accuracies and mistakes, for a spreadsheet."""
    accuracies = (round(row.total.accuracy, 4) for row in outcome.rows)
    return *accuracies, *outcome.mistakes.values()
