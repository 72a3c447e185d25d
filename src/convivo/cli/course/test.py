"""`convivo course test`: does each exercise keep what it promises?"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli.console import print_table, remark, watched

if TYPE_CHECKING:
    from convivo.course.trial import Trial


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
    from convivo.course.runner.runner import Runner
    from convivo.course.trial import Fault, chosen, try_out

    exercises = chosen(names or [], path)
    rows: list[tuple[str, ...]] = []
    faults: list[Fault] = []
    with closing(Runner()) as runner:  # warmed by the first program, if there is one
        for exercise in watched(exercises, "trying", len(exercises), "exercise"):
            trial = try_out(exercise, runner, seeds)
            faults += trial.faults
            rows.append(_row(trial))
    print_table(("exercise", "checks", "wrong solutions", "seconds", "MB", "result"), rows)
    for fault in faults:
        remark(f"{fault.exercise}: {fault.what}")
        remark(f"  fix: {fault.fix}")
    if faults:
        raise SystemExit(1)


def _row(trial: Trial) -> tuple[str, ...]:
    count = len(trial.faults)
    result = "keeps its promises" if not count else "1 fault" if count == 1 else f"{count} faults"
    megabytes = "" if trial.megabytes is None else f"{trial.megabytes:.0f}"
    return trial.exercise, str(trial.checks), str(trial.wrongs), f"{trial.seconds:.1f}", megabytes, result
