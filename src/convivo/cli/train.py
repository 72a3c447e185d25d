"""`convivo train`: from a folder of images and masks to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from convivo.cli import options
from convivo.cli import restoration_options as restoring
from convivo.cli.console import remark
from convivo.cli.watching import describe, follow, report, unit_of
from convivo.errors import BadInput

NAME = "train"
OF_THIS_SITTING = {"method", "data", "out", "resume", "axes", "channel", "config"}  # --resume looks at these
OF_THE_NET = {  # --from looks at none of these
    *(
        "filters",
        "depth",
        "kernel",
        "rays",
        "grid",
        "dimensions",
        "batch_norm",
        "probabilistic",
        "members",
        "n2v2",
    )
}


def command(
    context: typer.Context,
    method: Annotated[str, typer.Argument(help="What to learn: unet, stardist, care or n2v.")],
    data: Annotated[
        list[str],
        typer.Argument(
            help="Folder with images/ and masks/ (care: low/ and high/), paired by name; n2v: noisy images."
        ),
    ],
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
    patch: Annotated[
        int | None, typer.Option(help="Side of the squares the net is shown. Default 256; care, n2v: 64.")
    ] = None,
    batch: Annotated[
        int | None, typer.Option(help="Squares in a step. Default 4; care, n2v 32 in 2-D.")
    ] = None,
    rate: Annotated[
        float | None,
        typer.Option(help="Learning rate. Default: the method's own; fine-tuning 0.3 of it."),
    ] = None,
    patience: Annotated[int, typer.Option(help="Validations without gain before it stops.")] = 12,
    filters: Annotated[
        int | None, typer.Option(help="Feature maps of the net's first level. Default 16.")
    ] = None,
    depth: Annotated[
        int | None, typer.Option(help="How many times the net halves the image. Default 3; care, n2v: 2.")
    ] = None,
    rays: Annotated[
        int | None, typer.Option(help="StarDist: directions of a star, 8 to 128. Default 32.")
    ] = None,
    grid: Annotated[
        int | None,
        typer.Option(
            help="StarDist: pixels along each side for which one position answers: 1, 2, 4. Default 2."
        ),
    ] = None,
    dimensions: restoring.Dimensions = None,
    probabilistic: restoring.Probabilistic = None,
    members: restoring.Members = None,
    hidden: restoring.Hidden = None,
    manipulator: restoring.Manipulator = None,
    radius: restoring.Radius = None,
    along: restoring.Along = None,
    reach: restoring.Reach = None,
    n2v2: restoring.N2V2 = None,
    most_shift: restoring.MostShift = 1.0,
    anyway: restoring.Anyway = False,
    precision: options.Precision = options.PrecisionChoice.auto,
    device: options.Device = options.DeviceChoice.auto,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Train a model on images and masks, on pairs of images, or on noisy images alone.

    Ctrl-C ends early and leaves a usable model.
    """
    from convivo.work.orders import TrainOrder
    from convivo.work.training import begin, config_of, examples_of

    asked = restoring.given(
        dimensions=dimensions,
        probabilistic=probabilistic,
        members=members,
        share=None if hidden is None else hidden / 100,
        manipulator=manipulator and manipulator.value,
        radius=radius,
        axes=along and along.upper(),
        reach=reach,
        n2v2=n2v2,
    )
    sizes = {"filters": filters, "depth": depth}
    size: dict[str, Any] = {name: value for name, value in sizes.items() if value is not None}
    size |= star_size(method, rays, grid) | restoring.sizes(method, asked)
    spots = restoring.settings(method, asked, new_net=source is None)
    order = TrainOrder(
        method=method,
        data=tuple(data),
        out=str(out),
        minutes=minutes,
        steps=steps,
        source=source,
        resume=resume,
        axes=axes,
        channel=channel,
        patch=patch,
        batch=batch,
        rate=rate,
        patience=patience,
        size=size,
        hiding=spots,
        most_shift=most_shift,
        anyway=anyway,
        precision=precision.value,
        device=device.value,
        seed=seed,
    )
    config_of(order)  # refuses here, and not after the images were read
    examples = examples_of(order)
    for note in examples.notes:
        remark(f"note: {note}")
    training = begin(order, examples)
    given = given_options(context)
    if resume and (other := [option for name, option in given.items() if name not in OF_THIS_SITTING]):
        remark(f"note: --resume goes on with the saved settings and does not look at {', '.join(other)}")
    if source and not resume and (not_asked := [given[name] for name in given if name in OF_THE_NET]):
        remark(f"note: the net is that of {source}; not looked at: {', '.join(not_asked)}")
    describe(examples.data, training.model)
    follow(training.steps(), unit_of(training.model))
    report(training.model, out)


def star_size(method: str, rays: int | None, grid: int | None) -> dict[str, Any]:
    """Sizes that only StarDist's net has."""
    from convivo.methods import method_named

    method_named(method)  # refuses one that is not there
    given: dict[str, Any] = {} if rays is None else {"rays": rays}
    given |= {} if grid is None else {"grid": (grid, grid)}
    if given and method != "stardist":
        raise BadInput(f"the net of {method} has no {' and no '.join(given)}", fix="leave the option out")
    return given


def given_options(context: typer.Context) -> dict[str, str]:
    """What somebody gave, on the command line or in a file, by the names of the parameters."""
    sources = {each: context.get_parameter_source(each.name or "") for each in context.command.params}
    return {
        each.name or "": max(each.opts, key=len)
        for each, source in sources.items()
        if source is not None and source.name != "DEFAULT"
    }
