"""Exercises keep what they promise, and where one does not, the trial says so."""

import os
from itertools import chain

import pytest

from convivo.course.exercise.beginning import begin
from convivo.course.exercise.folder import EXERCISES, find, read
from convivo.course.trial import Trying, try_out
from convivo.errors import BadInput
from small_exercise import write_small_exercise


@pytest.mark.parametrize("name", EXERCISES)
def test_every_exercise_keeps_its_promises(name, runner):
    trial = try_out(find(name), runner, seeds=5)
    assert trial.faults == ()
    assert trial.wrongs >= 3


def test_a_new_exercise_keeps_its_promises_at_once(tmp_path, runner):
    folder = begin("my-exercise", tmp_path)
    assert folder == tmp_path / "my_exercise"
    assert try_out(read(folder), runner, seeds=2).faults == ()


@pytest.mark.parametrize("name", ["My exercise", "1st", "../up", EXERCISES[0]])
def test_a_new_exercise_cannot_have_every_name(tmp_path, name):
    with pytest.raises(BadInput):
        begin(name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_new_exercise_overwrites_nothing(tmp_path):
    (tmp_path / "mine").mkdir()
    with pytest.raises(BadInput, match="is there already"):
        begin("mine", tmp_path)


@pytest.fixture
def faults(tmp_path, runner):
    """What one part of the trial finds in the small exercise after a text in one of its files was changed."""
    folder = write_small_exercise(tmp_path)

    def find_faults(part, file="hints.md", old="", new=""):
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
        exercise = read(folder)
        trying = Trying(exercise, runner)
        given = {"solution": [0], "wrong": list(exercise.wrongs)}.get(part)
        return (
            [*chain(*(getattr(trying, part)(each) for each in given))]
            if given
            else [*getattr(trying, part)()]
        )

    return find_faults


@pytest.mark.parametrize("part", ["texts", "told", "solution", "blank", "gaps", "ordered", "wrong"])
def test_the_small_exercise_has_no_fault(faults, part):
    assert faults(part) == []


SWALLOWED = (
    "import convivo.course.checks as c\n    try:\n        yours.value('answer')\n"
    "    except c.LearnerFailed:\n        return c.Answer(False, 'Something is wrong.')\n    return "
)


@pytest.mark.parametrize(
    ("part", "file", "old", "new", "problem"),
    [
        ("texts", "hints.md", "### 3\nWrite.\n", "", "2 steps for the check twice"),
        ("texts", "hints.md", "## half", "## third", "third, which is no check"),
        ("texts", "exercise.py", "A weight", "A [weight](here)", "here"),
        (
            "told",
            "exercise.py",
            "print(double",
            "def f(weight, image):\n    return weight * image\nprint(double",
            "tells a line",
        ),
        ("solution", "exercise.py", "weight = 2", "weight = 3", "fails at the check answer"),
        ("solution", "exercise.py", "print(answer", "print(missing, answer", "raises NameError"),
        (
            "blank",
            "checks.py",
            'return said(yours.value("answer"), 42',
            "return said(42, 42",
            "passes the check answer",
        ),
        (
            "blank",
            "checks.py",
            'return said(yours.value("answer")',
            SWALLOWED + 'said(yours.value("answer")',
            "not say",
        ),
        ("gaps", "exercise.py", "  # gap", "", None),
        ("ordered", "checks.py", "42, given", "43, given", "right order fail at answer"),
        ("wrong", "wrong/plus.py", "# says: Not every", "# says: Hardly any", "but it says: Not every pixel"),
        ("wrong", "wrong/plus.py", "image + 2", "image * 2", "passes the check twice"),
        ("wrong", "wrong/plus.py", "# expect: twice", "# expect: thrice", "which is no check"),
        ("wrong", "wrong/plus.py", "def double", "print(1 / 0)\ndef double", "does not run through"),
    ],
)
def test_each_fault_is_found(faults, part, file, old, new, problem):
    found = faults(part, file, old, new)
    if problem is None:  # one gap is enough
        assert found == []
    else:
        assert any(problem in what for what, _ in found), found


@pytest.mark.skipif(os.name != "posix", reason="processor time is read from /proc")
def test_a_solution_that_nearly_reaches_its_limit_is_a_fault(faults):
    slow = "import time\nbegun = time.process_time()\nwhile time.process_time() < begun + 0.6:\n    pass\nprint(answer"
    found = faults("solution", "exercise.py", "print(answer", slow)
    assert any("of 1 seconds" in what for what, _ in found), found


def test_the_command_names_the_fault_and_its_fix(convivo, tmp_path):
    folder = write_small_exercise(tmp_path)
    (folder / "checks.py").write_text("CHECKS = []", encoding="utf-8")
    code, table, said = convivo("course", "test", "--path", folder, "--seeds", 1)
    assert code == 1
    assert "1 fault" in table
    assert "twice: " in said
    assert "lists no checks" in said
    assert "fix: end it with CHECKS" in said
