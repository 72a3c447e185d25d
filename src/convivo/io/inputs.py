"""Which images are meant: files, folders and patterns to paths, and a name for what is written of each."""

from __future__ import annotations

import glob
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from convivo.errors import BadInput
from convivo.io.kinds import KINDS, endings, missing, stem, unreadable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_LABELS: Final = "_labels.tif"
# what else convivo itself writes into a folder
_OUTPUTS: Final = (
    *("_probability.tif", "_rays.tif", "_restored.tif", "_uncertainty.tif"),
    *("contact.png", "restored.png"),
)


def find_images(arguments: Sequence[str | Path], *, labels: bool = False) -> tuple[Path, ...]:
    """Paths of the images that are meant, in the order of the arguments, each once.

    A folder stands for the images in it (not below it), a pattern for the images it matches (`**` goes down
    into folders); both in the order in which people count, img2 before img10. Hidden files and what convivo
    wrote are left out there, but not its label images where `labels` are looked for. A file that is named is
    taken as it is: whether it can be read shows later.
    Raises BadInput for a path that is not there, and for a folder or a pattern without images.
    """
    if not arguments:
        raise BadInput("no image is given", fix="name files, folders or patterns such as data/*.tif")
    found: dict[str, Path] = {}
    for argument in arguments:
        for path in _meant(str(argument), _OUTPUTS if labels else (_LABELS, *_OUTPUTS)):
            found.setdefault(os.path.realpath(path), path)
    return tuple(found.values())


def output_names(paths: Sequence[Path]) -> tuple[str, ...]:
    """A name for the results of each image: its own, longer where two would be the same.

    a/cell.tif and b/cell.tif become a_cell and b_cell; cell.tif and cell.png become cell_tif and cell_png.
    Names that differ in capitals alone count as the same, as they do on the disks of Windows and macOS.
    """
    alike: dict[str, list[int]] = {}
    for position, path in enumerate(paths):
        alike.setdefault(stem(path).casefold(), []).append(position)
    names = {group[0]: stem(paths[group[0]]) for group in alike.values() if len(group) == 1}
    taken = {name.casefold() for name in names.values()}
    for group in alike.values():
        if len(group) > 1:
            longer = _distinct([paths[position] for position in group], taken)
            names.update(zip(group, longer, strict=True))
            taken.update(name.casefold() for name in longer)
    return tuple(names[position] for position in range(len(paths)))


def as_people_count(path: Path) -> tuple[tuple[str | int, ...], str]:
    """A key that sorts img2 before img10."""
    parts = re.split(r"(\d+)", str(path).casefold())  # text and numbers take turns, so they can be compared
    return tuple(int(part) if number % 2 else part for number, part in enumerate(parts)), str(path)


def _meant(argument: str, outputs: tuple[str, ...]) -> Iterable[Path]:
    path = Path(argument).expanduser()
    if path.is_dir():
        return _images(_listed(path), outputs, f"folder {path} holds")
    if os.path.lexists(path):  # a name may hold brackets; a dead link is reported when it is read
        return [path]
    if glob.has_magic(argument):
        matched = glob.glob(str(path), recursive=True)  # noqa: PTH207  (Path.glob takes no absolute pattern)
        return _images(map(Path, matched), outputs, f"pattern {argument} matches")
    raise missing(path)


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise unreadable(folder, error) from error


def _images(paths: Iterable[Path], outputs: tuple[str, ...], where: str) -> list[Path]:
    """Those that are images, in the order in which people count; BadInput where there are none."""
    images = [
        path
        for path in paths
        if path.suffix.lower() in KINDS and not path.name.startswith(".") and path.is_file()
    ]
    ours = [path for path in images if path.name.lower().endswith(outputs)]
    if len(images) > len(ours):
        return sorted((path for path in images if path not in set(ours)), key=as_people_count)
    but = f" (only {len(ours)} files that convivo wrote, such as {ours[0].name})" if ours else ""
    raise BadInput(f"{where} no image{but}", fix=f"give files that end in {endings()}")


def _distinct(paths: Sequence[Path], taken: set[str]) -> list[str]:
    """The shortest way to tell them apart from one another and from the names that are taken."""
    for names in _longer_and_longer(paths):
        folded = {name.casefold() for name in names}
        if len(folded) == len(names) and not folded & taken:
            return names
    return _numbered(paths, taken)


def _longer_and_longer(paths: Sequence[Path]) -> Iterator[list[str]]:
    """With the ending, with the folder, with both, with two folders, ..."""
    absolute = [Path(os.path.abspath(path)) for path in paths]  # noqa: PTH100  (links keep their names)
    for folders in range(max(len(path.parts) for path in absolute) - 1):
        for ending in (False, True):
            yield [
                "_".join([*_folders(path, folders), stem(path), *[path.suffix[1:].lower()] * ending])
                for path in absolute
            ]


def _folders(path: Path, count: int) -> list[str]:
    """Names of the folders that the file lies in, the nearest last; the root has none."""
    return [part for part in path.parent.parts if part != path.anchor][-count:] if count else []


def _numbered(paths: Sequence[Path], taken: set[str]) -> list[str]:
    names: list[str] = []
    used = set(taken)
    for path in paths:
        number = 1
        while (name := f"{stem(path)}_{number}").casefold() in used:
            number += 1
        names.append(name)
        used.add(name.casefold())
    return names
