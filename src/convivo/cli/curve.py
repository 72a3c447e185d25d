"""`convivo curve`: what more data would bring, and what a larger net."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from convivo.cli import options
from convivo.cli.console import print_json, print_table, remark, say

if TYPE_CHECKING:
    from convivo.run.curve import Gain, Standing

NAME = "curve"
HEADER = ("images", "groups", "filters", "steps", "accuracy", "95 % interval", "at IoU 0.5", "at IoU 0.9")


def command(
    data: Annotated[Path, typer.Argument(help="Folder with images/ and masks/.")],
    method: Annotated[str, typer.Argument(help="What to learn: unet or stardist.")],
    out: Annotated[Path, typer.Option(help="Folder for the trainings, curve.csv and curve.png.")],
    minutes: Annotated[
        float, typer.Option(help="Time for each training, of which there are up to five.")
    ] = 10,
    filters: Annotated[
        int | None, typer.Option(help="Feature maps of the net's first level. Default 16.")
    ] = None,
    axes: options.Axes = None,
    channel: options.Channel = None,
    device: options.Device = options.DeviceChoice.auto,
    seed: options.Seed = 0,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Train on an eighth, a quarter, half and all of the data, and a larger net on all of it; say which helps more.

    The same command goes on after an interruption: trainings that are finished are not repeated.
    """
    from convivo.cli.watching import follow
    from convivo.io.atomic import output_folder, writing
    from convivo.io.tables import write_table
    from convivo.model import ModelFolder
    from convivo.report.learning import draw, verdict
    from convivo.run.config import TrainConfig
    from convivo.run.curve import NEVER, conclude, learn, refuse_restoration, standing, trials, uneven
    from convivo.work.examples import open_examples

    refuse_restoration(method)
    settings = TrainConfig(minutes=minutes, patience=NEVER, seed=seed, device=device.value)
    examples = open_examples(method, [str(data)], axes, channel)
    for note in examples.notes:
        remark(f"note: {note}")
    planned = trials(examples.data, method, parts=examples.parts, filters=filters, seed=seed)  # type: ignore[arg-type]
    out = output_folder(out)
    standings = []
    for number, trial in enumerate(planned, start=1):
        store = ModelFolder(out / trial.name)
        steps, done = learn(trial, store, method, settings), store.holds_finished_model
        how_long = "done before" if done else f"{minutes:g} minutes"
        remark(f"{number} of {len(planned)}: {trial.images} images, {trial.filters} filters: {how_long}")
        list(steps) if done else follow(steps)  # a finished one has no steps, but may be another's
        if not store.holds_finished_model:
            remark("stopped: the same command goes on from here")
            raise SystemExit(130)
        standings.append(standing(trial, store))
    if note := uneven(standings):
        remark(f"note: {note}")
    found = conclude(standings)
    words = verdict(standings, found)
    rows = [row(*each) for each in zip(standings, found.accuracy, strict=True)]
    write_table(out / "curve.csv", tuple(rows[0]), (tuple(each.values()) for each in rows))
    with writing(out / "curve.png") as part:
        draw(part, standings, found)
    if json:
        print_json({"verdict": words, "trainings": rows})
        return
    print_table(HEADER, map(cells, rows))
    say(
        f"accuracy: mean over IoU 0.5 to 0.9, on the same {len(planned[0].validation)} images that did not train"
    )
    say(words)
    say(f"written: {out / 'curve.csv'}, {out / 'curve.png'}")


def row(standing: Standing, accuracy: Gain) -> dict[str, Any]:
    """One training as a line of the table."""
    from convivo.ops.scores import pooled

    trial, training = standing.trial, standing.model.card.training
    at = [
        pooled(column).accuracy for column in zip(*(each.matchings for each in standing.scores), strict=True)
    ]
    return {
        "images": trial.images,
        "groups": len({each.group for each in trial.train}),
        "filters": trial.filters,
        "steps": training.steps if training else None,
        "minutes": training.minutes if training else None,
        "accuracy": round(accuracy.size, 4),
        "low": round(accuracy.low, 4),
        "high": round(accuracy.high, 4),
        "accuracy_0.5": round(at[0], 4),
        "accuracy_0.9": round(at[-1], 4),
    }


def cells(row: dict[str, Any]) -> tuple[str, ...]:
    """The line as a person reads it."""
    interval = f"{row['low']:.3f}-{row['high']:.3f}"
    counts = (str(row[name]) for name in ("images", "groups", "filters", "steps"))
    accuracies = (f"{row[name]:.3f}" for name in ("accuracy_0.5", "accuracy_0.9"))
    return (*counts, f"{row['accuracy']:.3f}", interval, *accuracies)
