"""`convivo import`: from a model of the original StarDist, CARE or Noise2Void to a model folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli.console import remark, say
from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.model import Model
    from convivo.nets.restoration import RestorationSize
    from convivo.nets.stardist import StarDistSize

NAME = "import"
ELSEWHERE = "give another folder with --out"  # a fix


def command(
    path: Annotated[Path, typer.Argument(help="Folder with config.json and weights_best.h5.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
) -> None:
    """Take over a StarDist (2-D), CARE or Noise2Void model that was trained with the original Keras package."""
    from convivo.model import ModelFolder
    from convivo.model.keras_import import import_keras

    ModelFolder(out).refuse_existing(fix=ELSEWHERE)
    if out.is_dir() and any(out.iterdir()):
        raise BadInput(f"{out} holds other files", fix=ELSEWHERE)
    imported = import_keras(path, name=out.resolve().name)
    imported.model.save(out)
    for note in imported.notes:
        remark(f"note: {note}")
    say(f"{imported.weights.name} is {describe(imported.model)}")
    say(f"imported: {out}  (next: convivo predict IMAGES --model {out} --out results)")


def describe(model: Model) -> str:
    """Sizes and settings in a line."""
    from convivo.nets.stardist import StarDistSize

    size = model.card.net
    kind = _stars(model, size) if isinstance(size, StarDistSize) else _restoration(model)
    weights = sum(weight.numel() for weight in model.net.parameters())
    return f"{kind}, {weights:,} weights"


def _stars(model: Model, size: StarDistSize) -> str:
    settings = model.card.settings
    rows, columns = size.grid
    return (
        f"a StarDist net with {size.rays} rays, grid {rows} x {columns}, prob {settings['prob']:.3g}, "
        f"nms {settings['nms']:.3g}"
    )


def _restoration(model: Model) -> str:
    from convivo.nets.restoration import RestorationSize

    size = model.card.net
    assert isinstance(size, RestorationSize)
    kernel = " x ".join([str(size.kernel)] * size.dimensions)
    return (
        f"a {_name(model.card.method, size)} net in {size.dimensions}-D: {_channels(size)}, "
        f"{size.filters} filters, depth {size.depth}, kernel {kernel}"
    )


def _name(method: str, size: RestorationSize) -> str:
    """The net's kind as its paper calls it."""
    if method == "n2v":
        return "Noise2Void 2" if size.pooling == "blur" else "Noise2Void"
    return "probabilistic CARE" if size.probabilistic else "CARE"


def _channels(size: RestorationSize) -> str:
    if size.separate:
        return f"{size.channels} channels, each with a net of its own"
    if size.channels != size.restored:
        return f"{size.channels} channels in, {size.restored} out"
    return f"{size.channels} channel{'s' * (size.channels > 1)}"
