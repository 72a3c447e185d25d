"""A question that the page may ask."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked for (a msgspec.Struct), and who answers; the answer's arrays travel as they are."""

    name: str
    asked: type
    answer: Callable[[Any], Any]
