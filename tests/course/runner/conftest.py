"""One runner for all tests of a file: its warmed process takes seconds to start."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from convivo.course.runner.program import Event, Limits, Program
from convivo.course.runner.runner import Runner


@pytest.fixture(scope="package")
def runner() -> Iterator[Runner]:
    with Runner(cores=2) as runner:
        yield runner


Ran = Callable[..., list[Event]]


@pytest.fixture
def ran(runner: Runner) -> Ran:
    """Runs a program to its end; what happened."""

    def run(source: str, limits: Limits | None = None, **more: object) -> list[Event]:
        with runner.start(Program(source, **more), limits) as run:
            return list(run.events())

    return run
