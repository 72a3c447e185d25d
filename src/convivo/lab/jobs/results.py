"""Files that a job has made: a list, one of them, all of them as a ZIP that is made while it is sent."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from io import RawIOBase
from pathlib import Path

import msgspec

from convivo.errors import BadInput

AT_ONCE = 1 << 20  # bytes


class Made(msgspec.Struct, frozen=True):
    """A file."""

    name: str
    bytes: int


def files(folder: Path) -> list[Made]:
    """The files in a folder of results, not below it; nothing hidden."""
    if not folder.is_dir():
        return []
    return [Made(path.name, path.stat().st_size) for path in sorted(folder.iterdir()) if _is_result(path)]


def path_of(folder: Path, name: str) -> Path:
    """One of them. Raises BadInput for anything that is not in the list."""
    if name not in {each.name for each in files(folder)}:
        raise BadInput(f"there is no file {name[:80]!r}", fix="reload the list of files")
    return folder / name


def zipped(folder: Path) -> Iterator[bytes]:
    """All of them, piece by piece, stored as they are: pictures and labels are compressed already."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as archive:
        for each in files(folder):
            with (
                (folder / each.name).open("rb") as source,
                archive.open(each.name, "w", force_zip64=True) as out,
            ):
                while piece := source.read(AT_ONCE):
                    out.write(piece)
                    yield from sink.taken()
    yield from sink.taken()


def _is_result(path: Path) -> bool:
    return path.is_file() and not path.is_symlink() and not path.name.startswith(".")


class _Sink(RawIOBase):
    """What was written and not yet sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        """Take a piece."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> Iterator[bytes]:
        """Give all pieces away."""
        pieces, self._pieces = self._pieces, []
        yield from pieces
