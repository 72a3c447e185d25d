"""The detective: six nets that failed. Which cause is right is told only to who has chosen one."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from convivo.errors import BadInput
from convivo.lab.detective.cases import CASES, CAUSES
from convivo.lab.detective.values import Answer, Case, Cause, Picture, Proof
from convivo.lab.questions.question import Question


class All(msgspec.Struct, frozen=True):
    """Asks for the list."""


class One(msgspec.Struct, frozen=True):
    """Asks about one case."""

    key: str


class Guess(msgspec.Struct, frozen=True):
    """The cause that somebody takes for that of a case."""

    key: str
    cause: str


class Guesses(msgspec.Struct, frozen=True):
    """All that were made so far."""

    guesses: list[Guess]


class Listed(msgspec.Struct, frozen=True):
    """A case before it is looked at."""

    key: str
    title: str
    story: str


class Listing(msgspec.Struct, frozen=True):
    """All cases, and the causes that each offers."""

    cases: list[Listed]
    causes: tuple[Cause, ...]


class Evidence(msgspec.Struct, frozen=True):
    """What is seen before the cause is known."""

    image: Picture
    answer: Answer


class Verdict(msgspec.Struct, frozen=True):
    """Whether a guess is right, and what is."""

    key: str
    guess: str
    is_right: bool
    cause: str


class Verdicts(msgspec.Struct, frozen=True):
    """In the order of the guesses."""

    verdicts: list[Verdict]


def listing(_: All) -> Listing:
    """Title and story of each; no case tells its cause."""
    return Listing([Listed(case.key, case.title, case.story) for case in CASES], CAUSES)


@lru_cache(maxsize=len(CASES))
def evidence(asked: One) -> Evidence:
    """The image of a case, and what the net made of it."""
    case = _case(asked.key)
    return Evidence(case.image(), case.answer())


@lru_cache(maxsize=len(CASES))
def proof(asked: One) -> Proof:
    """What shows the cause."""
    return _case(asked.key).proof()


def verdicts(asked: Guesses) -> Verdicts:
    """Judge guesses."""
    judged = []
    for guess in asked.guesses:
        if guess.cause not in {cause.key for cause in CAUSES}:
            raise BadInput(f"there is no cause {guess.cause!r}", fix="choose one of the six")
        cause = _case(guess.key).cause
        judged.append(Verdict(guess.key, guess.cause, guess.cause == cause, cause))
    return Verdicts(judged)


def _case(key: str) -> Case:
    for case in CASES:
        if case.key == key:
            return case
    raise BadInput(f"there is no case {key!r}", fix=f"choose one of: {', '.join(case.key for case in CASES)}")


QUESTIONS = [
    Question("detective", All, listing),
    Question("detective-case", One, evidence),
    Question("detective-verdicts", Guesses, verdicts),
    Question("detective-proof", One, proof),
]
