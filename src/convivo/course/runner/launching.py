"""How Python is started for learners' code: which folders it may read, what stands in its environment."""

from __future__ import annotations

import os
import sys
import sysconfig
from pathlib import Path

import convivo
from convivo.io.places import cache_folder


def readable() -> tuple[Path, ...]:
    """What a run may read: Python, its libraries, and this package."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.exec_prefix)}
    parts = [prefix / part for prefix in sorted(prefixes) for part in ("bin", "lib", "lib64", "pyvenv.cfg")]
    libraries = [Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    return (*(path for path in dict.fromkeys([*parts, *libraries]) if path.exists()), _package())


def environment() -> dict[str, str]:
    """All that the warmed process finds in its environment; a run finds its own folder as home."""
    one = {
        f"{library}_NUM_THREADS": "1" for library in ("OMP", "MKL", "OPENBLAS", "NUMEXPR", "VECLIB_MAXIMUM")
    }
    return one | {
        "HOME": str(Path.home()),  # until it is warm: numba keeps there what it has compiled
        "MPLCONFIGDIR": str(cache_folder() / "matplotlib"),
        "LANG": "C.UTF-8",
        "PATH": "/usr/bin:/bin",
        "OMP_WAIT_POLICY": "passive",
        "MALLOC_ARENA_MAX": "2",
        "HWLOC_HIDE_ERRORS": "2",  # a library below OpenVINO, which misses /sys
    }


def needed_by_the_system() -> dict[str, str]:
    """Without these, Python does not start on Windows."""
    return {name: os.environ[name] for name in ("SYSTEMROOT", "USERPROFILE") if name in os.environ}


def imports() -> list[str]:
    """Where Python looks for modules: not the folder we were started in, nor what stands in PYTHONPATH."""
    libraries = [sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    inside = [
        path for path in sys.path if path.startswith((sys.prefix, sys.base_prefix)) or path.endswith(".zip")
    ]
    return list(dict.fromkeys([str(_package().parent), *inside, *libraries]))


def _package() -> Path:
    return Path(convivo.__file__).resolve().parent


def course() -> Path:
    """The folder that no run may see."""
    return Path(__file__).resolve().parents[1]
