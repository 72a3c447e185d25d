"""Tables as CSV (UTF-8, comma, point), written row by row; `objects.csv` first of all.

The columns of objects.csv depend on nothing but 2-D or 3-D, so that tables of many runs can be put together:

    image, page, label, (z,) y, x, area | volume, mean_intensity, probability, touches_edge,
    (z_um,) y_um, x_um, area_um2 | volume_um3

Positions are pixels counted from 0, the centre of the first pixel; area counts pixels, volume voxels. Cells
in µm stay empty for an image whose pixel size is unknown. `page` is empty, or the numbers of time point and
plane with a space between. Units stand in ASCII: Excel garbles a µ that comes without a byte order mark.

A text that a spreadsheet would run as a formula gets an apostrophe in front, which `read_table` takes off
again (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
import math
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from convivo.errors import BadInput
from convivo.io.atomic import writing
from convivo.io.kinds import missing, unreadable
from convivo.io.units import in_micrometres

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from convivo.types import Measured, PixelSize

Cell = str | int | float | bool | None
ObjectRow: TypeAlias = "tuple[str, Measured, PixelSize | None]"  # image, object, pixel size of the image
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_NUMBER: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
_SEPARATORS: Final = ",;\t"  # Excel writes semicolons where the comma is the decimal sign


def write_objects(path: str | Path, rows: Iterable[ObjectRow], dimensions: int) -> None:
    """Write `objects.csv`: one row for each (name of the image, object, pixel size of the image)."""
    with writing_objects(path, dimensions) as add:
        add(rows)


@contextmanager
def writing_objects(path: str | Path, dimensions: int) -> Iterator[Callable[[Iterable[ObjectRow]], None]]:
    """Lend a function that adds rows to an `objects.csv`, which is there once the block ends well."""
    space = "zyx"[-dimensions:]
    extent = "area" if dimensions == 2 else "volume"
    header = ("image", "page", "label", *space, extent, "mean_intensity", "probability", "touches_edge")
    calibrated = (*(f"{axis}_um" for axis in space), f"{extent}_um{dimensions}")
    with _writing_table(path, (*header, *calibrated)) as add:
        yield lambda rows: add(_object_row(*row, dimensions) for row in rows)


def write_table(path: str | Path, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a CSV file row by row; raises CannotWrite, and leaves nothing behind where the rows break off."""
    with _writing_table(path, header) as add:
        add(rows)


@contextmanager
def _writing_table(
    path: str | Path, header: Sequence[str]
) -> Iterator[Callable[[Iterable[Sequence[Cell]]], None]]:
    with (
        writing(path) as part,
        # a name that is no text to begin with (Linux allows any bytes) must not stop the table
        part.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        # lines end in CR LF (RFC 4180): with LF alone the writer would not quote a CR in a name
        table = csv.writer(file)
        table.writerow([_guarded(name) for name in header])
        yield lambda rows: table.writerows([_cell(cell) for cell in row] for row in rows)


def read_table(path: str | Path) -> list[dict[str, str]]:
    """Rows of a CSV file by the names in its first line; BadInput where it is no such file."""
    path = Path(path)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(_rows(file, path))
    except FileNotFoundError as error:
        raise missing(path) from error
    except OSError as error:
        raise unreadable(path, error) from error
    except UnicodeDecodeError as error:
        raise BadInput(
            f"{path} is not UTF-8 text (byte {error.start})", fix="save it as CSV UTF-8"
        ) from error
    except csv.Error as error:
        raise BadInput(f"{path} is no CSV table: {error}", fix="save it as CSV UTF-8") from error


def _object_row(image: str, found: Measured, size: PixelSize | None, dimensions: int) -> tuple[Cell, ...]:
    page = " ".join(map(str, found.page))
    position = [round(float(place), 3) for place in found.position]
    measured = (
        int(found.area),
        _short(found.mean_intensity),
        _short(found.probability),
        bool(found.touches_edge),
    )
    return (image, page, int(found.label), *position, *measured, *_calibrated(found, size, dimensions))


def _calibrated(found: Measured, size: PixelSize | None, dimensions: int) -> tuple[Cell, ...]:
    """Position and extent in µm, or as many empty cells."""
    known = in_micrometres(size)
    if known is None or len(known.lengths) < dimensions:
        return (None,) * (dimensions + 1)
    # a 2-D model goes through planes: their distance is no part of an area
    lengths = known.lengths[-dimensions:]
    position = (_short(place * length) for place, length in zip(found.position, lengths, strict=True))
    return (*position, _short(found.area * math.prod(lengths)))


def _short(number: float) -> float:
    return float(f"{number:.7g}")


def _cell(cell: Cell) -> str | int | float:
    if isinstance(cell, bool):
        return "true" if cell else "false"  # pandas, R and spreadsheets all know these
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return _guarded(cell) if isinstance(cell, str) else cell


def _guarded(text: str) -> str:
    return f"'{text}" if _runs(text) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    """Whether a spreadsheet would run the text, apostrophes in front aside (one is taken off again)."""
    bare = text.lstrip("'")
    return bare.startswith(_FORMULA) and _NUMBER.fullmatch(bare) is None


def _rows(lines: Iterable[str], path: Path) -> Iterator[dict[str, str]]:
    lines = iter(lines)
    first = next(lines, "")
    separator = max(_SEPARATORS, key=first.count)  # the comma where there is none of them
    table = csv.reader(_from(first, lines), delimiter=separator, strict=True)
    header = [_unguarded(name.strip()) for name in next(table, [])]
    _check_header(header, path)
    for row in table:
        if not row:
            continue
        if len(row) != len(header):
            raise BadInput(
                f"line {table.line_num} of {path} has {len(row)} cells, its header {len(header)}",
                fix="give each line one cell for each column",
            )
        yield dict(zip(header, map(_unguarded, row), strict=True))


def _from(first: str, lines: Iterator[str]) -> Iterator[str]:
    yield first
    yield from lines


def _check_header(header: Sequence[str], path: Path) -> None:
    if not any(header):
        raise BadInput(f"{path} has no table in it", fix="name the columns in its first line")
    double = next((name for name in header if header.count(name) > 1), None)
    if double is not None:
        raise BadInput(f"{path} has two columns called {double!r}", fix="give each column its own name")
