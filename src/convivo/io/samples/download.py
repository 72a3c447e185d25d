"""Fetch a file over HTTP so that a cut connection costs nothing.

What has come stays in `<name>.part` and the next try asks only for the rest (ranges: RFC 9110, section 14).
The server's mark of the version stands in `<name>.part.version`, so that two versions are never joined.
"""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from convivo.errors import NotAvailable
from convivo.io.samples.disk import make_folder, refusals
from convivo.io.samples.progress import Progress

TIMEOUT = 30.0  # seconds without a byte after which the connection counts as cut
TRIES = 3
CHUNK = 1 << 18  # bytes


def download(address: str, target: Path, *, timeout: float = TIMEOUT) -> Iterator[Progress]:
    """Fetch `address` into `target`, which appears only when all of it is here.

    A connection that is cut is taken up again twice; then NotAvailable is raised, and a later call goes on
    where this one stopped. Raises NotAvailable too where the server is out of reach or lacks the file,
    CannotWrite where the disk refuses.
    """
    part = _Part(target)
    for _ in range(TRIES):
        whole = yield from _receive(address, part, timeout)
        if whole:
            part.finish()
            return
    raise NotAvailable(
        f"{_host(address)} broke off {TRIES} times; {part.size:,} bytes of {target.name} are here",
        fix="run the same command again: it goes on where it stopped",
    )


def _receive(address: str, part: "_Part", timeout: float) -> Generator[Progress, None, bool]:
    """Ask for what is missing; True when the file is whole, False when it is worth another try."""
    with _ask(address, part, timeout) as response:
        if response.status == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return _nothing_is_missing(response, part)
        start, total = _extent(response)
        if start not in (0, part.size):
            part.discard()
            return False
        part.begin(start, _version(response))
        try:
            while chunk := response.read1(CHUNK):
                part.append(chunk)
                yield Progress(f"fetching {part.target.name}", part.size, total)
        except (OSError, HTTPException):
            return False
    return total in (None, part.size)


def _ask(address: str, part: "_Part", timeout: float) -> Any:
    """Answer of the server, asked for the rest where a part is here; an HTTPError serves as one."""
    request = Request(address, headers={"User-Agent": "convivo", **part.headers()})  # noqa: S310  (from the catalogue)
    try:
        return urlopen(request, timeout=timeout)  # noqa: S310
    except HTTPError as error:
        if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE:
            return error
        with error:
            raise _refused(address, error) from error
    except (OSError, HTTPException) as error:
        raise _offline(address, error) from error


def _nothing_is_missing(response: Any, part: "_Part") -> bool:
    """Whether the part is as long as the file; if it is longer, it is of another file and goes."""
    total = re.fullmatch(r"bytes \*/(\d+)", response.headers.get("Content-Range", ""))
    if total and int(total[1]) == part.size:
        return True
    part.discard()
    return False


def _extent(response: Any) -> tuple[int, int | None]:
    """From which byte the answer goes on, and how long the whole file is, where the server says it."""
    if response.status == HTTPStatus.PARTIAL_CONTENT:
        span = re.fullmatch(r"bytes (\d+)-\d+/(\d+)", response.headers.get("Content-Range", ""))
        return (int(span[1]), int(span[2])) if span else (-1, None)
    length = response.headers.get("Content-Length", "")
    return 0, int(length) if length.isdigit() else None


def _version(response: Any) -> str:
    """The server's mark of this version of the file; a weak one does not promise equal bytes."""
    mark = str(response.headers.get("ETag") or response.headers.get("Last-Modified") or "")
    return "" if mark.startswith("W/") else mark


def _host(address: str) -> str:
    return urlsplit(address).hostname or address


def _refused(address: str, error: HTTPError) -> NotAvailable:
    return NotAvailable(
        f"{address} answers {error.code} {error.reason}",
        fix="try later, take the zip from a stick with --from FILE, or use `convivo simulate DATA`",
    )


def _offline(address: str, error: Exception) -> NotAvailable:
    cause = error.reason if isinstance(error, URLError) else error
    reason = getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
    return NotAvailable(
        f"offline: {_host(address)} cannot be reached ({reason})",
        fix="`convivo simulate DATA` makes images without a network; --from FILE takes the zip from a stick",
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """What has come of `target` so far."""

    target: Path

    @property
    def path(self) -> Path:
        return self.target.with_name(self.target.name + ".part")

    @property
    def version(self) -> Path:
        return self.target.with_name(self.target.name + ".part.version")

    @property
    def size(self) -> int:
        return self.path.stat().st_size if self.path.exists() else 0

    def headers(self) -> dict[str, str]:
        """Ask for the rest only, and only if the file is still the same version."""
        if not self.size:
            return {}
        mark = self.version.read_text("utf-8") if self.version.exists() else ""
        return {"Range": f"bytes={self.size}-"} | ({"If-Range": mark} if mark else {})

    def begin(self, start: int, version: str) -> None:
        """Keep what is here, or start again where the server does."""
        make_folder(self.path.parent)
        if start == 0:
            with refusals(self.path):
                self.path.write_bytes(b"")
                self.version.write_text(version, "utf-8")

    def append(self, chunk: bytes) -> None:
        with refusals(self.path), self.path.open("ab") as file:
            file.write(chunk)

    def finish(self) -> None:
        with refusals(self.target):
            self.path.replace(self.target)
            self.version.unlink(missing_ok=True)

    def discard(self) -> None:
        with refusals(self.path):
            self.path.unlink(missing_ok=True)
            self.version.unlink(missing_ok=True)
