"""`convivo course test`: does each exercise keep what it promises?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convivo.cli.console import print_table, remark


def command(
    names: Annotated[
        list[str] | None, typer.Argument(help="Exercises of the course, by name. Default: all.")
    ] = None,
    path: Annotated[
        Path | None, typer.Option(help="Folder of your own exercise, or one that holds several.")
    ] = None,
    seeds: Annotated[int, typer.Option(min=1, help="How many draws of inputs the solution must pass.")] = 5,
) -> None:
    """Try exercises: the solution passes, the blank and the wrong solutions fail as they should."""
    from convivo.course.exercise.trial import Fault, chosen, try_out

    exercises = chosen(names or [], path)
    rows = []
    faults: list[Fault] = []
    for exercise in exercises:
        trial = try_out(exercise, seeds)
        faults += trial.faults
        rows.append(trial.row)
    print_table(("exercise", "checks", "wrong solutions", "seconds", "result"), rows)
    for fault in faults:
        remark(f"{fault.exercise}: {fault.what}")
        remark(f"  fix: {fault.fix}")
    if faults:
        raise SystemExit(1)
