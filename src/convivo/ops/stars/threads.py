"""Rows of an image shared out to threads: compiled loops let go of Python's lock, so plain threads are enough."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import psutil

WORTH_A_THREAD = 300_000  # small pieces of work: below it, starting threads costs more than they save
BANDS_PER_THREAD = 4  # cells are not spread evenly


def in_bands(run: Callable[[int, int], None], rows: int, *, work: int) -> None:
    """Call `run(first, last)` for bands that cover all rows; in threads where the work is worth it."""
    threads = max(1, min(psutil.cpu_count(logical=True) or 1, work // WORTH_A_THREAD))
    if threads == 1:
        run(0, rows)
        return
    step = max(1, -(-rows // (threads * BANDS_PER_THREAD)))
    with ThreadPoolExecutor(threads, thread_name_prefix="bands") as pool:
        for future in [pool.submit(run, first, min(first + step, rows)) for first in range(0, rows, step)]:
            future.result()
