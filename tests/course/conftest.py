"""One runner for all tests of the course: warming it takes longer than most of them."""

import pytest

from convivo.course.runner.runner import Runner


@pytest.fixture(scope="session")
def runner():
    """Runs programs as the lab does; tests must leave it as it is."""
    with Runner() as started:
        yield started
