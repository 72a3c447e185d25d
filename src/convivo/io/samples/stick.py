"""Carry data sets to a place without a network: pack the fetched zips into one file, and take them out again.

A packed stick is a zip with `<data set>/<archive>` inside, as they came, and a README with the licences.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from zipfile import ZipFile, ZipInfo

from convivo.errors import BadInput
from convivo.io.atomic import writing
from convivo.io.samples.catalogue import Archive, Sample
from convivo.io.samples.disk import make_folder
from convivo.io.samples.progress import Progress
from convivo.io.samples.store import Store
from convivo.io.samples.unpack import LARGEST, opened, reading

CHUNK = 1 << 20  # bytes


def pack(samples: Sequence[Sample], stick: Path, store: Store) -> Iterator[Progress]:
    """Pack the zips of data sets into one file, which appears when it is whole and which `fetch` reads."""
    _refuse_unpackable(samples, stick, store)
    zips = [(sample, archive) for sample in samples for archive in sample.archives]
    total, done = sum(store.size(sample) for sample in samples), 0
    make_folder(stick.parent)
    with writing(stick) as part, ZipFile(part, "w") as packed:
        packed.writestr("README.txt", _readme(samples))
        for sample, archive in zips:
            entry = ZipInfo(f"{sample.name}/{archive.file}")
            with (
                store.proven(sample, archive).open("rb") as source,
                packed.open(entry, "w", force_zip64=True) as into,
            ):
                while chunk := source.read(CHUNK):
                    into.write(chunk)
                    done += len(chunk)
                    yield Progress(f"packing {stick.name}", done, total)


def carry(sample: Sample, archive: Archive, source: Path, target: Path) -> Iterator[Progress]:
    """Copy one zip of a data set to `target`, from a packed stick, a folder that holds it, or itself."""
    carried = _locate(sample, archive, source)
    if carried.size > LARGEST:
        raise BadInput(
            f"{archive.file} in {source} is {carried.size:,} bytes long",
            fix=f"at most {LARGEST:,} are allowed",
        )
    done = 0
    make_folder(target.parent)
    with carried.open() as stream, writing(target) as part, part.open("wb") as file:
        while chunk := _read(stream, source):
            file.write(chunk)
            done += len(chunk)
            yield Progress(f"copying {archive.file}", done, carried.size)


def _refuse_unpackable(samples: Sequence[Sample], stick: Path, store: Store) -> None:
    if stick.suffix.lower() != ".zip" or stick.is_dir():
        raise BadInput(f"{stick} is no name for a packed stick", fix="name a file that ends in .zip")
    if not samples:
        raise BadInput("no data set has been fetched yet", fix="fetch one first: convivo samples get NAME")
    for sample in samples:
        if not store.holds(sample):
            raise BadInput(
                f"{sample.name} has not been fetched yet",
                fix=f"fetch it first: convivo samples get {sample.name}",
            )


def _readme(samples: Sequence[Sample]) -> str:
    """What lies on the stick, whose it is and how to use it."""
    parts = [
        f"{sample.name}: {sample.title}\nLicence: {sample.licence}\nPlease cite: {sample.citation}\n"
        f"To use it: convivo samples get {sample.name} --from THIS_FILE\n"
        for sample in samples
    ]
    return "\n".join(parts)


@dataclass(frozen=True, slots=True)
class _Carried:
    """One zip, wherever it lies."""

    size: int  # bytes
    open: Callable[[], AbstractContextManager[IO[bytes]]]


def _locate(sample: Sample, archive: Archive, source: Path) -> _Carried:
    """Find a zip of the data set at `source`."""
    if source.is_dir():
        return _in_folder(sample, archive, source)
    if not source.is_file():
        raise BadInput(f"there is no file or folder {source}", fix="check the path given with --from")
    member = f"{sample.name}/{archive.file}"
    with opened(source) as packed:
        if member in packed.namelist():
            return _Carried(packed.getinfo(member).file_size, lambda: _member(source, member))
    if len(sample.archives) == 1:
        return _file(source)
    names = ", ".join(each.file for each in sample.archives)
    raise BadInput(
        f"{source} holds no {member}",
        fix=f"give the folder that holds {names}, or what `convivo samples pack` wrote",
    )


def _in_folder(sample: Sample, archive: Archive, folder: Path) -> _Carried:
    for path in (folder / archive.file, folder / sample.name / archive.file):
        if path.is_file():
            return _file(path)
    raise BadInput(f"{folder} holds no {archive.file}", fix=f"it is published at {archive.address}")


def _file(path: Path) -> _Carried:
    return _Carried(path.stat().st_size, lambda: path.open("rb"))


@contextmanager
def _member(stick: Path, name: str) -> Iterator[IO[bytes]]:
    """A zip inside the packed stick."""
    with opened(stick) as packed:
        with reading(stick):
            stream = packed.open(name)
        with stream:
            yield stream


def _read(stream: IO[bytes], source: Path) -> bytes:
    with reading(source):
        return stream.read(CHUNK)
