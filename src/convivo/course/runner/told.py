"""An exception of the learner's program, told for a learner: in which line of theirs, and in words.

What Python says is kept; a sentence is added where the reason lies in how the program is run here, not in the program.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass

TEXT = 4000  # characters of one message
FRAMES = 20


@dataclass(frozen=True, slots=True)
class Told:
    """What `program.Raised` is made from."""

    kind: str
    message: str
    line: int | None
    traceback: str


def told(error: BaseException, program: str) -> Told:
    """Tell an exception; `program` is the name that the learner's code was compiled under."""
    line = _line(error, program)
    return Told(type(error).__name__[:100], _message(error), line, _traceback(error, program))


def out_of_memory(error: BaseException) -> bool:
    """Python, numpy and torch each say it in their own way."""
    said = str(error)
    return isinstance(error, MemoryError) or (
        isinstance(error, RuntimeError) and ("can't allocate memory" in said or "not enough memory" in said)
    )


def _message(error: BaseException) -> str:
    said = _said(error)[:TEXT]
    more = _hint(error)
    return f"{said}\n{more}" if more and said else more or said


def _said(error: BaseException) -> str:
    try:
        return f"{error.msg}" if isinstance(error, SyntaxError) else str(error)
    except Exception as other:  # noqa: BLE001  a learner's own __str__ may raise anything
        return f"(its message could not be read: {type(other).__name__})"


def _hint(error: BaseException) -> str:
    if isinstance(error, NotImplementedError):
        return "This part is not written yet."
    if out_of_memory(error):
        return "This asked for more memory than a run may take."
    if isinstance(error, ModuleNotFoundError) and str(error.name).startswith("convivo.course"):
        return "The course itself cannot be seen from here: checks and solutions stand elsewhere."
    if isinstance(error, EOFError) and "reading a line" in str(error):
        return "Nobody can type while a program runs here: give the value in the code instead of input()."
    return _system_hint(error) if isinstance(error, OSError) else ""


def _system_hint(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "A program that runs here sees its own empty folder, the data of its exercise, and Python."
    if error.errno == errno.ENOSPC:
        return "The folder of a run is full."
    if error.errno in (errno.EROFS, errno.EACCES):
        return "A program that runs here writes into its own folder only."
    if error.errno in (errno.EAGAIN, errno.ENOMEM):
        return "A run may have few processes, and little memory."
    if error.errno == errno.EPERM:
        return "This is not allowed here: no network, no other programs' processes, no changes to the system."
    if "name resolution" in str(error) or error.errno in (errno.ENETUNREACH, errno.EAFNOSUPPORT):
        return "There is no network here."
    return ""


def _line(error: BaseException, program: str) -> int | None:
    if isinstance(error, SyntaxError) and error.filename == program:
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == program]
    return lines[-1] if lines else None


def _traceback(error: BaseException, program: str) -> str:
    """From the first line of the learner's on; what called it is ours and tells them nothing."""
    place = error.__traceback__
    while place is not None and place.tb_frame.f_code.co_filename != program:
        place = place.tb_next
    try:
        parts = traceback.format_exception(type(error), error, place, limit=FRAMES)
    except Exception as other:  # noqa: BLE001
        return f"{type(error).__name__}: (could not be told: {type(other).__name__})"
    return "".join(parts)[-TEXT:]
