"""What is run, within which limits, and what happens meanwhile: values that know no process.

A Runner (`runner.py`) starts a Program and gives a Run:

    with Runner() as runner:
        with runner.start(Program("print(1 + 1)"), Limits()) as run:
            for event in run.events():        # Printed, Shown, Raised, ..., Ended or Ready
                ...
            run.call("double", 21)            # a Run is a convivo.course.checks.Learner once it is Ready
"""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much a run may take; what goes beyond is ended, and the learner is told which limit it was."""

    cpu: float = 10.0  # seconds of processor time, of all its threads together
    wall: float = 20.0  # seconds on the clock, with the calls of the checks
    memory: int = 1024  # megabytes above what the warmed parent holds
    output: int = 64_000  # characters of text
    files: int = 50  # megabytes that it may write into its own folder, which is gone afterwards
    threads: int = 1


@dataclass(frozen=True, slots=True)
class Program:
    """A learner's program."""

    source: str
    _: KW_ONLY
    name: str = "your_code.py"  # as it stands in tracebacks
    seed: int = 0  # of random, numpy and torch
    data: Path | None = None  # a folder that it may read, named in the environment variable CONVIVO_DATA
    # whether it is asked questions after it ran, and goes on below an error; otherwise it ends with its last line
    answers: bool = False
    values: dict[str, Any] = field(default_factory=dict)  # variables that it begins with


@dataclass(frozen=True, slots=True)
class Printed:
    """Text that it wrote."""

    text: str
    stream: Literal["out", "err"] = "out"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that it drew, as PNG that was decoded and written anew on our side."""

    png: bytes


@dataclass(frozen=True, slots=True)
class Shown:
    """An array that it showed with `convivo.course.show`."""

    title: str
    array: np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Raised:
    """An exception that nobody caught, told for a learner."""

    kind: str  # such as "NameError"
    message: str
    line: int | None  # of the learner's program
    traceback: str  # without our own frames


@dataclass(frozen=True, slots=True)
class Ready:
    """The program ran to its end and can be asked now."""

    seconds: float


Reason = Literal["done", "error", "stopped", "cpu", "wall", "memory", "output", "killed"]


@dataclass(frozen=True, slots=True)
class Ended:
    """It is over. Nothing comes after this."""

    reason: Reason
    sentence: str  # for the learner: what happened, and what can be done
    seconds: float = 0.0


Event = Printed | Figure | Shown | Raised | Ready | Ended
