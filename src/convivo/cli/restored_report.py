"""The report of `convivo evaluate` for a model that restores images: numbers of all, pictures of the worst."""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from convivo.report.restoration_content import DrawnRestoration, RestorationCase
    from convivo.run.evaluate_restored import RestoredScore
    from convivo.run.restore import Restorer
    from convivo.types import Restorable, Restoration

TITLE = "Restored"


class Gallery:
    """Numbers of every image, and the worst whole: with the arrays of all, memory would run out."""

    def __init__(self) -> None:
        self._numbers: list[DrawnRestoration] = []
        self._engines: set[str] = set()
        self._worst: list[tuple[tuple[float, str], int, RestorationCase]] = []

    def keep(self, each: Restorable, scores: Sequence[RestoredScore], found: Restoration) -> None:
        """Remember one image; its arrays only while it is among the worst."""
        from convivo.report.restoration import PICTURED, badness
        from convivo.report.restoration_cases import Answer, cases_of, numbers

        self._engines |= {found.engine} - {"none"}
        for case in cases_of(each, [Answer(TITLE, scores, found)]):
            row = numbers(case)
            self._worst.append((badness(row), len(self._numbers), case))
            self._numbers.append(row)
        self._worst = sorted(self._worst, key=itemgetter(0, 1))[:PICTURED]

    @property
    def engines(self) -> str:
        """Who multiplied."""
        return ", ".join(sorted(self._engines))

    def cases(self) -> tuple[DrawnRestoration, ...]:
        """All of them, the worst with pictures."""
        from convivo.report.restoration_cases import draw

        pictured = {number: case for _, number, case in self._worst}
        return tuple(
            draw(pictured[number]) if number in pictured else row for number, row in enumerate(self._numbers)
        )


def write(folder: Path, restorer: Restorer, data: Path, gallery: Gallery) -> Path:
    """The report; returns where it is."""
    from convivo.io.atomic import output_folder
    from convivo.report.restoration import write_restoration_report
    from convivo.report.restoration_content import RestorationReport

    card = restorer.model.card
    path = output_folder(folder) / "report.html"
    facts = [("model", card.name), ("method", card.method), ("images", data.resolve().name)]
    if gallery.engines:
        facts.append(("engine", gallery.engines))
    write_restoration_report(
        path,
        RestorationReport(
            title=f"{card.name} against the truth",
            subtitle="Images as they came, restored, and as they should be",
            facts=tuple(facts),
            cases=gallery.cases(),
            credits=card.citations,
        ),
    )
    return path
