"""Check data on the page: the findings are those of Python, the worst first."""

import subprocess
import sys

import msgspec
from playwright.sync_api import expect

from convivo.doubt import Finding
from page.looks import assert_accessible, open_screen

LONG = 120_000  # milliseconds for a job on a busy machine


def test_findings_are_pythons_the_worst_first(page, chosen):
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from convivo.cli import main; main()",
            "check",
            str(chosen / "odd"),
            "--json",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    findings = msgspec.json.decode(done.stdout, type=list[Finding])
    truth = sorted((each for each in findings if each.level != "fine"), key=lambda each: -each.level.rank)
    assert {each.level for each in truth} == {"stop", "warn"}
    open_screen(page, "work/check")
    page.get_by_role("radio", name="odd", exact=True).check()
    page.get_by_text("U-Net", exact=True).click()
    page.get_by_role("button", name="Check the data").click()
    told = page.locator(".work-findings > ul > li")
    expect(told).to_have_count(len(truth), timeout=LONG)
    for number, each in enumerate(truth):
        expect(told.nth(number).locator(".work-level")).to_contain_text(
            {"warn": "look"}.get(each.level, each.level)
        )
    shown = {told.nth(number).inner_text().lower() for number in range(len(truth))}
    assert all(any(each.evidence.lower() in text for text in shown) for each in truth)
    page.get_by_text("Asked, and fine").click()
    assert_accessible(page)


def test_another_method_asks_for_another_answer(page):
    open_screen(page, "work/check")
    page.get_by_role("radio", name="small", exact=True).check()
    page.get_by_role("button", name="Check the data").click()
    expect(page.get_by_text("Looked at: 6 images")).to_be_visible(timeout=LONG)
    page.get_by_text("CARE", exact=True).click()
    expect(page.get_by_text("Looked at")).to_have_count(0)


def test_the_walk_through_corrected_labels_leads_to_the_screens_it_names(page):
    open_screen(page, "work/correct")
    expect(page.get_by_role("listitem").filter(has=page.get_by_role("heading"))).to_have_count(5)
    main = page.get_by_role("main")
    for name, title in (("Predict", "Predict"), ("Check the data", "Check data"), ("train", "Train")):
        main.get_by_role("link", name=name, exact=True).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(title)
        page.go_back()
    assert_accessible(page)
