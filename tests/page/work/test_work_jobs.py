"""The list of jobs on the page: it survives the lab's end, and says calmly when the lab is away."""

import re

from playwright.sync_api import expect

from page.looks import assert_accessible, open_screen

LONG = 120_000  # milliseconds for a job on a busy machine


def jobs(page):
    return page.locator(".work-jobs > li")


def test_a_list_without_jobs_says_how_to_begin(page):
    open_screen(page, "work/jobs")
    expect(page.get_by_text("There is no job yet.")).to_be_visible()
    assert_accessible(page)


def test_a_job_appears_in_an_open_list_and_can_be_taken_off(page, lab):
    open_screen(page, "work/jobs")
    job = lab.start_job(type="simulate", name="seen", images=2, size=64, nuclei=3)
    lab.until(job, "done")
    expect(jobs(page)).to_have_count(1)
    expect(jobs(page).locator(".work-state")).to_have_text("✓ done")
    other = page.context.new_page()
    other.goto(page.url)
    expect(jobs(other)).to_have_count(1)
    other.get_by_role("button", name="Take off the list").click()
    expect(jobs(other)).to_have_count(0)
    expect(jobs(page)).to_have_count(0)


def test_a_job_that_failed_says_the_problem_and_what_helps(page, lab):
    job = lab.start_job(
        type="train", method="care", data={"root": 1, "path": "small"}, name="no pairs", steps=5
    )
    ended = lab.until(job, "failed")
    open_screen(page, f"work/jobs/{job}")
    expect(page.locator(".work-state").first).to_have_text("✗ failed")
    alert = page.get_by_role("main").get_by_role("alert")
    expect(alert).to_contain_text(ended["problem"][1:])
    expect(alert).to_contain_text(ended["fix"][1:])
    assert_accessible(page)
    open_screen(page, "work/jobs")
    expect(jobs(page).first).to_contain_text(ended["problem"])
    assert_accessible(page)


def test_a_job_that_is_not_there_is_said(page):
    page.expected_errors = ["400", "404"]
    open_screen(page, "work/jobs/nothing")
    expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()


def test_the_list_is_there_after_the_lab_was_killed_and_the_page_says_so_without_moving(page, lab):
    page.expected_errors = ["ERR_"]
    job = lab.start_job(type="simulate", name="kept", images=2, size=64, nuclei=3)
    lab.until(job, "done")
    open_screen(page, "work/jobs")
    expect(page.get_by_role("link", name="2 practice images")).to_be_visible()
    before = jobs(page).first.bounding_box()
    port = lab.host.split(":")[1]
    lab.kill()
    expect(page.get_by_text("The lab does not answer.")).to_be_visible(timeout=LONG)
    assert jobs(page).first.bounding_box() == before
    assert_accessible(page)
    lab.start(port)
    expect(page.get_by_text("The lab does not answer.")).to_have_count(0, timeout=LONG)
    expect(page.get_by_role("link", name="2 practice images")).to_be_visible()
    page.get_by_role("link", name="2 practice images").click()
    expect(page.locator(".work-state").first).to_have_text(re.compile("done"))
