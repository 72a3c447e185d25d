"""What the server and the coach say to each other, over one pipe: MessagePack, never pickle."""

from __future__ import annotations

import msgspec


class Question(msgspec.Struct, frozen=True, kw_only=True, tag_field="order", tag="about"):
    """Which checks an exercise has, and what contains the programs that run."""

    number: int  # of the talk between the two, from 1
    exercise: str


class Program(msgspec.Struct, frozen=True, kw_only=True, tag_field="order", tag="run"):
    """Run a program; with `check`, ask it the exercise's questions afterwards."""

    number: int
    exercise: str
    source: str
    check: bool
    seed: int


class Stop(msgspec.Struct, frozen=True, kw_only=True, tag_field="order", tag="stop"):
    """End that run at once."""

    number: int


Order = Question | Program | Stop


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A check as it is listed before anything ran."""

    name: str
    title: str
    points: int


class Isolation(msgspec.Struct, frozen=True, kw_only=True):
    """How well learners' programs are contained on this machine."""

    level: int  # 0: they run as the person herself does, within limits of time and memory; 1: contained
    contains: tuple[str, ...]
    not_contained: tuple[str, ...]


class About(msgspec.Struct, frozen=True, kw_only=True, tag="about"):
    """The answer to a Question."""

    checks: tuple[Listed, ...]
    isolation: Isolation


class Outcome(msgspec.Struct, frozen=True, kw_only=True, tag="outcome"):
    """The end of a run: the names of the checks that passed, and whether those were all."""

    passed: tuple[str, ...] = ()
    all_passed: bool = False


class Refused(msgspec.Struct, frozen=True, kw_only=True, tag="refused"):
    """What could not be done, and what would help."""

    problem: str
    fix: str


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What the coach says: something for the page, as `told` packs it, or the end."""

    number: int
    for_page: bytes = b""
    end: About | Outcome | Refused | None = None
