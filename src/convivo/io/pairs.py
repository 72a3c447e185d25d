"""Training data on disk: DATA/images and DATA/masks, paired by name, and DATA/groups.csv where it exists.

`groups.csv` has the columns `image` and `group` (and `part`: train or validation, where somebody has decided).
Images of one group, such as tiles of one field or days of one patient, never come on both sides of a split.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from convivo.errors import BadInput
from convivo.io.axes import times
from convivo.io.binary_masks import numbered
from convivo.io.images import read, read_labels
from convivo.io.inputs import find_images
from convivo.io.kinds import stem
from convivo.io.tables import read_table
from convivo.types import Annotated, Image, Labels

GROUPS = "groups.csv"
LABELS = "_labels"
PARTS = ("", "train", "validation")
SHOWN = 3  # names listed in an error


@dataclass(frozen=True, slots=True)
class Pairs:
    """Annotated images; `parts` says on which side of a split an image lies, where groups.csv decides that."""

    data: tuple[Annotated, ...]
    parts: dict[str, str]
    notes: tuple[str, ...] = ()


def open_pairs(folder: Path | str, *, axes: str | None = None, channel: int | str | None = None) -> Pairs:
    """Read every pair of DATA/images and DATA/masks into memory."""
    folder = Path(folder)
    groups = read_groups(folder / GROUPS)
    data: list[Annotated] = []
    notes: list[str] = []
    parts: dict[str, str] = {}
    paths = paired_paths(folder)
    refuse_unknown(groups, {stem(image_path) for image_path, _ in paths}, folder / GROUPS)
    for image_path, mask_path in paths:
        row = groups.get(stem(image_path), {})
        frames, note = read_pair(image_path, mask_path, row, axes=axes, channel=channel)
        notes += [note] if note else []
        data += frames
        if part := row.get("part"):
            parts |= {frame.name: part for frame in frames}
    return Pairs(tuple(data), parts, tuple(notes))


def read_pair(
    image_path: Path,
    mask_path: Path,
    row: Mapping[str, str],
    *,
    axes: str | None = None,
    channel: int | str | None = None,
) -> tuple[list[Annotated], str | None]:
    """The annotated images of two files, one for each time point, and a remark; `row` is theirs in groups.csv."""
    image = read(image_path, axes=axes, channel=channel)
    labels = _on_the_grid(image, read_labels(mask_path, axes), mask_path)
    labels, note = numbered(labels, mask_path.name, image.page_axes(3))
    return list(_annotated(image, labels, row.get("group") or image.name)), note


def both_sides(folder: Path) -> tuple[dict[str, Path], dict[str, Path]]:
    """Paths of images and of masks, each by the name under which it finds its partner."""
    images = by_name(_images(folder / "images"), stem)
    masks = by_name(
        _images(folder / "masks"), lambda path: stem(path) if stem(path) in images else _bare(path)
    )
    return images, masks


def paired_paths(folder: Path) -> tuple[tuple[Path, Path], ...]:
    """Paths of each image and its mask, or an error that names what has no partner."""
    images, masks = both_sides(folder)
    refuse_unpaired(
        folder,
        {"images": images, "masks": masks},
        fix="give each image a mask of the same name (the ending may differ), or move it away",
    )
    return tuple((images[name], masks[name]) for name in images)


def refuse_unpaired(folder: Path, sides: Mapping[str, Mapping[str, Path]], *, fix: str) -> None:
    """Refuse two sides, each with its paths by name, of which one has a name that the other has not."""
    (one, ones), (other, others) = sides.items()
    lonely = {one: sorted(ones.keys() - others.keys()), other: sorted(others.keys() - ones.keys())}
    if any(lonely.values()):
        found = " and ".join(
            f"{len(names)} of {side} ({_some(names)})" for side, names in lonely.items() if names
        )
        raise BadInput(f"{folder} has unpaired files: {found}", fix=fix)


def paired_label_paths(labels: Path, truth: Path) -> tuple[tuple[Path, Path], ...]:
    """Paths of each label image and its truth. `cell_labels.tif`, as `predict` writes it, belongs to `cell.tif`."""
    found, wanted = (by_name(_label_images(folder), _bare) for folder in (labels, truth))
    lonely = sorted(found.keys() ^ wanted.keys())
    if lonely:
        raise BadInput(
            f"{len(lonely)} label images of {labels} and {truth} have no partner: {_some(lonely)}",
            fix="give both folders the same names, or move away what is not to be compared",
        )
    return tuple((found[name], wanted[name]) for name in sorted(found))


def _label_images(folder: Path) -> list[Path]:
    """Label images of a folder; where convivo wrote some, only those."""
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder}", fix="give a folder of label images")
    images = find_images([folder], labels=True)
    return [path for path in images if stem(path).endswith(LABELS)] or list(images)


def _images(folder: Path) -> tuple[Path, ...]:
    """Images of one side of training data; masks may be label images that `predict` wrote."""
    if not folder.is_dir():
        raise BadInput(
            f"there is no folder {folder}",
            fix="training data is a folder with the folders images and masks, files paired by name",
        )
    return find_images([folder], labels=folder.name == "masks")


def by_name(paths: Iterable[Path], name_of: Callable[[Path], str]) -> dict[str, Path]:
    """Paths by the name under which they find their partner."""
    named: dict[str, Path] = {}
    for path in paths:
        other = named.setdefault(name_of(path), path)
        if other != path:
            raise BadInput(
                f"{path.name} and {other.name} in {path.parent} have the same name", fix="keep one"
            )
    return named


def _bare(path: Path) -> str:
    """Name of the image that a label image belongs to."""
    return stem(path).removesuffix(LABELS)


def _on_the_grid(image: Image, labels: Labels, mask_path: Path) -> Labels:
    """The labels, where they have the image's shape."""
    wanted = tuple(length for axis, length in zip(image.axes, image.array.shape, strict=True) if axis != "C")
    if labels.shape != wanted:
        raise BadInput(
            f"mask {mask_path.name} has shape {times(labels.shape)}, its image {times(wanted)}",
            fix="save the mask on the image's own pixel grid",
        )
    return labels


def _annotated(image: Image, labels: Labels, group: str) -> Iterator[Annotated]:
    """One annotated image, or one for each time point."""
    if "T" not in image.axes:
        yield Annotated(image, labels, group)
        return
    axes = image.axes.replace("T", "")
    for time, frame in enumerate(np.moveaxis(image.array, image.axes.index("T"), 0)):
        name = f"{image.name}[{time}]"
        yield Annotated(Image(frame, axes, name, image.pixel_size), labels[time], group)


def read_groups(path: Path) -> dict[str, dict[str, str]]:
    """Rows of groups.csv by image name without ending."""
    if not path.is_file():
        return {}
    rows = read_table(path)
    for row in rows:
        if not row.get("image") or "group" not in row:
            raise BadInput(
                f"{path} lacks the columns image and group", fix="name them in its first line: image,group"
            )
        if row.get("part", "") not in PARTS:
            raise BadInput(
                f"part {row['part']!r} of {row['image']} in {path.name}", fix="use train or validation"
            )
    return {stem(Path(row["image"])): row for row in rows}


def refuse_unknown(groups: dict[str, dict[str, str]], names: set[str], path: Path) -> None:
    """A row that names no image is a typing error that would undo its group."""
    unknown = sorted(groups.keys() - names)
    if unknown:
        raise BadInput(
            f"{path} names {len(unknown)} images that are not there: {_some(unknown)}",
            fix="correct the names, or take the rows out",
        )


def _some(names: Sequence[str]) -> str:
    """The first few names."""
    return ", ".join(names[:SHOWN]) + (", ..." if len(names) > SHOWN else "")
