"""Several explorables in one lesson leave each other alone."""

from page.looks import open_screen

EACH_HAS_ONE = """() => [...document.querySelectorAll(".live .choice")].map(
    choice => choice.querySelectorAll("input:checked").length)"""
SAME_NAMES = """() => {
    const names = [...document.querySelectorAll("[id]")].map(one => one.id);
    return names.filter((name, at) => names.indexOf(name) !== at);
}"""


def test_every_choice_keeps_its_own_answer(page):
    open_screen(page, "course/tiling")
    page.get_by_role("radio").first.check()
    page.get_by_role("button", name="That is what I expect").click()
    for figure in page.locator(".live").all():
        figure.scroll_into_view_if_needed()
        figure.get_by_role("slider").first.wait_for()
    chosen = page.evaluate(EACH_HAS_ONE)
    assert len(chosen) > 2
    assert set(chosen) == {1}
    assert page.evaluate(SAME_NAMES) == []
