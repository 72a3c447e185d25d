"""What every peer does alike: it answers one line of JSON for each line of JSON it reads, arrays in files beside it.

It runs in an environment of its own and imports nothing of convivo. A task is prepared once, with its inputs, and
done once to warm up; after that it says how long it takes, as often as it is asked. Only the work itself is timed.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Prepared:
    """What the warm-up gave, and how long the task takes from now on."""

    answer: dict[str, Any]
    seconds: Callable[..., float]


Tasks = Mapping[str, Callable[..., Prepared]]


def serve(tasks: Tasks, versions: Callable[[], str], usage: str | None) -> None:
    """Answer in the folder that the command line names, until nothing more is asked; without one print the usage."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        print(usage)
        return
    folder = Path(sys.argv[1])
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # whatever libraries print goes into the log, not between the answers
    names = (folder / f"answer-{number}.npy" for number in count())
    prepared: dict[str, Prepared] = {}
    for line in sys.stdin:
        try:
            asked = unpacked(json.loads(line))
            found = {"versions": versions()} if asked["do"] == "versions" else done(asked, tasks, prepared)
            answer = packed(found, names)
        except Exception as error:  # noqa: BLE001  whatever it is, the parent must hear of it
            traceback.print_exc()
            answer = {"error": f"{type(error).__name__}: {error}"}
        answers.write(json.dumps(answer) + "\n")
        answers.flush()


def done(asked: dict[str, Any], tasks: Tasks, prepared: dict[str, Prepared]) -> dict[str, Any]:
    """The answer to one line about a task."""
    task, given = asked["task"], asked["given"]
    if asked["do"] == "prepare":
        prepared.pop(task, None)  # its arrays first
        prepared[task] = tasks[task](**given)
        return prepared[task].answer
    return {"seconds": prepared[task].seconds(**given)}


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = perf_counter()
    work()
    return perf_counter() - started


def packed(value: Any, names: Iterator[Path]) -> Any:
    """The same as JSON knows it, arrays as names of files."""
    if isinstance(value, np.ndarray):
        path = next(names)
        np.save(path, value)
        return {"npy": str(path)}
    if isinstance(value, dict):
        return {key: packed(each, names) for key, each in value.items()}
    return [packed(each, names) for each in value] if isinstance(value, list | tuple) else value


def unpacked(value: Any) -> Any:
    """What `packed` was given, lists for tuples; the files are removed."""
    if isinstance(value, dict) and value.keys() == {"npy"}:
        path = Path(value["npy"])
        array = np.load(path)
        path.unlink()
        return array
    if isinstance(value, dict):
        return {key: unpacked(each) for key, each in value.items()}
    return [unpacked(each) for each in value] if isinstance(value, list) else value
