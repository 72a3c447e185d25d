"""Regions of the solution: what stands between ### BEGIN SOLUTION and ### END SOLUTION, which the learner writes."""

from __future__ import annotations

import ast
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from convivo.course.exercise.cells import Cell
from convivo.errors import BadInput

BEGIN: Final = "### BEGIN SOLUTION"
END: Final = "### END SOLUTION"
GAP: Final = "# gap"  # at the end of a line: the gap of the rung "fill"


@dataclass(frozen=True, slots=True)
class Region:
    """Lines `start` to `stop` (not included) of the text of a cell; the marks are these lines' neighbours."""

    cell: int
    start: int
    stop: int
    indent: str
    lines: tuple[str, ...]  # as they stand, indented, with the marks of gaps
    function: str | None  # the function in whose body it lies
    assigned: tuple[str, ...]  # names that it gives, where it lies in no function

    @property
    def dedented(self) -> tuple[str, ...]:
        """The lines without the region's own indentation."""
        return tuple(line.removeprefix(self.indent) for line in self.lines)


def read_regions(cells: tuple[Cell, ...], path: Path) -> tuple[Region, ...]:
    """The regions of all cells; raises BadInput where marks do not pair or a region cannot be taken out."""
    return tuple(
        region
        for number, cell in enumerate(cells)
        if cell.kind == "code"
        for region in _regions(number, cell, path)
    )


def without_gap(line: str) -> str:
    """The line without its mark of a gap."""
    return line.rstrip().removesuffix(GAP).rstrip() if is_gap(line) else line


def is_gap(line: str) -> bool:
    """Whether the line is the gap of the rung "fill"."""
    return line.rstrip().endswith(GAP)


def _regions(number: int, cell: Cell, path: Path) -> list[Region]:
    lines = cell.text.split("\n")
    found: list[Region] = []
    begin: int | None = None
    for index, line in enumerate(lines):
        mark = line.strip()
        if mark == BEGIN and begin is None:
            begin = index
        elif mark == END and begin is not None:
            found.append(_region(number, cell, (begin + 1, index), path))
            begin = None
        elif mark in (BEGIN, END):
            raise BadInput(f"{path}, line {cell.line + index}: {mark} without its partner", fix=_PAIR)
    if begin is not None:
        raise BadInput(f"{path}, line {cell.line + begin}: {BEGIN} without its partner", fix=_PAIR)
    return found


_PAIR: Final = f"write {BEGIN} before and {END} after what the learner writes, in one cell, not nested"


def _region(number: int, cell: Cell, span: tuple[int, int], path: Path) -> Region:
    lines = cell.text.split("\n")
    start, stop = span
    inside = tuple(lines[start:stop])
    where = f"{path}, line {cell.line + start - 1}"
    if not any(line.strip() for line in inside):
        raise BadInput(f"{where}: the solution between the marks is empty", fix="write the solution there")
    indent = lines[start - 1][: len(lines[start - 1]) - len(lines[start - 1].lstrip())]
    if any(line.strip() and not line.startswith(indent) for line in inside):
        raise BadInput(
            f"{where}: the solution is indented less than its mark", fix="indent the marks like the code"
        )
    function, assigned = _surroundings(cell, span, where)
    return Region(number, start, stop, indent, inside, function, assigned)


def _surroundings(cell: Cell, span: tuple[int, int], where: str) -> tuple[str | None, tuple[str, ...]]:
    """The function that the region lies in; and else the names that it assigns."""
    try:
        tree = ast.parse(cell.text)
        inside = ast.parse(textwrap.dedent("\n".join(cell.text.split("\n")[slice(*span)])))
    except SyntaxError as error:
        raise BadInput(
            f"{where}: {error.msg}", fix="mend the code; whole statements stand between the marks"
        ) from error
    if not inside.body:
        raise BadInput(f"{where}: the solution holds nothing but comments", fix="write the solution there")
    first = span[0] + inside.body[0].lineno  # in the cell, from 1
    around = [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.lineno < first <= (node.end_lineno or 0)
    ]
    if around:
        inner = max(around, key=lambda node: node.lineno)
        if isinstance(inner, ast.FunctionDef):
            return inner.name, ()
        raise BadInput(f"{where}: the solution lies in a class and in none of its functions", fix=_INSIDE)
    if any(isinstance(node, ast.FunctionDef | ast.ClassDef) for node in inside.body):
        raise BadInput(f"{where}: the solution holds a whole function or class", fix=_INSIDE)
    return None, _assigned(inside)


_INSIDE: Final = "leave `def` and its docstring outside, and put the marks around the function's body"


def _assigned(tree: ast.Module) -> tuple[str, ...]:
    names = [
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    ]
    return tuple(dict.fromkeys(names))
