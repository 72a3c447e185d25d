"""What a report says: frozen values that the page is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.ops.scores import Pair
    from convivo.report.curves import CurveRow
    from convivo.run.evaluate import ScoreRow
    from convivo.types import AnyArray, Image, Labels, Map


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One image with all that is known of it, for `cases.draw`.

    Arrays have the image's (Y, X), or pages (..., Y, X) in front.
    """

    name: str
    image: Image | AnyArray
    labels: Labels
    truth: Labels | None = None
    probability: Map | None = None
    scores: ScoreRow | None = None  # of this image, at IoU 0.5
    pairs: Sequence[Pair] = ()  # matched objects at IoU 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """One picture of a case, already encoded; `alternative` says in words what it shows."""

    kind: str  # comparison, rival, image, probability, labels or truth
    title: str
    alternative: str
    address: str  # a data URI: the picture travels inside the page
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A case as the page shows it: pictures and words. It holds no array, so that many cost little."""

    name: str
    verdict: str  # "3 missed, 1 invented"
    detail: str  # where to look first
    figures: tuple[Figure, ...]
    found: int
    true: int | None = None
    missed: int = 0
    invented: int = 0
    scores: ScoreRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All that the page says."""

    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # name and value: model, engine, seed, date
    scores: tuple[ScoreRow, ...] = ()
    side_by_side: tuple[
        tuple[str, tuple[ScoreRow, ...]], ...
    ] = ()  # several ways on the same images, with the same thresholds
    scored_on: str = ""  # which images were scored, and whether they had a say in the model
    cases: tuple[Drawn, ...] = ()
    pictured: int = 40  # so many of the worst cases get pictures; all stand in the table
    curve: tuple[CurveRow, ...] = ()
    notes: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()  # papers and data to cite
