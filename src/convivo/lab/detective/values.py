"""What a case of the detective is made of: pictures, numbers and curves, each with its words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from convivo.types import Labels, Map


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that may have gone wrong; every case offers all of them."""

    key: str
    name: str
    sentence: str  # what it means


@dataclass(frozen=True, slots=True)
class Square:
    """A square to be drawn over a picture, such as what the net sees; its middle and side in pixels."""

    y: float
    x: float
    side: float


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A grey picture, and what is drawn over it."""

    name: str
    pixels: Map  # (Y, X)
    shown: tuple[float, float]  # values that are drawn black and white; pictures to be compared share them
    sentence: str = ""
    found: Labels | None = None  # (Y, X), int32: what the net found
    truth: Labels | None = None  # (Y, X), int32: what is there
    squares: tuple[Square, ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A measured number; `low` and `high` are the values that it could have."""

    key: str
    name: str
    value: float
    unit: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a curve."""

    name: str
    x: tuple[float, ...]
    y: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Lines over one axis."""

    name: str
    x_name: str
    y_name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the net made of the image, and how wrong it is."""

    picture: Picture
    numbers: tuple[Number, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Proof:
    """What shows the cause: each sentence says what a picture, a curve or a number shows."""

    pictures: tuple[Picture, ...]
    numbers: tuple[Number, ...]
    sentences: tuple[str, ...]
    conclusion: str
    curves: tuple[Curve, ...] = ()

    def number(self, key: str) -> float:
        """The value of the number with that key."""
        return next(each.value for each in self.numbers if each.key == key)


@dataclass(frozen=True, slots=True)
class Case:
    """A net that failed: what somebody did, and the three steps to find out why."""

    key: str
    title: str
    story: str  # what was done, as whoever did it would tell it
    cause: str  # key of the cause
    image: Callable[[], Picture]
    answer: Callable[[], Answer]
    proof: Callable[[], Proof]
