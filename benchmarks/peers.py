"""A peer in an environment of its own: made once, started once, asked many times.

    python benchmarks/peers.py [stardist] [careamics]

makes build/peer-stardist with the original StarDist on TensorFlow (about 2 GB), and build/peer-careamics with
CAREamics on PyTorch (about 2 GB, more where pip finds no torch for the processor alone). The benchmarks make what is
missing. Every benchmark that needs one takes `--peer PYTHON` to use another environment's Python.

CAREamics also asks for torchvision, in versions that fit an older torch than the one here. Noise2Void needs none of
it, so the requirements are named here one by one, without it, and peer_careamics.py makes do.

The peer runs in a process that stays (peer_stardist.py, peer_careamics.py), so that both sides can be timed in turns,
each with what it keeps warm. It gets one line of JSON and answers one line of JSON; arrays lie in files of a
temporary folder. Each side takes its own time, so that nothing of this is measured.
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
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from statistics import median
from time import sleep
from typing import Any

from peer_child import packed, unpacked

from convivo.io.machine import processor_name
from convivo.run.engines import fast_bfloat16, openvino_version
from convivo.version import __version__

HERE = Path(__file__).resolve().parent
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2", "CUDA_VISIBLE_DEVICES": "-1", "PYTHONUNBUFFERED": "1"}
PAUSE = 0.1  # seconds between turns, until the other side's waiting threads have fallen asleep
SHOWN = 15  # last lines of the child's log, where it died


@dataclass(frozen=True, slots=True)
class Original:
    """Whom convivo is held against: what its environment holds, one call of pip after the other."""

    name: str
    installs: tuple[tuple[str, ...], ...]

    @property
    def child(self) -> Path:
        """The script that answers for it."""
        return HERE / f"peer_{self.name}.py"

    @property
    def folder(self) -> Path:
        """Its environment."""
        return HERE.parent / "build" / f"peer-{self.name}"

    def environment(self) -> Path:
        """Python of its environment, which is made where it is missing."""
        python = self.folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
        ready = self.folder / "ready"
        if not ready.is_file():
            print(f"making {self.folder}: some minutes, once", flush=True)
            subprocess.run([sys.executable, "-m", "venv", str(self.folder)], check=True)
            for packages in self.installs:
                subprocess.run([str(python), "-m", "pip", "install", "--quiet", *packages], check=True)
            ready.touch()
        return python


ORIGINALS = {
    each.name: each
    for each in (
        Original("stardist", (("tensorflow-cpu", "stardist"),)),
        Original(
            "careamics",
            (
                ("torch==2.13.0",),
                ("--no-deps", "careamics==0.3.5"),
                (
                    *("bioimageio-core>=0.9.0,<=0.11.0", "lightning>=2.2,!=2.6.2,!=2.6.3,<=2.6.6"),
                    *("matplotlib<=3.11.2", "microssim<=0.0.5", "numpy<=2.4.6", "pillow<=13.0.0"),
                    *("psutil<=7.2.2", "pydantic>=2.11,<=2.14.1", "pyyaml<=6.0.3", "scikit-image<=0.26.0"),
                    *("tifffile<=2026.3.3", "torchmetrics>0.7.0,<1.9.0", "zarr>=3.0.0,<4.0.0"),
                ),
            ),
        ),
    )
}


class Peer:
    """The running peer. Arrays may stand anywhere in what is given and in what is answered."""

    def __init__(self, python: Path, child: Path, folder: Path) -> None:
        self._names = (folder / f"given-{number}.npy" for number in count())
        self._log = folder / "log.txt"
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(
                [str(python), str(child), str(folder)],
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
            self._child.stdin.write(json.dumps(packed({"do": what, **more}, self._names)) + "\n")
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


def add_peer(parser: argparse.ArgumentParser, name: str) -> None:
    """The option that all these benchmarks share."""
    parser.add_argument(
        "--peer",
        type=Path,
        metavar="PYTHON",
        help=f"Python of an environment with {name}; without it one is made under build/",
    )


@contextmanager
def peer_of(name: str, asked: Path | None) -> Iterator[Peer]:
    """The peer of that name in the environment that was asked for, or in our own."""
    original = ORIGINALS[name]
    python = asked or original.environment()
    if not python.is_file():
        raise SystemExit(f"there is no {python}: give --peer the path of a Python")
    with tempfile.TemporaryDirectory(prefix="peer-") as folder:
        peer = Peer(python.absolute(), original.child, Path(folder))
        try:
            print(f"{hardware()}\nconvivo {__version__}, openvino {openvino_version()}; {peer.versions()}\n")
            yield peer
        finally:
            peer.close()


def hardware() -> str:
    """What this ran on, in one line."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    bfloat16 = "fast" if fast_bfloat16() else "not fast (no hardware for it)"
    busy = f", load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else ""
    return f"{processor_name()}, {cores} cores, {platform.machine()}, bfloat16 {bfloat16}{busy}"


def surroundings() -> dict[str, str]:
    """Our environment without what convivo sets for itself: the peer runs as it does for its users."""
    return {name: value for name, value in os.environ.items() if name != "OMP_WAIT_POLICY"} | QUIET


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
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "names", nargs="*", metavar="NAME", help=f"of {', '.join(ORIGINALS)}; without one all"
    )
    for name in parser.parse_args().names or ORIGINALS:
        if name not in ORIGINALS:
            parser.error(f"there is no {name}: name some of {', '.join(ORIGINALS)}")
        print(f"{ORIGINALS[name].environment()} is ready")


if __name__ == "__main__":
    main()
