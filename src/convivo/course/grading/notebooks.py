"""The program in a handed-in notebook: its cells of code, in their order, without what only a notebook understands."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from convivo.course.grading.refused import Refused

_MAGIC: Final = re.compile(r"\s*([%!?]|.*\?\s*$|[A-Za-z_][\w, ]*=\s*[%!])")
_TIMED: Final = re.compile(r"%%(time|timeit|capture|prun)\b")  # the cell below it is Python all the same
_INSTALL: Final = re.compile(r"\s*[%!]\s*(pip|conda|uv)\b")  # as the exercise itself advises
MOST: Final = 2000  # cells


@dataclass(frozen=True, slots=True)
class Program:
    """What is run, and what was left out of it."""

    source: str
    texts: tuple[str, ...]  # of all cells, also those that are no code
    remarks: tuple[str, ...] = ()
    begins: tuple[tuple[int, int], ...] = ()  # a notebook's cells: first line in the source, and number

    def place(self, line: int) -> str:
        """A line of the source, as the learner finds it."""
        within = [(first, cell) for first, cell in self.begins if first <= line]
        return f"cell {within[-1][1]}, line {line - within[-1][0] + 1}" if within else f"line {line}"


def program_of(text: str) -> Program:
    """The program of a notebook's JSON. Raises Refused."""
    cells = _cells(text)
    parts: list[str] = []
    remarks: list[str] = []
    begins: list[tuple[int, int]] = []
    skipped = 0
    at = 1
    for number, (kind, source) in enumerate(cells, start=1):
        if kind != "code":
            continue
        code, lines = _python(source)
        skipped += lines
        if _is_python(code):
            parts.append(f"# %%\n{code}\n")
            begins.append((at + 1, number))
            at += parts[-1].count("\n") + 1
        else:
            remarks.append(f"Cell {number} is no Python and was left out.")
    if skipped:
        remarks.insert(0, f"{skipped} line{'s' if skipped > 1 else ''} with % or ! left out.")
    return Program("\n".join(parts), tuple(source for _, source in cells), tuple(remarks), tuple(begins))


def _cells(text: str) -> list[tuple[str, str]]:
    try:
        notebook = json.loads(text)
    except (ValueError, RecursionError):
        raise Refused("The file ends in .ipynb, but it is no notebook.") from None
    if isinstance(notebook, dict) and "worksheets" in notebook:
        raise Refused("The notebook is in the form of before 2015: open and save it with Jupyter.")
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or len(cells) > MOST:
        raise Refused("The file ends in .ipynb, but it is no notebook.")
    return [
        (str(cell.get("cell_type")), _joined(cell.get("source"))) for cell in cells if isinstance(cell, dict)
    ]


def _joined(source: Any) -> str:
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return source if isinstance(source, str) else ""


def _python(source: str) -> tuple[str, int]:
    """The cell without magics, each line in its place, and how many of them count as left out."""
    if _is_python(source):
        return source, 0
    if source.lstrip().startswith("%%") and not _TIMED.match(source.lstrip()):
        return "", 1
    lines = source.split("\n")
    magics = [bool(_MAGIC.match(line)) for line in lines]
    counted = sum(magic and not _INSTALL.match(line) for magic, line in zip(magics, lines, strict=True))
    return "\n".join(
        _passed(line) if magic else line for magic, line in zip(magics, lines, strict=True)
    ), counted


def _passed(line: str) -> str:
    """So that a block whose only line it was stays one."""
    return line[: len(line) - len(line.lstrip())] + "pass"


def _is_python(code: str) -> bool:
    try:
        ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
