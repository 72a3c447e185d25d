"""A learner's program, run apart, meets the checks of an exercise, and gains nothing by cheating."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from convivo.course.checking import Checked, Examiner
from convivo.course.exercise.folder import read
from convivo.course.runner.program import Ended, Raised
from small_exercise import RIGHT, write_small_exercise


@pytest.fixture(scope="module")
def examiner(tmp_path_factory):
    return Examiner(read(write_small_exercise(tmp_path_factory.mktemp("exercises"))))


@pytest.fixture
def examined(examiner, runner):
    def ask(source, seed=0):
        events = list(examiner.examine(source, runner, seed))
        return events, {each.check: each.answer for each in events if isinstance(each, Checked)}

    return ask


def passed(answers):
    return {name for name, answer in answers.items() if answer.passed}


def test_a_right_program_passes_on_other_inputs_each_time(examined):
    inputs = set()
    for seed in (0, 1):
        _, answers = examined(RIGHT, seed)
        assert passed(answers) == {"twice", "half", "answer"}
        inputs.add(answers["twice"].panels[0].shown.tobytes())
    assert len(inputs) == 2


def test_a_part_that_is_not_written_does_not_hide_those_below_it(examined):
    source = (
        'def double(image):\n    raise NotImplementedError("your turn")\n\nprint(double(1))\n'
        + RIGHT.split("\n\n", 1)[1]
    )
    events, answers = examined(source)
    assert [event.kind for event in events if isinstance(event, Raised)] == ["NotImplementedError"]
    assert passed(answers) == {"half", "answer"}
    assert answers["twice"].sentence.startswith("Not written yet")


@pytest.mark.parametrize(
    "gap",
    [
        "    return ...",
        "    weight = ...\n    return weight * image",
        "    for each in ...:\n        image = each\n    return image",
    ],
)
def test_a_gap_is_told_with_its_line(examined, gap):
    _, answers = examined(RIGHT.replace("    return 2 * image", gap))
    assert passed(answers) == {"half", "answer"}
    assert answers["twice"].sentence == "Not written yet: line 2 still holds `...`."


def test_an_index_with_dots_is_no_gap(examined):
    _, answers = examined(RIGHT.replace("2 * image", "2 * image[..., :]"))
    assert "twice" in passed(answers)


def test_a_program_that_is_no_python_fails_at_every_check_in_words(examined):
    _, answers = examined("def double(image:\n")
    assert not passed(answers)
    assert all(
        "SyntaxError" in answer.sentence and "line 1" in answer.sentence for answer in answers.values()
    )


def test_a_function_that_does_not_end_costs_its_own_checks_alone(examined):
    _, answers = examined(RIGHT.replace("return 2 * image", "while True:\n        pass"))
    assert passed(answers) == {"half", "answer"}


def test_a_function_that_ends_the_program_costs_its_own_checks_alone(examined):
    _, answers = examined(RIGHT.replace("return 2 * image", "import os\n    os._exit(0)"))
    assert passed(answers) == {"half", "answer"}


def test_an_answer_that_a_check_cannot_read_is_told_and_costs_that_check_alone(tmp_path, runner):
    folder = write_small_exercise(tmp_path)
    checks = (folder / "checks.py").read_text(encoding="utf-8")
    # a check that takes for granted what the function gives back
    checks = checks.replace(
        'yours.call("halve", image, seconds=1.0)', '1 * yours.call("halve", image, seconds=1.0)'
    )
    (folder / "checks.py").write_text(checks, encoding="utf-8")
    source = RIGHT.replace("return image / 2", "image / 2")
    answers = {
        each.check: each.answer
        for each in Examiner(read(folder)).examine(source, runner, 0)
        if isinstance(each, Checked)
    }
    assert passed(answers) == {"twice", "answer"}
    assert "is a return missing?" in answers["half"].sentence
    assert "TypeError" in answers["half"].sentence


def test_what_ends_before_it_is_ready_says_why_at_every_check(examined):
    events, answers = examined(RIGHT + "while True:\n    pass\n")
    assert next(event for event in events if isinstance(event, Ended)).reason in ("cpu", "wall")
    assert all("loop" in answer.sentence for answer in answers.values())


CHEATS = {
    "it prints that it passed": 'print("all 3 of 3 checks passed")',
    "it patches numpy": "import numpy as np\nnp.abs = np.max = np.isfinite = lambda *_, **__: np.float64(0)\n"
    "np.testing.assert_allclose = lambda *_, **__: None\nnp.array_equal = np.allclose = lambda *_, **__: True",
    "it patches the course": "import sys\nfor name, module in list(sys.modules.items()):\n"
    "    if name.startswith('convivo'):\n        for each in ('compared', 'said', '_equal', '_alike'):\n"
    "            module.__dict__[each] = lambda *_, **__: True",
    "it answers with an object that equals everything": "class Same:\n    __eq__ = lambda *_: True\n"
    "    __array__ = lambda *_, **__: 1 / 0\n    __float__ = lambda _: 42.0\n"
    "double = halve = lambda image: Same()\nanswer = Same()",
    "it gives back what it was given": "double = halve = lambda image: image\nanswer = '42'",
}


@pytest.mark.parametrize("cheat", CHEATS.values(), ids=CHEATS.keys())
def test_cheating_gains_nothing(examined, cheat):
    wrong = "double = halve = lambda image: image + 1\nanswer = 0\n"
    assert not passed(examined(wrong + cheat)[1])


def test_several_programs_are_examined_at_once(examiner, runner):
    def answers(source):
        return [
            each.answer.passed for each in examiner.examine(source, runner, 3) if isinstance(each, Checked)
        ]

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(answers, [RIGHT, "", RIGHT, "answer = 42"])) == [
            [True, True, True],
            [False, False, False],
            [True, True, True],
            [False, False, True],
        ]


@pytest.mark.skipif(os.name != "posix", reason="processor time and memory are read from /proc")
def test_what_a_program_took_is_told(examiner, runner):
    last = [each for each in examiner.examine(RIGHT, runner, 0) if isinstance(each, Checked)][-1]
    assert last.taken is not None
    assert last.taken.memory > 1
