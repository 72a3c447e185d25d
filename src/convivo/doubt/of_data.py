"""Ask a data set everything, before anybody trains on it for hours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from convivo.doubt.check import DataSet
from convivo.doubt.checks import OF_DATA
from convivo.doubt.finding import NOTE, STOP, Finding, level_of, worst_first
from convivo.io.what_is_there import Found, look_at_exposures, look_at_noisy, look_at_pairs
from convivo.methods import Restoration, method_named
from convivo.model import Model
from convivo.types import Annotated, Restorable

LABELS = "labels"  # the check that files which cannot be used belong to


@dataclass(frozen=True, slots=True)
class Looked:
    """A data set, and what is to be said of files that are no part of it."""

    data: DataSet
    findings: tuple[Finding, ...]


def look_at(
    folder: Path,
    *,
    method: str = "unet",
    model: Model | None = None,
    axes: str | None = None,
    channel: str | None = None,
    by: Sequence[str] = (),
) -> Looked:
    """The data of a folder as far as it can be read; raises BadInput where there is nothing to look at."""
    method = model.card.method if model else method
    found = _found(method, folder, axes, channel)
    columns = {name: found.column(name) for name in by}
    data = DataSet(data=found.data, parts=found.parts, method=method, model=model, by=columns)
    return Looked(data, tuple(_of_files(found)))


def check(data: DataSet) -> list[Finding]:
    """What all checks of training data say, the worst first."""
    return worst_first(finding for each in OF_DATA for finding in each.ask(data))


def _found(
    method: str, folder: Path, axes: str | None, channel: str | None
) -> Found[Annotated] | Found[Restorable]:
    how = method_named(method)
    if not isinstance(how, Restoration):
        return look_at_pairs(folder, axes=axes, channel=channel)
    look = look_at_exposures if how.has_targets else look_at_noisy
    return look(folder, axes=axes, channel=channel)


def _of_files(found: Found[Annotated] | Found[Restorable]) -> Iterator[Finding]:
    """Training refuses the folder for each of these."""
    for refused in found.refused:
        yield Finding(
            image=refused.name,
            id=LABELS,
            level=level_of(STOP),
            evidence=refused.why.problem,
            advice=refused.why.fix,
            doubt=STOP,
        )
    for note in found.notes:
        yield Finding(
            image="",
            id=LABELS,
            level=level_of(NOTE),
            evidence=note,
            advice="number touching objects yourself: each needs a number of its own",
            doubt=NOTE,
        )
