"""An exception of the learner's program, told for a learner: in which line of theirs, and in words.

What Python says is kept; a sentence is added where the reason lies in how the program is run here, not in the program.
"""

from __future__ import annotations

import errno
import traceback
from dataclasses import dataclass
from pathlib import Path

TEXT = 4000  # characters of one message
FRAMES = 20
OURS = str(Path(__file__).parent)


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
    """From the first line of the learner's on, without our own."""
    try:
        whole = traceback.TracebackException.from_exception(error)
        _cut(whole, program)
        return "".join(whole.format())[-TEXT:]
    except Exception as other:  # noqa: BLE001
        return f"{type(error).__name__}: (could not be told: {type(other).__name__})"


def _cut(whole: traceback.TracebackException | None, program: str) -> None:
    """Drop the frames that tell a learner nothing, also of the exceptions that led to this one."""
    depth = 0
    while whole is not None and depth < FRAMES:
        kept = [frame for frame in whole.stack if not frame.filename.startswith(OURS)]
        first = next((n for n, frame in enumerate(kept) if frame.filename == program), 0)
        shown = kept[first:]
        whole.stack[:] = shown if len(shown) <= FRAMES else [*shown[: FRAMES // 2], *shown[-FRAMES // 2 :]]
        whole = whole.__cause__ or whole.__context__
        depth += 1
