"""The worker's side: which question is asked, what its answer is, and what went wrong in words.

Light to import: the server imports it only to name its functions. Heavy things are imported when a question comes.
"""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
from threading import Thread
from typing import TYPE_CHECKING

import msgspec

from convivo.errors import ConvivoError
from convivo.lab.replies import Problem, decoded, packed

if TYPE_CHECKING:
    from pathlib import Path

log = logging.getLogger("convivo.lab")


def begin(folder: Path, roots: tuple[Path, ...]) -> None:
    """First of all in a new worker: Ctrl-C is the server's to answer, and the folders are known."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_the_server, daemon=True).start()
    from convivo.lab import shelf

    shelf.open_at(folder, roots)


def _end_with_the_server() -> None:
    """A server that is killed can end nobody; without this its worker would keep a gigabyte for ever."""
    server = multiprocessing.parent_process()
    if server is not None:
        server.join()
        os._exit(0)


def warm_up() -> None:
    """Import torch and ask the shipped model once, behind questions that need no net: those are answered meanwhile."""
    from convivo.lab import shelf

    shelf.begin_to_warm_up()


def answer(name: str, body: bytes) -> tuple[int, bytes]:
    """Answer a question: 200 and what was asked for, packed; or a problem and its fix."""
    from convivo.lab.questions import MODULES, question_named

    try:
        question = question_named(name)
        if question is None:
            return _refused(
                404, f"there is no question {name!r}", f"ask one of: {', '.join(sorted(MODULES))}"
            )
        return 200, packed(question.answer(decoded(body, question.asked)))
    except ConvivoError as error:
        return _refused(400, error.problem, error.fix)
    except MemoryError:
        return _refused(507, "the memory ran out", "use a smaller image, or close other programs")
    except (
        Exception
    ) as error:  # one odd image must not cost the others: it is said, and its traceback is logged
        log.exception("question %s", name)
        told = f"unforeseen: {type(error).__name__}: {next(iter(str(error).splitlines()), 'no details')}"
        return _refused(500, told, "report it with what the terminal prints")


def _refused(status: int, problem: str, fix: str) -> tuple[int, bytes]:
    return status, msgspec.json.encode(Problem(problem, fix))
