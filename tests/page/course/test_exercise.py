"""An exercise, climbed by a learner: all rungs, wrong turns, endless programs, and a draft that stays."""

import json

import pytest
from playwright.sync_api import expect

from convivo.course.exercise import student
from convivo.course.exercise.folder import find
from convivo.lab.course.described import code_of, described
from page.looks import assert_accessible, open_screen

EXERCISE = find("convolution_by_hand")
SOLUTION = code_of(student.solution(EXERCISE), EXERCISE)
ADDRESS = f"course/exercise/{EXERCISE.name}"


@pytest.fixture
def opened(learner):
    """The page of the exercise, its checks ready."""
    open_screen(learner, ADDRESS)
    learner.get_by_role("heading", level=1, name=EXERCISE.title).wait_for()
    return learner


def rung(page, name):
    page.get_by_role("tab", name=name).click()
    page.locator(".workplace").wait_for()


def write(page, source):
    """Replace what stands in the editor."""
    page.get_by_role("textbox", name="your program").click()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.keyboard.insert_text(source)


def check(page):
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.locator(".output-end")).to_contain_text("checked.")


def all_pass(page):
    expect(page.locator(".checks-all")).to_be_visible()


def lay_by_keys(page):
    """Bring the lines into their order by the keyboard alone: lay them the wrong way round, then mend."""
    puzzle = student.parsons(EXERCISE)
    right = list(puzzle.right)
    levels = {
        line: (len(puzzle.pieces[line].text) - len(puzzle.pieces[line].text.lstrip())) // 4 for line in right
    }
    for line in reversed(right):
        page.locator(f"[data-loose='{line}']").focus()
        page.keyboard.press("Enter")
    for position, line in enumerate(right):
        laid = page.locator(f"[data-line='{line}']")
        laid.focus()
        for _ in range(len(right) - 1 - position):
            page.keyboard.press("ArrowUp")
        for _ in range(8):
            page.keyboard.press("ArrowLeft")
        for _ in range(levels[line]):
            page.keyboard.press("ArrowRight")
        expect(laid).to_be_focused()
        expect(laid).to_have_accessible_name(
            f"line {position + 1} of {len(right)}, indented {levels[line]}: {puzzle.pieces[line].text.strip()}"
        )


def test_all_rungs_from_the_guess_to_ones_own_program(opened):
    page = opened
    guess = EXERCISE.predict

    # predict
    right = next(at for at, option in enumerate(guess.options) if option.right)
    page.get_by_role("radio").nth(right).check()
    page.get_by_role("button", name="That is what I expect").click()
    expect(page.get_by_text("You were right.")).to_be_visible()
    page.get_by_role("button", name="On to: Order the lines").click()

    # order the lines: with a line too many, which spoils the size, it does not pass; without it, it does
    lay_by_keys(page)
    pieces = student.parsons(EXERCISE).pieces
    wrong = next(at for at, each in enumerate(pieces) if not each.right and each.text.startswith("height"))
    page.locator(f"[data-loose='{wrong}']").click()
    for key in ["ArrowUp"] * (len(pieces) - 1) + ["ArrowDown"] + ["ArrowLeft"] * 4:
        page.keyboard.press(key)
    check(page)
    expect(page.locator(".checks-all")).to_have_count(0)
    page.locator(f"[data-line='{wrong}']").focus()
    page.keyboard.press("Delete")
    expect(page.locator(f"[data-loose='{wrong}']")).to_be_visible()
    check(page)
    all_pass(page)

    # fill: nothing written yet is no mistake; hints come one at a time
    rung(page, "Fill")
    check(page)
    expect(page.locator(".check.is-failed")).to_have_count(0)
    expect(page.locator(".check").first).to_contain_text("Not written yet")
    steps = EXERCISE.hints["sums"]
    for number in range(1, len(steps) + 1):
        page.locator(".check").first.get_by_role("button").click()
        expect(page.locator(".check").first.locator(".hint")).to_have_count(number)
    expect(page.locator(".check").first.get_by_role("button")).to_have_count(0)

    # a wrong program: the sentence of that mistake, with its picture; then the solution
    mistake = EXERCISE.wrongs[0]
    write(page, mistake.source)
    check(page)
    failed = page.locator(".check.is-failed").first
    expect(failed).to_contain_text(mistake.says)
    for title in ("yours", "expected", "difference"):
        expect(failed.locator("figcaption", has_text=title)).to_be_visible()
    assert_accessible(page)
    write(page, SOLUTION)
    check(page)
    all_pass(page)
    expect(page.get_by_role("tab", name="Fill the gaps ✓")).to_be_visible()
    open_screen(page, "course")
    expect(
        page.locator(".spine-exercises li").filter(has_text=EXERCISE.title).locator(".is-done")
    ).to_have_count(3)


def test_endless_programs_are_stopped_and_the_draft_outlives_a_reload(opened):
    page = opened
    rung(page, "Write")
    editor = page.get_by_role("textbox", name="your program")

    # the keyboard: Tab indents, Ctrl+Enter runs, Escape and Tab lead out
    write(page, "")
    page.keyboard.type("print('begun')\nwhile True:\npass")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".output-text")).to_contain_text("begun")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Run", exact=True)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    stopped = page.evaluate(
        """() => new Promise(done => {
            const begun = performance.now(), end = document.querySelector('.output-end')
            new MutationObserver(() => { if (/stop/i.test(end.textContent)) done(performance.now() - begun) })
                .observe(end, { childList: true, subtree: true, characterData: true })
            document.activeElement.click()
        })"""
    )
    assert stopped < 1000

    # an endless print is ended with words, and the page is still there
    write(page, "while True:\n    print('ha ' * 20)")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".output-wrong")).to_be_visible()
    assert len(page.locator(".output-text").inner_text()) < 100_000

    # an error is told with its line, and what was written is there after a reload
    write(page, "x = 1\nprint(y)")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator(".output-raised")).to_contain_text("NameError in line 2")
    page.get_by_role("textbox", name="your program").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("  # mine")
    page.reload()  # and it opens where something was written
    expect(editor).to_contain_text("# mine")

    # a notebook to take along; then begin again, asked first
    with page.expect_download() as coming:
        page.get_by_role("button", name="Download .ipynb").click()
    cells = json.loads(coming.value.path().read_text())["cells"]
    assert any("# mine" in "".join(cell["source"]) for cell in cells)
    page.get_by_role("button", name="Begin again").click()
    page.get_by_role("button", name="Keep it").click()
    expect(editor).to_contain_text("# mine")
    page.get_by_role("button", name="Begin again").click()
    page.get_by_role("button", name="Forget it").click()
    expect(editor).not_to_contain_text("# mine")
    expect(editor).to_contain_text("your turn")


def test_lines_are_dragged_up_and_down_and_sideways(opened):
    page = opened
    rung(page, "Order")
    lines = [at for at, line in enumerate(described(EXERCISE).puzzle.lines) if line.place == 0][:2]
    for line in lines:
        page.locator(f"[data-loose='{line}']").click()
    second = page.locator(f"[data-line='{lines[1]}']")
    page.keyboard.press("ArrowLeft")
    expect(second).to_have_accessible_name(f"line 2 of 2, indented 0: {second.inner_text()}")
    grip = page.locator(".parsons-laid-line").nth(1).locator(".parsons-grip")
    top = page.locator(".parsons-laid-line").first.bounding_box()
    start = grip.bounding_box()
    page.mouse.move(start["x"] + 5, start["y"] + 10)
    page.mouse.down()
    page.mouse.move(start["x"] + 40, top["y"] + 2, steps=4)
    page.mouse.up()
    expect(second).to_have_accessible_name(f"line 1 of 2, indented 1: {second.inner_text()}")
    assert_accessible(page)


def test_where_programs_are_not_contained_the_page_says_so_loudly(learner):
    told = {
        "checks": [],
        "isolation": {"level": 0, "contains": [], "not_contained": ["your files", "the network"]},
    }
    learner.route("**/exercises/*/checks", lambda route: route.fulfill(json=told))  # as on macOS and Windows
    open_screen(learner, ADDRESS)
    expect(learner.get_by_role("note")).to_contain_text("not contained")
    expect(learner.get_by_role("note")).to_contain_text("your files, the network")
