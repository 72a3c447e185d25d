"""`convivo why`: what in the image decided an object."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convivo.cli import options
from convivo.cli.console import print_json, remark, say
from convivo.errors import BadInput

NAME = "why"


def command(
    image: Annotated[
        Path, typer.Argument(help="An image; of a film or stack the page in the middle is looked at.")
    ],
    model: options.ModelName,
    at: Annotated[str, typer.Option(help="A place in the object: y,x in pixels from 0, as in objects.csv.")],
    out: Annotated[Path, typer.Option(help="Folder for why.png.")],
    engine: options.Engine = options.EngineChoice.auto,
    precision: options.Precision = options.PrecisionChoice.auto,
    device: options.Device = options.DeviceChoice.auto,
    axes: options.Axes = None,
    channel: options.Channel = None,
    json: options.Json = False,
    config: options.Config = None,
) -> None:
    """Cover patches of the image one by one, and show where the probability of an object falls."""
    from convivo.io.atomic import output_folder, writing
    from convivo.io.images import read
    from convivo.model import Model, find_model
    from convivo.report.why import draw
    from convivo.run.asking import PredictOptions
    from convivo.run.choice import Wanted
    from convivo.run.why import why

    place = place_of(at)
    asked = PredictOptions(engine=Wanted(engine.value, precision.value, device.value))
    picture = read(image, axes=axes, channel=channel)
    found = why(Model.load(find_model(model)), picture, place, asked)
    path = output_folder(out) / "why.png"
    with writing(path) as part:
        draw(part, picture, found)
    if json:
        print_json(
            {
                "at": found.at,
                "diameter": found.diameter,
                "probability": found.probability,
                "reach": found.reach,
                "falls": found.falls,
                "sentence": str(found),
            }
        )
    else:
        say(str(found))
    (remark if json else say)(f"picture: {path}")


def place_of(text: str) -> tuple[float, float]:
    """Y and X of "92,100"."""
    try:
        y, x = map(float, text.split(","))
        round(y), round(x)
    except (ValueError, OverflowError) as error:
        raise BadInput(f"--at {text} is no place", fix="write y,x in pixels, such as --at 92,100") from error
    return y, x
