"""A finding: what one check has to say of one image, of a data set, or of a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from math import isfinite
from typing import Self

import msgspec

from convivo.version import __version__

NOTE, WARN, STOP = 0.5, 1.0, 2.0  # doubt from which a finding has that level
ENDLESS = 99.0  # what is written of doubt that is infinite or no number


class Level(StrEnum):
    """How bad it is, from nothing to do not use."""

    fine = "fine"
    note = "note"  # worth knowing; the result is probably right
    warn = "warn"  # look before you believe
    stop = "stop"  # do not use

    @property
    def rank(self) -> int:
        """0 to 3."""
        return list(Level).index(self)


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What was measured, what was expected, how one knows, and what to do about it.

    image      name of the image; empty where the finding is of a whole data set or of a model
    id         of the check, such as "scale"
    measured   the number that decided, where it is one
    expected   the least and the greatest that raises no doubt
    evidence   a sentence with both, in the units that a person thinks in
    advice     what to do: a command with the argument that helps; empty where there is nothing to do
    doubt      0 as expected, 1 as far off as a warning needs, 2 and more: do not use
    """

    image: str
    id: str
    level: Level
    measured: float | None = None
    expected: tuple[float, float] | None = None
    evidence: str
    advice: str = ""
    doubt: float = 0.0

    @classmethod
    def of(
        cls,
        image: str,
        check: str,
        measured: float | None,
        expected: tuple[float, float] | None,
        evidence: str,
        advice: str,
        doubt: float,
    ) -> Self:
        """A finding with the level that so much doubt has."""
        return cls(
            image=image,
            id=check,
            level=level_of(doubt),
            measured=measured,
            expected=expected,
            evidence=evidence,
            advice=advice,
            doubt=float(doubt),
        )


def _written(finding: Finding) -> Finding:
    """As JSON can hold it: doubt without end is doubt enough."""
    return finding if isfinite(finding.doubt) else msgspec.structs.replace(finding, doubt=ENDLESS)


def level_of(doubt: float) -> Level:
    """The level that so much doubt has."""
    if doubt >= STOP:
        return Level.stop
    if doubt >= WARN:
        return Level.warn
    return Level.note if doubt >= NOTE else Level.fine


def worst_first(findings: Iterable[Finding]) -> list[Finding]:
    """Sorted by level and doubt; what is equal stays in its order."""
    return sorted(findings, key=lambda each: (-each.level.rank, -each.doubt))


def worst(findings: Sequence[Finding]) -> Level:
    """The highest level among findings; fine where there are none."""
    return max((finding.level for finding in findings), key=lambda level: level.rank, default=Level.fine)


def findings_to_json(findings: Sequence[Finding]) -> bytes:
    """A readable list of objects. NaN and infinity, which JSON does not know, become null."""
    return msgspec.json.format(msgspec.json.encode([_written(each) for each in findings]), indent=2)


def findings_from_json(text: bytes) -> list[Finding]:
    """What `findings_to_json` wrote."""
    return msgspec.json.decode(text, type=list[Finding])


class Travelling(msgspec.Struct, frozen=True, kw_only=True):
    """What an output carries inside: who doubts it, and why."""

    convivo: str  # version
    model: str
    findings: list[Finding]


def findings_to_info(findings: Sequence[Finding], model: str) -> str:
    """Findings as a text for the inside of a file, which a person can read as well."""
    told = Travelling(convivo=__version__, model=model, findings=[_written(each) for each in findings])
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def findings_from_info(text: str) -> list[Finding]:
    """The findings in such a text; none where it is another text."""
    try:
        return msgspec.json.decode(text, type=Travelling).findings
    except (msgspec.DecodeError, UnicodeEncodeError):  # others write Info too
        return []
