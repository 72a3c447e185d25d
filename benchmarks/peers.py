"""A peer in an environment of its own: made once, started once, asked many times.

    python benchmarks/peers.py

makes build/peer-stardist with the original StarDist on TensorFlow (about 2 GB; the benchmarks make it where it is
missing). Every benchmark that needs it takes `--peer PYTHON` to use another environment's Python.

The peer runs in a process that stays (peer_stardist.py), so that both sides can be timed in turns, each with what it
keeps warm. It gets one line of JSON and answers one line of JSON; arrays lie in files of a temporary folder. Each
side takes its own time, so that nothing of this is measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from statistics import median
from time import perf_counter, sleep
from typing import Any

import numpy as np
from peer_stardist import unpacked

from convivo.io.machine import processor_name
from convivo.run.engines import fast_bfloat16, openvino_version
from convivo.version import __version__

HERE = Path(__file__).resolve().parent
ENVIRONMENT = HERE.parent / "build" / "peer-stardist"
PACKAGES = ("tensorflow-cpu", "stardist")
CHILD = HERE / "peer_stardist.py"
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONUNBUFFERED": "1"}
PAUSE = 0.1  # seconds between turns, until the other side's waiting threads have fallen asleep
SHOWN = 15  # last lines of the child's log, where it died


class Peer:
    """The running peer. Arrays may stand anywhere in what is given and in what is answered."""

    def __init__(self, python: Path, folder: Path) -> None:
        self._folder, self._names = folder, (f"given-{number}.npy" for number in count())
        self._log = folder / "log.txt"
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [str(python), str(CHILD), str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                env=surroundings(),
                text=True,
            )

    def versions(self) -> str:
        """What the peer runs on, in words."""
        return str(self._ask("versions")["versions"])

    def prepare(self, task: str, **given: Any) -> dict[str, Any]:
        """Give a task its inputs, have it done once to warm up, and return what came out."""
        return self._ask("prepare", task=task, given=given)

    def seconds(self, task: str, **given: Any) -> float:
        """Have a prepared task done, and return how long the work alone took."""
        return float(self._ask("seconds", task=task, given=given)["seconds"])

    def close(self) -> None:
        """End the child."""
        if self._child.stdin:
            self._child.stdin.close()
        try:
            self._child.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self._child.kill()

    def _ask(self, what: str, **more: Any) -> dict[str, Any]:
        assert self._child.stdin
        assert self._child.stdout
        try:
            self._child.stdin.write(json.dumps(self._packed({"do": what, **more})) + "\n")
            self._child.stdin.flush()
            line = self._child.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            log = "\n".join(self._log.read_text(errors="replace").splitlines()[-SHOWN:])
            raise SystemExit(f"the peer ended (code {self._child.wait()}); it said last:\n{log}")
        answer: dict[str, Any] = unpacked(json.loads(line))
        if "error" in answer:
            raise SystemExit(f"the peer failed at {more.get('task', what)!r}: {answer['error']}")
        return answer

    def _packed(self, value: Any) -> Any:
        """The same as JSON knows it, arrays as names of files."""
        if isinstance(value, np.ndarray):
            path = self._folder / next(self._names)
            np.save(path, value)
            return {"npy": str(path)}
        if isinstance(value, dict):
            return {key: self._packed(each) for key, each in value.items()}
        return [self._packed(each) for each in value] if isinstance(value, list | tuple) else value


def add_peer(parser: argparse.ArgumentParser) -> None:
    """The option that all these benchmarks share."""
    parser.add_argument(
        "--peer",
        type=Path,
        metavar="PYTHON",
        help="Python of an environment with stardist and tensorflow; without it one is made under build/",
    )


@contextmanager
def peer_of(asked: Path | None) -> Iterator[Peer]:
    """The peer in the environment that was asked for, or in our own."""
    python = asked or environment()
    if not python.is_file():
        raise SystemExit(f"there is no {python}: give --peer the path of a Python")
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        peer = Peer(python.absolute(), Path(folder))
        try:
            print(f"{hardware()}\nconvivo {__version__}, openvino {openvino_version()}; {peer.versions()}\n")
            yield peer
        finally:
            peer.close()


def environment() -> Path:
    """Python of the peer's own environment, which is made where it is missing."""
    python = ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    ready = ENVIRONMENT / "ready"
    if not ready.is_file():
        print(f"making {ENVIRONMENT} with {', '.join(PACKAGES)}: some minutes, once", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(ENVIRONMENT)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        ready.touch()
    return python


def hardware() -> str:
    """What this ran on, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    bfloat16 = "fast" if fast_bfloat16() else "not fast (no hardware for it)"
    busy = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{processor_name()}, {cores} cores, {platform.machine()}, bfloat16 {bfloat16}{busy}"


def surroundings() -> dict[str, str]:
    """Our environment without what convivo sets for itself: the peer runs as it does for its users."""
    return {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"} | QUIET


def timed(work: Callable[[], object]) -> float:
    """Seconds of one call."""
    started = perf_counter()
    work()
    return perf_counter() - started


def in_turns(turns: int, *sides: Callable[[int], float]) -> list[float]:
    """Median of the seconds that each side says it took; each gets the number of the turn."""
    taken: list[list[float]] = [[] for _ in sides]
    for turn in range(turns):
        for side, seconds in zip(sides, taken, strict=True):
            sleep(PAUSE)
            seconds.append(side(turn))
    return [median(seconds) for seconds in taken]


def verdict(passed: bool) -> str:
    """How a bar was met."""
    return "met" if passed else "MISSED"


def main() -> None:
    argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    ).parse_args()
    print(f"{environment()} is ready")


if __name__ == "__main__":
    main()
