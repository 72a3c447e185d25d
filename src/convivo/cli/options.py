"""Options that several commands share, said once."""

from __future__ import annotations

from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from convivo.errors import BadInput


class EngineChoice(StrEnum):
    """Who multiplies."""

    auto = "auto"
    torch = "torch"
    openvino = "openvino"


class PrecisionChoice(StrEnum):
    """In which numbers."""

    auto = "auto"
    float32 = "float32"
    bfloat16 = "bfloat16"


class DeviceChoice(StrEnum):
    """Where."""

    auto = "auto"
    cpu = "cpu"
    cuda = "cuda"
    mps = "mps"


class SplitChoice(StrEnum):
    """How a U-Net's interiors become objects."""

    components = "components"
    watershed = "watershed"


def apply_config(context: typer.Context, path: Path | None) -> Path | None:
    """Take defaults of options from a TOML file; what stands on the command line wins."""
    if path is None or context.resilient_parsing:
        return path
    import tomllib

    try:
        values: dict[str, Any] = tomllib.loads(path.read_text())
    except OSError as error:
        raise BadInput(
            f"the config {path} cannot be read: {error.strerror}", fix="give the path of a TOML file"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadInput(
            f"the config {path} is no TOML: {error}", fix="write lines such as: minutes = 10"
        ) from error
    known = {
        _option_name(parameter): parameter.name for parameter in context.command.params if parameter.name
    }
    for name in values:
        if name.replace("_", "-") not in known:
            near = get_close_matches(name.replace("_", "-"), known) or sorted(known.keys() - {"config"})
            raise BadInput(f"the config {path} has an unknown option {name!r}", fix=f"use: {', '.join(near)}")
    context.default_map = {known[name.replace("_", "-")]: value for name, value in values.items()}
    return path


def _option_name(parameter: Any) -> str:
    """`--from` for a parameter that Python calls `source`."""
    return str(max(parameter.opts, key=len)).lstrip("-") if parameter.opts else str(parameter.name)


Config = Annotated[
    Path | None,
    typer.Option(help="TOML file with values for these options.", callback=apply_config, is_eager=True),
]
Axes = Annotated[str | None, typer.Option(help="Axes of the stored arrays, such as YX, ZYX, YXC, TZCYX.")]
Channel = Annotated[str | None, typer.Option(help="Use this channel alone: its number from 0, or its name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, not a table.")]
ModelName = Annotated[
    str, typer.Option("--model", help="Model folder, or a name that `convivo models` lists.")
]
Tile = Annotated[
    int | None,
    typer.Option(help="Side of a tile in pixels, a multiple of the net's stride. Default: what fits."),
]
Engine = Annotated[EngineChoice, typer.Option(help="Who multiplies.")]
Precision = Annotated[PrecisionChoice, typer.Option(help="In which numbers.")]
Device = Annotated[DeviceChoice, typer.Option(help="On which device.")]
Scale = Annotated[float, typer.Option(help="Show the net the image this many times as large.")]
Seed = Annotated[int, typer.Option(help="Start of all random choices.")]
Prob = Annotated[
    float | None, typer.Option("--prob", help="StarDist: probability from which a position proposes a star.")
]
Nms = Annotated[
    float | None,
    typer.Option("--nms", help="StarDist: largest share of a star that may lie in a likelier one."),
]
Blind = Annotated[
    bool, typer.Option("--blind", help="n2v: what neighbours say alone, without a second look at each pixel.")
]
Tta = Annotated[
    bool,
    typer.Option("--tta", help="Restoration: the mean over the image turned and mirrored, 8 times the work."),
]
Split = Annotated[
    SplitChoice | None,
    typer.Option("--split", help="Separate touching objects by interiors alone, or by watershed."),
]
Port = Annotated[int | None, typer.Option(help="Port on this machine. Default: the first free from 8765 on.")]
NoBrowser = Annotated[bool, typer.Option("--no-browser", help="Print the address, open nothing.")]
