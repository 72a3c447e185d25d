"""`convivo fingerprint`: let a model know itself, so that `doubt` can hold images against what it knows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import remark, say
from convivo.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.model import Model
    from convivo.types import Annotated as Example

NAME = "fingerprint"


def command(
    model: Annotated[str, typer.Argument(help="Model folder, or a name that `convivo models` lists.")],
    data: Annotated[
        Path, typer.Argument(help="Folder with images/ and masks/: images that the model is for.")
    ],
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the model with its fingerprint. Default: the model itself."),
    ] = None,
    images: Annotated[int, typer.Option(min=5, help="So many are altered and tried, at most.")] = 48,
    axes: options.Axes = None,
    channel: options.Channel = None,
) -> None:
    """Try a model on altered copies of images whose truth is known, and keep on its card what it scored on them.

    Images that the model was not trained on are altered: those that chose it, or all where it knows none of them.
    """
    from convivo.io.pairs import open_pairs
    from convivo.model import Model, find_model
    from convivo.ops.deviations import FEWEST
    from convivo.report.cases import counted
    from convivo.run.acquaintance import acquainted, with_fingerprint

    folder = find_model(model)
    opened = Model.load(folder)
    opened.segmentation  # noqa: B018  refuses a model that restores images
    if opened.dimensions != 2:
        raise BadInput(
            f"model {opened.card.name!r} sees stacks, and only images in 2-D can be altered",
            fix="doubt it without: `convivo doubt` asks what needs no fingerprint",
        )
    pairs = open_pairs(data, axes=axes, channel=channel)
    if len(pairs.data) < FEWEST:
        raise BadInput(
            f"{data} has {counted(len(pairs.data), 'image')}, too few to say what is usual",
            fix=f"give at least {FEWEST}, like those that the model is for, with their masks",
        )
    tried = not_trained_on(opened, pairs.data)
    remark(
        f"trying {opened.card.name!r} on altered copies of {min(images, len(tried))} images; this takes minutes"
    )
    seen = acquainted(opened, pairs.data, tried, most=images)
    if seen.quick is None:
        raise BadInput(
            f"model {opened.card.name!r} finds nothing in these images as they are, or in fewer than {FEWEST} of them",
            fix="give images like those that the model was trained on, with their masks",
        )
    with_fingerprint(opened, seen)
    opened.save(out or folder)
    say(
        f"accuracy {seen.quick.best:.3f} at IoU 0.5 on unaltered images; {len(seen.tried.matrix)} trials are kept in "
        f"{out or folder}/card.json"
    )


def not_trained_on(model: Model, data: Sequence[Example]) -> Sequence[Example]:
    """Those whose names the card does not list as trained on; all, where it lists none."""
    trained = set(model.card.training.images) if model.card.training else set()
    left = [each for each in data if each.name not in trained]
    if not left:
        raise BadInput(
            f"model {model.card.name!r} was trained on all {len(data)} images",
            fix="give some that it has not seen, so that its answers are no better than they will be",
        )
    return left
