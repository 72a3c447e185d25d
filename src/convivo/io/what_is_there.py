"""Training data read as far as it goes: what cannot be read, or has no partner, is told and the rest is kept.

Training refuses a folder at its first fault. Who looks for faults wants all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Generic, TypeAlias, TypeVar

from convivo.errors import BadInput, ConvivoError
from convivo.io.exposures import HIGH, LOW, both_exposures, read_exposures
from convivo.io.images import read
from convivo.io.inputs import find_images
from convivo.io.kinds import stem
from convivo.io.pairs import GROUPS, both_sides, read_groups, read_pair, refuse_unknown
from convivo.types import Annotated, Image, Restorable

Data = TypeVar("Data", bound=Annotated | Restorable)
Rows: TypeAlias = dict[str, dict[str, str]]  # of groups.csv, by image name without ending
Reader: TypeAlias = Callable[[Mapping[str, str]], tuple[Sequence[Data], str | None]]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that cannot be used, and why."""

    name: str
    why: ConvivoError


@dataclass(slots=True)
class Found(Generic[Data]):
    """What is there: examples, and files that are refused. `rows` are those of groups.csv, by name of an example."""

    data: list[Data] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    rows: Rows = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def parts(self) -> dict[str, str]:
        """Name of an image: train or validation, where groups.csv says so."""
        return {name: row["part"] for name, row in self.rows.items() if row.get("part")}

    def column(self, name: str) -> dict[str, str]:
        """A column of groups.csv, by name of an image; raises BadInput where there is none."""
        columns = list(dict.fromkeys(key for row in self.rows.values() for key in row))
        if name not in columns:
            known = ", ".join(columns) if columns else "none: there is no groups.csv"
            raise BadInput(f"groups.csv has no column {name!r}", fix=f"name one of its columns ({known})")
        return {image: row[name] for image, row in self.rows.items() if row.get(name)}


def look_at_pairs(
    folder: Path, *, axes: str | None = None, channel: int | str | None = None
) -> Found[Annotated]:
    """Images and masks of DATA; raises BadInput only where there is nothing to look at."""
    images, masks = both_sides(folder)
    found: Found[Annotated] = Found()
    _refuse_lonely(found, {"images": images, "masks": masks})

    def reader(name: str) -> Reader[Annotated]:
        return lambda row: read_pair(images[name], masks[name], row, axes=axes, channel=channel)

    names = [name for name in images if name in masks]
    _read(found, folder / GROUPS, set(images), {name: reader(name) for name in names})
    return found


def look_at_exposures(
    folder: Path, *, axes: str | None = None, channel: int | str | None = None
) -> Found[Restorable]:
    """Low and high exposures of DATA; raises BadInput only where there is nothing to look at."""
    low, high = both_exposures(folder)
    found: Found[Restorable] = Found()
    _refuse_lonely(found, {LOW: low, HIGH: high})

    def reader(name: str) -> Reader[Restorable]:
        return lambda row: ([read_exposures(low[name], high[name], row, axes=axes, channel=channel)], None)

    names = [name for name in low if name in high]
    _read(found, folder / GROUPS, set(low), {name: reader(name) for name in names})
    return found


def look_at_noisy(
    folder: Path, *, axes: str | None = None, channel: int | str | None = None
) -> Found[Restorable]:
    """Noisy images of a folder, or one file; raises BadInput only where there is nothing to look at."""
    found: Found[Restorable] = Found()

    def reader(path: Path) -> Reader[Restorable]:
        return lambda row: ([_noisy(read(path, axes=axes, channel=channel), row)], None)

    paths = find_images([folder])
    _read(
        found, folder / GROUPS, {stem(path) for path in paths}, {stem(path): reader(path) for path in paths}
    )
    return found


def _noisy(image: Image, row: Mapping[str, str]) -> Restorable:
    return Restorable(image, None, row.get("group") or image.name)


def _refuse_lonely(found: Found[Data], sides: Mapping[str, Mapping[str, Path]]) -> None:
    (one, ones), (other, others) = sides.items()
    for here, there, missing in ((ones, others, other), (others, ones, one)):
        for path in (path for name, path in here.items() if name not in there):
            problem = f"{path.parent.name}/{path.name} has no partner in {missing}"
            fix = "give it one of the same name (the ending may differ), or move it away"
            found.refused.append(Refused(path.name, BadInput(problem, fix=fix)))


def _read(found: Found[Data], table: Path, names: Iterable[str], readers: Mapping[str, Reader[Data]]) -> None:
    rows = _rows(found, table, set(names))
    for name, read_one in readers.items():
        row = rows.get(name, {})
        try:
            examples, note = read_one(row)
        except ConvivoError as error:
            found.refused.append(Refused(name, error))
            continue
        found.data += examples
        found.notes += [note] if note else []
        found.rows |= {each.name: row for each in examples if row}


def _rows(found: Found[Data], table: Path, names: set[str]) -> Rows:
    try:
        rows = read_groups(table)
        refuse_unknown(rows, names, table)
    except ConvivoError as error:
        found.refused.append(Refused(table.name, error))
        return {}
    return rows
