"""What all tests of the page do: go to a screen, look at it in every look, ask axe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "web" / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


def open_screen(page: Page, address: str) -> None:
    """Go to a screen, such as "kernel-bench?row=3"."""
    page.evaluate("to => { location.hash = '#/' + to }", address)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page as it is, in words."""
    page.evaluate(AXE.read_text())  # not as a script tag, which the page's own policy refuses
    found = page.evaluate("rules => axe.run({ runOnly: rules })", RULES)
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


def in_every_look(page: Page) -> Iterator[str]:
    """The screen in light and dark, wide and narrow; the name of each look."""
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 900})
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            page.wait_for_timeout(50)
            yield f"{theme} {width}"


def assert_accessible(page: Page) -> None:
    """No violation in any look, and nothing wider than the window."""
    for look in in_every_look(page):
        found = violations(page)
        assert not found, f"{look}: {found}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), f"wider than {look}"
