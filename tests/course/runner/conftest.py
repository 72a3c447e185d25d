"""Programs are run by the runner of all tests of the course."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from convivo.course.runner.program import Event, Limits, Program
from convivo.course.runner.runner import Runner

Ran = Callable[..., list[Event]]


@pytest.fixture
def ran(runner: Runner) -> Ran:
    """Runs a program to its end; what happened."""

    def run(source: str, limits: Limits | None = None, **more: object) -> list[Event]:
        with runner.start(Program(source, **more), limits) as run:
            return list(run.events())

    return run
