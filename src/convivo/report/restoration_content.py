"""What the page of restored images says: frozen values that it is made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convivo.ops.scores import RestorationScore
    from convivo.report.content import Figure
    from convivo.types import AnyArray

AS_IT_CAME = "As it came"  # what the page calls the image before


def in_sentence(title: str) -> str:
    """The title of a side within a sentence: names of models keep their capitals."""
    return title.lower() if title == AS_IT_CAME else title


def short(value: float) -> str:
    """A number of about three digits, as one reads it: "12,300", "−0.0123"."""
    rounded = float(f"{value:.3g}")
    return (f"{rounded:,.0f}" if abs(rounded) >= 100 else f"{rounded:g}").replace("-", "−")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """What one way of restoring made of an image."""

    title: str  # the same for all images of a report
    restored: AnyArray  # (Y, X), or a stack (Z, Y, X)
    score: RestorationScore | None = None
    uncertainty: AnyArray | None = None  # of the same shape: the standard deviation that the model states


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RestorationCase:
    """One channel of one image with all that is known of it, for `restoration_cases.draw`. One shape for all."""

    name: str
    before: AnyArray  # (Y, X), or a stack (Z, Y, X)
    truth: AnyArray | None = None
    before_score: RestorationScore | None = None
    ways: tuple[Way, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One row of a score table: the image as it came, or one way of restoring it."""

    title: str
    score: RestorationScore | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrawnRestoration:
    """A case as the page shows it: pictures and words. It holds no array, so that many cost little."""

    name: str
    sides: tuple[Side, ...]  # as it came, then each way
    detail: str = ""  # which part is shown, on which scales
    figures: tuple[Figure, ...] = ()  # none where the case stands in the table alone
    profile: str = ""  # an SVG element


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorationReport:
    """All that the page says."""

    title: str
    subtitle: str = ""
    facts: tuple[tuple[str, str], ...] = ()  # name and value: model, engine, seed, date
    scored_on: str = ""  # which images were scored, and whether they had a say in the model
    cases: tuple[DrawnRestoration, ...] = ()
    notes: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()  # papers and data to cite
