"""Gaps that a learner has left open in a program: each `...` that stands for a value."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenGaps:
    """Lines with `...` for a value, and the functions that cannot answer because of them."""

    lines: tuple[int, ...]
    functions: dict[str, int]  # function -> the line on which it, or a function that it calls, has its gap


def open_gaps(source: str) -> OpenGaps:
    """The open gaps of a program; none where it is no Python at all."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return OpenGaps((), {})
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    own = {name: line for name, node in functions.items() if (line := min(_gaps(node), default=0))}
    return OpenGaps(tuple(sorted(set(_gaps(tree)))), _with_callers(own, functions))


def _gaps(tree: ast.AST) -> Iterator[int]:
    """Lines of `...` but for those that mean something: in an index, or as a body that does nothing."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and node.value is ...:
            yield node.lineno
        elif isinstance(node, ast.Subscript):
            yield from _gaps(node.value) if not _is_gap(node.value) else (node.lineno,)
        elif not (isinstance(node, ast.Expr) and _is_gap(node.value)):
            yield from _gaps(node)


def _is_gap(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _with_callers(own: dict[str, int], functions: dict[str, ast.FunctionDef]) -> dict[str, int]:
    """And whatever calls them."""
    found = dict(own)
    names = {
        name: {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        for name, node in functions.items()
    }
    grown = True
    while grown:
        grown = False
        for name, mentioned in names.items():
            line = next((found[each] for each in mentioned if each in found), None)
            if name not in found and line is not None:
                found[name] = line
                grown = True
    return found
