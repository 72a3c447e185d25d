"""The talk as a speaker gives it."""

import re

from playwright.sync_api import expect

from convivo.course.lesson.reading import read_slides
from convivo.course.lessons import FOLDER
from page.looks import assert_accessible, open_screen

SLIDES = read_slides(FOLDER.parent / "talk")
TITLES = [slide.title for slide in SLIDES]
STACK = next(
    number
    for number, slide in enumerate(SLIDES)
    if any(getattr(block, "name", "") == "kernel-bench" for block in slide.blocks)
)


def _shows(page, number):
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLES[number])
    expect(page.locator(".slides-count")).to_have_text(f"{number + 1} / {len(TITLES)}")


def test_keys_turn_slides_and_the_address_keeps_the_place(page):
    open_screen(page, "slides")
    _shows(page, 0)
    for key, number in [
        ("ArrowRight", 1),
        (" ", 2),
        ("PageDown", 3),
        ("ArrowLeft", 2),
        ("End", len(TITLES) - 1),
    ]:
        page.keyboard.press(key)
        _shows(page, number)
    page.keyboard.press("Home")
    _shows(page, 0)
    open_screen(page, "slides?slide=4")
    page.reload()
    _shows(page, 3)
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile("#/course$"))


def test_what_is_touched_keeps_its_own_keys(page):
    open_screen(page, f"slides?slide={STACK + 1}")
    _shows(page, STACK)
    slider = page.get_by_role("slider").first
    slider.focus()
    before = slider.input_value()
    page.keyboard.press("ArrowRight")
    expect(slider).not_to_have_value(before)
    _shows(page, STACK)
    page.keyboard.press("PageDown")  # as a remote control sends it
    _shows(page, STACK + 1)


def test_notes_and_clock_stand_below_and_in_a_window_that_turns_along(page):
    open_screen(page, "slides?slide=1")
    _shows(page, 0)
    expect(page.get_by_role("complementary", name="Speaker notes")).to_have_count(0)
    page.keyboard.press("n")
    notes = page.get_by_role("complementary", name="Speaker notes")
    expect(notes).to_contain_text(f"Next: {TITLES[1]}")
    expect(notes).to_contain_text("of 30:00")
    expect(notes.get_by_role("button", name="Start the clock")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("link", name="Notes in a window").click()
    speaker = opened.value
    expect(speaker.get_by_role("heading", level=1)).to_have_text(TITLES[0])
    page.keyboard.press("ArrowRight")
    expect(speaker.get_by_role("heading", level=1)).to_have_text(TITLES[1])
    notes = speaker.get_by_role("complementary")
    expect(notes).to_contain_text("on time")  # the clock began with this slide
    speaker.keyboard.press("ArrowRight")
    _shows(page, 2)
    expect(notes).to_contain_text("ahead")  # by what the second slide was to take
    assert_accessible(speaker)
    speaker.close()


def test_slides_can_be_read_by_everybody(page):
    for number in (3, STACK + 1):
        open_screen(page, f"slides?slide={number}")
        assert_accessible(page)


def test_every_slide_has_its_page_and_nothing_is_missing_from_it(page):
    page.set_viewport_size({"width": 1280, "height": 720})
    open_screen(page, "slides?view=paper")
    expect(page.locator(".slide")).to_have_count(len(TITLES))
    expect(page.locator(".problem")).to_have_count(0)
    sizes = page.eval_on_selector_all(".slide", "all => all.map(one => [one.clientWidth, one.clientHeight])")
    assert {tuple(size) for size in sizes} == {(1280, 720)}
