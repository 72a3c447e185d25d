"""`convivo course grade`: points for a folder of handed-in programs and notebooks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convivo.cli.console import print_table, remark, watched

SHOWN = 60  # rows that are printed as well


def command(
    folder: Annotated[
        Path, typer.Argument(help="Folder of what was handed in: .py and .ipynb, in folders or not.")
    ],
    out: Annotated[Path, typer.Option(help="CSV file to write.")] = Path("grades.csv"),
    exercise: Annotated[
        str | None, typer.Option(help="The exercise of files that do not say which they are.")
    ] = None,
    path: Annotated[
        Path | None, typer.Option(help="Folder of your own exercise, or one that holds several.")
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(help="Draw the same inputs as another time. Default: new ones, told at the end."),
    ] = None,
) -> None:
    """Run what was handed in where it can do no harm, ask the checks of its exercise, and write a table."""
    import secrets

    from convivo.course.checking import Examiners
    from convivo.course.grading.grades import best, graded, write_grades
    from convivo.course.grading.handed_in import files_in
    from convivo.course.runner.runner import Runner
    from convivo.course.trial import chosen
    from convivo.errors import BadInput
    from convivo.report.cases import counted

    exercises = {each.name: each for each in (*chosen([], None), *(chosen([], path) if path else ()))}
    if exercise is not None and exercise not in exercises:
        raise BadInput(f"there is no exercise {exercise!r}", fix=f"take one of {', '.join(exercises)}")
    files = [each for each in files_in(folder) if each.resolve() != out.resolve()]
    drawn = secrets.randbelow(2**31) if seed is None else seed
    examiners = Examiners(list(exercises.values()))
    with Runner() as runner:
        if runner.isolation.level == 0:
            remark(f"programs are not shut in here: {runner.isolation.because or 'see convivo doctor'}")
            remark("grade only what you would run yourself")
        grades = list(
            watched(
                graded(files, folder, examiners, runner, seed=drawn, exercise=exercise),
                "grading",
                len(files),
                "file",
            )
        )
    counting = best(grades)
    write_grades(out, counting)
    rows = [(each.who, each.exercise, f"{each.points}/{each.of}", each.sentences[0]) for each in counting]
    print_table(("who", "exercise", "points", "first of all"), rows[:SHOWN])
    remark(
        f"{counted(len(counting), 'grade')} from {counted(len(files), 'file')} in {out}, drawn with --seed {drawn}"
    )
