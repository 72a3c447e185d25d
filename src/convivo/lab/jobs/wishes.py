"""What is wished of a job process while it works: a thread listens to its input."""

from __future__ import annotations

import _thread
import os
from collections.abc import Iterable, Iterator
from threading import Event, Thread
from time import sleep

AT_ONCE = 1 << 16  # bytes that are read of the input
GRACE = 20.0  # seconds to save what there is, once the server is gone
LEFT_BEHIND = 3  # exit code of a process that took longer than that


class Wishes:
    """Whether the job is to stop, or the server is gone.

    Where the work `waits` for a good moment (between two steps of a training), it looks at these by itself, and only
    the second wish to stop interrupts it. Everything else is interrupted at once, as by Ctrl-C.
    """

    def __init__(self, lines: Iterable[bytes], *, waits: bool) -> None:
        self._lines, self._waits = lines, waits
        self._stop, self._gone = Event(), Event()

    def begin(self) -> None:
        """Listen from now on: the main thread may be interrupted."""
        Thread(target=self._listen, daemon=True).start()

    @property
    def stop(self) -> bool:
        """Whether somebody wants it to end with what there is."""
        return self._stop.is_set()

    @property
    def gone(self) -> bool:
        """Whether the server is no longer there."""
        return self._gone.is_set()

    def _listen(self) -> None:
        for line in self._lines:
            if line.strip() == b"stop":
                before = self._stop.is_set()
                self._stop.set()
                if before or not self._waits:
                    _thread.interrupt_main()
        self._gone.set()
        if not self._waits:
            _thread.interrupt_main()
        sleep(GRACE)
        os._exit(LEFT_BEHIND)  # every file is written whole or not at all


def lines_of(descriptor: int) -> Iterator[bytes]:
    """Lines of an input, without their ends.

    Read past Python's own buffer: where a thread waits on that, Python aborts itself when the process ends.
    """
    rest = b""
    while part := os.read(descriptor, AT_ONCE):
        *whole, rest = (rest + part).split(b"\n")
        yield from whole
