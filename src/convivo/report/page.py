"""The report as one HTML file: pictures inside it, no script, no network, opened by a double click."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from matplotlib import colormaps
from matplotlib.colors import to_hex

from convivo.io.atomic import writing
from convivo.report.cases import counted
from convivo.report.curves import loss_curve
from convivo.report.pictures import PROBABILITY_MAP

if TYPE_CHECKING:
    from pathlib import Path

    from convivo.report.content import Drawn, Report
    from convivo.run.evaluate import ScoreRow


def write_report(path: Path, report: Report) -> None:
    """Write the page. Cases stand worst first; the first `report.pictured` of them with their pictures.

    Raises CannotWrite where the disk refuses.
    """
    with writing(path) as temporary:
        temporary.write_text(page(report), encoding="utf-8")


def page(report: Report) -> str:
    """Make the page's HTML. Every name and note is escaped."""
    cases = sorted(report.cases, key=_badness)
    return (
        _environment()
        .get_template("page.html.j2")
        .render(
            report=report,
            headline=_headline(report.scores),
            cases=cases,
            pictured=cases[: report.pictured],
            curve=loss_curve(report.curve),
            probability_colours=_gradient(),
        )
    )


def rendered(template: str, *, room: str = "convivo.report", **values: Any) -> str:
    """Fill in a template of a room, which may include those of this one. Every name and note is escaped."""
    return _environment(room).get_template(template).render(**values)


def _environment(room: str = "convivo.report") -> Environment:
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(name, "") for name in dict.fromkeys([room, "convivo.report"])]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"score": _score, "difference": _difference, "counted": counted}
    return environment


def _badness(case: Drawn) -> tuple[float, int, str]:
    """Sort key: low accuracy first, then many mistakes; what was not scored comes last."""
    accuracy = case.scores.total.accuracy if case.scores is not None else float("inf")
    return accuracy, -case.missed - case.invented, case.name


def _headline(scores: tuple[ScoreRow, ...]) -> ScoreRow | None:
    """The row at IoU 0.5, or the one nearest to it."""
    return min(scores, key=lambda row: abs(row.total.iou - 0.5), default=None)


def _score(value: float | None, digits: int = 3) -> str:
    return "–" if value is None else f"{value:.{digits}f}"


def _difference(found: int, true: int) -> str:
    """Say how many more or fewer were found than there are: "−84 (−1.4 %)"."""
    gap = found - true
    if gap == 0:
        return "0"
    share = f" ({gap / true:+.1%})" if true else ""
    return f"{gap:+,}{share}".replace("-", "−").replace("%", " %")


def _gradient() -> str:
    """The probability's colours from 0 to 1, as stops of a CSS gradient."""
    return ", ".join(to_hex(colormaps[PROBABILITY_MAP](step / 8)) for step in range(9))
