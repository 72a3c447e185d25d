"""Changes on a disk, and its refusals said in words."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convivo.errors import CannotWrite


@contextmanager
def refusals(path: Path) -> Iterator[None]:
    """Turn a refusal of the disk into CannotWrite."""
    try:
        yield
    except OSError as error:
        raise CannotWrite(
            f"cannot write {path}: {error.strerror or error}",
            fix="free some space, or choose a folder that you may write to",
        ) from error


def make_folder(path: Path) -> None:
    """Create a folder, and those above it, where they are missing."""
    with refusals(path):
        path.mkdir(parents=True, exist_ok=True)


def move(file: Path, target: Path) -> None:
    """Give a file another place on the same disk."""
    make_folder(target.parent)
    with refusals(target):
        file.replace(target)
