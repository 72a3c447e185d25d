"""The page around the screens: the way in, the image menu, the address, and what is told when things go wrong."""

import numpy as np
import pytest
import tifffile
from playwright.sync_api import expect

from page.looks import assert_accessible, open_screen


@pytest.fixture
def stacks(tmp_path):
    """Images that a person might drop."""
    rng = np.random.default_rng(0)
    tifffile.imwrite(tmp_path / "mine.tif", rng.integers(0, 4000, (300, 420), np.uint16))
    (tmp_path / "text.tif").write_text("this is no image")
    return tmp_path


def choose_file(page, path):
    page.locator("input[type=file]").first.set_input_files(path)


def test_the_first_page_is_accessible_in_every_look(page):
    assert_accessible(page)


def test_the_key_is_taken_out_of_the_address_and_kept_for_reloads(page):
    assert "token" not in page.url
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("See how a network sees")


def test_without_the_key_the_page_says_how_to_get_in(browser, lab_address):
    with browser.new_context() as context:
        stranger = context.new_page()
        stranger.goto(lab_address.split("#")[0])
        expect(stranger.get_by_role("alert")).to_contain_text("Open the address that `convivo lab` printed.")


def test_a_view_is_kept_in_the_address(page):
    open_screen(page, "kernel-bench?row=40&column=50")
    frame = page.get_by_role("application")
    expect(frame).to_have_accessible_name("patch: row 40, column 50. Arrow keys move it.")
    frame.focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_url("**/#/kernel-bench?*row=41*")
    page.reload()
    expect(page.get_by_role("application")).to_have_accessible_name(
        "patch: row 41, column 50. Arrow keys move it."
    )


def test_ones_own_image_is_shown_and_can_be_forgotten(page, stacks):
    open_screen(page, "kernel-bench")
    choose_file(page, stacks / "mine.tif")
    expect(page.get_by_text("shows 256 × 256 of 420 × 300 pixels")).to_be_visible()
    page.get_by_label("from column").fill("100")
    page.get_by_label("from column").press("Tab")
    page.wait_for_url("**x=100*")
    page.get_by_role("button", name="forget this image").click()
    expect(page.get_by_text("shows 256 × 256")).to_have_count(0)
    expect(page.get_by_role("combobox", name="Image")).to_have_value("nuclei")


def test_a_text_file_named_as_an_image_is_refused_in_words_and_the_picture_stays(page, stacks):
    open_screen(page, "kernel-bench")
    page.get_by_role("application").wait_for()
    with page.expect_response("**/api/images/text.tif") as refused:
        choose_file(page, stacks / "text.tif")
    assert refused.value.status == 400
    expect(page.get_by_role("alert")).to_contain_text("text.tif")
    expect(page.get_by_role("application")).to_be_visible()
    page.expected_errors.append("400")


def test_predict_first_and_the_theme_survive_a_reload(page):
    page.get_by_label("Predict first").check()
    page.get_by_role("button", name="Theme: auto").click()
    page.reload()
    expect(page.get_by_label("Predict first")).to_be_checked()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")


def test_two_tabs_show_two_views(page, lab_address):
    open_screen(page, "kernel-bench?row=11")
    other = page.context.new_page()
    other.goto(lab_address)
    other.get_by_role("heading", level=1).wait_for()
    open_screen(other, "kernel-bench?row=22")
    for tab, row in ((page, 11), (other, 22)):
        expect(tab.get_by_role("application")).to_have_accessible_name(
            f"patch: row {row}, column 100. Arrow keys move it."
        )


def test_the_navigation_is_there_when_a_narrow_window_grows(page):
    link = page.get_by_role("navigation", name="Screens").get_by_role("link", name="Kernel bench")
    page.set_viewport_size({"width": 390, "height": 900})
    page.reload()
    page.get_by_role("heading", level=1).wait_for()
    expect(link).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(link).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 900})
    expect(link).to_be_hidden()


def test_on_a_phone_the_menu_closes_behind_whoever_went_somewhere(page):
    page.set_viewport_size({"width": 390, "height": 900})
    page.get_by_text("All screens").click()
    page.get_by_role("navigation", name="Screens").get_by_role("link", name="Kernel bench").click()
    page.get_by_role("heading", level=1, name="Kernel bench").wait_for()
    expect(
        page.get_by_role("navigation", name="Screens").get_by_role("link", name="Kernel bench")
    ).to_be_hidden()
