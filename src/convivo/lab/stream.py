"""News: one stream of server-sent events a page. Whoever has news publishes it; every open page hears it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec
from starlette.responses import StreamingResponse
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

ALIVE = 15.0  # seconds: a comment is sent so often, so that both sides notice when the other is gone
UNHEARD = 1000  # pieces of news that wait for a page that does not listen; then it is let go and comes back


class News:
    """What happened, for all pages that listen. For one event loop."""

    def __init__(self) -> None:
        self._listeners: set[asyncio.Queue[bytes | None]] = set()

    def publish(self, topic: str, value: Any) -> None:
        """Tell every page."""
        said = b"event: " + topic.encode() + b"\ndata: " + msgspec.json.encode(value) + b"\n\n"
        for listener in list(self._listeners):
            if listener.qsize() < UNHEARD:
                listener.put_nowait(said)
            else:  # it comes back by itself and asks for what it missed
                self._listeners.discard(listener)
                listener.put_nowait(None)

    def close(self) -> None:
        """End all streams, so that the server can stop."""
        for listener in self._listeners:
            listener.put_nowait(None)

    async def listen(self) -> AsyncIterator[bytes]:
        """Pieces of a stream, from now on."""
        mine: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._listeners.add(mine)
        try:
            yield b": welcome\n\n"
            while True:
                try:
                    said = await asyncio.wait_for(mine.get(), ALIVE)
                except TimeoutError:
                    said = b": still here\n\n"
                if said is None:
                    return
                yield said
        finally:
            self._listeners.discard(mine)


def routes(news: News) -> list[Route]:
    """The stream of a page."""

    async def stream(_: Request) -> StreamingResponse:
        return StreamingResponse(news.listen(), media_type="text/event-stream")

    return [Route("/api/news", stream)]
