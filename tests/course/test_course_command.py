"""`convivo course` and what stands below it, as a teacher types it."""

import csv
from contextlib import nullcontext

import pytest

from convivo import serve
from convivo.course.runner import runner as running
from small_exercise import RIGHT, write_small_exercise


def test_the_course_is_a_page_of_the_lab(convivo, monkeypatch):
    monkeypatch.setattr(serve, "serve", lambda lab, listening, ready: (ready(), listening.close()))
    code, said, _ = convivo("course", "--no-browser", "--port", "0")
    assert code == 0
    assert said.startswith("the lab is at http://127.0.0.1:")
    assert said.endswith("&page=course\n")


@pytest.fixture
def warm(runner, monkeypatch):
    """Commands take the runner that is warm already."""
    monkeypatch.setattr(running, "Runner", lambda: nullcontext(runner))


@pytest.mark.usefixtures("warm")
def test_a_folder_is_graded_with_an_exercise_of_ones_own(convivo, tmp_path):
    own = write_small_exercise(tmp_path)
    handed = tmp_path / "handed-in"
    handed.mkdir()
    (handed / "Müller.py").write_text(RIGHT, encoding="utf-8")
    (handed / "grades.csv").write_text("of another time", encoding="utf-8")
    meant = ("--out", handed / "grades.csv", "--path", own, "--exercise", "twice", "--seed", 7)
    code, said, remarks = convivo("course", "grade", handed, *meant)
    assert code == 0
    assert "Müller" in said
    assert "1 grade from 1 file " in remarks
    assert "--seed 7" in remarks
    with (handed / "grades.csv").open(encoding="utf-8", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["who"], row["points"], row["of"], row["sentences"]) == (
        "Müller",
        "4",
        "4",
        "All checks passed.",
    )


def test_what_is_not_there_is_named(convivo, tmp_path):
    for arguments in (
        ["test", "no_such"],
        ["grade", tmp_path / "none"],
        ["export", "no_such", "--out", tmp_path / "o"],
    ):
        code, _, said = convivo("course", *arguments)
        assert code == 2
        assert "no_such" in said or "none is no folder" in said
        assert "fix: " in said
