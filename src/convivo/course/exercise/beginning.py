"""A new exercise: a small one that works, with notes for whoever changes it into another."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from convivo.course.exercise.folder import EXERCISES, NAME, SHIPPED
from convivo.errors import BadInput, CannotWrite
from convivo.io.atomic import output_folder

TEMPLATE: Final = SHIPPED / "template"


def begin(name: str, where: Path) -> Path:
    """The folder of a new exercise, made in the folder `where`; hyphens in its name become _.

    Raises BadInput for a name that an exercise cannot have or that is taken, CannotWrite where the disk refuses.
    """
    named = name.replace("-", "_")
    if not NAME.fullmatch(named):
        raise BadInput(
            f"an exercise cannot be called {name!r}",
            fix="name it in small letters, digits and _, beginning with a letter, such as my_exercise",
        )
    if named in EXERCISES:
        raise BadInput(f"the course has an exercise {named} already", fix="give it another name")
    output_folder(where)
    folder = where / named
    if folder.exists():
        raise BadInput(f"{folder} is there already", fix="give another name, or remove it first")
    try:
        shutil.copytree(TEMPLATE, folder, ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise CannotWrite(
            f"cannot write {folder}: {error}", fix="choose another folder with --path"
        ) from error
    return folder
