"""Code for paper: lines with the words of the language set apart in black and white."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexers.python import PythonLexer


def printed_code(text: str) -> Markup:
    """HTML of a piece of Python: spans with pygments' short classes, to stand within <pre>."""
    made = highlight(text, PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True))
    return Markup(made)  # noqa: S704  pygments escapes what it is given


def printed_lines(lines: Sequence[str]) -> list[Markup]:
    """Each line by itself, coloured as part of the whole."""
    return [Markup(line) for line in str(printed_code("\n".join(lines))).split("\n")]  # noqa: S704  as above
