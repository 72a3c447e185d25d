"""Builds the page when a wheel is built. An editable installation leaves that to `make`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class PageHook(BuildHookInterface[Any]):
    """The page becomes part of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build it, unless the installation is editable."""
        if version == "editable":
            return
        sys.path.insert(0, str(Path(self.root) / "web"))
        import build

        build.build()
