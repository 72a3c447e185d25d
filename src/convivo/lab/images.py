"""Endpoints of the image menu: practice images, and files that are dropped into the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from convivo.errors import ConvivoError
from convivo.lab import dropped, practice
from convivo.lab.replies import JSON, reply
from convivo.lab.window import Window

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request

    from convivo.lab.worker import Worker


class Listed(msgspec.Struct, frozen=True):
    """An image that can be chosen."""

    id: str
    name: str
    is_own: bool


def routes(folder: Path, worker: Worker) -> list[Route]:
    """List, drop, forget."""

    async def listed(_: Request) -> Response:
        own = await run_in_threadpool(lambda: list(dropped.all_in(folder)))
        made = [Listed(name, each.title, is_own=False) for name, each in practice.IMAGES.items()]
        return reply([*made, *(Listed(each.id, each.name, is_own=True) for each in own)])

    async def drop(request: Request) -> Response:
        kept = await dropped.keep(folder, request.path_params["name"], request.stream())
        # looked at once: what is no image is refused here, and does not stay
        try:
            looked = await worker.ask("picture", msgspec.json.encode(Window(kept.id, side=16)))
        except ConvivoError:  # it may be this image that the worker died of
            await run_in_threadpool(dropped.remove, folder, kept.id)
            raise
        if looked.status != 200:
            await run_in_threadpool(dropped.remove, folder, kept.id)
            return Response(looked.body, looked.status, media_type=JSON)
        return reply(Listed(kept.id, kept.name, is_own=True), 201)

    async def forget(request: Request) -> Response:
        await run_in_threadpool(dropped.remove, folder, request.path_params["name"])
        return Response(status_code=204)

    return [
        Route("/api/images", listed),
        Route("/api/images/{name}", drop, methods=["PUT"]),
        Route("/api/images/{name}", forget, methods=["DELETE"]),
    ]
