"""`convivo course` opens the lab at the course."""

from playwright.sync_api import Page, expect


def test_the_printed_address_of_the_course_opens_it(page: Page, lab_address: str):
    page.goto("about:blank")
    page.goto(f"{lab_address}&page=course")
    expect(page.get_by_role("heading", level=1, name="The course")).to_be_visible()
    assert page.url.endswith("#/course")
