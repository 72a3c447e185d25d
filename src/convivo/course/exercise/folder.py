"""An exercise is a folder, written once; this reads it.

exercise.toml   what it is called, its rungs and limits
exercise.py     narrative and solution, in the percent format
checks.py       what is asked of the learner's program
hints.md        three steps of help for each check
wrong/          wrong solutions, each a known misconception, with the check and the words it must fail at
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from convivo.course.exercise.cells import Cell, read_cells
from convivo.course.exercise.description import Prediction, Rung, read_description
from convivo.course.exercise.hints import read_hints
from convivo.course.exercise.regions import Region, read_regions
from convivo.course.runner.program import Limits
from convivo.errors import BadInput

SHIPPED: Final = Path(__file__).parents[1] / "exercises"

# the exercises of the course, in its order
EXERCISES: Final[tuple[str, ...]] = (
    "convolution_by_hand",
    "learn_a_kernel",
    "receptive_field",
    "pooling_and_the_shift",
    "star_distances",
    "matching",
    "blind_spot",
    "smallest_halo",
    "honest_split",
    "nuclei_finder",
)

NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_EXPECT: Final = re.compile(r"# expect: *(?P<check>\S+)\s*$")
_SAYS: Final = re.compile(r"# says: *(?P<words>.+?)\s*$")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A whole program with a known misconception: it fails at `check`, whose sentence holds `says`."""

    name: str
    source: str
    check: str
    says: str


@dataclass(frozen=True, slots=True)
class Exercise:
    """All that an exercise's folder holds, but for its checks, which are code (`loading.checks_of`)."""

    name: str
    path: Path
    title: str
    lesson: str
    summary: str
    minutes: int
    provides: tuple[str, ...]  # as told to the learner: "receptive_field(layers)"
    names: tuple[str, ...]  # of these, without arguments
    rungs: tuple[Rung, ...]
    limits: Limits
    data: str
    predict: Prediction | None
    distractors: tuple[str, ...]
    puzzled: tuple[str, ...]  # functions whose lines are shuffled in the rung "parsons"; none are all
    cells: tuple[Cell, ...]  # of exercise.py, with the marks of the solution
    regions: tuple[Region, ...]
    hints: dict[str, tuple[str, ...]]  # by the name of the check
    wrongs: tuple[Wrong, ...]


def find(name: str | Path) -> Exercise:
    """An exercise of the course by its name, or any by its folder; raises BadInput."""
    if str(name) in EXERCISES:
        return read(SHIPPED / name)
    path = Path(name)
    if path.is_dir():
        return read(path)
    known = ", ".join(EXERCISES)
    raise BadInput(
        f"there is no exercise {str(name)!r}", fix=f"take one of {known}, or the folder of your own"
    )


def read(path: str | Path) -> Exercise:
    """An exercise from its folder; raises BadInput, which names the file, the line and the fix."""
    folder = Path(path)
    name = folder.resolve().name
    if not NAME.fullmatch(name):
        raise BadInput(
            f"the folder of an exercise is called {name!r}",
            fix="name it in small letters, digits and _, beginning with a letter, such as receptive_field",
        )
    description = read_description(folder / "exercise.toml", _text(folder / "exercise.toml"))
    cells = read_cells(_text(folder / "exercise.py"), folder / "exercise.py")
    regions = read_regions(cells, folder / "exercise.py")
    if not regions:
        raise BadInput(
            f"{folder / 'exercise.py'} holds no solution between marks",
            fix="write ### BEGIN SOLUTION before and ### END SOLUTION after what the learner shall write",
        )
    unknown = set(description.parsons.of) - {region.function for region in regions}
    if unknown:
        raise BadInput(
            f"[parsons] of names {', '.join(sorted(unknown))}, where no solution stands",
            fix=f"name functions with a solution: {', '.join(region.function or '-' for region in regions)}",
        )
    return Exercise(
        name=name,
        path=folder,
        title=description.title,
        lesson=description.lesson,
        summary=description.summary,
        minutes=description.minutes,
        provides=description.provides,
        names=description.names,
        rungs=description.rungs,
        limits=description.bounds,
        data=description.data,
        predict=description.predict,
        distractors=description.parsons.distractors,
        puzzled=description.parsons.of,
        cells=cells,
        regions=regions,
        hints=read_hints(_text(folder / "hints.md"), folder / "hints.md"),
        wrongs=tuple(_wrong(each) for each in sorted((folder / "wrong").glob("*.py"))),
    )


def _wrong(path: Path) -> Wrong:
    source = _text(path)
    first, second, *_ = (*source.splitlines(), "", "")
    expected, said = _EXPECT.match(first), _SAYS.match(second)
    if not expected or not said:
        raise BadInput(
            f"{path} does not say what it shall fail at",
            fix="begin it with `# expect: check-name` and `# says: some words of that check's sentence`",
        )
    return Wrong(path.stem, source, expected["check"], said["words"])


def _text(path: Path) -> str:
    """A file in UTF-8, with or without the mark that some editors of Windows put before it."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise BadInput(
            f"{path} is missing", fix="see what a new exercise holds: convivo course new my_exercise"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", fix="save it as text in UTF-8") from error
