"""`convivo samples`: public data sets, fetched on request and carried on a stick."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from convivo.io.samples.progress import Progress

app = typer.Typer(help="Public data sets: fetch them, or carry them on a stick.", no_args_is_help=True)


@app.command("list")
def list_samples(
    json: Annotated[bool, typer.Option("--json", help="Print JSON, not a table.")] = False,
) -> None:
    """Show which data sets there are, whose they are and which are here."""
    from convivo.cli.console import print_json
    from convivo.io.samples.catalogue import CATALOGUE
    from convivo.io.samples.store import own_store

    store = own_store()
    rows: list[dict[str, object]] = [
        {
            "name": sample.name,
            "title": sample.title,
            "contents": sample.contents,
            "images": {split.name: split.images for split in sample.splits},
            "licence": sample.licence,
            "citation": sample.citation,
            "addresses": [archive.address for archive in sample.archives],
            "fetched_bytes": store.size(sample) if store.holds(sample) else None,
        }
        for sample in CATALOGUE
    ]
    print_json(rows) if json else _print_rows(rows)


@app.command()
def get(
    name: Annotated[str, typer.Argument(help="Data set, as `convivo samples list` names it.")],
    out: Annotated[Path | None, typer.Option(help="Folder to fill; the data set's name if left out.")] = None,
    source: Annotated[
        Path | None,
        typer.Option(
            "--from", help="Packed stick, folder with the zips, or the zip, instead of the network."
        ),
    ] = None,
    again: Annotated[bool, typer.Option("--again", help="Fetch the zips although they are here.")] = False,
) -> None:
    """Fetch a data set into OUT/train/{images,masks} and so on, ready for `convivo train`."""
    from convivo.cli.console import say
    from convivo.io.samples.catalogue import find
    from convivo.io.samples.fetch import fetch
    from convivo.io.samples.store import own_store

    sample = find(name)
    folder = out or Path(sample.name)
    _watch(fetch(sample, folder, own_store(), source=source, again=again))
    counts = ", ".join(f"{split.name} {split.images}" for split in sample.splits)
    say(f"{sample.name} is in {folder}: {counts} images, each with its mask")
    say(f"Licence: {sample.licence}. Please cite {sample.citation}")
    say(f"Next: convivo train unet {folder / 'train'} --out my-model")


@app.command()
def pack(
    out: Annotated[Path, typer.Option(help="Zip file to write, for instance on a stick.")],
    names: Annotated[
        list[str] | None, typer.Argument(help="Data sets; all that are here if left out.")
    ] = None,
) -> None:
    """Pack fetched data sets into one file, for a place without a network."""
    from convivo.cli.console import say
    from convivo.io.samples import stick
    from convivo.io.samples.catalogue import CATALOGUE, find
    from convivo.io.samples.store import own_store

    store = own_store()
    samples = [find(name) for name in names] if names else [each for each in CATALOGUE if store.holds(each)]
    _watch(stick.pack(samples, out, store))
    for sample in samples:
        say(f"{sample.name} is on {out}. To use it: convivo samples get {sample.name} --from {out.name}")


def _print_rows(rows: list[dict[str, object]]) -> None:
    from rich.filesize import decimal

    from convivo.cli.console import print_table, say

    lines = []
    for row in rows:
        size, images = row["fetched_bytes"], row["images"]
        counts = (
            ", ".join(f"{split} {count}" for split, count in images.items())
            if isinstance(images, dict)
            else ""
        )
        here = decimal(size) if isinstance(size, int) else "no"
        lines.append([str(row["name"]), counts, str(row["licence"]), here, str(row["title"])])
    print_table(("name", "images", "licence", "here", "data set"), lines)
    for row in rows:
        say(f"{row['name']}: {row['contents']}.\n  Please cite {row['citation']}")


def _watch(steps: "Iterable[Progress]") -> None:
    """Walk through a long piece of work with a bar for each part, its rate and the time left."""
    from itertools import groupby

    from convivo.cli.console import progress_bar

    for doing, part in groupby(steps, key=lambda step: step.doing):
        with progress_bar(doing) as (bar, task):
            for step in part:
                if step.note:
                    bar.console.print(f"Note: {step.note}", highlight=False, soft_wrap=True)
                rate = _rate(bar.tasks[task].speed, step.unit)
                bar.update(task, completed=step.done, total=step.total, rate=rate)


def _rate(speed: float | None, unit: str) -> str:
    from rich.filesize import decimal

    if speed is None:
        return ""
    return f"{decimal(int(speed))}/s" if unit == "bytes" else f"{speed:.0f} {unit}/s"
