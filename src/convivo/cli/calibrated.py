"""What `convivo evaluate` says of probabilities: whether objects are as often right as they promise."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from convivo.cli.console import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from convivo.ops.scores import Judged
    from convivo.types import PageIndex


def say_calibration(judged: Sequence[Judged]) -> None:
    """One line, and below it what to do; nothing where no probability is known."""
    from convivo.doubt.checks import calibration

    for finding in calibration.ask(judged):
        say(f"{finding.level.value}: calibration: {finding.evidence}")
        if finding.advice:
            say(f"      do: {finding.advice}")


def calibration_dict(judged: Sequence[Judged]) -> dict[str, Any] | None:
    """The same as JSON, with all bins; nothing where no probability is known."""
    from dataclasses import asdict

    import msgspec

    from convivo.doubt.checks.calibration import ask
    from convivo.ops.scores import calibration

    found = calibration(judged)
    return None if found is None else {**asdict(found), "findings": msgspec.to_builtins(list(ask(judged)))}


def probabilities_in(labels: Path) -> dict[str, dict[tuple[PageIndex, int], float]]:
    """What `objects.csv` beside label images says of each image: probabilities by page and label."""
    from convivo.io.tables import read_table

    known: dict[str, dict[tuple[PageIndex, int], float]] = {}
    path = labels / "objects.csv"
    for row in read_table(path) if path.is_file() else []:
        try:
            page = tuple(map(int, row["page"].split()))
            known.setdefault(row["image"], {})[page, int(row["label"])] = float(row["probability"])
        except (KeyError, ValueError):  # a table of somebody else
            return {}
    return known
