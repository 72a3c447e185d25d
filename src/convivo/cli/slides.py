"""`convivo slides`: the talk that opens the workshop, with everything in it live."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convivo.cli import options

NAME = "slides"


def command(
    pdf: Annotated[
        Path | None, typer.Option(help="Print all slides to this PDF instead, by Chromium.")
    ] = None,
    port: options.Port = None,
    no_browser: options.NoBrowser = False,
) -> None:
    """Open the 30-minute talk in the browser: arrow keys turn slides, N shows notes and clock, F fills the screen."""
    if pdf:
        from convivo.cli.console import say
        from convivo.cli.paper import print_page

        print_page("slides?view=paper", pdf)
        say(f"the slides are in {pdf}")
        return
    from convivo.cli.lab import open_lab

    open_lab([Path()], port, no_browser=no_browser, page="slides")
