"""Which files convivo reads, and the first look at one: is it there, is it what its name says?"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Final, Literal

from convivo.errors import BadInput

if TYPE_CHECKING:
    from pathlib import Path

Kind = Literal["TIFF", "PNG", "JPEG", "NumPy"]

KINDS: Final[dict[str, Kind]] = {
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".png": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".npy": "NumPy",
}
_BEGINNINGS: Final[dict[Kind, tuple[bytes, ...]]] = {
    "TIFF": (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"),  # classic and BigTIFF, little- and big-endian
    "PNG": (b"\x89PNG\r\n\x1a\n",),
    "JPEG": (b"\xff\xd8\xff",),
    "NumPy": (b"\x93NUMPY",),
}
_LOOKED_AT: Final = 40  # bytes at the beginning of a file
RESAVE: Final = "copy it once more from where it came, or open it in Fiji and save it as TIFF"


def kind_of(path: Path) -> Kind:
    """Format of an image file by its ending; BadInput where it is missing, a folder, empty or another one."""
    beginning = _beginning(path)
    kind = KINDS.get(path.suffix.lower())
    if kind is None:
        raise BadInput(
            f"{path} has the ending {path.suffix or '(none)'}, which convivo does not read",
            fix=f"open it in Fiji and save it as TIFF; endings read are {endings()}",
        )
    if not beginning:
        raise BadInput(f"{path} is empty (0 bytes)", fix=RESAVE)
    if not beginning.startswith(_BEGINNINGS[kind]):
        raise _other_format(path, kind, beginning)
    return kind


def stem(path: Path) -> str:
    """Name without folder and ending; `.ome.tif` counts as one ending."""
    name = path.stem
    return name[:-4] if name.lower().endswith(".ome") and KINDS.get(path.suffix.lower()) == "TIFF" else name


def endings() -> str:
    """The endings that are read, as people list them."""
    return ", ".join(KINDS)


def missing(path: Path) -> BadInput:
    """There is no such path; names one that is spelled like it."""
    if not path.parent.is_dir():
        return BadInput(f"there is no folder {path.parent}", fix=f"check the path {path}")
    close = difflib.get_close_matches(path.name, (each.name for each in path.parent.iterdir()), n=1)
    fix = f"did you mean {path.parent / close[0]} ?" if close else f"check the path; look into {path.parent}"
    return BadInput(f"there is no file {path}", fix=fix)


def unreadable(path: Path, error: OSError) -> BadInput:
    """The disk does not hand the file out."""
    return BadInput(
        f"{path} cannot be read: {error.strerror or error}",
        fix="check its permissions and the disk it lies on",
    )


def _beginning(path: Path) -> bytes:
    if path.is_dir():
        raise BadInput(f"{path} is a folder, not an image", fix="give an image file")
    try:
        with path.open("rb") as file:
            return file.read(_LOOKED_AT)
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise unreadable(path, error) from error


def _other_format(path: Path, kind: Kind, beginning: bytes) -> BadInput:
    """Say what the file is instead, as far as its first bytes tell."""
    for other, beginnings in _BEGINNINGS.items():
        if beginning.startswith(beginnings):
            ending = next(ending for ending, named in KINDS.items() if named == other)
            return BadInput(
                f"{path} is a {other} file with the ending {path.suffix}",
                fix=f"rename it to {path.stem}{ending}",
            )
    if (
        beginning.isascii()
        and beginning.decode("ascii").replace("\n", " ").replace("\r", " ").replace("\t", " ").isprintable()
    ):
        line = beginning.decode("ascii").splitlines()[0]
        return BadInput(
            f"{path} is a text file, not a {kind}: it begins {line!r}", fix="give the image itself"
        )
    return BadInput(f"{path} is not a {kind} file: it begins with bytes {beginning[:8].hex(' ')}", fix=RESAVE)
