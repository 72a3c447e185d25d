"""Cells of a program in the percent format: `# %%` opens a cell of code, `# %% [markdown]` one of text.

Jupytext, VS Code and Spyder read the same marks. Lines before the first cell that begin with `#:` are for authors.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from convivo.errors import BadInput

_MARK: Final = re.compile(r"# %%(?P<rest>.*)$")
NOTE: Final = "#:"  # begins a line for authors, before the first cell
_TEXT: Final = ("[markdown]", "[md]")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is markdown without the comment signs, or code, and has no blank lines at its ends."""

    kind: Literal["markdown", "code"]
    text: str
    line: int = 0  # of the file, on which `text` begins, from 1


def read_cells(source: str, path: Path) -> tuple[Cell, ...]:
    """The cells of a file; raises BadInput where a line belongs to no cell or text has no comment sign."""
    cells: list[Cell] = []
    kind: Literal["markdown", "code"] | None = None
    held: list[str] = []
    start = 1
    for number, line in enumerate(source.splitlines(), start=1):
        mark = _MARK.match(line)
        if mark is None:
            held.append(line)
            continue
        _close(cells, kind, held, start, path)
        kind, held, start = _kind(mark["rest"].strip(), path, number), [], number + 1
    _close(cells, kind, held, start, path)
    return tuple(cells)


def write_cells(cells: tuple[Cell, ...]) -> str:
    """The file of these cells, with a blank line between two."""
    return "\n".join(f"{_mark(cell)}\n{_body(cell)}" for cell in cells)


def _mark(cell: Cell) -> str:
    return "# %% [markdown]" if cell.kind == "markdown" else "# %%"


def _body(cell: Cell) -> str:
    lines = cell.text.split("\n")
    if cell.kind == "markdown":
        lines = [f"# {line}".rstrip() for line in lines]
    return "\n".join(lines) + "\n"


def _kind(rest: str, path: Path, number: int) -> Literal["markdown", "code"]:
    if not rest:
        return "code"
    if rest in _TEXT:
        return "markdown"
    raise BadInput(
        f"{path}, line {number}: a cell begins with `# %% {rest}`",
        fix="begin a cell of code with `# %%` and a cell of text with `# %% [markdown]`",
    )


def _close(
    cells: list[Cell], kind: Literal["markdown", "code"] | None, held: list[str], start: int, path: Path
) -> None:
    filled = [number for number, line in enumerate(held) if line.strip()]
    if not filled:
        return
    first, last = filled[0], filled[-1]
    if kind is None and all(held[number].startswith(NOTE) for number in filled):
        return
    if kind is None:
        raise BadInput(
            f"{path}, line {start + first} stands before the first cell",
            fix="begin the file with `# %% [markdown]` or `# %%`; a note for authors begins with `#:`",
        )
    lines = held[first : last + 1]
    if kind == "markdown":
        lines = [_uncommented(line, path, start + first + each) for each, line in enumerate(lines)]
    cells.append(Cell(kind, "\n".join(lines), start + first))


def _uncommented(line: str, path: Path, number: int) -> str:
    if not line.strip() or line.rstrip() == "#":
        return ""
    if not line.startswith("# "):
        raise BadInput(
            f"{path}, line {number} is text without a comment sign: {line[:40]}",
            fix="write `# ` before each line of a cell of text",
        )
    return line[2:].rstrip()
