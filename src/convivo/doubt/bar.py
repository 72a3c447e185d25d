"""A small figure for a finding: the range that was expected, and where this image lies."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, log2

from convivo.doubt.finding import Finding
from convivo.doubt.numerals import numeral

WIDTH, MARGIN = 320.0, 64.0  # of the drawing; the margin holds the numbers beside the ends
OCTAVES = 3.0  # from so many doublings on, what can be a logarithm is drawn as one
LEAST = 3.0  # width of a range that is narrower than a line


@dataclass(frozen=True, slots=True)
class Bar:
    """Places along the drawing, and the numbers as they are said."""

    low: float
    high: float
    at: float
    said: tuple[str, str, str]  # low, high, measured
    logarithmic: bool

    @property
    def alternative(self) -> str:
        """What the figure shows, in words."""
        low, high, measured = self.said
        return f"Measured {measured}, expected {low} to {high}"


def bar_of(finding: Finding) -> Bar | None:
    """The figure of a finding; None where it has no number, or nothing to hold it against."""
    if finding.measured is None or finding.expected is None:
        return None
    numbers = (*finding.expected, finding.measured)
    if not all(isfinite(number) for number in numbers):
        return None
    logarithmic = min(numbers) > 0 and log2(max(numbers) / min(numbers)) > OCTAVES
    places = [log2(number) if logarithmic else number for number in numbers]
    first, last = min(places), max(places)
    span = (last - first) or 1.0
    low, high, at = (MARGIN + (place - first) / span * (WIDTH - 2 * MARGIN) for place in places)
    said = (numeral(numbers[0]), numeral(numbers[1]), numeral(numbers[2]))
    return Bar(low, max(high, low + LEAST), at, said, logarithmic)
