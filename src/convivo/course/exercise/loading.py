"""The code of an exercise that runs on our side: its checks, and its solution. An author's code is trusted.

Learners' code is never run here: see `convivo.course.runner`.
"""

from __future__ import annotations

import random
import sys
from types import ModuleType
from typing import Any

import numpy as np

from convivo.course.checks import Check
from convivo.course.exercise.cells import Cell
from convivo.course.exercise.folder import Exercise
from convivo.course.exercise.student import solution_cells
from convivo.course.practice import silent
from convivo.errors import BadInput


def checks_of(exercise: Exercise) -> list[Check]:
    """The checks that checks.py lists; raises BadInput where it cannot be run or lists none."""
    path = exercise.path / "checks.py"
    try:
        source = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", fix="save it as text in UTF-8") from error
    checks = _run(source, str(path), f"convivo_checks_of_{exercise.name}").get("CHECKS")
    if not isinstance(checks, list) or not checks or not all(isinstance(each, Check) for each in checks):
        raise BadInput(
            f"{path} lists no checks", fix='end it with CHECKS = [Check("name", "title", function, 1)]'
        )
    return checks


def solved(exercise: Exercise, seed: int = 0) -> dict[str, Any]:
    """The names that the solution defines. The cells that only try it out are left alone.

    Raises BadInput where the solution cannot be run.
    """
    cells = solution_cells(exercise)
    last = max(region.cell for region in exercise.regions)
    source = "\n".join(_in_place(cells[: last + 1]))
    _seed(seed)
    return _run(source, f"{exercise.name}/exercise.py", f"convivo_solution_of_{exercise.name}")


def _in_place(cells: tuple[Cell, ...]) -> list[str]:
    return [cell.text for cell in cells if cell.kind == "code"]


def _seed(seed: int) -> None:
    """As a learner's program is seeded."""
    random.seed(seed)
    np.random.seed(seed)  # noqa: NPY002  learners meet this one
    if "torch" in sys.modules:
        import torch  # another thread may still be loading it: this waits until it is whole

        torch.manual_seed(seed)


def _run(source: str, path: str, name: str) -> dict[str, Any]:
    """Run a file, not from a cached one, as its folder may not be ours to write to."""
    module = ModuleType(name)
    module.__file__ = path
    sys.modules[name] = module  # dataclasses and torch look there
    try:
        with silent():
            exec(compile(source, path, "exec"), module.__dict__)  # noqa: S102  an author's code, trusted like a plug-in
    except Exception as error:
        raise BadInput(
            f"{path} cannot be run: {type(error).__name__}: {error}", fix="run it by itself"
        ) from error
    return module.__dict__
