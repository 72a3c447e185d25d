"""What exercise.toml says: the title, the rungs, the limits, the question of the rung "predict"."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from convivo.course.runner.program import Limits
from convivo.errors import BadInput

Rung = Literal["predict", "parsons", "fill", "free"]
RUNGS: tuple[Rung, ...] = ("predict", "parsons", "fill", "free")  # from seeing to writing


class Option(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One answer to choose, and why somebody would."""

    text: str
    because: str
    right: bool = False


class Prediction(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the learner says before the code runs."""

    question: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        right = sum(option.right for option in self.options)
        if right != 1 or len(self.options) < 2:
            raise BadInput(
                f"the question of [predict] has {len(self.options)} options and {right} of them right",
                fix="give two or more [[predict.options]], and write right = true under exactly one",
            )


class Puzzled(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is brought into order in the rung "parsons"."""

    distractors: tuple[str, ...] = ()  # wrong lines, laid among the right ones
    of: tuple[str, ...] = ()  # functions whose lines are shuffled, the others are given; none named are all


class Limiting(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits that differ from the usual ones."""

    cpu: float | None = None  # seconds of processor time
    wall: float | None = None  # seconds on the clock
    memory: int | None = None  # megabytes
    threads: int | None = None


class Description(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The fields of exercise.toml."""

    title: str
    summary: str  # one sentence
    minutes: int
    provides: tuple[str, ...]  # what checks may ask for, with the arguments: "receptive_field(layers)"
    lesson: str = ""  # the folder's name of the lesson that it belongs to
    rungs: tuple[Rung, ...] = ("free",)
    data: Literal["", "nuclei"] = ""
    limits: Limiting = Limiting()
    predict: Prediction | None = None
    parsons: Puzzled = Puzzled()

    def __post_init__(self) -> None:
        if ("predict" in self.rungs) != (self.predict is not None):
            raise BadInput(
                'the rung "predict" and the part [predict] come together, and only one of them is there',
                fix='write both, or neither: "predict" among the rungs, and a question under [predict]',
            )
        if "free" not in self.rungs:
            raise BadInput('rungs lacks "free"', fix='add "free", the rung on which the learner writes alone')

    @property
    def bounds(self) -> Limits:
        """The limits of a run."""
        given = msgspec.structs.asdict(self.limits)
        return Limits(**{name: value for name, value in given.items() if value is not None})

    @property
    def names(self) -> tuple[str, ...]:
        """The names of what checks may ask for, without arguments."""
        return tuple(name.partition("(")[0].strip() for name in self.provides)


def read_description(path: Path, text: str) -> Description:
    """exercise.toml; raises BadInput, which names the file and what is wrong with it."""
    try:
        return msgspec.toml.decode(text, type=Description)
    except (msgspec.DecodeError, BadInput) as error:
        fix = error.fix if isinstance(error, BadInput) else "see the page on writing exercises for its fields"
        problem = error.problem if isinstance(error, BadInput) else str(error)
        raise BadInput(f"{path}: {problem}", fix=fix) from error
