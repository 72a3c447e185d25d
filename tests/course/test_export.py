"""What is taken home from an exercise: notebooks as jupytext makes them, handouts, answer keys."""

import html
import json
import re

import jupytext
import nbformat
import pytest

from convivo.course.checks import Answer, Panel
from convivo.course.exercise.folder import EXERCISES, find
from convivo.course.exercise.loading import checks_of
from convivo.course.exercise.regions import without_gap
from convivo.course.export.answer_key import answer_key
from convivo.course.export.handout import handout
from convivo.course.export.taken_home import exercise_named_in


def cells(notebook):
    return [(cell.cell_type, cell.source) for cell in notebook.cells]


def words(page):
    return html.unescape(re.sub("<[^>]*>", "", page))


@pytest.fixture(scope="module")
def exercise():
    return find(EXERCISES[0])


def test_notebooks_are_what_jupytext_makes_of_the_programs(convivo, tmp_path):
    assert convivo("course", "export", "--out", tmp_path)[0] == 0
    assert convivo("course", "export", "--out", tmp_path, "--format", "py")[0] == 0
    for name in EXERCISES:
        ours = nbformat.read(tmp_path / f"{name}.ipynb", as_version=4)
        nbformat.validate(ours)
        program = (tmp_path / f"{name}.py").read_text(encoding="utf-8")
        assert cells(ours) == cells(jupytext.reads(program, "py:percent"))
        assert exercise_named_in([program]) == name
        assert exercise_named_in(cell.source for cell in ours.cells) == name
        assert "SOLUTION" not in program


def test_only_with_key_is_there_a_solution(convivo, tmp_path, exercise):
    convivo("course", "export", exercise.name, "--out", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [f"{exercise.name}.ipynb"]
    convivo("course", "export", exercise.name, "--out", tmp_path, "--key")
    solved = json.loads((tmp_path / f"{exercise.name}_solution.ipynb").read_text(encoding="utf-8"))
    assert not any("your turn" in line for cell in solved["cells"][1:] for line in cell["source"])


def test_a_handout_leaves_room_and_tells_nothing(exercise):
    page = handout(exercise, checks_of(exercise))
    assert page.count('class="room"') == len(exercise.regions)
    told, strips = (words(part) for part in page.split('class="strips"'))
    lines = [without_gap(line).strip() for region in exercise.regions for line in region.lines]
    assert [line for line in lines if len(line) > 12 and line in told] == []
    assert any(line in strips for line in lines)
    assert exercise.predict is None or "right" not in page.split('class="predict"')[1].split("</section>")[0]


def test_an_answer_key_tells_what_is_wrong_with_each_wrong_solution(exercise):
    import numpy as np

    answers = {
        wrong.name: Answer(False, f"<{wrong.name}> & more", (Panel("yours", np.eye(3)),))
        for wrong in exercise.wrongs
    }
    page = answer_key(exercise, checks_of(exercise), answers)
    assert (
        page.count('<article class="misconception">') == page.count("data:image/png") == len(exercise.wrongs)
    )
    for wrong in exercise.wrongs:
        assert f"&lt;{wrong.name}&gt; &amp; more" in page
