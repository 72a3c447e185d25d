"""Checks in one's own notebook, for practice: `from convivo.course import check; check("receptive_field")`.

The program is asked in its own process, so nothing here is safe from it; the lab and `convivo course grade` ask in
another process.
"""

from __future__ import annotations

import contextlib
import io
import sys
import textwrap
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from typing import Any, Final

import numpy as np

from convivo.course.checks import Answer, Check, Held, LearnerFailed, Panel, Unfinished, Value
from convivo.course.runner.crossing import CannotCross, Packing, Unpacking
from convivo.errors import ConvivoError

NOT_YET: Final = "is not written yet"
_SILENT: Final = ContextVar("silent", default=False)


class InProcess:
    """A Learner: names of this process, such as those of a notebook.

    Values are handed over as to another process, so that a check meets here what it meets in the lab.
    """

    def __init__(self, names: Mapping[str, Any]) -> None:
        self._names = names
        self._held: list[Any] = []

    def call(self, name: str, *given: Value, seconds: float | None = None) -> Value:
        """What its function gives back. Time is not limited here."""
        function = self._named(name)
        if not callable(function):
            raise LearnerFailed(f"{name} is {_kind(function)}, and a function was expected.")
        arguments = [self._handed_in(each) for each in given]
        try:
            answer = function(*arguments)
        except NotImplementedError as error:
            raise Unfinished(f"`{name}` {NOT_YET}.") from error
        except Exception as error:
            if isinstance(error, TypeError) and "ellipsis" in str(error).lower():
                raise Unfinished(f"`{name}` still holds `...`.") from error
            raise LearnerFailed(f"{name} ended with {type(error).__name__}: {error}") from error
        if answer is ...:
            raise Unfinished(f"`{name}` {NOT_YET}.")
        return self._handed_out(answer)

    def value(self, name: str) -> Value:
        """A variable of it."""
        return self._handed_out(self._named(name))

    def _named(self, name: str) -> Any:
        value = self._names.get(name, ...)
        if value is ...:
            raise Unfinished(f"`{name}` {NOT_YET}.")
        return value

    def _handed_in(self, value: Value) -> Any:
        packing = Packing()
        try:
            form = packing.pack(value)
        except CannotCross as error:
            raise LearnerFailed(f"What the check gave cannot be handed over: {error}.") from error
        return Unpacking(packing.blocks, held=lambda number, _: self._held[number]).unpack(form)

    def _handed_out(self, value: Any) -> Value:
        packing = Packing(self._hold)
        try:
            form = packing.pack(value)
        except CannotCross as error:
            raise LearnerFailed(f"What came back cannot be looked at: {error}.") from error
        return Unpacking(packing.blocks).unpack(form)

    def _hold(self, value: Any) -> Held:
        self._held.append(value)
        return Held(len(self._held) - 1, type(value).__name__)


def asked(check: Check, yours: InProcess, ours: InProcess, seed: int) -> Answer:
    """The answer of one check, also where the learner's program cannot answer."""
    try:
        return check.ask(yours, ours, np.random.default_rng(seed))
    except Unfinished as error:
        return Answer(False, unwritten(error))
    except LearnerFailed as error:
        return Answer(False, str(error))
    except Exception as error:  # noqa: BLE001  a learner's function may give back anything
        return Answer(False, unreadable(error))


def unreadable(error: Exception) -> str:
    """The sentence for what a check stumbled over. A check at fault is found by `course test`: the solution fails."""
    what = next(iter(str(error).splitlines()), "")
    return (
        "What your program gave back has another form than the check expects: is a return missing? "
        f"({type(error).__name__}: {what})"
    )


def unwritten(error: Unfinished) -> str:
    """The sentence for what is not written yet."""
    return f"Not written yet: {str(error).removesuffix(f' {NOT_YET}.').removesuffix('.')}."


def check(name: str, seed: int | None = None) -> None:
    """Check what this notebook or program has defined so far, and show what each check has to say.

    Inputs are drawn anew each time, unless a `seed` is given.
    """
    names = sys._getframe(1).f_globals  # noqa: SLF001  the notebook that called
    from convivo.course.exercise.folder import find
    from convivo.course.exercise.loading import checks_of, solved

    try:
        exercise = find(name)
        checks = checks_of(exercise)
        ours = InProcess(solved(exercise))
    except ConvivoError as error:
        _tell(f"{error.problem}\n{error.fix}")
        return
    drawn = int(np.random.default_rng().integers(2**31)) if seed is None else seed
    passed = 0
    for each in checks:
        answer = asked(each, InProcess(names), ours, drawn)
        passed += answer.passed
        _tell(f"{'passed' if answer.passed else 'not yet'}: {each.title}\n    {answer.sentence}")
        if answer.panels and not answer.passed:
            show_panels(answer.panels)
    _tell(f"{passed} of {len(checks)} checks passed.")


def show(array: Any, title: str = "") -> None:
    """Show an array: (Y, X) as an image, (Y, X, 3) in 0..255 as colours, (N,) as a curve."""
    if _SILENT.get():
        return
    show_panels((Panel(title, np.asarray(array)),))


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """While a program is run for what it defines, and not for its looks: it prints and shows nothing."""
    before = _SILENT.set(True)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            yield
    finally:
        _SILENT.reset(before)


def show_panels(panels: tuple[Panel, ...]) -> None:
    """The picture of an answer, side by side."""
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(1, len(panels), figsize=(2.8 * len(panels), 2.8), squeeze=False)
    for axis, panel in zip(axes[0], panels, strict=True):
        draw_panel(axis, panel)
    figure.tight_layout()
    pyplot.show()


def draw_panel(axis: Any, panel: Panel) -> None:
    """One panel into axes of matplotlib."""
    axis.set_title(textwrap.fill(panel.title, 24), fontsize=10)
    shown = panel.shown
    if isinstance(shown, str):
        axis.axis("off")
        axis.text(0.5, 0.5, shown, ha="center", va="center", wrap=True)
    elif shown.ndim == 1:
        axis.plot(shown)
    elif shown.ndim == 3:
        axis.imshow(shown.astype(np.uint8))
        axis.axis("off")
    else:
        _image(axis, np.atleast_2d(shown).astype(float), panel)


def _image(axis: Any, shown: np.ndarray[Any, Any], panel: Panel) -> None:
    if panel.integer:
        colours = np.where(shown == 0, np.nan, shown * 7 % 20)  # neighbours in number far apart in colour
        axis.imshow(colours, cmap="tab20", vmin=0, vmax=19, interpolation="nearest")
    elif panel.signed:
        most = float(np.nanmax(np.abs(shown), initial=1e-12))
        axis.imshow(shown, cmap="RdBu_r", vmin=-most, vmax=most, interpolation="nearest")
    else:
        axis.imshow(shown, cmap="gray", interpolation="nearest")
    axis.axis("off")


def _tell(text: str) -> None:
    sys.stdout.write(text + "\n")


def _kind(value: Any) -> str:
    return f"of the kind {type(value).__name__}"
