"""`convivo predict`: from image files to labels, ROIs, a table and a contact sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import conclude, debugging, progress_bar, rate, remark, say
from convivo.cli.doubting import say_doubts
from convivo.errors import ConvivoError

if TYPE_CHECKING:
    from convivo.run.predict import Predictor
    from convivo.run.restore import Restorer
    from convivo.work.events import Event

NAME = "predict"


def command(
    images: Annotated[list[str], typer.Argument(help="Files, folders or patterns: TIFF, PNG, JPEG.")],
    model: options.ModelName,
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
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
    rays: Annotated[
        bool, typer.Option("--rays", help="StarDist: write the distances along each ray too.")
    ] = False,
    blind: options.Blind = False,
    tta: options.Tta = False,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Find the objects in images, or restore them. One file that cannot be done does not stop the others."""
    from convivo.work.orders import PredictOrder
    from convivo.work.predicting import predict

    settings = {"split": split, "prob": prob, "nms": nms}
    order = PredictOrder(
        images=tuple(images),
        model=model,
        out=str(out),
        tile=tile,
        engine=engine.value,
        precision=precision.value,
        device=device.value,
        axes=axes,
        channel=channel,
        scale=scale,
        settings=given(settings),
        rays=rays,
        blind=blind,
        tta=tta,
    )
    show(predict(order, strict=debugging()))


def open_predictor(
    name: str,
    *,
    tile: int | None = None,
    engine: options.EngineChoice = options.EngineChoice.auto,
    precision: options.PrecisionChoice = options.PrecisionChoice.auto,
    device: options.DeviceChoice = options.DeviceChoice.auto,
    scale: float = 1.0,
    settings: Mapping[str, float | str | None] = MappingProxyType({}),
    blind: bool = False,
    tta: bool = False,
) -> Predictor | Restorer:
    """A model ready to answer, under the options of the command line; settings that are None are the card's."""
    from convivo.run.asking import PredictOptions
    from convivo.run.choice import Wanted
    from convivo.work.predicting import opened

    wanted = Wanted(engine.value, precision.value, device.value)
    asked = PredictOptions(
        tile=tile, engine=wanted, scale=scale, settings=given(settings), blind=blind, tta=tta
    )
    return opened(name, asked)


def given(settings: Mapping[str, float | str | None]) -> dict[str, float | str]:
    """Those that somebody gave; the others are the card's."""
    return {name: value for name, value in settings.items() if value is not None}


def show(events: Iterator[Event]) -> None:
    """Say what happens, and at the end what was done: exit code 2 where an image failed, 130 where it was stopped."""
    from convivo.work.events import Begun, ImageDone, ImageFailed, Predicted

    begun = next(events)
    assert isinstance(begun, Begun)
    failures: list[ImageFailed] = []
    done: Predicted | None = None
    with progress_bar(begun.what, begun.total) as (bar, task):
        for event in events:
            match event:
                case ImageDone():
                    say_doubts(event.findings)
                    for note in event.notes:
                        remark(f"note: {event.image}: {note}")
                case ImageFailed():
                    failures.append(event)
                case Predicted():
                    done = event
            if isinstance(event, ImageDone | ImageFailed):
                speed = bar.tasks[task].speed
                bar.update(task, advance=1, rate="" if not speed else rate(speed, "image"))
    assert done is not None
    if done.doubt:
        remark(f"doubt: {done.doubt}: see {done.findings}, or ask `convivo doubt`")
    found = "images restored" if done.objects is None else "images done"
    counted = "" if done.objects is None else f", {done.objects:,} objects"
    say(f"{done.done} of {done.total} {found}{counted}, by {done.engine}: {done.out}")
    told = [(Path(each.path), ConvivoError(each.problem, fix=each.fix)) for each in failures]
    conclude(told, done.total, Path(done.sheet), stopped=done.stopped)
