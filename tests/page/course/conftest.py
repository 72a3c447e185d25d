"""The course as a learner meets it, with nothing kept of her."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from page.looks import open_screen

FORGET = """
fetch('/api/course/progress', {
    method: 'DELETE', headers: { Authorization: 'Bearer ' + localStorage.getItem('convivo-token') },
}).then(reply => reply.status)
"""


@pytest.fixture
def learner(page: Page) -> Page:
    """The opened course of somebody who begins."""
    assert page.evaluate(FORGET) == 204
    open_screen(page, "course")
    page.get_by_role("heading", level=1, name="The course").wait_for()
    return page
