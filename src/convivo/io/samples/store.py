"""The zips that have been fetched, in the person's data folder, with the checksums of the first time.

STORE/bbbc039/images.zip            proven: its data set was complete
STORE/bbbc039/checksums.json        what came first: sha256, size, from where, when
STORE/bbbc039/arriving/images.zip   whole, but not yet proven; `.part` while it is still coming
"""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from convivo.errors import BadInput
from convivo.io.atomic import writing
from convivo.io.places import data_folder
from convivo.io.samples.catalogue import Archive, Sample
from convivo.io.samples.disk import refusals


@dataclass(frozen=True, slots=True)
class Checksum:
    """What a zip was when it came for the first time."""

    sha256: str
    size: int  # bytes
    origin: str
    date: str


@dataclass(frozen=True, slots=True)
class Store:
    """The folder that keeps the zips."""

    folder: Path

    def proven(self, sample: Sample, archive: Archive) -> Path:
        """Where a zip lies whose data set was found complete."""
        return self.folder / sample.name / archive.file

    def arriving(self, sample: Sample, archive: Archive) -> Path:
        """Where a zip lies until its data set is found complete."""
        return self.folder / sample.name / "arriving" / archive.file

    def has(self, sample: Sample, archive: Archive) -> bool:
        """Whether a zip is here and proven."""
        return self.proven(sample, archive).is_file()

    def holds(self, sample: Sample) -> bool:
        """Whether every zip of the data set is here and proven."""
        return all(self.has(sample, archive) for archive in sample.archives)

    def size(self, sample: Sample) -> int:
        """Bytes that the proven zips of the data set take."""
        paths = [self.proven(sample, archive) for archive in sample.archives]
        return sum(path.stat().st_size for path in paths if path.is_file())

    def settle(self, sample: Sample, archive: Archive, origin: str) -> str:
        """Move a zip that arrived to the proven ones; the answer says so if another one came first."""
        path = self.arriving(sample, archive)
        came = _checksum(path, origin)
        first = self._first(sample, archive, came)
        with refusals(self.proven(sample, archive)):
            path.replace(self.proven(sample, archive))
        if came.sha256 == first.sha256:
            return ""
        return (
            f"{archive.file} is not the file that was fetched on {first.date} from {first.origin}: "
            f"sha256 {came.sha256}, then {first.sha256}"
        )

    def discard(self, sample: Sample) -> None:
        """Remove what arrived and was found wrong."""
        for archive in sample.archives:
            path = self.arriving(sample, archive)
            with refusals(path):
                path.unlink(missing_ok=True)

    def checksums(self, sample: Sample) -> dict[str, Checksum]:
        """What each zip was when it came first, by file name."""
        path = self._record(sample)
        if not path.exists():
            return {}
        try:
            return msgspec.json.decode(path.read_bytes(), type=dict[str, Checksum])
        except (OSError, msgspec.MsgspecError) as error:
            raise BadInput(
                f"{path} cannot be read: {error}", fix="delete it and run the same command"
            ) from error

    def _first(self, sample: Sample, archive: Archive, came: Checksum) -> Checksum:
        """Checksum of the zip that came first, which is this one where there was none."""
        checksums = self.checksums(sample)
        if archive.file not in checksums:
            checksums[archive.file] = came
            with writing(self._record(sample)) as part:
                part.write_bytes(msgspec.json.format(msgspec.json.encode(checksums), indent=2) + b"\n")
        return checksums[archive.file]

    def _record(self, sample: Sample) -> Path:
        return self.folder / sample.name / "checksums.json"


def own_store() -> Store:
    """The person's own store."""
    return Store(data_folder())


def _checksum(path: Path, origin: str) -> Checksum:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return Checksum(digest, path.stat().st_size, origin, datetime.now(UTC).date().isoformat())
