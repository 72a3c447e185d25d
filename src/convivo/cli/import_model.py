"""`convivo import`: from a model of the original StarDist to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli.console import remark, say
from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.model import Model

NAME = "import"
ELSEWHERE = "give another folder with --out"  # a fix


def command(
    path: Annotated[Path, typer.Argument(help="Folder with config.json and weights_best.h5.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
) -> None:
    """Take over a 2-D StarDist model that was trained with the original Keras package."""
    from convivo.io.keras import THRESHOLDS, weights_file
    from convivo.model import ModelFolder
    from convivo.model.stardist_keras import import_stardist

    ModelFolder(out).refuse_existing(fix=ELSEWHERE)
    if out.is_dir() and any(out.iterdir()):
        raise BadInput(f"{out} holds other files", fix=ELSEWHERE)
    model = import_stardist(path, name=out.resolve().name)
    model.save(out)
    say(f"{weights_file(path).name} is {describe(model)}")
    say(f"imported: {out}  (next: convivo predict IMAGES --model {out} --out results)")
    if not (path / THRESHOLDS).is_file():
        remark(f"note: there is no {THRESHOLDS}, so prob and nms are StarDist's defaults, which nobody tuned")
    if classes := getattr(model.card.net, "classes", 0):
        remark(f"note: its {classes} classes are kept in the net, but not read yet")


def describe(model: Model) -> str:
    """Sizes and settings in a line."""
    from convivo.nets.stardist import StarDistSize

    size, settings = model.card.net, model.card.settings
    assert isinstance(size, StarDistSize)
    weights = sum(weight.numel() for weight in model.net.parameters())
    rows, columns = size.grid
    return (
        f"a StarDist net with {size.rays} rays, grid {rows} x {columns}, prob {settings['prob']:.3g}, "
        f"nms {settings['nms']:.3g}, {weights:,} weights"
    )
