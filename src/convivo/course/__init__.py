"""The course: lessons, exercises that answer back, and the place where learners' code runs.

    from convivo.course import check, show

    check("receptive_field")    # in a notebook: what the exercise's checks say of what is defined so far

* lessons/ holds eleven lessons, a folder each: text, questions, and the facts that its numbers are computed by
* exercises/ holds ten exercises, a folder each: narrative and solution, checks, hints, wrong solutions
* exercise/ reads such a folder, and makes from it what learners and teachers get
* checks.py says what a check asks and answers
* checking.py, practice.py ask the checks: of a program in the runner, of a notebook in its own process
* runner/ runs learners' code where it can do no harm
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convivo.course.practice import check, show

__all__ = ["check", "show"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"convivo.course has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module("convivo.course.practice"), name)
