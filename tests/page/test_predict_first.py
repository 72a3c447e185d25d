"""The switch "Predict first": it asks one question after the other, and the screens stay accessible with it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from page.looks import open_screen, violations

SCREENS = [
    "kernel-bench",
    "kernel-bench?tab=stack",
    "pull-the-string",
    "pull-the-string?tab=nets",
    "cut-the-wire",
    "star-bench?tab=suppression",
    "blind-spot",
    "break-it",
]


@pytest.mark.parametrize("screen", SCREENS)
def test_no_screen_is_less_accessible_while_it_asks(page, screen):
    page.get_by_label("Predict first").check()
    open_screen(page, screen)
    page.locator("section.predict-first").first.wait_for(timeout=30_000)
    assert violations(page) == []


@pytest.mark.parametrize(
    "screen", ["kernel-bench", "pull-the-string", "cut-the-wire", "star-bench?tab=suppression"]
)
def test_questions_come_one_after_the_other(page, screen):
    page.get_by_label("Predict first").check()
    open_screen(page, screen)
    questions = page.locator("section.predict-first")
    questions.first.wait_for(timeout=30_000)
    for asked in (1, 2, 3):
        expect(questions).to_have_count(asked)
        page.get_by_role("radiogroup").get_by_role("radio", disabled=False).first.check()
        page.get_by_role("button", name="That is what I expect").click()
    expect(page.get_by_role("button", name="That is what I expect")).to_have_count(0)
