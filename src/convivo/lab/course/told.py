"""What the page is told while a learner's program runs and is checked: small values, each of a `kind`.

They travel as MessagePack, one behind the other, so that arrays and figures need no other way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import numpy as np

from convivo.course.runner import program

if TYPE_CHECKING:
    from collections.abc import Collection

    from convivo.course.checks import Answer, Panel

MOST_PIXELS = 512  # along a side; larger arrays are shown in part
MOST_VALUES = 4096  # of a curve
MOST_TEXT = 20_000  # characters of one piece
FLOAT, INTEGER = np.dtype(np.float32), np.dtype(np.int32)


class Told(msgspec.Struct, frozen=True, kw_only=True, tag_field="kind"):
    """Something that the page is told."""


class Begun(Told, frozen=True, kw_only=True, tag="begun"):
    """The run has a number now, by which it can be stopped."""

    id: int


class Printed(Told, frozen=True, kw_only=True, tag="printed"):
    """Text that it wrote."""

    text: str
    stream: str


class Figure(Told, frozen=True, kw_only=True, tag="figure"):
    """A figure, as PNG."""

    png: bytes


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """An array that can be drawn, or a text; `every` says that only each so-manyth number of a large one is there."""

    title: str
    array: Any = None  # (Y, X), (Y, X, 3) or (N,), float32, int32 or uint8
    text: str | None = None
    every: int = 1
    shape: tuple[int, ...] = ()
    signed: bool = False
    integer: bool = False


class Shown(Told, frozen=True, kw_only=True, tag="shown"):
    """An array that it showed."""

    seen: Seen


class Raised(Told, frozen=True, kw_only=True, tag="raised"):
    """An exception that nobody caught."""

    error: str  # its kind, such as "NameError"
    message: str
    line: int | None
    traceback: str
    unwritten: bool  # whether it came from a part that the learner has not written yet


class Ready(Told, frozen=True, kw_only=True, tag="ready"):
    """It ran to its end, and the checks begin."""

    seconds: float


class Checked(Told, frozen=True, kw_only=True, tag="checked"):
    """What a check says."""

    name: str
    title: str
    points: int
    passed: bool
    unwritten: bool  # it asks for something that the learner has not written yet
    sentence: str
    panels: list[Seen]


class Ended(Told, frozen=True, kw_only=True, tag="ended"):
    """It is over."""

    reason: str
    sentence: str
    seconds: float


class Failed(Told, frozen=True, kw_only=True, tag="failed"):
    """Something of ours went wrong."""

    problem: str
    fix: str


def told(event: program.Event, gaps: Collection[int] = ()) -> Told:
    """An event of a run as it travels; `gaps` are lines of the program that still hold `...`."""
    match event:
        case program.Printed(text, stream):
            return Printed(text=text[:MOST_TEXT], stream=stream)
        case program.Figure(png):
            return Figure(png=png)
        case program.Shown(title, array):
            return Shown(seen=seen(title, array))
        case program.Raised(kind, message, line, traceback):
            return Raised(
                error=kind,
                message=message,
                line=line,
                traceback=traceback[:MOST_TEXT],
                unwritten=kind == NotImplementedError.__name__ or line in gaps,
            )
        case program.Ready(seconds):
            return Ready(seconds=seconds)
        case program.Ended(reason, sentence, seconds):
            return Ended(reason=reason, sentence=sentence, seconds=seconds)


def checked(name: str, title: str, points: int, answer: Answer) -> Checked:
    """The answer of a check as it travels."""
    from convivo.course.checking import NOT_YET

    return Checked(
        name=name,
        title=title,
        points=points,
        passed=answer.passed,
        unwritten=not answer.passed and answer.sentence.startswith(NOT_YET),
        sentence=answer.sentence,
        panels=[_panel(panel) for panel in answer.panels],
    )


def seen(
    title: str, shown: np.ndarray[Any, Any] | str, *, signed: bool = False, integer: bool = False
) -> Seen:
    """An array made small and of a kind that the page knows; what cannot be drawn is described."""
    if isinstance(shown, str):
        return Seen(title=title, text=shown[:MOST_TEXT])
    array = np.asarray(shown)
    drawable = array.dtype.kind in "biuf" and array.size > 0
    if array.ndim == 0 and array.dtype.kind in "biufU":
        return Seen(title=title, text=str(array.item())[:MOST_TEXT])
    if drawable and array.ndim == 3 and array.shape[2] == 3:
        array = np.clip(np.nan_to_num(array), 0, 255).astype(np.uint8)
    elif drawable and array.ndim in (1, 2):
        array = _plain(array)
    else:
        return Seen(title=title, text=f"an array of shape {array.shape} of {array.dtype}", shape=array.shape)
    most = MOST_VALUES if array.ndim == 1 else MOST_PIXELS
    every = max(1, *(-(-side // most) for side in array.shape[:2]))
    small = array[::every] if array.ndim == 1 else array[::every, ::every]
    return Seen(title=title, array=small, every=every, shape=array.shape, signed=signed, integer=integer)


def _panel(panel: Panel) -> Seen:
    return seen(panel.title, panel.shown, signed=panel.signed, integer=panel.integer)


def _plain(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """As float32 or int32, whichever keeps the numbers."""
    if array.dtype.kind in "biu":
        lowest, highest = int(array.min()), int(array.max())
        if np.iinfo(INTEGER).min <= lowest and highest <= np.iinfo(INTEGER).max:
            return array.astype(INTEGER)
    with np.errstate(over="ignore"):  # beyond float32 it is shown as infinite
        return array.astype(FLOAT)
