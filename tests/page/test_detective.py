"""The detective, by mouse and by keys; what is on screen is what the cases say."""

import pytest
from playwright.sync_api import expect

from convivo.lab.detective.cases import CASES, CAUSES
from page.looks import assert_accessible, open_screen
from page.node import run_node

LONG = 120_000  # milliseconds: nets are loaded and asked on a busy machine
NAMES = {cause.key: cause.name for cause in CAUSES}


def opened(page, values=""):
    open_screen(page, f"break-it?tab=detective{values}")
    page.locator("[data-read=score]").wait_for(timeout=LONG)
    page.get_by_role("region", name="The case").get_by_role("img").first.wait_for(timeout=LONG)


def said(number):
    found = {"value": number.value, "unit": number.unit, "low": number.low, "high": number.high}
    return run_node("explorables/break-it/cases.ts", "page.said(given.number)", number=found)


def test_a_case_is_solved_by_mouse_and_its_numbers_are_the_cases_own(page):
    case = CASES[0]
    opened(page)
    for number in case.answer().numbers:
        shown = page.locator(f"[data-read='number-{number.key}']").first
        assert shown.text_content() == said(number)
        assert float(shown.text_content().split()[0]) == pytest.approx(number.value, rel=0.005)
    expect(page.locator("[data-read=score]")).to_have_text("0 of 6")
    page.get_by_label(NAMES[case.cause]).check()
    page.get_by_role("button", name="That is the cause").click()
    expect(page.locator("[data-read=verdict]")).to_contain_text(f"Right: {NAMES[case.cause]}", timeout=LONG)
    expect(page.locator("[data-read=score]")).to_have_text("1 of 6")
    expect(page.get_by_text(case.proof().conclusion.replace("`", ""))).to_be_visible(timeout=LONG)


def test_a_case_is_judged_wrongly_by_keys_and_the_proof_says_what_it_was(page):
    case = CASES[1]
    opened(page)
    page.get_by_role("button", name=f"2 {case.title}").press("Enter")
    expect(page.get_by_text(case.story)).to_be_visible()
    page.get_by_role("region", name="The case").get_by_role("img").first.wait_for(timeout=LONG)
    wrong = next(number for number, cause in enumerate(CAUSES) if cause.key != case.cause)
    page.get_by_role("radio").first.focus()
    page.keyboard.press("Space")
    for _ in range(wrong):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    verdict = page.locator("[data-read=verdict]")
    expect(verdict).to_contain_text(f"It was: {NAMES[case.cause]}", timeout=LONG)
    expect(verdict).to_be_focused()
    expect(page.locator("[data-read=score]")).to_have_text("0 of 6")
    page.wait_for_function("() => location.hash.includes('guesses=')")
    page.reload()
    expect(verdict).to_contain_text(f'Not "{CAUSES[wrong].name}"', timeout=LONG)
    page.get_by_role("button", name="Judge this case again").press("Enter")
    expect(page.get_by_role("radio")).to_have_count(6)


@pytest.mark.parametrize(
    ("value", "low", "high", "unit", "expected"),
    [
        (0.2345, 0, 1, "", "0.23"),
        (42, None, None, "", "42"),
        (31.256, None, None, "pixels", "31.3 pixels"),
        (-0.0087, -1, 1, "", "−0.01"),
    ],
)
def test_numbers_are_said_in_few_digits(value, low, high, unit, expected):
    number = {"key": "x", "name": "x", "value": value, "unit": unit, "low": low, "high": high}
    assert run_node("explorables/break-it/cases.ts", "page.said(given.number)", number=number) == expected


def test_guesses_come_back_as_they_were_written():
    guesses = [["membranes", "field"], ["rows", "correlated-noise"]]
    text = run_node("explorables/break-it/cases.ts", "page.writeGuesses(new Map(given.g))", g=guesses)
    assert run_node("explorables/break-it/cases.ts", "page.readGuesses(given.t)", t=text) == guesses
    assert run_node("explorables/break-it/cases.ts", "page.readGuesses(given.t)", t="nonsense,:,a:b:c") == []


@pytest.mark.parametrize("is_judged", [False, True])
def test_the_detective_is_accessible_in_every_look(page, is_judged):
    opened(page, f"&guesses={CASES[0].key}:invention" if is_judged else "")
    if is_judged:
        page.locator(".detective-conclusion").wait_for(timeout=LONG)
    assert_accessible(page)
