"""A gap: a line of which the learner writes the right-hand side."""

from __future__ import annotations

import ast

from convivo.errors import BadInput

OPEN = "..."  # what stands in a gap


def with_gap(line: str) -> str:
    """The line with `...` for what the learner writes: what is assigned, returned, looped over or given.

    Raises BadInput for a line which is no statement of its own, or the condition of a while, which would not end.
    """
    indent = line[: len(line) - len(line.lstrip())]
    code = line.strip()
    start, stop = _place(code)
    text = code.encode()
    return indent + (text[:start] + OPEN.encode() + text[stop:]).decode()


def _place(code: str) -> tuple[int, int]:
    """Where in the line, in bytes, the expression stands that becomes the gap."""
    lead = 2 if code.startswith("elif ") else 0  # read as an `if`
    try:
        (statement,) = ast.parse(f"{code[lead:]} pass" if code.endswith(":") else code[lead:]).body
    except (SyntaxError, ValueError):
        statement = None
    expression = _expression(statement)
    if expression is None or expression.end_col_offset is None:
        raise BadInput(
            f"the line {code!r} cannot have a gap",
            fix="put `# gap` behind one whole line: an assignment, a return, an append, a for or an if",
        )
    return expression.col_offset + lead, expression.end_col_offset + lead


def _expression(statement: ast.stmt | None) -> ast.expr | None:  # the value that the statement is about
    match statement:
        case ast.Assign(value=value) | ast.AugAssign(value=value):
            return value
        case ast.AnnAssign(value=value) | ast.Return(value=value):
            return value
        case ast.Expr(value=ast.Call(args=[only], keywords=[])):
            return only
        case ast.Expr(value=value):
            return value
        case ast.For(iter=value) | ast.If(test=value):
            return value
        case ast.With(items=[item]):
            return item.context_expr
    return None
