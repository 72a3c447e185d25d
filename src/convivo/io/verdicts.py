"""Remembered verdicts: which engine agreed with torch for which model, on this machine."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from convivo.errors import CannotWrite
from convivo.io.atomic import writing
from convivo.io.places import cache_folder

log = logging.getLogger(__name__)


def read_verdict(key: str) -> bool | None:
    """True or False where it was tried, None where it was not."""
    path = _path(key)
    if not path.is_file():
        return None
    try:
        return bool(json.loads(path.read_text())["agrees"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("verdict %s cannot be read and will be made again: %s", path, error)
        return None


def write_verdict(key: str, agrees: bool) -> None:
    """Remember a verdict; where the cache cannot be written, the next call tries again."""
    path = _path(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as part:
            part.write_text(json.dumps({"agrees": agrees}))
    except (OSError, CannotWrite) as error:
        log.info("verdict not remembered: %s", error)


def _path(key: str) -> Path:
    return cache_folder() / "verdicts" / f"{key[:32]}.json"
