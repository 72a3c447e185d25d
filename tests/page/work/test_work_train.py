"""Train on the page: practice data, a short training that is stopped and kept, watched from two tabs and a reload."""

import re
import time

import pytest
from playwright.sync_api import expect

from page.looks import assert_accessible, open_screen

LONG = 120_000  # milliseconds for a job on a busy machine


@pytest.fixture(scope="module")
def training(lab):
    """A training that runs, after it was tried at least once."""
    job = lab.start_job(
        type="train", method="unet", data={"root": 1, "path": "small"}, name="watched", minutes=3
    )
    lab.until(job, lambda now: lab.events(job, "Validated") != [] or now["state"] == "failed", 120)
    return job


def step(page):
    return int(page.locator("[data-read=step]").inner_text().replace(",", "").replace("–", "0"))


def until_step(page, least):
    """Wait until the page shows that step or a later one."""
    ends = time.monotonic() + LONG / 1000
    expect(page.locator("[data-read=step]")).to_be_visible(timeout=LONG)
    while step(page) < least:
        assert time.monotonic() < ends, f"still at step {step(page)}"
        page.wait_for_timeout(100)


def test_practice_data_are_made_and_chosen_and_trained_on(page, lab):
    open_screen(page, "work/train")
    page.get_by_text("No data at hand").click()
    page.get_by_role("slider", name="Images").fill("8")
    page.get_by_role("button", name="Make them").click()
    expect(page.get_by_role("radio", name="practice-1")).to_be_checked(timeout=LONG)
    page.get_by_role("radio", name=re.compile("^U-Net")).check()
    page.get_by_label("Name of the model").fill("first try")
    page.get_by_role("slider", name="Time").fill("0")
    page.get_by_role("button", name="Train", exact=True).click()
    page.wait_for_url("**/work/jobs/*")
    until_step(page, 3)
    page.get_by_role("button", name=re.compile("^Stop and keep")).click()
    expect(page.get_by_role("link", name="Predict with it")).to_be_visible(timeout=LONG)
    expect(page.locator(".work-state").first).to_have_text("▪ stopped, kept")
    page.get_by_role("link", name="Predict with it").click()
    expect(page.get_by_role("combobox", name="Model")).to_have_value("lab:first try")
    assert [each["name"] for each in lab.get("folders/0?path=data")["entries"]] == ["practice-1"]


def test_a_training_is_followed_through_a_reload_and_in_a_second_tab(page, lab, training):
    open_screen(page, f"work/jobs/{training}")
    until_step(page, 1)
    before = step(page)
    page.reload()
    until_step(page, before + 1)
    other = page.context.new_page()
    other.goto(page.url)
    expect(other.locator("[data-read=best]")).to_have_text(re.compile(r"\d"), timeout=LONG)
    expect(other.locator(".work-picture img").first).to_be_visible(timeout=LONG)
    assert step(other) >= before
    other.close()


def test_what_is_read_off_is_what_the_training_told(page, lab, training):
    open_screen(page, f"work/jobs/{training}")
    expect(page.get_by_role("img", name=re.compile("^Loss"))).to_be_visible(timeout=LONG)
    assert_accessible(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.get_by_role("button", name=re.compile("^Stop and keep")).click()
    expect(page.locator(".work-state").first).to_have_text("▪ stopped, kept", timeout=LONG)
    expect(page.get_by_role("link", name="Fine-tune it")).to_be_visible()
    rows, tried = lab.events(training, "Row"), lab.events(training, "Validated")
    assert step(page) == rows[-1]["step"]
    assert float(page.locator("[data-read=loss]").inner_text()) == pytest.approx(rows[-1]["loss"], rel=5e-3)
    best = max(each["score"] for each in tried)
    assert float(page.locator("[data-read=best]").inner_text()) == pytest.approx(best, abs=5e-4)
    made = lab.events(training, "ModelMade")[-1]
    expect(page.get_by_text(f"Accuracy {made['accuracy']['0.5']:.2f} at IoU 0.5")).to_be_visible()
    assert_accessible(page)


def test_earlier_pictures_can_be_looked_at_again(page, lab, training):
    open_screen(page, f"work/jobs/{training}")
    tried = lab.events(training, "Validated")
    slider = page.get_by_role("slider", name="looked at after step")
    slider.focus()
    page.keyboard.press("Home")
    expect(page.get_by_role("img", name=f"image 1 at step {tried[0]['step']}:")).to_be_visible()


def test_a_training_that_was_stopped_can_go_on(page, lab, training):
    lab.until(training, "stopped", 120)
    open_screen(page, f"work/jobs/{training}")
    last = lab.events(training, "Row")[-1]["step"]
    page.get_by_role("button", name=re.compile("^Go on")).click()
    until_step(page, last + 1)
    page.get_by_role("button", name=re.compile("^Stop and keep")).click()
    expect(page.locator(".work-state").first).to_have_text("▪ stopped, kept", timeout=LONG)


def test_a_name_that_is_taken_is_refused_in_words(page, training):
    page.expected_errors = ["400"]
    open_screen(page, "work/train")
    page.get_by_role("radio", name="small", exact=True).check()
    page.get_by_label("Name of the model").fill("watched")
    page.get_by_role("button", name="Train", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("There is a model 'watched' already.")


def test_the_order_of_a_training_is_accessible(page):
    open_screen(page, "work/train")
    page.get_by_text("No data at hand").click()
    assert_accessible(page)
