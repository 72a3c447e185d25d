"""The folders that a person chose: nothing that the page names is ever opened outside of them.

The page says a place as (number of a chosen folder, path below it). Folder 0 is the lab's own, where it keeps what is
made in it: data, models, results. A path that leads out, by `..`, from the root of the disk or through a link, is
refused, and so is what is hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import msgspec

from convivo.errors import BadInput
from convivo.io.inputs import as_people_count
from convivo.io.kinds import KINDS

OWN = "files"  # in the lab's folder
PARTS = ("data", "models", "results")  # of the lab's own files
MOST_LISTED = 2000  # entries of a folder
PAIRED = (("images", "masks"), ("low", "high"))  # sides of training data
CARD = "card.json"


class Place(msgspec.Struct, frozen=True):
    """A file or a folder, as the page names it."""

    root: int
    path: str = ""  # below the chosen folder, with / between names; empty is the folder itself


class Chosen(msgspec.Struct, frozen=True):
    """A folder that was chosen, as the page shows it."""

    root: int
    name: str
    is_own: bool  # the lab's


class Entry(msgspec.Struct, frozen=True):
    """Something in a folder."""

    name: str
    path: str  # below the chosen folder
    kind: (
        str  # "folder", "image", "model", or "data": a folder with images and masks, or low and high exposure
    )
    bytes: int = 0


class Listing(msgspec.Struct, frozen=True):
    """What lies in a folder."""

    root: int
    path: str
    name: str
    kind: str  # as of an entry
    entries: tuple[Entry, ...]
    left_out: int  # entries that are not listed, because there are too many


@dataclass(frozen=True, slots=True)
class Folders:
    """The lab's own files and the folders that were chosen, all resolved."""

    roots: tuple[Path, ...]

    def chosen(self) -> tuple[Chosen, ...]:
        """All of them, as the page shows them."""
        return tuple(
            Chosen(number, "made in the lab" if number == 0 else root.name or str(root), number == 0)
            for number, root in enumerate(self.roots)
        )

    def path_of(self, place: Place) -> Path:
        """Where a place is on this machine. Raises BadInput where it leads out of the chosen folder."""
        if not 0 <= place.root < len(self.roots):
            raise BadInput(f"there is no chosen folder {place.root}", fix="reload the page")
        root = self.roots[place.root]
        names = PurePosixPath(place.path).parts
        if _is_odd(place.path) or any(name == ".." or _is_hidden(name) for name in names):
            raise _leads_out(place.path)
        return self._inside(root, root.joinpath(*names), place.path)

    def existing(self, place: Place) -> Path:
        """The same, of something that is there."""
        path = self.path_of(place)
        if not path.exists():
            raise BadInput(f"{place.path or 'the folder'} is not there any more", fix="choose it again")
        return path

    def place_of(self, path: Path) -> Place | None:
        """How the page would name a path; nothing where it lies outside."""
        for number, root in enumerate(self.roots):
            if path.is_relative_to(root):
                return Place(number, PurePosixPath(path.relative_to(root)).as_posix().removeprefix("."))
        return None

    def listing(self, place: Place) -> Listing:
        """What lies in a folder: folders, images and models; hidden things and what leads out are left out."""
        folder = self.existing(place)
        if not folder.is_dir():
            raise BadInput(f"{place.path} is no folder", fix="choose a folder")
        found = sorted(self._entries(place, folder), key=lambda each: _folders_first(each))
        return Listing(
            place.root,
            place.path,
            folder.name,
            _kind(folder),
            tuple(found[:MOST_LISTED]),
            max(0, len(found) - MOST_LISTED),
        )

    def images(self, place: Place) -> tuple[Path, ...]:
        """The image at a place, or the images of the folder there. Raises BadInput where there are none."""
        from convivo.io.inputs import find_images

        path = self.existing(place)
        return tuple(self._inside(self.roots[place.root], each, each.name) for each in find_images([path]))

    def data(self, place: Place) -> Path:
        """A folder to learn from. Raises BadInput where something in it, or in its folders, leads out."""
        folder = self.existing(place)
        for each in [folder, *(below for below in _listed(folder) if below.is_dir())]:
            for file in _listed(each):
                self._inside(self.roots[place.root], file, file.name)
        return folder

    def _entries(self, place: Place, folder: Path) -> Iterator[Entry]:
        for path in _listed(folder):
            below = f"{place.path}/{path.name}".lstrip("/")
            if _is_hidden(path.name) or _is_odd(path.name) or not self._is_inside(place.root, path):
                continue
            if path.is_dir():
                yield Entry(path.name, below, _kind(path))
            elif path.suffix.lower() in KINDS and path.is_file():
                yield Entry(path.name, below, "image", path.stat().st_size)

    def _is_inside(self, root: int, path: Path) -> bool:
        return path.resolve().is_relative_to(self.roots[root])

    def _inside(self, root: Path, path: Path, said: str) -> Path:
        resolved = path.resolve()
        if not resolved.is_relative_to(root):
            raise _leads_out(said)
        return resolved


def open_folders(lab: Path, chosen: Sequence[Path]) -> Folders:
    """The lab's own files, which are made where they are missing, and chosen folders. Raises BadInput for no folder."""
    for part in PARTS:
        (lab / OWN / part).mkdir(parents=True, exist_ok=True)
    for folder in chosen:
        if not folder.is_dir():
            raise BadInput(f"{folder} is no folder", fix="give folders, such as: convivo lab ~/microscope")
    roots = dict.fromkeys(folder.resolve() for folder in (lab / OWN, *chosen))
    return Folders(tuple(roots))


def plain_name(name: str, what: str) -> str:
    """A name that a person gave to a new folder. Raises BadInput where it is none on every disk."""
    name = name.strip()
    if not re.fullmatch(r"\w[\w .+-]{0,79}", name) or name.endswith("."):
        raise BadInput(
            f"{name[:80]!r} cannot be the name of {what}",
            fix="use letters, digits, spaces, - and _, at most 80 of them",
        )
    return name


def _listed(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise BadInput(
            f"{folder.name} cannot be read: {error.strerror}", fix="ask for the right to read it"
        ) from error


def _kind(folder: Path) -> str:
    if (folder / CARD).is_file():
        return "model"
    if any(all((folder / side).is_dir() for side in sides) for sides in PAIRED):
        return "data"
    return "folder"


def _folders_first(entry: Entry) -> tuple[bool, object]:
    return entry.kind == "image", as_people_count(Path(entry.name))


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _is_odd(path: str) -> bool:
    """From the root of a disk, with the separators of another system, or with what no name has."""
    return path.startswith(("/", "~")) or any(each in path for each in ("\\", "\0", ":"))


def _leads_out(said: str) -> BadInput:
    return BadInput(
        f"{said[:80]!r} leads out of the chosen folder",
        fix="choose something inside it, or start the lab with the other folder: convivo lab FOLDER",
    )
