"""Starts the course on a laptop without internet: installs convivo from the folder beside this file, then opens it.

python start.py            installs the first time, opens the course every time
python start.py --prepare  installs only

It needs nothing but Python itself, and speaks so simply that a Python which is too old can still say so.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

KIT = Path(__file__).resolve().parent
HOME = Path.home() / "convivo-course"
ENVIRONMENT = HOME / "environment"
READY = HOME / "installed.json"  # written last: a copy of kit.json
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"


def main() -> int:
    """Install where that has not been done yet, and open the course."""
    kit = json.loads((KIT / "kit.json").read_text("utf-8"))
    if not is_ready(kit["version"]):
        refuse_unfit(kit["targets"])
        install(kit["version"])
        unpack(kit["samples"])
        (HOME / "installed.part").write_text(json.dumps(kit), "utf-8")
        (HOME / "installed.part").replace(READY)
    if "--prepare" in sys.argv:
        print("convivo is installed; to open the course: python start.py")
        return 0
    return subprocess.call([program("convivo"), "course", *sys.argv[1:]], cwd=str(HOME))


def is_ready(version: str) -> bool:
    """Whether this version was installed to its end."""
    return READY.is_file() and json.loads(READY.read_text("utf-8"))["version"] == version


def refuse_unfit(targets: list[dict[str, str]]) -> None:
    """Say at once, in words, where the kit holds nothing for this machine."""
    here = (platform.system(), platform.machine())
    pythons = [each["python"] for each in targets if (each["system"], each["machine"]) == here]
    if not pythons:
        kinds = "; ".join(f"{each['system']} {each['machine']}" for each in targets)
        stop(
            f"this kit is made for {kinds}, and this is {' '.join(here)}",
            "make the kit on such a laptop too, into the same folder: convivo course kit --out FOLDER",
        )
    if PYTHON not in pythons:
        stop(
            f"this is Python {PYTHON}, and the kit is made for Python {' or '.join(pythons)}",
            f"start it by another one, for instance: python{pythons[0]} start.py",
        )


def install(version: str) -> None:
    """An environment of its own, filled from the wheels of the kit alone, in the versions that were tried."""
    HOME.mkdir(parents=True, exist_ok=True)
    print(f"installing convivo {version} into {HOME} (takes a few minutes)", flush=True)
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)]):
        stop("Python could not make an environment", "on Debian and Ubuntu: sudo apt install python3-venv")
    wheels = KIT / "wheels"
    tried = wheels / f"{platform.system()}-{platform.machine()}-{PYTHON}.txt"
    pip = [program("python"), "-m", "pip", "--isolated", "--disable-pip-version-check", "install", "--quiet"]
    offline = ["--no-index", "--find-links", str(wheels), "--constraint", str(tried)]
    if subprocess.call([*pip, *offline, f"convivo=={version}"]):
        stop(
            "the packages could not be installed",
            "copy the whole folder again; the lines above say what is missing",
        )


def unpack(samples: list[str]) -> None:
    """The data sets of the kit, each in a folder of its name."""
    for name in samples:
        if not (HOME / name).is_dir():
            get = [program("convivo"), "samples", "get", name, "--from", str(KIT / "samples.zip")]
            if subprocess.call([*get, "--out", str(HOME / name)]):
                stop(f"the images of {name} could not be unpacked", "copy samples.zip again")


def program(name: str) -> str:
    """A program of the environment."""
    windows = os.name == "nt"
    return str(ENVIRONMENT / ("Scripts" if windows else "bin") / (f"{name}.exe" if windows else name))


def stop(problem: str, fix: str) -> None:
    """End with two lines: what is wrong, and what to do."""
    sys.exit(f"Problem: {problem}\nDo this:  {fix}")


if __name__ == "__main__":
    sys.exit(main())
