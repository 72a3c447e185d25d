"""`convivo doctor`: what this machine has, what is missing, and how to get it."""

from __future__ import annotations

import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec

from convivo.cli import options
from convivo.cli.console import print_json, print_table, say

NAME = "doctor"
PACKAGES = ("torch", "openvino", "numpy", "scipy", "scikit-image", "tifffile", "imagecodecs", "roifile")


def command(json: options.Json = False) -> None:
    """Check versions, devices, engines, memory and folders; say how to get what is missing."""
    facts, advice = examine()
    if json:
        print_json({"facts": dict(facts), "advice": advice})
        return
    print_table(("what", "here"), facts)
    for line in advice or ["nothing is missing"]:
        say(line)


def examine() -> tuple[list[tuple[str, str]], list[str]]:
    """Facts about this machine, and advice."""
    from convivo.io.places import cache_folder, models_folder
    from convivo.run.memory import free_memory
    from convivo.version import __version__

    advice: list[str] = []
    facts = [
        ("convivo", __version__),
        ("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}"),
        *((name, _version(name)) for name in PACKAGES),
        *_devices(),
        ("memory free", f"{free_memory() / 1e9:.1f} GB"),
        ("own models", str(models_folder())),
        ("cache", str(cache_folder())),
    ]
    facts += _learners_code(advice)
    if find_spec("openvino") is None:
        advice.append(
            "openvino is missing, prediction on the CPU is 2 to 3 times slower: pip install openvino"
        )
    if sys.version_info >= (3, 15):
        advice.append("convivo is tested with Python 3.11 and made for 3.11 to 3.14")
    return facts, advice


def _devices() -> list[tuple[str, str]]:
    """Who could multiply, and in which numbers."""
    import torch

    from convivo.run.engines import fast_bfloat16, openvino_version

    there = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    devices = ["cpu", *(name for name, present in there.items() if present)]
    engine = "openvino, checked against torch on each model's first tile" if openvino_version() else "torch"
    return [
        ("devices", ", ".join(devices)),
        ("threads", str(torch.get_num_threads())),
        ("engine on the CPU", engine),
        ("bfloat16 in hardware", "yes" if fast_bfloat16() else "no: float32 is used"),
    ]


def _learners_code(advice: list[str]) -> list[tuple[str, str]]:
    """Whether programs that learners write in the course can do harm here."""
    from convivo.course.runner.runner import isolation_here

    found = isolation_here()
    if found.level == 0:
        advice.append(
            f"learners' code is not well contained: {found.because}. Not contained: {'; '.join(found.not_contained)}. "
            "Run your own code, and that of people you trust"
        )
    how = "in rooms of their own (level 1)" if found.level == 1 else "with limits alone (level 0)"
    return [
        ("learners' code runs", how),
        ("  contained", "; ".join(found.contains)),
        ("  not contained", "; ".join(found.not_contained)),
    ]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "missing"
