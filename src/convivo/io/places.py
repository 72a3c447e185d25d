"""Folders of the person's own: what can be made again (cache), and models and data sets kept for all projects.

The environment variable CONVIVO_HOME puts all of them into one folder.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

HOME = "CONVIVO_HOME"
SHIPPED = Path(__file__).resolve().parents[1] / "shipped"  # models that came with convivo


def cache_folder() -> Path:
    """For what can be made again at any time."""
    return _inside("cache") or platformdirs.user_cache_path("convivo")


def models_folder() -> Path:
    """For models that are found by name from everywhere."""
    return _inside("models") or platformdirs.user_data_path("convivo") / "models"


def data_folder() -> Path:
    """For public data sets."""
    return _inside("data") or platformdirs.user_data_path("convivo") / "data"


def lab_folder() -> Path:
    """For the lab: images that were dropped into it, its jobs and their history."""
    return _inside("lab") or platformdirs.user_data_path("convivo") / "lab"


def _inside(name: str) -> Path | None:
    home = os.environ.get(HOME)
    return Path(home) / name if home else None
