"""Why a run ended, in words for the learner."""

from __future__ import annotations

import signal

from convivo.course.runner.house import CANNOT_BEGIN, LOST
from convivo.course.runner.program import Ended, Limits, Reason

GARBLED = (
    "The program disturbed the wire over which it talks with us, and was ended. The next run begins afresh."
)
CROWD = "The program was ended: it started more processes than a run may. Look for a loop that starts them."


def ended(reason: Reason, limits: Limits, seconds: float, *, code: int | None = None) -> Ended:
    """`code` is that of the process: negative where a signal ended it."""
    return Ended(reason, sentence(reason, limits, code), seconds)


def sentence(reason: Reason, limits: Limits, code: int | None = None) -> str:
    """What happened, and what can be done."""
    match reason:
        case "done":
            return "The program ran to its end."
        case "error":
            return "The program stopped at an error."
        case "stopped":
            return "The program was stopped."
        case "cpu":
            return (
                f"The program was ended: it had computed for {limits.cpu:g} seconds, the most that it may. "
                "Look for a loop that does not end, or try with less."
            )
        case "wall":
            return (
                f"The program was ended: {limits.wall:g} seconds had gone by, the most that it may take. "
                "Look for a loop that does not end, or for something it waits for."
            )
        case "memory":
            return (
                f"The program was ended: it asked for more than {limits.memory} MB of memory. "
                "Look at the shapes of your arrays."
            )
        case "output":
            return (
                f"The program was ended: it wrote more than it may ({limits.output} characters). "
                "Print less, for instance outside the loop."
            )
        case "killed":
            return _killed(code)


def _killed(code: int | None) -> str:
    if code is not None and code < 0:
        try:
            name = signal.Signals(-code).name
        except ValueError:
            name = str(-code)
        crash = ("SIGSEGV", "SIGBUS", "SIGFPE", "SIGILL", "SIGABRT", "SIGTRAP")
        how = "It crashed" if name in crash else "It was ended by a signal"
        return f"{how} ({name}). The next run begins afresh."
    if code in (LOST, CANNOT_BEGIN):
        return "The program could not be started on this system. Try again; convivo doctor says what may be missing."
    if code == 0:
        return "The program ended Python itself, before its last line. The next run begins afresh."
    return f"The program ended without saying why (code {code}). The next run begins afresh."
