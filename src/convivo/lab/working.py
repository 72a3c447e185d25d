"""Endpoints of work: jobs, what happens to them, and the files that they make; and the folders that were chosen."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route

from convivo.errors import BadInput
from convivo.lab.folders import Folders, Place
from convivo.lab.jobs import results
from convivo.lab.jobs.asked import Asked, Desk
from convivo.lab.jobs.job import Job
from convivo.lab.jobs.kept import Happened, Noted
from convivo.lab.jobs.sitting import LOG
from convivo.lab.replies import body, reply
from convivo.work.orders import Order

if TYPE_CHECKING:
    from starlette.requests import Request

    from convivo.lab.jobs.running import Jobs

MOST_EVENTS = 5000  # in one reply
LOG_END = 20_000  # bytes of a log that are shown
A_PICTURE = re.compile(r"step-\d{6,}-\d\.png")


class Whole(msgspec.Struct, frozen=True):
    """A job with all that is small."""

    job: Job
    order: Order
    notes: list[Noted]
    files: list[results.Made]
    asked_model: str | None  # that a prediction asks, by its name in the list


class Events(msgspec.Struct, frozen=True):
    """What happened, and whether there is more."""

    events: list[Happened]
    more: bool


def routes(jobs: Jobs, desk: Desk) -> list[Route]:
    """List, start, stop, go on, remove."""

    async def listed(_: Request) -> Response:
        return reply(jobs.all())

    async def start(request: Request) -> Response:
        asked: Asked = await body(request, Asked)  # type: ignore[arg-type]  # a union is a type to msgspec
        ordered = await run_in_threadpool(desk.take, asked)
        return reply(await jobs.start(ordered), 202)

    async def stop(request: Request) -> Response:
        return reply(await jobs.stop(request.path_params["job"]), 202)

    async def go_on(request: Request) -> Response:
        return reply(await jobs.go_on(request.path_params["job"]), 202)

    async def remove(request: Request) -> Response:
        await jobs.remove(request.path_params["job"])
        return Response(status_code=204)

    return [
        Route("/api/jobs", listed),
        Route("/api/jobs", start, methods=["POST"]),
        Route("/api/jobs/{job}", remove, methods=["DELETE"]),
        Route("/api/jobs/{job}/stop", stop, methods=["POST"]),
        Route("/api/jobs/{job}/go-on", go_on, methods=["POST"]),
        *_routes_of_one(jobs, desk),
        *_routes_of_files(jobs),
    ]


def _routes_of_one(jobs: Jobs, desk: Desk) -> list[Route]:
    """What there is to know of a job."""

    async def one(request: Request) -> Response:
        name = request.path_params["job"]
        made = await run_in_threadpool(results.files, _out(jobs, name))
        order, notes = jobs.order(name), await jobs.notes(name)
        model = await run_in_threadpool(desk.model_of, order)
        return reply(Whole(jobs.job(name), order, notes, made, model))

    async def events(request: Request) -> Response:
        after = _number(request.query_params.get("after", "0"))
        found = await jobs.events(request.path_params["job"], after, MOST_EVENTS)
        return reply(Events(found, len(found) == MOST_EVENTS))

    async def picture(request: Request) -> Response:
        name = request.path_params["name"]
        path = jobs.folder(request.path_params["job"]) / "pictures" / name
        if not A_PICTURE.fullmatch(name) or not path.is_file():
            raise BadInput(f"there is no picture {name[:40]!r}", fix="reload the page")
        return FileResponse(path, media_type="image/png")

    async def log(request: Request) -> Response:
        path = jobs.folder(request.path_params["job"]) / LOG
        return Response(await run_in_threadpool(_end_of, path), media_type="text/plain")

    async def images(request: Request) -> Response:
        order = jobs.order(request.path_params["job"])
        return reply(await run_in_threadpool(desk.images_of, order))

    return [
        Route("/api/jobs/{job}/images", images),
        Route("/api/jobs/{job}", one),
        Route("/api/jobs/{job}/events", events),
        Route("/api/jobs/{job}/log", log),
        Route("/api/jobs/{job}/pictures/{name}", picture),
    ]


def _routes_of_files(jobs: Jobs) -> list[Route]:
    """What a job has made."""

    async def file(request: Request) -> Response:
        folder = _out(jobs, request.path_params["job"])
        path = await run_in_threadpool(results.path_of, folder, request.path_params["name"])
        return FileResponse(path, filename=path.name)

    async def every_file(request: Request) -> Response:
        folder = _out(jobs, request.path_params["job"])
        headers = {"Content-Disposition": 'attachment; filename="results.zip"'}
        pieces = iterate_in_threadpool(results.zipped(folder))
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    return [
        Route("/api/jobs/{job}/files.zip", every_file),
        Route("/api/jobs/{job}/files/{name}", file),
    ]


def folder_routes(folders: Folders) -> list[Route]:
    """The chosen folders, and what lies in them."""

    async def chosen(_: Request) -> Response:
        return reply(folders.chosen())

    async def listing(request: Request) -> Response:
        place = Place(request.path_params["root"], request.query_params.get("path", ""))
        return reply(await run_in_threadpool(folders.listing, place))

    return [Route("/api/folders", chosen), Route("/api/folders/{root:int}", listing)]


def _out(jobs: Jobs, name: str) -> Path:
    return Path(jobs.order(name).out or jobs.folder(name) / "nothing")


def _number(text: str) -> int:
    if not text.isdecimal():
        raise BadInput(f"{text[:40]!r} is no number of an event", fix="reload the page")
    return int(text)


def _end_of(path: Path) -> bytes:
    return path.read_bytes()[-LOG_END:] if path.is_file() else b""
