"""The course in the lab: what is read, programs that run and are checked beside the server, and what is kept."""

import os
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from convivo.course.exercise import student
from convivo.course.exercise.folder import EXERCISES, find
from convivo.course.lessons import LESSONS
from convivo.lab.course.described import code_of
from lab.streamed import Streamed

NAME = "convolution_by_hand"
ENDLESS = "print('begun')\nwhile True:\n    pass\n"


@pytest.fixture
def stream():
    """Ask for a run; all are left with the test."""
    asked = []

    def begin(lab, *given, **how):
        asked.append(Streamed(lab, *given, **how))
        return asked[-1]

    yield begin
    for run in asked:
        run.leave()


@pytest.fixture(scope="module")
def solution():
    exercise = find(NAME)
    return code_of(student.solution(exercise), exercise)


def test_the_course_lists_lessons_in_their_order_and_every_exercise(lab):
    course = lab.get("course")
    assert [each["name"] for each in course["lessons"]] == list(LESSONS)
    assert [each["number"] for each in course["lessons"]] == list(range(1, len(LESSONS) + 1))
    assert [each["name"] for each in course["exercises"]] == list(EXERCISES)


def test_a_lesson_that_is_not_translated_comes_in_english(lab):
    assert lab.get("course/lessons/convolution?language=de")["language"] == "de"
    assert lab.get("course/lessons/convolution?language=xx")["language"] == "en"


def test_the_deck_and_the_talk_can_be_read(lab):
    assert lab.get("course/deck")["title"]
    assert lab.get("course/talk")[0]["blocks"]


@pytest.mark.parametrize("name", ["../exercises/matching", "%2e%2e%2flessons", "%2fetc", "..", "no_such"])
def test_an_exercise_is_named_and_never_a_path(lab, name, stream):
    assert lab.ask("GET", f"/api/course/exercises/{name}")[0] in (400, 404)
    assert stream(lab, "print(1)", exercise=name).status == 400


def test_no_line_of_the_solution_and_no_right_order_is_sent_to_the_page(lab, solution):
    said = lab.get(f"course/exercises/{NAME}")
    puzzle, free = said["puzzle"], said["sources"]["free"]
    laid = {line.strip() for each in puzzle["lines"] for line in each["text"].split("\n")}
    written = {line.strip() for line in solution.split("\n")} - {line.strip() for line in free.split("\n")}
    assert len(written) > 5
    assert [line for line in written if len(line) > 11 and line in free] == []
    assert laid & written  # the lines to lay are those of the solution, among others
    assert all(line.keys() == {"text", "place"} for line in puzzle["lines"])  # none says whether it is right


def test_output_comes_while_the_program_runs(lab, stream):
    run = stream(lab, "import time\nprint('now', flush=True)\ntime.sleep(1.5)\nprint('later')")
    assert run.until("printed")["text"].startswith("now")
    first = run.seconds
    assert run.until("ended")["reason"] == "done"
    assert run.seconds - first > 1.0


def test_stop_ends_an_endless_loop_at_once(lab, stream):
    run = stream(lab, ENDLESS)
    number = run.until("begun")["id"]
    run.until("printed")
    begun = time.monotonic()
    lab.post(f"course/runs/{number}/stop")
    assert run.until("ended")["reason"] == "stopped"
    assert time.monotonic() - begun < 1.0


def test_stop_also_ends_a_check_that_does_not_come_back(lab, solution, stream):
    endless = solution.replace(
        "def layer(image, kernel, padding, stride):",
        "def layer(*_):\n    while True: pass\n\ndef was(image, kernel, padding, stride):",
    )
    endless = endless.replace("show(layer(", "(lambda *_: None)((")
    endless = solution + "\n\ndef layer(*_):\n    while True:\n        pass\n"
    run = stream(lab, endless, check=True)
    number = run.until("begun")["id"]
    run.until("checked")
    begun = time.monotonic()
    lab.post(f"course/runs/{number}/stop")
    rest = list(run)
    assert time.monotonic() - begun < 1.0
    assert rest[-1]["kind"] == "ended"
    assert rest[-1]["reason"] == "stopped"


def test_a_second_run_replaces_the_first_of_the_same_page_and_no_other(lab, stream):
    first, other = stream(lab, ENDLESS, page="a"), stream(lab, ENDLESS, page="b")
    first.until("printed")
    second = stream(lab, "print('new')", page="a")
    assert first.until("ended")["reason"] == "stopped"
    assert second.until("printed")["text"] == "new\n"
    number = other.until("begun")["id"]
    other.until("printed")
    lab.post(f"course/runs/{number}/stop")
    assert other.until("ended")["reason"] == "stopped"


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes as Linux has them")
def test_a_page_that_is_closed_ends_its_run(lab, stream):
    stream(lab, "print('the runner is there')").until("ended")
    before = set(family(lab.process.pid))
    run = stream(lab, "import time\nprint('begun', flush=True)\ntime.sleep(60)", page="closed")
    run.until("printed")
    its_own = set(family(lab.process.pid)) - before
    assert its_own
    run.leave()
    wait_until(lambda: not any(map(alive, its_own)), seconds=12)  # its own limit would end it after 20


def test_the_solution_passes_and_that_is_kept_by_the_server(lab, solution, stream):
    said = list(stream(lab, solution, check=True))
    checks = [each for each in said if each["kind"] == "checked"]
    assert [each["sentence"] for each in checks if not each["passed"]] == []
    assert {each["name"] for each in checks} == {
        each["name"] for each in lab.get(f"course/exercises/{NAME}/checks")["checks"]
    }
    kept = lab.get("course/progress")
    assert {each["name"] for each in kept["checks"]} == {each["name"] for each in checks}
    assert [each["rung"] for each in kept["rungs"]] == ["free"]


def test_a_wrong_solution_is_told_which_mistake_it_is_with_its_picture(lab, stream):
    wrong = find(NAME).wrongs[0]
    said = list(stream(lab, wrong.source, check=True))
    (failed,) = [each for each in said if each["kind"] == "checked" and each["name"] == wrong.check]
    assert not failed["passed"]
    assert wrong.says in failed["sentence"]
    assert {"yours", "expected"} <= {panel["title"] for panel in failed["panels"]}


def test_what_is_not_written_yet_is_said_without_a_traceback(lab, stream):
    free = lab.get(f"course/exercises/{NAME}")["sources"]["free"]
    said = list(stream(lab, free, check=True))
    checks = [each for each in said if each["kind"] == "checked"]
    assert checks
    assert all(each["unwritten"] and not each["passed"] for each in checks)
    assert all(each["unwritten"] for each in said if each["kind"] == "raised")


def test_the_page_cannot_claim_that_a_check_was_passed(lab):
    lab._said("DELETE", "course/progress")
    lab.post("course/progress", {"checks": [{"exercise": NAME, "rung": "free", "name": "sums"}]})
    lab.post("course/progress", {"answer": {"page": "unet", "question": "C16", "chosen": 1, "right": True}})
    kept = lab.get("course/progress")
    assert kept["checks"] == kept["rungs"] == []
    assert [each["question"] for each in kept["answers"]] == ["C16"]


def test_a_program_that_is_too_long_is_refused(lab, stream):
    run = stream(lab, "x = 1\n" * 20_000)
    assert run.status == 400


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes as Linux has them")
def test_a_coach_that_dies_costs_one_run_and_no_process_outlives_the_server(lab, stream):
    """The last test of the file: it takes the lab down, because to start another one costs seconds."""
    run = stream(lab, ENDLESS)
    run.until("printed")
    (coach,) = (pid for pid in children(lab.process.pid) if children(pid))
    os.kill(coach, signal.SIGKILL)
    assert "stopped" in run.until("failed")["problem"]
    assert stream(lab, "print(1 + 1)").until("printed")["text"] == "2\n"
    below = family(lab.process.pid)
    assert len(below) > 1
    lab.kill()
    wait_until(lambda: not any(map(alive, below)))


def wait_until(is_so, seconds=30):
    ends = time.monotonic() + seconds
    while not is_so() and time.monotonic() < ends:
        time.sleep(0.05)
    assert is_so()


def children(pid):
    """Processes that a process started and that live."""
    try:
        tasks = Path(f"/proc/{pid}/task").iterdir()
        return [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except FileNotFoundError:
        return []


def family(pid):
    """All below it."""
    return [one for child in children(pid) for one in [child, *family(child)]]


def alive(pid):
    try:
        return re.search(r"State:\s+[^ZX]", Path(f"/proc/{pid}/status").read_text()) is not None
    except FileNotFoundError:
        return False
