"""`convivo course kit`: what 30 laptops need to install and start without internet, in one folder for a stick."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def command(
    out: Annotated[Path, typer.Option(help="Folder to fill, for instance on a stick.")],
    index: Annotated[
        str | None,
        typer.Option(help="Address of a further package index, such as that of torch's small CPU builds."),
    ] = None,
) -> None:
    """Pack wheels, fetched samples and one script for a room without internet. Run again elsewhere, it adds."""
    from convivo.cli.console import progress_bar, say
    from convivo.course.kit.pack import pack, read_kit

    with progress_bar("packing") as (bar, task):
        for step in pack(out, pip=["--extra-index-url", index] if index else []):
            bar.update(task, description=step.doing, completed=step.done, total=step.total, rate="")
    kit = read_kit(out)
    if kit is None:
        raise AssertionError("pack ends with kit.json")
    for target in kit.targets:
        say(f"ready for {target.system} {target.machine} with Python {target.python}")
    say(f"samples: {', '.join(kit.samples) or 'none (first: convivo samples get bbbc039)'}")
    say("on each laptop: copy the folder, then python start.py")
