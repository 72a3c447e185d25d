"""A piece of convivo's own source by its name: the code that one reads in a lesson is the code that runs.

The file is parsed, not imported, so that the server need not load torch for it.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from textwrap import dedent

from convivo.errors import BadInput

PACKAGE = Path(__file__).parents[2]
FIX = "write convivo.module:name or convivo.module:Class.name, as the code has it"


@cache
def excerpt(where: str) -> str:
    """The source of "convivo.nets.unet:UNet.forward": a function, a class, a method or a constant. Raises BadInput."""
    module, _, name = where.partition(":")
    root, *parts = module.split(".")
    path = PACKAGE.joinpath(*parts).with_suffix(".py")
    if root != PACKAGE.name or not parts or not all(map(str.isidentifier, parts)) or not path.is_file():
        raise BadInput(f"there is no module {module!r} in convivo", fix=FIX)
    text = path.read_text(encoding="utf-8")
    body = ast.parse(text).body
    found: ast.stmt | None = None
    for part in name.split("."):
        found = next((each for each in body if part in _names(each)), None)
        if found is None:
            raise BadInput(f"there is no {name!r} in {module}", fix=FIX)
        body = found.body if isinstance(found, ast.ClassDef) else []
    assert found is not None
    assert found.end_lineno is not None
    first = min([found.lineno, *(each.lineno for each in getattr(found, "decorator_list", []))])
    return dedent("\n".join(text.splitlines()[first - 1 : found.end_lineno]))


def _names(statement: ast.stmt) -> list[str]:
    """What a statement defines."""
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [statement.name]
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign):
        targets = [statement.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]
