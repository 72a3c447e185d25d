"""The checks of the course in one's own notebook."""

import numpy as np
import pytest
from matplotlib import pyplot

from convivo.course import check, show
from convivo.course.checks import Held, LearnerFailed, Unfinished
from convivo.course.practice import InProcess
from small_exercise import RIGHT, write_small_exercise


@pytest.fixture
def notebook(tmp_path, capsys, monkeypatch):
    """Run cells, then the cell that checks; what it says, and how many pictures it shows."""
    folder = write_small_exercise(tmp_path)
    shown = []
    monkeypatch.setattr(
        pyplot, "show", lambda: shown.append([axis.get_title() for axis in pyplot.gcf().axes])
    )

    def run(cells):
        names = {"check": check, "folder": folder}
        exec(cells, names)
        exec("check(folder, seed=1)", names)
        pyplot.close("all")
        return capsys.readouterr().out, shown

    return run


def test_what_is_right_passes_without_pictures(notebook):
    said, shown = notebook(RIGHT)
    assert said.endswith("3 of 3 checks passed.\n")
    assert shown == []


def test_what_is_wrong_is_said_and_shown(notebook):
    said, shown = notebook(RIGHT.replace("2 * image", "3 * image"))
    assert "not yet: Doubled\n    Not every pixel is twice as bright." in said
    assert said.endswith("2 of 3 checks passed.\n")
    assert shown == [["input", "yours", "expected", "difference"]]


@pytest.mark.parametrize(
    "line", ["return ...", "raise NotImplementedError('your turn')", "return image * ..."]
)
def test_what_is_not_written_yet_is_said_so(notebook, line):
    said, shown = notebook(RIGHT.replace("return 2 * image", line))
    assert "not yet: Doubled\n    Not written yet: `double`" in said
    assert shown == []


def test_an_exercise_that_is_not_there_is_named(capsys):
    check("no_such")
    assert "there is no exercise 'no_such'" in capsys.readouterr().out


def test_an_array_is_shown(monkeypatch):
    shown = []
    monkeypatch.setattr(pyplot, "show", lambda: shown.append(pyplot.gcf().axes[0].get_title()))
    for array in (np.eye(3), np.arange(4), np.zeros((2, 2, 3)), [[1, 2]]):
        show(array, "a title")
    pyplot.close("all")
    assert shown == ["a title"] * 4


def test_values_are_handed_over_as_to_another_process():
    seen = []

    class Net:
        pass

    def keep(value):
        seen.append(value)
        value[0] = 7
        return {1: (value, Net()), "scale": np.float32(0.5)}

    learner = InProcess({"keep": keep, "kind": lambda net: type(net).__name__, "number": ...})
    ours = np.zeros(3)
    answer = learner.call("keep", ours)
    assert ours[0] == 0
    assert seen[0][0] == 7
    array, held = answer[1]
    assert (array[0], answer["scale"]) == (7, 0.5)
    assert held == Held(0, "Net")
    assert learner.call("kind", held) == "Net"
    with pytest.raises(Unfinished):
        learner.value("number")
    with pytest.raises(LearnerFailed, match="a function was expected"):
        InProcess({"keep": 1}).call("keep")
