"""Markdown to HTML, as lessons are written: facts, links, and fences that are blocks.

A fact is a link whose target begins with "=": `[304](=parameters)`. What it says is recomputed by a test.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from convivo.errors import BadInput

PARSER = (
    MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "html_inline", "html_block"])
)
WEB = ("https://", "http://")
INSIDE = "#/"  # another place in the lab's page


@dataclass(frozen=True, slots=True)
class Source:
    """A piece of Markdown, and where it stands."""

    text: str
    file: str  # as a person would look for it, such as "lessons/unet/en.md"
    line: int = 1  # of its first line in the file; 0 where a file of another kind holds it

    def wrong(self, problem: str, *, fix: str, line: int | None = None) -> BadInput:
        """The error that says where."""
        at = f", line {self.line + (line or 0)}" if self.line else ""
        return BadInput(f"{self.file}{at}: {problem}", fix=fix)


def tokens(source: Source) -> list[Token]:
    """Markdown-it's tokens, with facts and links made ready. Raises BadInput."""
    found = PARSER.parse(source.text)
    for token in found:
        if token.type == "inline":
            _prepare(token.children or [], source, (token.map or [0])[0])
    return found


def html(found: list[Token]) -> str:
    """The HTML of such tokens."""
    return str(PARSER.renderer.render(found, PARSER.options, {})).strip()


def rendered(source: Source) -> str:
    """Markdown as HTML."""
    return html(tokens(source))


def rendered_line(source: Source) -> str:
    """One paragraph of Markdown as HTML, without <p>."""
    found = tokens(source)
    if [token.type for token in found] not in ([], ["paragraph_open", "inline", "paragraph_close"]):
        raise source.wrong(
            "this is more than one paragraph", fix="write it as one, without lists and headings"
        )
    return html(found[1:2])


def plain(token: Token) -> str:
    """The words of an inline token."""
    return "".join(
        " " if child.type in ("softbreak", "hardbreak") else child.content for child in token.children or []
    )


def is_fact(token: Token) -> bool:
    """Whether a fact opens here; its words follow."""
    return token.type == "link_open" and token.meta.get("fact") is not None


def pieces(found: list[Token]) -> Iterator[tuple[str, str | None]]:
    """Every run of words with the fact that it is, or None; without code and without names of what is linked to."""
    for token in found:
        opened: Token | None = None
        for child in token.children or []:
            if child.type in ("link_open", "link_close"):
                opened = child if child.type == "link_open" else None
            elif child.type == "text" and (opened is None or is_fact(opened)):
                yield child.content, opened.meta["fact"] if opened else None


def _prepare(children: list[Token], source: Source, line: int) -> None:
    """A link to "=NAME" becomes a span that names the fact; what leads to another site opens beside the page."""
    opened: Token | None = None
    for child in children:
        if child.type == "link_open":
            opened = child
            target = str(child.attrs.get("href", ""))
            if target.startswith("="):
                child.tag = "span"
                child.attrs = {"class": "fact", "data-fact": target[1:]}
                child.meta = {"fact": target[1:]}
            elif target.startswith(WEB):
                child.attrs |= {"target": "_blank", "rel": "noopener"}
            elif not target.startswith(INSIDE):
                raise source.wrong(
                    f"the link leads to {target!r}",
                    fix="link to https://…, to #/… inside the page, or to =NAME of facts.py",
                    line=line,
                )
        elif child.type == "link_close" and opened:
            child.tag = opened.tag
