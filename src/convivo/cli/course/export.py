"""`convivo course export`: exercises to take home, to print, and to teach from."""

from __future__ import annotations

from contextlib import ExitStack
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from convivo.cli.console import remark, say


class FormatChoice(StrEnum):
    """In which form."""

    ipynb = "ipynb"
    py = "py"
    html = "html"


def command(
    *,
    names: Annotated[
        list[str] | None, typer.Argument(help="Exercises of the course, by name. Default: all.")
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder to write into.")],
    form: Annotated[
        FormatChoice,
        typer.Option("--format", help="ipynb: notebooks; py: programs in cells; html: handouts to print."),
    ] = FormatChoice.ipynb,
    key: Annotated[
        bool, typer.Option("--key", help="Also what only teachers get: solutions, or answer keys to print.")
    ] = False,
    path: Annotated[
        Path | None, typer.Option(help="Folder of your own exercise, or one that holds several.")
    ] = None,
) -> None:
    """Write exercises as notebooks, programs, or handouts with strips to cut out; with --key the solutions."""
    from convivo.course.export.writing import export
    from convivo.course.runner.runner import Runner
    from convivo.course.trial import chosen

    exercises = chosen(names or [], path)
    with ExitStack() as ends:
        # wrong solutions are shown with what the checks say of them
        runner = ends.enter_context(Runner()) if key and form == FormatChoice.html else None
        for file in export(exercises, form.value, out, key=key, runner=runner):
            say(str(file))
    if form == FormatChoice.html:
        remark("open a page in the browser and print it, on A4")
