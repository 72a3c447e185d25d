"""Endpoint of the questions: the page asks, the worker answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

from convivo.lab.replies import JSON, MESSAGE_PACK, read_bounded

if TYPE_CHECKING:
    from starlette.requests import Request

    from convivo.lab.worker import Worker


def routes(worker: Worker) -> list[Route]:
    """One address for all questions: what may be asked is the worker's to know."""

    async def ask(request: Request) -> Response:
        answer = await worker.ask(request.path_params["name"], await read_bounded(request))
        return Response(answer.body, answer.status, media_type=MESSAGE_PACK if answer.status == 200 else JSON)

    return [Route("/api/ask/{name}", ask, methods=["POST"])]
