"""One run: a thread that hears what the program says, holds its limits, and hands questions over."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from convivo.course.checks import Held, LearnerFailed, Value
from convivo.course.runner import ending, hearing
from convivo.course.runner.clock import Clock
from convivo.course.runner.crossing import CannotCross, Packing, Unpacking
from convivo.course.runner.house import Asked, House, Process
from convivo.course.runner.messages import Garbled, Message, written
from convivo.course.runner.program import Ended, Event, Limits, Program, Raised, Ready, Reason
from convivo.course.runner.sitting import Piece, Sitting
from convivo.course.runner.watch import Taken
from convivo.errors import BadInput, ConvivoError

if TYPE_CHECKING:
    from convivo.course.runner.runner import Turns

TICK = 0.05  # seconds between two looks at clock, processor and memory
GRACE = 1.0  # seconds that a call may take beyond its own, until the run is ended
CALL = 10.0  # seconds of a call for which nobody says how long it may take


@dataclass(slots=True)
class Question:
    """What is asked of the program, and its reply."""

    number: int
    message: bytes
    seconds: float
    answered: threading.Event = field(default_factory=threading.Event)
    reply: Message | None = None


class Run:
    """A program that waits for its turn, runs, or has ended. It is a Learner once it is Ready."""

    def __init__(
        self,
        number: int,
        program: Program,
        limits: Limits,
        ready: Callable[[], House],
        turns: Turns,
        over: Callable[[Run], None],
    ) -> None:
        self.limits = limits
        self.ended: Ended | None = None
        self._number = number
        self._program = program
        self._first = _asked(program)
        self._ready = ready
        self._turns = turns
        self._over = over
        self._thread = threading.Thread(target=self._live, name=f"run {number}", daemon=True)
        self._changed = threading.Condition()
        self._events: list[Event] = []
        self._told = 0
        self._is_ready = False
        self._reason: Reason | None = None
        self._sentence = ""  # where the reason alone does not say it
        self._questions: list[Question] = []
        self._numbers = itertools.count(1)
        self._wake_end, self._wake = socket.socketpair()
        self._turn = turns.ask()
        self._hearing = hearing.Hearing(limits)
        self._process: Process | None = None

    def begin(self) -> None:
        """Start, or wait for one's turn."""
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def events(self) -> Iterator[Event]:
        """What happens, until it is Ready or has Ended. Asked again after Ready: what came since."""
        while True:
            with self._changed:
                while self._told == len(self._events):
                    if self._is_ready or self.ended:
                        return
                    self._changed.wait()
                event = self._events[self._told]
                self._told += 1
            yield event
            if isinstance(event, (Ready, Ended)):
                return

    def stop(self) -> None:
        """End it at once, from any thread."""
        self._end("stopped")

    def close(self) -> None:
        """End it where it still lives, and wait until nothing of it is left."""
        self._end("done" if self._is_ready else "stopped")
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def call(self, name: str, *given: Value, seconds: float | None = None) -> Value:
        """What its function gives back. Raises Unfinished or LearnerFailed."""
        packing = Packing()
        within = CALL if seconds is None else seconds
        number = next(self._numbers)
        said = {"question": number, "call": name, "given": packing.pack(list(given)), "seconds": within}
        reply = self._ask(Question(number, written(Message(said, packing.blocks)), within))
        return self._understood(f"`{name}`", reply, within)

    def value(self, name: str) -> Value:
        """A variable of it. Raises Unfinished or LearnerFailed."""
        number = next(self._numbers)
        message = written(Message({"question": number, "value": name}))
        return self._understood(f"`{name}`", self._ask(Question(number, message, CALL)), CALL)

    def taken(self) -> Taken | None:
        """What it takes now, where the system tells."""
        return self._process.taken(exactly=True) if self._process is not None else None

    def _ask(self, question: Question) -> Message:
        with self._changed:
            if self.ended is None:
                self._questions.append(question)
            else:
                question.answered.set()
        self._stir()
        question.answered.wait()
        if question.reply is None:
            raise LearnerFailed(self.ended.sentence if self.ended else "The program has ended.")
        return question.reply

    def _understood(self, what: str, reply: Message, seconds: float) -> Value:
        said = reply.said
        if "answer" in said:
            try:
                return Unpacking(reply.blocks, held=Held).unpack(said["answer"])
            except CannotCross as error:
                raise LearnerFailed(
                    f"{what} gave back something that cannot be looked at: {error}."
                ) from error
        raise hearing.refusal(what, said, seconds, self._raised())

    def _raised(self) -> Raised | None:
        return next((event for event in self._events if isinstance(event, Raised)), None)

    def _end(self, reason: Reason) -> None:
        with self._changed:
            if self.ended is None and self._reason is None:
                self._reason = reason
        if not self._turn.is_set():
            self._stir()
        if self._process is not None:
            self._process.kill()
        self._stir()

    def _stir(self) -> None:
        with contextlib.suppress(OSError):
            self._wake.send(b"x")

    # from here on in the run's own thread

    def _live(self) -> None:
        begun = time.monotonic()
        ended: Ended | None = None
        try:
            ended = self._wait_for_turn()
            if ended is None:
                ended = self._sit()
        except ConvivoError as error:
            ended = Ended("killed", str(error).replace("\n", ": "), 0.0)
        finally:
            self._turns.give_back(self._turn)
            self._finish(ended or Ended("killed", "The run was lost.", time.monotonic() - begun))

    def _wait_for_turn(self) -> Ended | None:
        while not self._turn.wait(TICK):
            if self._reason:
                break
        return ending.ended(self._reason, self.limits, 0.0) if self._reason else None

    def _sit(self) -> Ended:
        house = self._ready()
        with contextlib.ExitStack() as held:
            folder = None if house.apart else held.enter_context(_folder())
            asked = Asked(self._number, self.limits, self._program.data, folder)
            there = house.start(asked, self._stir)
            held.enter_context(there.wire)
            for pipe in (there.out, there.err):
                if pipe is not None:
                    held.callback(os.close, pipe)
            self._process = there.process
            held.callback(there.process.kill)  # whatever happens to us
            if self._reason:
                there.process.kill()
            sitting = Sitting(there.wire, there.out, there.err, self._wake_end)
            held.callback(sitting.close)
            sitting.send(self._first)
            # from here on it is the program's time: warming up may have taken long, and is no fault of it
            return self._attend(sitting, there.process, time.monotonic())

    def _attend(self, sitting: Sitting, process: Process, begun: float) -> Ended:
        """Until the process has ended: take what comes, ask what is asked, look at the clock."""
        watching = Clock(self.limits, begun)
        asked: Question | None = None
        while process.exit() is None:
            self._take(sitting, sitting.wait(TICK), process)
            if self._is_ready and asked is not None and self._hearing.reply is not None:
                asked.reply, self._hearing.reply = self._hearing.reply, None
                asked.answered.set()
                asked = None
                watching.rest()
            if self._is_ready and asked is None and self._questions:
                asked = self._questions.pop(0)
                watching.work(asked.seconds + GRACE)
                self._hearing.expecting = asked.number
                sitting.send(asked.message)
            if self._is_ready and asked is None:
                watching.rest()
            self._hold(process, watching)
        if asked is not None:
            self._questions.insert(0, asked)
        self._take(sitting, sitting.rest(), process)
        return self._ended(process, time.monotonic() - begun)

    def _hold(self, process: Process, watching: Clock) -> None:
        reason = watching.beyond(process.taken)
        if reason == "crowd":
            self._cut("killed", process, ending.CROWD)
        elif reason is not None:
            self._cut(reason, process)

    def _cut(self, reason: Reason, process: Process, sentence: str = "") -> None:
        with self._changed:
            if self._reason is None:
                self._reason, self._sentence = reason, sentence
        process.kill()

    def _take(self, sitting: Sitting, pieces: list[Piece], process: Process) -> None:
        if self._reason:
            return
        try:
            events = self._hearing.take(pieces)
        except Garbled:
            self._cut("killed", process, ending.GARBLED)
            return
        self._publish(events)
        if self._hearing.too_much:
            self._cut("output", process)

    def _publish(self, events: list[Event]) -> None:
        if not events:
            return
        with self._changed:
            self._events += events
            self._is_ready = self._is_ready or any(isinstance(event, Ready) for event in events)
            self._changed.notify_all()

    def _ended(self, process: Process, seconds: float) -> Ended:
        how = process.exit()
        code = how.code if how else None
        reason = self._reason or self._hearing.reason(how, self.limits)
        if self._sentence:
            return Ended(reason, self._sentence, seconds)
        return ending.ended(reason, self.limits, seconds, code=code)

    def _finish(self, ended: Ended) -> None:
        with self._changed:
            self.ended = ended
            self._events.append(ended)
            questions, self._questions = self._questions, []
            self._changed.notify_all()
        for question in questions:
            question.answered.set()
        self._wake_end.close()
        self._wake.close()
        self._over(self)


def _asked(program: Program) -> bytes:
    """The first message to the program. Raises BadInput."""
    packing = Packing()
    said = {
        "source": program.source,
        "name": program.name,
        "seed": program.seed,
        "answers": program.answers,
    }
    try:
        return written(Message(said | {"values": packing.pack(program.values)}, packing.blocks))
    except (CannotCross, Garbled) as error:
        raise BadInput(
            f"the program cannot be handed over: {error}", fix="give it less to begin with"
        ) from error


def _folder() -> tempfile.TemporaryDirectory[str]:
    """Where a run works that has no room of its own. What it made unreadable is left to the system."""
    return tempfile.TemporaryDirectory(prefix="run-", ignore_cleanup_errors=True)
