"""`convivo train`: from a folder of images and masks to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import progress_bar, remark, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from convivo.io.pairs import Pairs
    from convivo.model import Model, ModelFolder
    from convivo.run.train import Step

NAME = "train"


def command(
    method: Annotated[str, typer.Argument(help="What to learn: unet.")],
    data: Annotated[Path, typer.Argument(help="Folder with images/ and masks/, paired by name.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    minutes: Annotated[
        float | None, typer.Option(help="Time to train; the schedule is fitted to it.")
    ] = None,
    steps: Annotated[int, typer.Option(help="Steps to train, where no time is given.")] = 2000,
    source: Annotated[str | None, typer.Option("--from", help="Model to fine-tune.")] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the training that was interrupted.")
    ] = False,
    axes: options.Axes = None,
    channel: options.Channel = None,
    patch: Annotated[int, typer.Option(help="Side of the squares the net is shown.")] = 256,
    batch: Annotated[int, typer.Option(help="Squares in a step.")] = 4,
    rate: Annotated[
        float | None, typer.Option(help="Learning rate. Default 0.001, fine-tuning 0.0003.")
    ] = None,
    patience: Annotated[int, typer.Option(help="Validations without gain before it stops.")] = 12,
    filters: Annotated[int, typer.Option(help="Feature maps of the net's first level.")] = 16,
    depth: Annotated[int, typer.Option(help="How many times the net halves the image.")] = 3,
    precision: options.Precision = options.PrecisionChoice.auto,
    device: options.Device = options.DeviceChoice.auto,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Train a model on images and masks. Ctrl-C ends early and leaves a usable model."""
    from convivo.io.pairs import open_pairs
    from convivo.model import ModelFolder
    from convivo.run.train import TrainConfig, train

    store = ModelFolder(out)
    settings = TrainConfig(
        steps=steps,
        minutes=minutes,
        patch=patch,
        batch=batch,
        rate=rate or (3e-4 if source else 1e-3),
        patience=patience,
        precision=precision.value,
        device=device.value,
        seed=seed,
    )
    pairs = open_pairs(data, axes=axes, channel=channel)
    for note in pairs.notes:
        remark(f"note: {note}")
    model = starting_model(
        method, pairs, store, source=source, resume=resume, seed=seed, filters=filters, depth=depth
    )
    describe(pairs, model)
    follow(train(model, pairs.data, settings, store=store, parts=pairs.parts, resume=resume))
    report(model, out)


def starting_model(
    method: str,
    pairs: Pairs,
    store: ModelFolder,
    *,
    source: str | None,
    resume: bool,
    seed: int,
    filters: int,
    depth: int,
) -> Model:
    """A new model, the one to fine-tune, or the interrupted one."""
    from convivo.model import Model, find_model

    if resume:
        return store.unfinished_model()
    store.refuse_existing()
    name = store.path.resolve().name
    if source:
        return Model.load(find_model(source)).for_data(pairs.data, name=name)
    return Model.new(method, pairs.data, name=name, seed=seed, filters=filters, depth=depth)


def describe(pairs: Pairs, model: Model) -> None:
    """What is about to be learned from what."""
    weights = sum(weight.numel() for weight in model.net.parameters())
    objects = f" with {model.card.fingerprint.objects:,} objects" if model.card.fingerprint else ""
    remark(f"{len(pairs.data)} images{objects}; a net of {weights:,} weights")


def follow(steps: Iterator[Step]) -> None:
    """Watch a training: progress, rate, time left, and the validation accuracy so far. Ctrl-C ends it early."""
    best = None
    with progress_bar("training", total=1.0) as (bar, task):
        try:
            for step in steps:
                best = step.validation if step.is_best else best
                words = (
                    f"step {step.number:,} · {step.number / step.seconds:.1f} steps/s · loss {step.loss:.3f}"
                )
                if best is not None:
                    words += f" · accuracy {best:.3f}"
                bar.update(task, completed=step.progress, rate=words)
        except KeyboardInterrupt:
            bar.console.print("stopping: the best weights so far are kept (--resume goes on)")
        finally:
            steps.close()  # type: ignore[attr-defined]


def report(model: Model, out: Path) -> None:
    """Where the model is and how good it looked while it was chosen."""
    card = model.card
    if card.fingerprint and card.fingerprint.shown_frequencies:
        shown = ", ".join(
            f"{name} {100 * card.fingerprint.class_frequencies[name]:.0f} → {100 * share:.0f} %"
            for name, share in card.fingerprint.shown_frequencies.items()
        )
        say(f"pixels in the data → as shown to the net: {shown}")
    if card.scores.selection:
        part = card.scores.selection
        scores = ", ".join(f"{value:.3f} at IoU {iou}" for iou, value in part.accuracy.items())
        say(f"accuracy on the {part.images} images that chose it (optimistic): {scores}")
    else:
        say("no image was left to choose with: the model holds the last weights, its accuracy is unknown")
    say(f"model: {out}  (next: convivo predict IMAGES --model {out} --out results)")
