"""Training data of restoration: noisy images alone, or DATA/low and DATA/high, paired by name.

`groups.csv` beside them has the columns `image` and `group` (and `part`), as it has for label images.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from convivo.errors import BadInput
from convivo.io.images import read
from convivo.io.inputs import find_images, output_names
from convivo.io.kinds import stem
from convivo.io.pairs import GROUPS, by_name, read_groups, refuse_unknown, refuse_unpaired
from convivo.types import Image, Restorable

LOW, HIGH = "low", "high"


class Exposures(NamedTuple):
    """Images to learn restoration from; `parts` says on which side of a split an image lies, where somebody decided."""

    data: tuple[Restorable, ...]
    parts: dict[str, str]


def open_noisy(
    paths: Sequence[Path | str], *, axes: str | None = None, channel: int | str | None = None
) -> Exposures:
    """Noisy images (files, folders or patterns), and on which side of a split groups.csv puts them."""
    found = find_images(paths)
    tables = {folder: _rows(folder) for folder in map(Path, paths) if folder.is_dir()}
    data: list[Restorable] = []
    parts: dict[str, str] = {}
    for path, name in zip(found, output_names(found), strict=True):
        image = read(path, axes=axes, channel=channel)
        row = tables.get(path.parent, {}).get(image.name, {})
        named = Image(image.array, image.axes, name, image.pixel_size)
        data.append(Restorable(named, None, row.get("group") or name))
        parts |= {name: row["part"]} if row.get("part") else {}
    return Exposures(tuple(data), parts)


def open_exposures(
    folder: Path | str, *, axes: str | None = None, channel: int | str | None = None
) -> Exposures:
    """Pairs of DATA/low and DATA/high, read into memory, and on which side of a split groups.csv puts them."""
    folder = Path(folder)
    low, high = both_exposures(folder)
    refuse_unpaired(folder, {LOW: low, HIGH: high}, fix="give each low image a high one of the same name")
    groups = read_groups(folder / GROUPS)
    refuse_unknown(groups, set(low), folder / GROUPS)
    data = [
        read_exposures(path, high[name], groups.get(name, {}), axes=axes, channel=channel)
        for name, path in low.items()
    ]
    parts = {name: row["part"] for name, row in groups.items() if row.get("part")}
    return Exposures(tuple(data), parts)


def both_exposures(folder: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """Paths of low and of high exposures by name."""
    for part in (LOW, HIGH):
        if not (folder / part).is_dir():
            raise BadInput(
                f"there is no folder {folder / part}",
                fix=f"pairs lie in {LOW} and {HIGH}, files paired by name (make some: convivo simulate pairs)",
            )
    low, high = (by_name(find_images([folder / part]), stem) for part in (LOW, HIGH))
    return low, high


def read_exposures(
    low: Path,
    high: Path,
    row: Mapping[str, str],
    *,
    axes: str | None = None,
    channel: int | str | None = None,
) -> Restorable:
    """A pair from two files; `row` is theirs in groups.csv."""
    image = read(low, axes=axes, channel=channel)
    target = read(high, axes=axes, channel=channel)
    refuse_unlike(image, target)
    return Restorable(image, target, row.get("group") or image.name)


def _rows(folder: Path) -> dict[str, dict[str, str]]:
    """Rows of the groups.csv beside noisy images, by image name."""
    rows = read_groups(folder / GROUPS)
    if rows:
        refuse_unknown(rows, {stem(path) for path in find_images([folder])}, folder / GROUPS)
    return rows


def refuse_unlike(image: Image, target: Image) -> None:
    """Refuse a pair whose axes or shapes differ but for the number of channels."""
    shapes = [
        {axis: length for axis, length in zip(each.axes, each.array.shape, strict=True) if axis != "C"}
        for each in (image, target)
    ]
    if shapes[0] != shapes[1]:
        words = [" x ".join(f"{axis} {length}" for axis, length in shape.items()) for shape in shapes]
        raise BadInput(
            f"{image.name} is {words[0]} in {LOW}, and {words[1]} in {HIGH}",
            fix="give both images of a pair the same pixel grid: crop, or register them",
        )
