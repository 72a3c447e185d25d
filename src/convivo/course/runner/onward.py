"""What stands below the statement at which a program failed.

Where a program is asked questions afterwards, that is run as well: one part that is not written yet, tried out in the
middle of a notebook, must not hide the parts below it.
"""

from __future__ import annotations

import ast
from types import CodeType


def below(source: str, program: str, code: CodeType, error: BaseException) -> CodeType | None:
    """The rest of the program, to be run with the same names; None where nothing is left, or no line is known.

    `code` is what was run, and `program` the name that it was compiled under.
    """
    line = _line(error, program)
    if line is None:
        return None
    tree = ast.parse(source)
    tree.body = [statement for statement in tree.body if statement.lineno > line]
    if not tree.body:
        return None
    # with the `from __future__ import` of the program's first lines
    rest: CodeType = compile(tree, program, "exec", flags=code.co_flags & _FUTURES, dont_inherit=True)
    return rest


def _line(error: BaseException, program: str) -> int | None:
    """The line of the statement outside all functions."""
    place = error.__traceback__
    while place is not None:
        frame = place.tb_frame.f_code
        if frame.co_filename == program and frame.co_name == "<module>":
            return place.tb_lineno
        place = place.tb_next
    return None


def _futures() -> int:
    import __future__

    return sum(getattr(__future__, name).compiler_flag for name in __future__.all_feature_names)


_FUTURES = _futures()
