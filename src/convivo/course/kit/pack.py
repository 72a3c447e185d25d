"""Packs the kit: OUT/wheels, OUT/samples.zip, OUT/start.py, OUT/kit.json and OUT/READ-ME-FIRST.txt.

Wheels differ between systems and versions of Python, and pip decides well only for the machine it runs on. So the kit
grows: the same command on another kind of laptop, with the same folder, adds what that kind needs.
"""

from __future__ import annotations

import platform
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from convivo.course.kit.own_wheel import write_own_wheel
from convivo.course.kit.pins import pins
from convivo.errors import NotAvailable
from convivo.io.atomic import output_folder, writing
from convivo.io.samples import stick
from convivo.io.samples.catalogue import CATALOGUE
from convivo.io.samples.store import Store, own_store
from convivo.version import __version__

START = Path(__file__).with_name("start.py")
READ_ME = """convivo {version}: the course, without internet

1. Python must be on the laptop: {pythons}.
2. Open a terminal in this folder and type:   python start.py      (Linux and macOS: python3 start.py)

That installs everything from this folder into a folder "convivo-course" in the home folder, and opens the course in the
browser. The second time it only opens it. Nothing is fetched from anywhere. To remove it, delete "convivo-course".

Made for: {targets}
"""


class Target(msgspec.Struct, frozen=True, order=True):
    """A kind of laptop for which the kit holds wheels."""

    system: str  # Linux, Darwin, Windows
    machine: str  # x86_64, arm64, ...
    python: str  # 3.11


class Kit(msgspec.Struct, frozen=True):
    """What kit.json says; `start.py` reads it."""

    version: str
    targets: tuple[Target, ...]
    samples: tuple[str, ...]


class Step(NamedTuple):
    """What is being done, and how far it is."""

    doing: str
    done: int
    total: int


def this_machine() -> Target:
    """The kind of laptop that this one is."""
    return Target(platform.system(), platform.machine(), f"{sys.version_info.major}.{sys.version_info.minor}")


def constraints(target: Target) -> str:
    """The file that says which versions were tried on this kind; wheels of several kinds lie in one folder."""
    return f"{target.system}-{target.machine}-{target.python}.txt"


def pack(out: Path, *, pip: Sequence[str] = (), store: Store | None = None) -> Iterator[Step]:
    """Write the kit, or add this kind of machine to one that is there.

    pip     options for `pip download`, for instance where a small build of torch lies
    store   fetched data sets; the person's own by default

    Raises NotAvailable where pip cannot fetch a package, and CannotWrite where the disk refuses.
    """
    wheels = output_folder(output_folder(out) / "wheels")
    needed = pins()
    for number, pin in enumerate(needed):
        yield Step(f"fetching {pin}", number, len(needed))
        _download(pin, wheels, pip)
    yield Step("packing convivo", 0, 1)
    write_own_wheel(wheels)
    _write(wheels / constraints(this_machine()), "".join(f"{pin}\n" for pin in needed))
    names = yield from _samples(out, store or own_store())
    _finish(out, names)
    yield Step("done", 1, 1)


def read_kit(folder: Path) -> Kit | None:
    """The kit in a folder, or None where there is none."""
    path = folder / "kit.json"
    return msgspec.json.decode(path.read_bytes(), type=Kit) if path.is_file() else None


def _download(pin: str, wheels: Path, options: Sequence[str]) -> None:
    """One package as a wheel, without what it needs, which is pinned as well."""
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(wheels)]
    command = [*pip, "--only-binary=:all:"]  # what has to be built needs a network
    done = subprocess.run([*command, *options, pin], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise NotAvailable(
            f"pip could not fetch {pin}: {errors[-1] if errors else 'it gave no reason'}",
            fix="is there a network connection? the command goes on where it stopped",
        )


def _samples(out: Path, store: Store) -> Generator[Step, None, tuple[str, ...]]:
    """The data sets that were fetched on this machine; gives their names."""
    here = [sample for sample in CATALOGUE if store.holds(sample)]
    if here:
        for step in stick.pack(here, out / "samples.zip", store):
            yield Step(step.doing, step.done, step.total or step.done)
    return tuple(sample.name for sample in here)


def _finish(out: Path, names: tuple[str, ...]) -> None:
    """The script and what describes the kit; last, so that a kit that is there is whole."""
    before = read_kit(out)
    kept = before.targets if before and before.version == __version__ else ()
    kit = Kit(
        __version__, tuple(sorted({*kept, this_machine()})), names or (before.samples if before else ())
    )
    _write(out / "start.py", START.read_text("utf-8"))
    targets = [f"{each.system} {each.machine}, Python {each.python}" for each in kit.targets]
    pythons = " or ".join(sorted({each.python for each in kit.targets}))
    read_me = READ_ME.format(version=__version__, pythons=pythons, targets="; ".join(targets))
    _write(out / "READ-ME-FIRST.txt", read_me)
    _write(out / "kit.json", msgspec.json.format(msgspec.json.encode(kit), indent=2).decode() + "\n")


def _write(path: Path, text: str) -> None:
    with writing(path) as part:
        part.write_text(text, "utf-8")
