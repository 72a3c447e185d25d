"""What commands print: tables, notes, progress, errors. The only room that talks."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from pathlib import Path

    from rich.progress import Progress, TaskID

    from convivo.errors import ConvivoError

Item = TypeVar("Item")
SHOWN = 3  # failures that are told one by one


def say(text: str) -> None:
    """One line of result."""
    sys.stdout.write(text + "\n")


def remark(text: str) -> None:
    """One line beside the result, so that a piped result stays clean."""
    sys.stderr.write(text + "\n")


def print_json(value: Any) -> None:
    """Something as JSON."""
    say(json.dumps(value, indent=2, ensure_ascii=False))


def print_table(header: Sequence[str], rows: Iterable[Sequence[str]], title: str | None = None) -> None:
    """A table as wide as it needs to be; numbers to the right."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, title=title, title_justify="left", pad_edge=False)
    # a name of a file may hold what is no text, and no terminal takes that
    lines = [[str(cell).encode(errors="replace").decode() for cell in row] for row in rows]
    for number, name in enumerate(header):
        numeric = bool(lines) and all(_is_number(line[number]) for line in lines)
        table.add_column(name, justify="right" if numeric else "left", overflow="fold", no_wrap=numeric)
    for line in lines:
        table.add_row(*line)
    Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 200).print(table)


@contextmanager
def progress_bar(what: str, total: float | None = None) -> Iterator[tuple[Progress, TaskID]]:
    """A bar with rate and time left, on the error stream."""
    from rich import progress
    from rich.console import Console

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.TaskProgressColumn(),
        progress.TextColumn("{task.fields[rate]}"),
        progress.TimeRemainingColumn(elapsed_when_finished=True),
    )
    with progress.Progress(*columns, console=Console(stderr=True, markup=False), transient=False) as bar:
        yield bar, bar.add_task(what, total=total, rate="")


def watched(items: Iterable[Item], what: str, total: int, unit: str) -> Iterator[Item]:
    """The items, with a bar that counts them."""
    with progress_bar(what, total) as (bar, task):
        for item in items:
            yield item
            speed = bar.tasks[task].speed
            bar.update(task, advance=1, rate="" if not speed else rate(speed, unit))


def rate(speed: float, unit: str) -> str:
    """So many a second, or seconds each."""
    return f"{speed:.1f} {unit}s/s" if speed >= 1 else f"{1 / speed:.1f} s/{unit}"


def debugging() -> bool:
    """Whether tracebacks are asked for."""
    return "--debug" in sys.argv


def print_error(error: ConvivoError) -> None:
    """Problem and fix, in two lines."""
    remark(f"convivo: {error.problem}")
    remark(f"fix: {error.fix}")


def _is_number(text: str) -> bool:
    return (
        not text or text.replace(".", "").replace(",", "").replace("%", "").replace("-", "").strip().isdigit()
    )


def conclude(
    failures: Sequence[tuple[Path, ConvivoError]], total: int, marked_in: Path, *, stopped: bool
) -> None:
    """What could not be done, of so many images: exit code 2 where there is something, 130 where it was stopped."""
    if failures:
        remark(f"convivo: {len(failures)} of {total} images could not be done:")
    for path, error in failures[:SHOWN]:
        remark(f"  {path}: {error.problem} (fix: {error.fix})")
    if len(failures) > SHOWN:
        remark(f"  and {len(failures) - SHOWN} more, marked in {marked_in}")
    if stopped or failures:
        raise SystemExit(130 if stopped else 2)
