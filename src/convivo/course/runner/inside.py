"""In the learner's process: run the program, stream what it prints and shows, then answer what is asked of it.

Everything here shares its process with the learner's code and may be bent by it. Nothing rests on it: limits are the
system's, what is answered is judged elsewhere.
"""

from __future__ import annotations

import builtins
import contextlib
import io
import linecache
import os
import random
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from types import CodeType, FrameType, ModuleType
from typing import Any

import numpy as np

from convivo.course.checks import Held
from convivo.course.runner import told as telling
from convivo.course.runner.crossing import CannotCross, Packing, Unpacking
from convivo.course.runner.messages import Garbled, Incoming, Message, written
from convivo.course.runner.onward import below

PIECE = 1 << 16
LINE = 4096  # characters that wait for the end of their line


class Wire:
    """The socket to those who asked for the run."""

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._incoming = Incoming()
        self._waiting: list[Message] = []
        self._one_at_a_time = threading.RLock()
        self.process = os.getpid()

    def say(self, said: dict[str, Any], blocks: list[bytes] | None = None) -> None:
        """Send a message, whichever thread asks."""
        data = written(Message(said, blocks or []))
        with self._one_at_a_time:
            self._end.sendall(data)

    def hear(self) -> Message:
        """The next message; ends the process where nobody speaks any more."""
        while not self._waiting:
            piece = self._end.recv(PIECE)
            if not piece:
                os._exit(0)
            self._waiting += self._incoming.add(piece)
        return self._waiting.pop(0)


class Voice(io.TextIOBase):  # its methods are those of any text stream
    """`sys.stdout` or `sys.stderr`: text goes out line by line, in order with figures and arrays."""

    def __init__(self, stream: str, number: int) -> None:
        self._stream = stream
        self._number = number
        self._held = ""
        self.wire: Wire | None = None

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """Always the same."""
        return "utf-8"

    def writable(self) -> bool:
        """Always."""
        return True

    def fileno(self) -> int:
        """Where what is written below Python comes out."""
        return self._number

    @property
    def buffer(self) -> Any:
        """For bytes."""
        return open(self._number, "wb", buffering=0, closefd=False)

    def write(self, text: str) -> int:
        """Keep it until its line is complete."""
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._held += text
        if "\n" in text or len(self._held) > LINE:
            self.flush()
        return len(text)

    def flush(self) -> None:
        """Send what is kept."""
        text, self._held = self._held, ""
        if not text:
            return
        if self.wire is None or self.wire.process != os.getpid():  # the learner's own child process
            os.write(self._number, text.encode(errors="backslashreplace"))
            return
        for start in range(0, len(text), PIECE):
            self.wire.say({"print": text[start : start + PIECE], "stream": self._stream})


OUT, ERR = Voice("out", 1), Voice("err", 2)


def live(end: socket.socket) -> None:
    """A run from its first to its last line. Does not return where the other side hangs up."""
    wire = Wire(end)
    OUT.wire = ERR.wire = wire
    Life(wire).run(wire.hear())
    _flush()


class Life:
    """One program: its variables, and what it holds for others."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.held: list[Any] = []
        self.names: dict[str, Any] = {}
        self.program = ""

    def run(self, asked: Message) -> None:
        """Run the program, and answer what is asked of it."""
        said = asked.said
        self.program = said["name"]
        seed(said["seed"])
        self._furnish()
        values = self._unpacking(asked).unpack(said["values"])
        self._begin(values)
        begun = time.monotonic()
        whole = self._execute(said["source"], onward=said["answers"])
        self._show_figures()
        _flush()
        seconds = time.monotonic() - begun
        if said["answers"] and whole:
            self.wire.say({"ready": seconds})
            self._answer()
        else:
            self.wire.say({"done": seconds})

    def _begin(self, values: dict[str, Any]) -> None:
        module = ModuleType("__main__")
        sys.modules["__main__"] = module
        self.names = module.__dict__
        self.names.update(__builtins__=builtins, **values)

    def _execute(self, source: str, *, onward: bool) -> bool:
        """Run it, `onward` also below an error; False where there is nothing that could be asked."""
        lines = source.splitlines(keepends=True)
        linecache.cache[self.program] = (len(source), None, lines, self.program)
        try:
            code = compile(source, self.program, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            self._tell(error)
            return False
        rest: CodeType | None = code
        told = False
        while rest is not None:
            try:
                exec(rest, self.names)  # noqa: S102  what this process is for
            except SystemExit:
                return True
            except BaseException as error:  # noqa: BLE001
                if not told:  # what fails further below mostly follows from it
                    self._tell(error)
                told = True
                if telling.out_of_memory(error):
                    return False
                rest = (
                    below(source, self.program, rest, error)
                    if onward and isinstance(error, Exception)
                    else None
                )
            else:
                rest = None
        return True

    def _tell(self, error: BaseException) -> None:
        _flush()
        told = telling.told(error, self.program)
        self.wire.say(
            {
                "raised": [told.kind, told.message, told.line, told.traceback],
                "memory": telling.out_of_memory(error),
            }
        )

    def _answer(self) -> None:
        while True:
            asked = self.wire.hear()
            reply: dict[str, Any]
            packing = Packing(self._hold)
            try:
                found = self._asked(asked)
                self._show_figures()
                reply = {"answer": packing.pack(found)}
                written(Message(reply, packing.blocks))
            except (CannotCross, Garbled) as error:
                reply, packing = {"failed": f"what it gave back cannot be looked at: {error}"}, Packing()
            except BaseException as error:  # noqa: BLE001
                reply, packing = self._refusal(error), Packing()
            _flush()
            self.wire.say({"of": asked.said["question"], **reply}, packing.blocks)

    def _asked(self, asked: Message) -> Any:
        said = asked.said
        name = said["call"] if "call" in said else said["value"]
        if name not in self.names:
            raise Missing(name)
        if "value" in said:
            return self.names[name]
        given = self._unpacking(asked).unpack(said["given"])
        with _within(said["seconds"]):
            return self.names[name](*given)

    def _refusal(self, error: BaseException) -> dict[str, Any]:
        if isinstance(error, Missing):
            return {"missing": str(error)}
        if isinstance(error, TimeIsUp):
            return {"slow": True}
        if isinstance(error, NotImplementedError):
            return {"unwritten": telling.told(error, self.program).line}
        told = telling.told(error, self.program)
        return {"error": [told.kind, told.message, told.line, told.traceback]}

    def _hold(self, value: Any) -> Held:
        known = next((number for number, each in enumerate(self.held) if each is value), None)
        if known is None:
            known = len(self.held)
            self.held.append(value)
        return Held(known, type(value).__name__[:100])

    def _unpacking(self, message: Message) -> Unpacking:
        return Unpacking(message.blocks, held=lambda number, _: self.held[number], tensor=_as_tensor)

    def _furnish(self) -> None:
        """What a learner finds: figures go to us, and `from convivo.course import show, check`."""
        from convivo.course.runner import figures

        figures.sink[:] = [lambda drawn: self._send("figure", "", drawn)]
        course = ModuleType("convivo.course")
        course.__dict__.update(show=self._show, check=_check, __path__=[])
        sys.modules["convivo.course"] = course
        sys.modules["convivo"].__dict__["course"] = course

    def _show(self, array: Any, title: str = "") -> None:
        """Show an array (Y, X), (Y, X, 3) or (N,) beside the code."""
        if hasattr(array, "detach"):
            array = array.detach().cpu().numpy()
        self._send("show", str(title)[:200], np.asarray(array))

    def _send(self, what: str, title: str, array: np.ndarray[Any, Any]) -> None:
        _flush()
        packing = Packing()
        form = packing.pack(array)
        self.wire.say({what: form, "title": title}, packing.blocks)

    def _show_figures(self) -> None:
        from convivo.course.runner import figures

        try:
            figures.show_all()
        except Exception as error:  # noqa: BLE001  a figure that cannot be drawn fails when it is drawn
            self._tell(error)


class Missing(LookupError):  # noqa: N818
    """A name that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name

    def __str__(self) -> str:
        return self.name


class TimeIsUp(BaseException):
    """A call took longer than it may."""

    def __init__(self) -> None:
        super().__init__("time is up")


@contextlib.contextmanager
def _within(seconds: float | None) -> Iterator[None]:
    """Raise TimeIsUp after so many seconds; where that is not heard, the run is ended from outside."""
    if seconds is None or not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, _raise_time_is_up)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _raise_time_is_up(_number: int, _frame: FrameType | None) -> None:
    raise TimeIsUp


def seed(number: int) -> None:
    """The same random numbers in each run, whichever library is asked."""
    random.seed(number)
    np.random.seed(number % 2**32)  # noqa: NPY002  what learners' code may use
    if "torch" in sys.modules:
        sys.modules["torch"].manual_seed(number)


def _check(name: str = "") -> None:
    """In the lab, checks are asked for beside the editor."""
    print("The checks stand beside the editor: press Check.")  # noqa: T201


def _as_tensor(array: np.ndarray[Any, Any]) -> Any:
    import torch

    return torch.from_numpy(array)


def _flush() -> None:
    OUT.flush()
    ERR.flush()
