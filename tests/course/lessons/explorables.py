"""What the explorables of the page can be set to, as their sources declare it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from convivo.lab.practice import IMAGES

SOURCES = Path(__file__).parents[3] / "web" / "src" / "explorables"
DECLARED = re.compile(
    r"\bstate\s*\.\s*(?P<kind>number|numbers|choice|text|flag)\s*(?:<[^(]*>)?\(\s*(?P<name>\"[^\"]+\"|`[^`]+`)\s*,?"
    r"(?P<rest>[^;]*?)\)\s*[,;\n)]"
)
LIMITS = r"min: ([-\w.]+), max: ([-\w.]+)"
WORDS = re.compile(r"\"([^\"]*)\"")
# what a page understands of values that are lists or texts
SPELT = {
    ("kernel-bench", "kernel"): r"-?[\d.]+(_-?[\d.]+){8}|-?[\d.]+(_-?[\d.]+){24}",
    ("pull-the-string", "net"): r"(c[13579](s\d)?(d\d)?|p2|u2)( (c[13579](s\d)?(d\d)?|p2|u2)){0,23}",
}
PLACE_OF_IMAGE = ("x", "y")


@dataclass(frozen=True)
class Value:
    """One value of a view."""

    kind: str
    name: re.Pattern[str]  # a template in the source stands for any number
    words: tuple[str, ...] = ()
    limits: tuple[float, float] = (float("-inf"), float("inf"))

    def takes(self, text: str) -> bool:
        """Whether the page would take over this text, and not fall back to its default."""
        if self.kind == "flag":
            return text in ("yes", "no")
        if self.kind == "choice":
            return text in self.words
        if self.kind == "number":
            return _is_number(text) and self.limits[0] <= float(text) <= self.limits[1]
        return self.kind == "text" or all(map(_is_number, text.split("_")))


def takes(explorable: str, name: str, text: str) -> bool:
    """Whether an explorable has a value of that name and would take over this text."""
    spelt = SPELT.get((explorable, name), ".*")
    return re.fullmatch(spelt, text) is not None and any(
        value.name.fullmatch(name) and value.takes(text) for value in values(explorable)
    )


def names() -> set[str]:
    """Every explorable."""
    return {path.parent.name for path in SOURCES.glob("*/index.tsx")}


@cache
def values(name: str) -> tuple[Value, ...]:
    """All that can be set on one."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted((SOURCES / name).glob("*.ts*")))
    found = [_value(match, text) for match in DECLARED.finditer(text)]
    image = Value("choice", re.compile("image"), tuple(IMAGES))
    return (*found, image, *(Value("number", re.compile(each)) for each in PLACE_OF_IMAGE))


def _value(match: re.Match[str], text: str) -> Value:
    name = re.sub(r"\\\$\\\{.*?\\\}", r"\\d+", re.escape(match["name"][1:-1]))
    rest = match["rest"]
    words = (
        tuple(WORDS.findall(rest.partition("]")[0])) if "[" in rest else _constant(rest.split(",")[0], text)
    )
    return Value(match["kind"], re.compile(name), words, _limits(rest, text))


def _constant(name: str, text: str) -> tuple[str, ...]:
    found = re.search(rf"\b{re.escape(name.strip())}\b[^=;]*= \[(.*?)\]", text, re.DOTALL)
    return tuple(WORDS.findall(found[1])) if found else ()


def _limits(rest: str, text: str) -> tuple[float, float]:
    found = re.search(LIMITS, rest)
    constant = rest.split(",")[-1].strip()
    if not found and constant.isidentifier():
        found = re.search(rf"\b{constant} = \{{ {LIMITS}", text)
    if not found:
        return float("-inf"), float("inf")
    least, most = (_number(each, text) for each in found.groups())
    return float("-inf") if least is None else least, float("inf") if most is None else most


def _number(written: str, text: str) -> float | None:
    """A number, or a constant of the source that is one."""
    name = written.removeprefix("-")
    if not _is_number(name):
        found = re.search(rf"\bconst {name} = (\d[\d.]*);", text)
        return float(found[1]) * (-1 if name != written else 1) if found else None
    return float(written)


def _is_number(text: str) -> bool:
    return re.fullmatch(r"-?\d+(\.\d+)?(e\d+)?", text) is not None
