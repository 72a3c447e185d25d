"""Hints: for each check three steps, of which the last is a worked example with other numbers."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from convivo.errors import BadInput

STEPS: Final = 3
_CHECK: Final = re.compile(r"## +(?P<name>\S+)\s*$")
_STEP: Final = re.compile(r"### +(?P<number>\d+)\s*$")


def read_hints(text: str, path: Path) -> dict[str, tuple[str, ...]]:
    """Markdown of the steps, in order, by the name of the check; raises BadInput where their order is broken."""
    hints: dict[str, list[str]] = {}
    check = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if named := _CHECK.match(line):
            check = named["name"]
            hints[check] = []
        elif step := _STEP.match(line):
            if not check or int(step["number"]) != len(hints[check]) + 1:
                raise BadInput(
                    f"{path}, line {number}: `{line.strip()}` is not the next step",
                    fix="write `## check-name`, then `### 1`, `### 2`, `### 3`",
                )
            hints[check].append("")
        elif check and hints[check]:
            hints[check][-1] += line + "\n"
        elif line.strip() and not line.startswith("# "):
            raise BadInput(
                f"{path}, line {number} belongs to no step", fix="write `## check-name` and `### 1` above it"
            )
    return {name: tuple(step.strip() for step in steps) for name, steps in hints.items()}
