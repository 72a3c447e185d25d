"""How far a long piece of work is: what every loop of this package yields."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Progress:
    """So much of `doing` is done; `total` is None where nobody knows it."""

    doing: str  # e.g. "fetching images.zip"; a new text begins a new piece of work
    done: int
    total: int | None
    unit: Literal["bytes", "files"] = "bytes"
    note: str = ""  # something the person should be told
