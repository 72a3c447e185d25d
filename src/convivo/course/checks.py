"""What a check is: it asks what the learner wrote, holds it against the truth, and answers with a picture.

A check is a function

    def spreads(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer

and every exercise writes its checks out in a list, CHECKS. `yours` asks the learner's program and `ours` the solution,
by the same words. In the lab `yours` stands in another process, out of which nothing comes but numbers, texts and
arrays, so the comparison happens where no learner's code can reach it. Inputs are drawn from `rng`, so that no answer
can be learned by heart.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

# what can cross between the learner's process and ours: numbers, texts, None, arrays, and lists and dicts of them
Value = Any
Shown = np.ndarray[Any, Any] | str


class LearnerFailed(Exception):  # noqa: N818  what the learner's program did, and no fault of ours
    """The learner's program could not answer; `str()` is one sentence for the learner."""


class Unfinished(LearnerFailed):
    """It is not written yet: the name is not there, or it still raises NotImplementedError."""


class Learner(Protocol):
    """A program that can be asked: the learner's, or the solution."""

    def call(self, name: str, *given: Value, seconds: float | None = None) -> Value:
        """What its function gives back; an object that cannot cross stays there and comes as a Held.

        Raises Unfinished or LearnerFailed.
        """

    def value(self, name: str) -> Value:
        """A variable of it. Raises Unfinished or LearnerFailed."""


@dataclass(frozen=True, slots=True)
class Held:
    """Something that stays in the learner's program, such as a trained net; it can be given to another call."""

    number: int
    kind: str  # the name of its class


@dataclass(frozen=True, slots=True)
class Panel:
    """One part of the picture with which a check answers.

    An array (Y, X) is shown as an image, (Y, X, 3) in 0..255 as colours, (N,) as a curve; a text is shown as it is.
    """

    title: str
    shown: Shown
    signed: bool = False  # zero is the middle of the colours
    integer: bool = False  # labels: each number a colour of its own


@dataclass(frozen=True, slots=True)
class Answer:
    """What a check says: one sentence, and what there is to see."""

    passed: bool
    sentence: str
    panels: tuple[Panel, ...] = ()


# what known misconceptions would give, each with the sentence that names the misconception
Mistakes = Sequence[tuple[Value, str]]
Ask = Callable[[Learner, Learner, np.random.Generator], Answer]


@dataclass(frozen=True, slots=True)
class Check:
    """A named check and what it counts."""

    name: str  # stable, as hints and wrong solutions call it
    title: str  # what is asked, for the learner: "the step grows with pooling"
    ask: Ask
    points: int = 1


def compared(
    yours: Value,
    expected: np.ndarray[Any, Any],
    *,
    given: Panel | None,
    right: str,
    wrong: str,
    tolerance: float = 1e-4,
    signed: bool = False,
    integer: bool = False,
    mistakes: Mistakes = (),
) -> Answer:
    """The learner's array against the truth: input, yours, expected, difference, and one sentence.

    `tolerance` is of the truth's largest magnitude. What equals a known mistake is called so, whatever its shape; a
    wrong kind, shape or an unfit number is said before `wrong` is.
    """
    truth = np.asarray(expected)
    known = next((sentence for value, sentence in mistakes if _alike(yours, value, tolerance)), None)
    shown = (given,) if given else ()
    aim = Panel("expected", truth, signed, integer)
    found = array_of(yours)
    if found is None:
        sentence = f"An array of shape {truth.shape} was expected, and yours is {_kind(yours)}."
        return Answer(False, sentence, (*shown, Panel("yours", _kind(yours)), aim))
    if found.shape != truth.shape:
        sentence = f"Yours has the shape {found.shape}, and {truth.shape} was expected."
        return Answer(
            False, known or sentence, (*shown, Panel("yours", _pictured(found), signed, integer), aim)
        )
    difference = found - truth
    panels = (*shown, Panel("yours", found, signed, integer), aim, Panel("difference", difference, True))
    if not np.isfinite(found).all():
        return Answer(False, "Yours holds numbers that are not finite (nan or inf).", panels)
    passed = _alike(found, truth, tolerance)
    return Answer(passed, right if passed else known or wrong, panels)


def said(
    yours: Value, expected: Value, *, given: Panel | None, right: str, wrong: str, mistakes: Mistakes = ()
) -> Answer:
    """The learner's number, text or list against the truth, exactly; numbers may differ by rounding."""
    passed = _equal(yours, expected)
    known = next((sentence for value, sentence in mistakes if _equal(yours, value)), None)
    shown = (given,) if given else ()
    panels = (*shown, Panel("yours", _text(yours)), Panel("expected", _text(expected)))
    return Answer(passed, right if passed else known or wrong, panels)


def array_of(value: Value) -> np.ndarray[Any, Any] | None:
    """The numbers of an array or of nested lists, in double precision; None where it is nothing of the kind."""
    try:
        found = np.asarray(value)
        return found.astype(np.float64) if found.dtype.kind in "biuf" else None
    except ValueError:  # lists of different lengths
        return None


def _alike(yours: Value, value: Value, tolerance: float) -> bool:
    """Whether two arrays are the same but for `tolerance` of the second one's largest magnitude."""
    found, truth = array_of(yours), array_of(value)
    if found is None or truth is None or found.shape != truth.shape or not np.isfinite(found).all():
        return False
    largest = float(np.abs(found - truth).max(initial=0.0))
    return largest <= tolerance * max(float(np.abs(truth).max(initial=0.0)), 1e-12)


def _equal(yours: Value, expected: Value) -> bool:
    if isinstance(expected, (list, tuple)):
        if isinstance(yours, np.ndarray):
            yours = yours.tolist()
        return (
            isinstance(yours, (list, tuple))
            and len(yours) == len(expected)
            and all(_equal(mine, truth) for mine, truth in zip(yours, expected, strict=True))
        )
    if isinstance(expected, (bool, str)) or expected is None:
        return type(yours) is type(expected) and bool(yours == expected)
    if isinstance(yours, (bool, str)) or yours is None:
        return False
    try:
        return bool(np.isclose(float(yours), float(expected), rtol=1e-6, atol=1e-9))
    except (TypeError, ValueError, OverflowError):
        return False


def _pictured(found: np.ndarray[Any, Any]) -> Shown:
    """An array that can be shown as one, or what there is to say of it."""
    if found.ndim == 0:
        return _text(found.item())
    return found if found.size and found.ndim <= 2 else f"numbers of the shape {found.shape}"


def _text(value: Value) -> str:
    return _written(value)[:500]


def _written(value: Value) -> str:
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_written(each) for each in value[:200]) + "]"
    return str(value)[:500]


def _kind(value: Value) -> str:
    return "nothing (is a return missing?)" if value is None else f"of the kind {type(value).__name__}"
