"""Images that were dropped into the page: a folder for each, `dropped/ID/NAME`, in the lab's folder.

The ID follows from the bytes, so that the same file dropped twice is one.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convivo.errors import BadInput, CannotWrite

if TYPE_CHECKING:
    from convivo.types import Image

LARGEST = 2_000_000_000  # bytes of one file
MOST_BYTES = 20_000_000_000  # of all dropped files together
KINDS = (".tif", ".tiff", ".png", ".jpg", ".jpeg")
AN_ID = re.compile(r"own-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A file that was dropped."""

    id: str
    name: str


async def keep(folder: Path, name: str, parts: AsyncIterator[bytes]) -> Dropped:
    """Write a file as it comes in. Nothing stays behind where it is refused, cut off, or the disk is full."""
    name = _plain(name)
    everything = folder / "dropped"
    everything.mkdir(parents=True, exist_ok=True)
    coming = Path(tempfile.mkdtemp(prefix="coming-", dir=everything))
    try:
        found = f"own-{await _write(coming / name, parts, room=MOST_BYTES - _bytes_in(everything))}"
        if not (everything / found).exists():
            coming.rename(everything / found)
    except OSError as error:
        raise CannotWrite(
            f"{name} could not be kept: {error.strerror}", fix="make room on the disk, then drop it again"
        ) from error
    finally:
        shutil.rmtree(coming, ignore_errors=True)
    return Dropped(found, next(each.name for each in everything.joinpath(found).iterdir()))


def all_in(folder: Path) -> Iterator[Dropped]:
    """Every file that was dropped, the newest first."""
    kept = [path for path in folder.glob("dropped/own-*") if path.is_dir()]
    for path in sorted(kept, key=lambda each: each.stat().st_mtime, reverse=True):
        yield from (Dropped(path.name, file.name) for file in path.iterdir())


def remove(folder: Path, name: str) -> None:
    """Forget a file that was dropped."""
    shutil.rmtree(path_of(folder, name).parent)


def path_of(folder: Path, name: str) -> Path:
    """Where a dropped file lies. Raises BadInput for what was not dropped."""
    found = list(folder.glob(f"dropped/{name}/*")) if AN_ID.fullmatch(name) else []
    if not found:
        raise BadInput(f"there is no image {name!r}", fix="choose another image, or drop it again")
    return found[0]


def read(folder: Path, name: str) -> Image:
    """The image in a dropped file, with its name as it was dropped; where it lies is nobody's business."""
    from convivo.io.images import read as read_image

    path = path_of(folder, name)
    try:
        return read_image(path)
    except BadInput as error:
        named = [text.replace(str(path), path.name) for text in (error.problem, error.fix)]
        raise BadInput(named[0], fix=named[1]) from error


async def _write(path: Path, parts: AsyncIterator[bytes], *, room: int) -> str:
    """Write what comes; gives the digest of it."""
    digest, length = hashlib.sha256(), 0
    with path.open("wb") as file:
        async for part in parts:
            length += len(part)
            if length > min(LARGEST, room):
                raise BadInput(
                    f"{path.name} is larger than {min(LARGEST, max(room, 0)) / 1e9:.1f} GB, which is the room there is",
                    fix="cut a part out of it, remove dropped images, or predict it from its folder",
                )
            digest.update(part)
            file.write(part)
    if length == 0:
        raise BadInput(f"{path.name} is empty", fix="drop a TIFF, PNG or JPEG image")
    return digest.hexdigest()[:16]


def _plain(name: str) -> str:
    """The name of a file without any folder; refused where it is of no image."""
    plain = Path(name.replace("\\", "/")).name
    if Path(plain).suffix.lower() not in KINDS:
        raise BadInput(
            f"{plain or 'the file'} is no image by its name", fix=f"drop one of: {', '.join(KINDS)}"
        )
    return plain[-120:]


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
