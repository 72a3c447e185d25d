"""An exercise's folder gives each rung its program, and says what is wrong with a folder that is."""

import pytest

from convivo.course.exercise import student
from convivo.course.exercise.cells import read_cells, write_cells
from convivo.course.exercise.folder import read
from convivo.course.exercise.gaps import with_gap
from convivo.errors import BadInput

PROGRAM = '''# %% [markdown]
# # Twice
#
# A weight of 2.

# %%
def double(x):
    """Twice the image."""
    ### BEGIN SOLUTION
    weight = 2

    # and now
    return (
        weight * x  # all at once
    )
    ### END SOLUTION


# %%
### BEGIN SOLUTION
answer = double(21)  # gap
### END SOLUTION

# %%
print(answer)
'''
TOML = """
title = "Twice"
summary = "A function that doubles."
minutes = 5
provides = ["double(x)", "answer"]
rungs = ["parsons", "fill", "free"]
[parsons]
distractors = ["    return weight + x"]
[limits]
memory = 300
"""


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "double"
    (made / "wrong").mkdir(parents=True)
    (made / "exercise.py").write_text(PROGRAM, encoding="utf-8")
    (made / "exercise.toml").write_text(TOML, encoding="utf-8")
    (made / "hints.md").write_text("## twice\n### 1\nLook.\n### 2\nThink.\n", encoding="utf-8")
    (made / "wrong" / "plus.py").write_text("# expect: twice\n# says: added 2\nx = 1\n", encoding="utf-8")
    return made


def names_of(source):
    names = {}
    exec(source, names)
    return names


def test_the_folder_says_what_it_holds(folder):
    exercise = read(folder)
    assert (exercise.name, exercise.names, exercise.limits.memory) == ("double", ("double", "answer"), 300)
    assert exercise.hints == {"twice": ("Look.", "Think.")}
    assert [(wrong.name, wrong.check, wrong.says) for wrong in exercise.wrongs] == [
        ("plus", "twice", "added 2")
    ]


def test_the_solution_runs_and_holds_no_marks(folder, capsys):
    source = student.solution(read(folder))
    assert names_of(source)["double"](4) == 8
    assert capsys.readouterr().out == "42\n"
    assert "###" not in source
    assert "# gap" not in source


def test_the_free_program_tells_nothing_of_the_solution_and_asks_for_it(folder):
    source = student.free(read(folder))
    assert "weight =" not in source
    assert "answer = ..." in source
    with pytest.raises(NotImplementedError):
        names_of(source)["double"](1)


def test_the_program_with_gaps_lacks_the_gaps_alone(folder):
    free, whole = student.fill(read(folder)), student.solution(read(folder))
    assert free == whole.replace("answer = double(21)", "answer = ...")


def test_the_right_order_of_the_lines_is_the_solution(folder):
    puzzle = student.parsons(read(folder))
    assert sorted(piece.text.split()[0] for piece in puzzle.pieces if piece.region == 0) == [
        "#",
        "return",
        "weight",
    ]
    assert names_of(puzzle.program(puzzle.right))["double"](3) == 6
    assert puzzle.right != tuple(range(len(puzzle.right)))


def test_a_program_without_lines_in_order_is_not_written_yet(folder):
    with pytest.raises(NotImplementedError):
        names_of(student.parsons(read(folder)).program([]))["double"](1)


def test_cells_come_back_as_they_were_written(folder):
    cells = read_cells(PROGRAM, folder)
    assert [cell.kind for cell in cells] == ["markdown", "code", "code", "code"]
    assert read_cells(write_cells(cells), folder)[0].text == "# Twice\n\nA weight of 2."


@pytest.mark.parametrize(
    ("line", "gap"),
    [
        ("    step = step * 2", "    step = ..."),
        ("return min(a, b)", "return ..."),
        ("sizes.append(field + 1)", "sizes.append(...)"),
        ("for µ, layer in enumerate(layers):", "for µ, layer in ...:"),
        ("elif µ > 2:", "elif ...:"),
        ("total += x[0]", "total += ..."),
    ],
)
def test_a_gap_takes_what_the_learner_writes(line, gap):
    assert with_gap(line) == gap


@pytest.mark.parametrize("line", ["while x:", "else:", "f(1, 2", "import numpy"])
def test_other_lines_cannot_have_a_gap(line):
    with pytest.raises(BadInput, match="cannot have a gap"):
        with_gap(line)


@pytest.mark.parametrize(
    ("file", "old", "new", "problem"),
    [
        ("exercise.py", "### END SOLUTION", "", "line 9: ### BEGIN SOLUTION without its partner"),
        ("exercise.py", "# %% [markdown]\n", "", "line 1 stands before the first cell"),
        ("exercise.py", "# A weight", "A weight", "line 4 is text without a comment sign"),
        ("exercise.toml", "minutes = 5", "minuts = 5", "minut"),
        ("exercise.toml", '"parsons"', '"predict"', "only one of them"),
        ("hints.md", "### 2", "### 3", "line 4: `### 3` is not the next step"),
        ("wrong/plus.py", "# expect", "# expects", "does not say what it shall fail at"),
    ],
)
def test_what_is_wrong_with_a_folder_is_named(folder, file, old, new, problem):
    path = folder / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    with pytest.raises(BadInput) as told:
        read(folder)
    assert problem in told.value.problem
    assert path.name in told.value.problem


def test_notes_for_authors_are_shown_to_nobody(folder):
    path = folder / "exercise.py"
    path.write_text(f"#: a note\n#:\n\n{PROGRAM}", encoding="utf-8")
    assert "note" not in student.solution(read(folder))


def test_a_solution_of_a_whole_function_is_refused(folder):
    path = folder / "exercise.py"
    path.write_text("# %%\n### BEGIN SOLUTION\ndef f():\n    pass\n### END SOLUTION\n", encoding="utf-8")
    with pytest.raises(BadInput, match="whole function"):
        read(folder)
