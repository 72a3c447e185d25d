"""Get a public data set: from the network, from a stick, or from what was fetched before."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from convivo.errors import BadInput
from convivo.io.atomic import output_folder
from convivo.io.samples.catalogue import Archive, Sample, Split
from convivo.io.samples.disk import refusals
from convivo.io.samples.download import TIMEOUT, download
from convivo.io.samples.progress import Progress
from convivo.io.samples.stick import carry
from convivo.io.samples.store import Store
from convivo.io.samples.unpack import FETCH_AGAIN, unpack


def fetch(
    sample: Sample,
    folder: Path,
    store: Store,
    *,
    source: Path | None = None,
    again: bool = False,
    timeout: float = TIMEOUT,
) -> Iterator[Progress]:
    """Lay a data set out as `folder/SPLIT/images` and `folder/SPLIT/masks`, paired by name.

    source   a packed stick, a folder that holds the zips or the zip itself, instead of the network
    again    fetch the zips although the store has them
    timeout  seconds without a byte after which a connection counts as cut

    `folder` appears only when it is complete; where it is so already, nothing happens. Raises BadInput where
    `folder` holds something else or the zips are not what they should be, NotAvailable without a network, and
    CannotWrite where the disk refuses.
    """
    if is_complete(sample, folder) and not again:
        return
    _refuse_occupied(folder)
    output_folder(folder.absolute().parent)  # fail before the download, not after it
    fresh = [archive for archive in sample.archives if again or source or not store.has(sample, archive)]
    for archive in fresh:
        yield from _bring(sample, archive, store, source, timeout)
    places = {archive: store.arriving if archive in fresh else store.proven for archive in sample.archives}
    try:
        yield from _lay_out(sample, [place(sample, archive) for archive, place in places.items()], folder)
    except BadInput:
        store.discard(sample)
        raise
    for archive in fresh:
        yield from _settle(sample, archive, store, source)


def is_complete(sample: Sample, folder: Path) -> bool:
    """Whether every split is there with the images and masks that it must hold."""
    return not any(_shortfall(split, folder) for split in sample.splits)


def _refuse_occupied(folder: Path) -> None:
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise BadInput(
            f"{folder} is there already", fix="name another folder with --out, or move that one away"
        )


def _bring(
    sample: Sample, archive: Archive, store: Store, source: Path | None, timeout: float
) -> Iterator[Progress]:
    """Put a zip where it waits to be proven; one that waits there since a broken run need not come again."""
    target = store.arriving(sample, archive)
    if source is not None:
        yield from carry(sample, archive, source, target)
    elif not target.is_file():
        yield from download(archive.address, target, timeout=timeout)


def _lay_out(sample: Sample, zips: list[Path], folder: Path) -> Iterator[Progress]:
    """Unpack and sort beside `folder`, count, and only then give it its name."""
    with _scratch(folder) as scratch:
        for path in zips:
            yield from unpack(path, scratch / "unpacked" / path.stem)
        yield from sample.arrange(scratch / "unpacked", scratch / "sorted")
        for split in sample.splits:
            if shortfall := _shortfall(split, scratch / "sorted"):
                raise BadInput(f"{sample.name} is not what it should be: {shortfall}", fix=FETCH_AGAIN)
        with refusals(folder):
            if folder.exists():
                folder.rmdir()
            (scratch / "sorted").rename(folder)


def _settle(sample: Sample, archive: Archive, store: Store, source: Path | None) -> Iterator[Progress]:
    """Keep a zip that proved good; tell the person where it is not the one that came first."""
    note = store.settle(sample, archive, archive.address if source is None else source.name)
    if note:
        yield Progress(f"keeping {archive.file}", 1, 1, "files", note)


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder on the same disk that is gone afterwards, whatever happens."""
    beside = folder.absolute()
    with refusals(folder):
        path = Path(tempfile.mkdtemp(prefix=f".{beside.name}-", dir=beside.parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _shortfall(split: Split, folder: Path) -> str:
    """What a split lacks, in words; nothing where it is complete."""
    images, masks = (_stems(folder / split.name / side) for side in ("images", "masks"))
    if len(images) != split.images or len(masks) != split.images:
        return f"{split.name} holds {len(images)} images and {len(masks)} masks, not {split.images} of each"
    if lonely := images ^ masks:
        return f"{split.name} holds {min(lonely)}, which has no partner of that name"
    return ""


def _stems(folder: Path) -> set[str]:
    """Names of the files in a folder, without their endings."""
    return {path.stem for path in folder.iterdir()} if folder.is_dir() else set()
