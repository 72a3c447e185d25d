"""`convivo lab`: open the workbench in the browser."""

from __future__ import annotations

from pathlib import Path
from threading import Thread
from typing import Annotated

import typer

from convivo.cli import options
from convivo.cli.console import remark, say

NAME = "lab"


def command(
    folders: Annotated[
        list[Path] | None,
        typer.Argument(help="Folders that the page may look into. Default: the one you stand in."),
    ] = None,
    port: options.Port = None,
    no_browser: options.NoBrowser = False,
) -> None:
    """See how a network sees, in the browser, on your own image. Serves this machine alone; Ctrl-C ends it."""
    open_lab(folders or [Path()], port, no_browser=no_browser)


def open_lab(folders: list[Path], port: int | None, *, no_browser: bool, page: str = "") -> None:
    """Serve the lab until Ctrl-C, and open one of its pages: "" for the first, or "course"."""
    from convivo.io.places import lab_folder
    from convivo.serve import listen, new_lab, serve

    listening = listen(port)
    lab = new_lab(lab_folder(), listening.getsockname()[1], folders)
    at = f"&page={page}" if page else ""

    def ready() -> None:
        say(f"the lab is at {lab.address}{at}")
        remark("Ctrl-C ends it")
        if not no_browser:
            # beside the server: some browsers are waited for, and the page could not load meanwhile
            Thread(target=open_browser, args=(lab.address_for_once + at,), daemon=True).start()

    serve(lab, listening, ready)


def open_browser(address: str) -> None:
    """Open the person's browser; where there is none the printed address serves."""
    import webbrowser

    webbrowser.open(address)
