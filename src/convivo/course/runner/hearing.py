"""What comes from a run, taken with care: pieces of text and messages become events, or are refused.

A learner's program may write to every end that it has whatever it likes, so nothing here believes anything: what is not
a message as we write them ends the run, and what is too much does too.
"""

from __future__ import annotations

import codecs
import io
import math
from typing import Any, Literal

import numpy as np

from convivo.course.checks import LearnerFailed, Unfinished
from convivo.course.runner.crossing import CannotCross, Unpacking, whole
from convivo.course.runner.house import Exit
from convivo.course.runner.messages import Garbled, Incoming, Message
from convivo.course.runner.program import Event, Figure, Limits, Printed, Raised, Ready, Reason, Shown
from convivo.course.runner.sitting import Piece

PICTURES = 60  # figures and arrays that are shown
SHOWN = 40_000_000  # bytes of them
TEXT = 8_000  # characters of a message or traceback


class Hearing:
    """Turns pieces into events, and remembers what was said of how the program went."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.too_much = False
        self.reply: Message | None = None
        self.expecting = 0  # the number of the question that is open; there is one reply to each
        self._incoming = Incoming()
        self._decoders = {name: codecs.getincrementaldecoder("utf-8")("replace") for name in ("out", "err")}
        self._characters = 0
        self._pictures = 0
        self._shown = 0
        self._done = False
        self._erred = False
        self._out_of_memory = False

    def take(self, pieces: list[Piece]) -> list[Event]:
        """Events in the order of their arrival. Raises Garbled."""
        events: list[Event] = []
        for name, data in pieces:
            if self.too_much:
                break
            if name == "wire":
                for message in self._incoming.add(data):
                    events += self._event(message)
            else:
                events += self._print(self._decoders[name].decode(data), name)
        return events

    def reason(self, how: Exit | None, limits: Limits) -> Reason:
        """Why it ended, where nobody ended it."""
        if self._out_of_memory:
            return "memory"
        if how is not None and how.code in (-9, -24) and (how.cpu or 0.0) >= limits.cpu:
            return "cpu"
        if self._done and how is not None and how.code == 0:
            return "error" if self._erred else "done"
        return "killed"

    def _event(self, message: Message) -> list[Event]:
        said = message.said
        try:
            if "print" in said:
                return self._print(
                    _text(said["print"], 1 << 20), "err" if said.get("stream") == "err" else "out"
                )
            if "raised" in said:
                self._erred = True
                self._out_of_memory |= said.get("memory") is True
                return [raised(said["raised"])]
            if "figure" in said or "show" in said:
                return self._picture(said, message.blocks)
            if "ready" in said:
                return [Ready(_number(said["ready"]))]
        except (CannotCross, TypeError, ValueError, KeyError, OverflowError) as error:
            raise Garbled(str(error)) from error
        if "done" in said:
            self._done = True
        elif not self.expecting or said.get("of") != self.expecting:
            raise Garbled("an answer that nobody asked for")
        else:
            self.reply, self.expecting = message, 0
        return []

    def _print(self, text: str, stream: Literal["out", "err"]) -> list[Event]:
        room = self.limits.output - self._characters
        self._characters += len(text)
        if len(text) > room:
            self.too_much = True
            text = text[: max(room, 0)]
        return [Printed(text, stream)] if text else []

    def _picture(self, said: dict[str, Any], blocks: list[bytes]) -> list[Event]:
        self._pictures += 1
        self._shown += sum(map(len, blocks))
        if self._pictures > PICTURES or self._shown > SHOWN:
            self.too_much = True
            return []
        if "figure" in said:
            return [Figure(_png(Unpacking(blocks).unpack(said["figure"])))]
        array = Unpacking(blocks).unpack(said["show"])
        if not isinstance(array, np.ndarray):
            raise Garbled("not an array")
        return [Shown(_text(said.get("title", ""), 200), array)]


def raised(told: Any) -> Raised:
    """An exception as the other side tells it. Raises Garbled."""
    try:
        kind, message, line, traceback = told
    except (TypeError, ValueError) as error:
        raise Garbled("not an exception") from error
    number = line if type(line) is int and 0 < line < 10_000_000 else None
    return Raised(_text(kind, 100), _text(message, TEXT), number, _text(traceback, TEXT))


def refusal(what: str, said: dict[str, Any], seconds: float, before: Raised | None) -> LearnerFailed:
    """What to tell where a question was not answered."""
    if "unwritten" in said:
        return Unfinished(f"{what} is not written yet.")
    if "missing" in said:
        if before is None or before.kind == "NotImplementedError":
            return Unfinished(f"{what} is not written yet: your program has no such name.")
        return LearnerFailed(f"{what} is not there: your program stopped before, {_where(before)}.")
    if "slow" in said:
        return LearnerFailed(
            f"{what} took longer than {seconds:g} seconds. Look for a loop that does not end."
        )
    if "failed" in said:
        return LearnerFailed(f"{what} cannot be judged: {whole(str(said['failed'])[:500])}.")
    try:
        told = raised(said.get("error"))
    except Garbled:
        return LearnerFailed(f"{what} gave no answer that can be read.")
    return LearnerFailed(f"{what} raised an error {_where(told)}.")


def _where(told: Raised) -> str:
    line = f"in line {told.line}: " if told.line else "("
    return f"{line}{told.kind}: {told.message}" + ("" if told.line else ")")


def _png(array: Any) -> bytes:
    from PIL import Image

    if not isinstance(array, np.ndarray) or array.dtype != np.uint8 or array.ndim != 3 or array.shape[2] != 3:
        raise Garbled("not a picture")
    if not 0 < array.shape[0] * array.shape[1] <= 16_000_000:
        raise Garbled("not a picture")
    file = io.BytesIO()
    Image.fromarray(array).save(file, "PNG", compress_level=1)
    return file.getvalue()


def _text(value: Any, most: int) -> str:
    if not isinstance(value, str):
        raise Garbled("not a text")
    return whole(value[:most])


def _number(value: Any) -> float:
    """Raises OverflowError or Garbled."""
    number = float(value) if type(value) in (int, float) else math.nan
    if not math.isfinite(number):
        raise Garbled("not a number")
    return number
