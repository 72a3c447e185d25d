"""Handed-in files get their points, and a broken one does not stop the others."""

import csv
import json
import pickle

import pytest

from convivo.course.checking import Examiners
from convivo.course.exercise.folder import read
from convivo.course.grading.grades import best, graded, write_grades
from convivo.course.grading.handed_in import files_in, read_handed_in
from small_exercise import RIGHT, write_small_exercise

HEADER = "# exercise: twice\n"


def notebook(*cells):
    return json.dumps(
        {
            "cells": [{"cell_type": "code", "source": cell} for cell in cells],
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


FILES = {
    "ada_twice.py": HEADER + RIGHT,
    "bob/twice (1).py": HEADER + RIGHT.replace("2 * image", "3 * image"),
    "bob/twice.py": HEADER + RIGHT,
    "Carol Müller_4711_assignsubmission_file_/twice.ipynb": notebook(
        "%matplotlib inline\n# exercise: twice",
        "def broken(",
        "for i in [1]:\n    %time i",
        RIGHT.splitlines(True),
    ),
    "dan_twice.py": HEADER + "def double(image:\n",
    "eve_twice.py": HEADER + "while True:\n    pass\n",
    "fay_twice.py": pickle.dumps({"points": 4}),
    "gil_twice.py": (HEADER + RIGHT + "# Müller").encode("latin-1"),
    "hal_twice.py": HEADER + "#" * 1_000_000,
    "ida_twice.ipynb": "[" * 100_000,
    "=jon()_twice.py": HEADER + "raise ValueError('=1+1')\n",
    "kim_twice.py": HEADER + RIGHT.replace("42", "41") + "print('All checks passed. 4 of 4 points')\n",
    "lee.docx": b"PK",
    "max_twice.py": (HEADER + RIGHT).encode("utf-16"),
    "nan_twice.py": "\ufeff" + HEADER + RIGHT.replace("\n", "\r\n"),
    "ole.py": "print(1)\n",
    "pia.py": "# exercise: other\n",
    ".hidden_twice.py": HEADER + RIGHT,
}
POINTS = {"ada": 4, "bob": 4, "Carol Müller": 4, "kim": 3, "max": 4, "nan": 4}


@pytest.fixture(scope="module")
def grades(tmp_path_factory, runner):
    root = tmp_path_factory.mktemp("room")
    handed = root / "handed-in"
    for name, content in FILES.items():
        path = handed / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    examiners = Examiners([read(write_small_exercise(root))])
    return best(list(graded(files_in(handed), handed, examiners, runner, seed=5)))


@pytest.fixture
def said(grades):
    return {grade.who: " ".join(grade.sentences) for grade in grades}


def test_everybody_has_a_row_and_the_points_that_are_theirs(grades):
    found = {grade.who: grade.points for grade in grades}
    assert (
        found
        == dict.fromkeys(["dan", "eve", "fay", "gil", "hal", "ida", "=jon()", "lee", "ole", "pia"], 0)
        | POINTS
    )
    assert all(grade.of == 4 for grade in grades if grade.exercise == "twice")


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ("bob", "All checks passed. The best of 2 files."),
        ("Carol Müller", "Cell 2 is no Python and was left out."),
        ("Carol Müller", "2 lines with % or ! left out."),
        ("dan", "SyntaxError"),
        ("eve", "loop that does not end"),
        ("fay", "no text"),
        ("gil", "save it again as UTF-8"),
        ("hal", "too large"),
        ("ida", "it is no notebook"),
        ("=jon()", "ValueError in line 2: =1+1."),
        ("kim", "Answered: It is not 42."),
        ("lee", ".docx is not read"),
        ("ole", "does not say which exercise"),
        ("pia", "calls itself other"),
    ],
)
def test_each_is_told_why(said, who, words):
    assert words in said[who]


def test_the_table_holds_no_formulas(grades, tmp_path):
    write_grades(tmp_path / "grades.csv", grades)
    with (tmp_path / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[0] == ["who", "file", "exercise", "points", "of", "sentences", "seconds"]
    assert len(rows) == len(grades) + 1
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)


@pytest.mark.parametrize("encoding", ["undefined", "punycode", "rot13"])
def test_an_encoding_that_is_none_for_text_is_told(tmp_path, encoding):
    file = tmp_path / "twice.py"
    file.write_text(f"# coding: {encoding}\nx = 1\n", encoding="ascii")
    handed = read_handed_in(file, tmp_path, ["twice"], "twice")
    assert handed.program is None
    assert "UTF-8" in handed.refused


def test_a_link_is_not_followed(tmp_path, runner):
    secret = tmp_path / "secret.py"
    secret.write_text(HEADER + RIGHT, encoding="utf-8")
    handed = tmp_path / "handed-in"
    handed.mkdir()
    try:
        (handed / "ada_twice.py").symlink_to(secret)
    except OSError:
        pytest.skip("this system makes no links")
    examiners = Examiners([read(write_small_exercise(tmp_path))])
    (grade,) = graded(files_in(handed), handed, examiners, runner, seed=0)
    assert grade.points == 0
    assert "link" in grade.sentences[0]
