"""What engines leave behind so that the next call is quick: verdicts, and converted nets.

Everything here can be made again, so what cannot be read or written is made again and no error.
"""

from __future__ import annotations

import json
import logging
from pathlib import Path
from typing import Any

from convivo.errors import CannotWrite
from convivo.io.atomic import writing
from convivo.io.places import cache_folder

log = logging.getLogger(__name__)


def read_verdict(key: str) -> bool | None:
    """Whether an engine agreed with torch; None where it was not tried yet."""
    path = _path("verdicts", key, ".json")
    if not path.is_file():
        return None
    try:
        return bool(json.loads(path.read_text())["agrees"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("verdict %s cannot be read and will be made again: %s", path, error)
        return None


def write_verdict(key: str, agrees: bool) -> None:
    """Remember whether an engine agreed."""
    path = _path("verdicts", key, ".json")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as part:
            part.write_text(json.dumps({"agrees": agrees}))
    except (OSError, CannotWrite) as error:
        log.info("verdict not remembered: %s", error)


def read_graph(key: str) -> Any | None:
    """A net that was converted before, as OpenVINO's model."""
    import openvino

    path = _path("graphs", key, ".xml")
    if not path.is_file():
        return None
    try:
        return openvino.Core().read_model(path)
    except RuntimeError as error:
        log.warning("graph %s cannot be read and will be made again: %s", path, error)
        return None


def write_graph(key: str, graph: Any) -> None:
    """Keep a converted net: converting takes a second, reading it a hundredth."""
    import openvino

    path = _path("graphs", key, ".xml")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path.with_suffix(".bin")) as weights, writing(path) as text:
            openvino.save_model(graph, text.with_suffix(".xml"), compress_to_fp16=False)
            text.with_suffix(".bin").replace(weights)
    except (OSError, RuntimeError, CannotWrite) as error:
        log.info("converted net not kept: %s", error)


def _path(kind: str, key: str, suffix: str) -> Path:
    return cache_folder() / kind / f"{key[:32]}{suffix}"
