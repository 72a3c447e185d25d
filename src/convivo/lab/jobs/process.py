"""The process of one job: `python -m convivo.lab.jobs.process`. It is told what to do, and tells what happens.

first line of input    the errand
"stop"                 end with what there is; of a training: the model so far is made usable
"stop" once more       end now; of a training: what was saved last is what is there
end of input           the server is gone: save what is needed to go on, and end
"""

from __future__ import annotations

import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import msgspec

from convivo.errors import NotAvailable
from convivo.lab.jobs.told import Ended, Errand, Failed, Told
from convivo.lab.jobs.wishes import Wishes, lines_of
from convivo.work.orders import TrainOrder
from convivo.work.words import in_words

PATIENCE = 30.0  # seconds that an earlier process of the same job has to end
POLITE = 5  # steps of priority below the page, so that it stays alive on two cores


class Teller:
    """Says one event a line, on the output that the server listens to."""

    def __init__(self, output: BinaryIO) -> None:
        self._output = output

    def __call__(self, told: Told) -> None:
        """Tell the server; where it is gone, nobody hears."""
        try:
            self._output.write(msgspec.json.encode(told) + b"\n")
            self._output.flush()
        except BrokenPipeError:
            self._output = open(os.devnull, "wb")  # noqa: SIM115, PTH123  until the process ends


def main() -> None:
    """Carry out the errand that stands on the first line of the input."""
    tell = Teller(os.fdopen(os.dup(1), "wb"))
    os.dup2(2, 1)  # what libraries print goes to the log, not into what is told
    logging.basicConfig(level=logging.WARNING)
    lines = lines_of(sys.stdin.fileno())
    errand = msgspec.json.decode(next(lines), type=Errand)
    # a lab that was started in the background ignores Ctrl-C, and what it starts would too: no wish would be heard
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(os, "nice"):
        os.nice(POLITE)
    wishes = Wishes(lines, waits=isinstance(errand.order, TrainOrder))
    try:
        wishes.begin()
        with alone(Path(errand.folder)):
            stopped = _carried_out(errand, tell, wishes)
    except KeyboardInterrupt:
        stopped = True
    except Exception as error:  # whatever it is, the person is told
        logging.getLogger("convivo.lab").exception("job")
        told = in_words(error)
        tell(Failed(problem=told.problem, fix=_for_the_page(told.fix)))
        stopped = False
    if not wishes.gone:
        tell(Ended(stopped=stopped))


def _carried_out(errand: Errand, tell: Teller, wishes: Wishes) -> bool:
    """Do what was ordered; whether it was stopped."""
    if isinstance(errand.order, TrainOrder):
        from convivo.lab.jobs.trained import train

        return train(errand.order, Path(errand.folder), tell, wishes)
    from convivo.lab.jobs.others import carry_out

    return carry_out(errand.order, tell, wishes)


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """One process for each job: after a crash the one before may still be saving what it has.

    The lock is an open transaction of SQLite: the system takes it away from a process that dies, on every system.
    """
    lock = sqlite3.connect(folder / "lock", timeout=PATIENCE, isolation_level=None)
    try:
        lock.execute("begin exclusive")
        yield
    except sqlite3.OperationalError as error:
        raise NotAvailable(
            f"the job could not be begun: {error}",
            fix="another process may still be at work on it: wait a minute and go on; or make room on the disk",
        ) from error
    finally:
        lock.close()


def _for_the_page(fix: str) -> str:
    """A fix as it helps in the lab, where nobody typed the command."""
    if "--debug" in fix:
        return "report it, with the log of the job"
    return fix


if __name__ == "__main__":
    main()
