"""`convivo course`: the course, and what teachers need around it. A module a command."""

from __future__ import annotations

from pathlib import Path

import typer

from convivo.cli import options
from convivo.cli.course import export, grade, kit, new, test

app = typer.Typer(
    help="Open the course, or try, hand out and grade its exercises.", invoke_without_command=True
)


@app.callback()
def open_course(
    context: typer.Context,
    port: options.Port = None,
    no_browser: options.NoBrowser = False,
) -> None:
    """Open the course in the browser: lessons, and exercises that answer back. Serves this machine alone."""
    if context.invoked_subcommand is None:
        from convivo.cli.lab import open_lab

        open_lab([Path()], port, no_browser=no_browser, page="course")


app.command("test")(test.command)
app.command("new")(new.command)
app.command("export")(export.command)
app.command("grade")(grade.command)
app.command("kit")(kit.command)
