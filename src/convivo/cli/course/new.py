"""`convivo course new`: an exercise of one's own, to begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convivo.cli.console import remark, say


def command(
    name: Annotated[str, typer.Argument(help="What it shall be called, such as my-exercise.")],
    path: Annotated[
        Path, typer.Option(help="Folder in which its folder is made. Default: this one.")
    ] = Path(),
) -> None:
    """Write the folder of a small exercise that works, with notes on each part, to change it into your own."""
    from convivo.course.exercise.beginning import begin

    folder = begin(name, path)
    say(str(folder))
    remark(f"try it: convivo course test --path {folder}")
