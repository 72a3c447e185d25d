"""What the page was told: the lab's own answers, read from what the browser received."""

from __future__ import annotations

from typing import Any

import msgspec
import numpy as np
from playwright.sync_api import Response


def unpacked(response: Response) -> Any:
    """The answer to a question, with its arrays."""
    return _with_arrays(msgspec.msgpack.decode(response.body()))


def _with_arrays(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if set(value) == {"dtype", "shape", "data"}:
        return np.frombuffer(value["data"], value["dtype"]).reshape(value["shape"])
    return {name: _with_arrays(field) for name, field in value.items()}
