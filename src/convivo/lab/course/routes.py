"""Endpoints of the course: what there is to read and to do, runs of learners' programs, and progress."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from convivo.course.lesson.folder import ENGLISH
from convivo.course.lesson.reading import read_lesson, read_page, read_slides
from convivo.course.lessons import FOLDER as LESSONS_FOLDER
from convivo.course.progress import Answered, Climbed, Draft, Passed, Read
from convivo.errors import BadInput
from convivo.lab.course.described import Laid, described, program_of
from convivo.lab.course.orders import Outcome, Refused
from convivo.lab.course.overview import overview
from convivo.lab.course.shelf import exercise
from convivo.lab.course.taken import Format, taken
from convivo.lab.course.told import Begun, Failed
from convivo.lab.replies import MESSAGE_PACK, body, packed, reply

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from convivo.course.progress import Progress
    from convivo.lab.course.coach import Coach

COURSE = LESSONS_FOLDER.parent
LONGEST = 100_000  # characters of a program
OF_EXERCISE = "exercise/"  # how pages of exercises are called, whose names lessons may have too


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A program that the page wants to be run."""

    page: str  # which page asks: its next run replaces this one
    exercise: str
    rung: str
    check: bool
    source: str = ""
    laid: tuple[Laid, ...] = ()  # the lines, on the rung "parsons"


class Written(msgspec.Struct, frozen=True, kw_only=True):
    """A program that the learner takes with her."""

    source: str
    form: Format


class Noted(msgspec.Struct, frozen=True, kw_only=True):
    """Something that the page wants to be kept: one of them."""

    answer: Answered | None = None
    draft: Draft | None = None
    read: Read | None = None


def routes(coach: Coach, progress: Progress) -> list[Route]:
    """All of them."""
    return [*_reading(progress), *_exercises(coach), *_runs(coach, progress), *_progress(progress)]


def _reading(progress: Progress) -> list[Route]:
    """What there is to read."""

    async def course(request: Request) -> Response:
        kept = await run_in_threadpool(progress.everything)
        return reply(await run_in_threadpool(overview, kept, _language(request)))

    async def lesson(request: Request) -> Response:
        return reply(await run_in_threadpool(read_lesson, request.path_params["name"], _language(request)))

    async def deck(request: Request) -> Response:
        return reply(await run_in_threadpool(read_page, COURSE / "deck", _language(request)))

    async def talk(request: Request) -> Response:
        return reply(await run_in_threadpool(read_slides, COURSE / "talk", _language(request)))

    return [
        Route("/api/course", course),
        Route("/api/course/lessons/{name}", lesson),
        Route("/api/course/deck", deck),
        Route("/api/course/talk", talk),
    ]


def _exercises(coach: Coach) -> list[Route]:
    """Exercises. The coach is started behind the first one that is opened."""

    async def one(request: Request) -> Response:
        made = await run_in_threadpool(lambda: described(exercise(request.path_params["name"]), coach.roots))
        coach.warm()
        return reply(made)

    async def checks(request: Request) -> Response:
        return reply(await coach.about(request.path_params["name"]))

    async def take(request: Request) -> Response:
        written = await body(request, Written)
        name = request.path_params["name"]
        text = await run_in_threadpool(lambda: taken(exercise(name), written.source, written.form))
        return Response(text, media_type="text/plain")

    return [
        Route("/api/course/exercises/{name}", one),
        Route("/api/course/exercises/{name}/taken", take, methods=["POST"]),
        Route("/api/course/exercises/{name}/checks", checks),
    ]


def _runs(coach: Coach, progress: Progress) -> list[Route]:
    """Run, check, stop."""

    async def run(request: Request) -> Response:
        asked = await body(request, Asked)
        source = await run_in_threadpool(_source, asked)
        seed = secrets.randbelow(2**31)  # checks draw other inputs each time
        number = coach.begin(asked.page, asked.exercise, source, check=asked.check, seed=seed)
        return StreamingResponse(_stream(coach, progress, asked, number), media_type=MESSAGE_PACK)

    async def stop(request: Request) -> Response:
        coach.stop_run(request.path_params["run"])
        return Response(status_code=204)

    return [
        Route("/api/course/runs", run, methods=["POST"]),
        Route("/api/course/runs/{run:int}/stop", stop, methods=["POST"]),
    ]


async def _stream(coach: Coach, progress: Progress, asked: Asked, number: int) -> AsyncIterator[bytes]:
    try:
        yield packed(Begun(id=number))
        async for said in coach.follow(number):
            if isinstance(said, bytes):
                yield said
            elif isinstance(said, Refused):
                yield packed(Failed(problem=said.problem, fix=said.fix))
            else:
                await run_in_threadpool(progress.keep, *_reached(asked, said))
    finally:
        coach.leave(number)  # also where the page left before it heard anything


def _reached(asked: Asked, outcome: Outcome) -> list[Passed | Climbed]:
    passed = [Passed(exercise=asked.exercise, rung=asked.rung, name=name) for name in outcome.passed]
    return [*passed, *([Climbed(exercise=asked.exercise, rung=asked.rung)] if outcome.all_passed else [])]


def _source(asked: Asked) -> str:
    chosen = exercise(asked.exercise)
    if asked.rung not in chosen.rungs:
        raise BadInput(f"{asked.exercise} has no rung {asked.rung[:20]!r}", fix="reload the page")
    source = program_of(chosen, asked.laid) if asked.rung == "parsons" else asked.source
    if len(source) > LONGEST:
        raise BadInput(
            f"the program has {len(source):,} characters, at most {LONGEST:,} are run", fix="make it shorter"
        )
    return source


def _progress(progress: Progress) -> list[Route]:
    """What is kept, and what the page adds to it. That checks passed is noted by the server alone."""

    async def kept(_: Request) -> Response:
        return reply(await run_in_threadpool(progress.everything))

    async def note(request: Request) -> Response:
        noted = await body(request, Noted)
        await run_in_threadpool(progress.keep, *_entries(noted))
        return Response(status_code=204)

    async def forget(_: Request) -> Response:
        await run_in_threadpool(progress.forget_all)
        return Response(status_code=204)

    async def forget_draft(request: Request) -> Response:
        name, rung = request.path_params["exercise"], request.path_params["rung"]
        await run_in_threadpool(progress.forget_draft, name, rung)
        return Response(status_code=204)

    return [
        Route("/api/course/progress", kept),
        Route("/api/course/progress", note, methods=["POST"]),
        Route("/api/course/progress", forget, methods=["DELETE"]),
        Route("/api/course/progress/drafts/{exercise}/{rung}", forget_draft, methods=["DELETE"]),
    ]


def _entries(noted: Noted) -> list[Answered | Draft | Read | Climbed]:
    entries = [each for each in (noted.answer, noted.draft, noted.read) if each is not None]
    if noted.answer and noted.answer.page.startswith(OF_EXERCISE):  # its one question is its first rung
        return [*entries, Climbed(exercise=noted.answer.page.removeprefix(OF_EXERCISE), rung="predict")]
    return [*entries]


def _language(request: Request) -> str:
    return request.query_params.get("language", ENGLISH)
