"""A lesson, read by a learner: the right way and the wrong ways."""

import json
import re

import pytest
from playwright.sync_api import expect

from convivo.course.lesson.blocks import Asked, Explorable, Predict
from convivo.course.lesson.reading import read_lesson
from convivo.course.lessons import LESSONS
from page.looks import assert_accessible, open_screen

FIRST, SECOND = (read_lesson(name) for name in LESSONS[:2])


def questions(lesson, kind):
    return [block.question for block in lesson.blocks if isinstance(block, kind)]


def card(page, number):
    """The so-manyth question of the page, the prediction being the first."""
    return page.locator(".question").nth(number)


def answer(page, number, question, *, right):
    """Choose the first option that is right or wrong, and commit to it."""
    chosen = next(at for at, option in enumerate(question.options) if option.right is right)
    card(page, number).get_by_role("radio").nth(chosen).check()
    card(page, number).get_by_role("button").click()
    return question.options[chosen]


def test_a_whole_lesson_from_a_wrong_guess_to_the_next_lesson(learner):
    page = learner
    (guess,), asked = questions(FIRST, Predict), questions(FIRST, Asked)
    page.get_by_role("link", name=f"Begin 1. {FIRST.title}").click()
    page.get_by_role("heading", level=1, name=FIRST.title).wait_for()

    # what follows waits, and nothing can be committed to before it is chosen
    expect(page.get_by_text("The lesson goes on when")).to_be_visible()
    expect(page.locator(".question")).to_have_count(1)
    expect(page.locator(".live")).to_have_count(0)
    expect(card(page, 0).get_by_role("button")).to_be_disabled()

    # a wrong guess is kind, says why, and the lesson goes on
    wrong = answer(page, 0, guess, right=False)
    expect(card(page, 0).get_by_text("Not quite. Look at the reasons.")).to_be_focused()
    expect(card(page, 0).locator("label.is-wrong")).to_contain_text("not so")
    expect(card(page, 0).locator("label.is-right")).to_contain_text("right")
    assert wrong.because
    expect(card(page, 0).locator(".question-because")).to_have_count(len(guess.options))
    expect(page.locator(".question")).to_have_count(1 + len(asked))

    # ConcepTests: one right, one wrong
    expect(card(page, 1).locator(".question-because")).to_have_count(0)
    answer(page, 1, asked[0], right=True)
    expect(card(page, 1).get_by_text("You were right.")).to_be_visible()
    answer(page, 2, asked[1], right=False)
    expect(card(page, 2).get_by_text("Not quite. Look at the reasons.")).to_be_visible()

    # code excerpts are coloured, facts are marked and explained
    expect(page.locator(".excerpt .tok-keyword").first).to_be_attached()
    assert page.locator(".fact").count() > 0
    expect(page.get_by_text("Numbers underlined like this")).to_be_attached()

    # it is still so after a reload
    page.reload()
    expect(card(page, 2).get_by_text("Not quite. Look at the reasons.")).to_be_visible()
    expect(card(page, 0).get_by_role("radio").first).to_be_disabled()

    page.get_by_role("button", name=f"Done. On to: {SECOND.title}").click()
    page.get_by_role("heading", level=1, name=SECOND.title).wait_for()
    assert page.evaluate("scrollY") == 0
    open_screen(page, "course")
    page.get_by_role("link", name=f"Go on 2. {SECOND.title}").wait_for()
    expect(page.locator(".spine-lesson.is-read")).to_contain_text(
        f"3 of {1 + len(asked)} questions answered · read"
    )


def test_explorables_begin_as_the_lesson_sets_them_come_when_they_are_near_and_leave_the_address_alone(
    learner,
):
    page = learner
    lives = [block for block in FIRST.blocks if isinstance(block, Explorable)]
    open_screen(page, f"course/{FIRST.name}")
    answer(page, 0, questions(FIRST, Predict)[0], right=True)
    stages = page.locator(".live")
    expect(stages.nth(1)).to_be_attached()
    expect(stages.last.locator(".is-away")).to_be_attached()  # far below, and not there yet

    first = stages.first
    first.scroll_into_view_if_needed()
    weights = first.locator("input[type=text], input[type=number], input[inputmode]")
    expect(weights.first).to_be_visible()
    kernel = [float(each) for each in lives[0].values["kernel"].split("_")]
    assert [float(weights.nth(at).input_value().replace("−", "-")) for at in range(9)] == kernel
    weights.first.fill("5")
    weights.first.press("Enter")
    assert page.url.endswith(f"#/course/{FIRST.name}")
    changed = "_".join(["5", *lives[0].values["kernel"].split("_")[1:]])
    link = first.get_by_role("link", name="Open it in the lab")
    expect(link).to_have_attribute("href", re.compile(rf"^#/kernel-bench\?kernel={changed}&row="))

    stages.last.scroll_into_view_if_needed()
    expect(stages.last.locator(".is-away")).to_have_count(0)
    assert_accessible(page)


def test_a_lesson_is_read_in_another_language_where_it_is_written_in_one(learner):
    page = learner
    german = read_lesson(FIRST.name, "de")
    open_screen(page, f"course/{FIRST.name}")
    page.get_by_role("button", name="Deutsch").click()
    page.get_by_role("heading", level=1, name=german.title).wait_for()
    expect(page.locator("article")).to_have_attribute("lang", "de")
    expect(page.get_by_role("button", name="Das erwarte ich")).to_be_visible()
    untranslated = next(name for name in LESSONS if read_lesson(name, "de").language == "en")
    open_screen(page, f"course/{untranslated}")
    expect(page.locator("article")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("screen", ["course", "course/deck"])
def test_the_course_and_the_page_on_the_deck_are_accessible_in_every_look(learner, screen):
    open_screen(learner, screen)
    learner.locator(".spine, .lesson").first.wait_for()
    assert_accessible(learner)


def test_progress_is_seen_exported_and_deleted(learner, tmp_path):
    page = learner
    open_screen(page, f"course/{FIRST.name}")
    answer(page, 0, questions(FIRST, Predict)[0], right=True)
    open_screen(page, "course/progress")
    expect(page.locator("[data-read=answers]")).to_have_text("1")
    expect(page.locator("[data-read=lessons]")).to_have_text(f"0 of {len(LESSONS)}")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Export as JSON").click()
    coming.value.save_as(tmp_path / "progress.json")
    kept = json.loads((tmp_path / "progress.json").read_text())
    assert [(each["page"], each["right"]) for each in kept["answers"]] == [(FIRST.name, True)]
    page.get_by_role("button", name="Delete all").click()
    assert_accessible(page)
    page.get_by_role("button", name="Delete everything").click()
    expect(page.get_by_text("Everything is deleted.")).to_be_visible()
    expect(page.locator("[data-read=answers]")).to_have_text("0")
    page.reload()
    expect(page.locator("[data-read=answers]")).to_have_text("0")
