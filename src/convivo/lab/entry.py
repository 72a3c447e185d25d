"""How a page gets in: with the token that stands in the printed address, or with a ticket that is torn at once.

The address that is handed to the browser holds a ticket, because command lines can be read by everybody on a machine.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

import msgspec
from starlette.routing import Route

from convivo.errors import NotAvailable
from convivo.io.atomic import writing
from convivo.lab.replies import body, refusal, reply

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.responses import Response

PATH = "/api/token"


class Ticket(msgspec.Struct, frozen=True):
    """What the page found behind the # of its address."""

    ticket: str


class Token(msgspec.Struct, frozen=True):
    """What the page sends from then on."""

    token: str


def kept_token(folder: Path) -> str:
    """The lab's token, readable for its owner alone; the same after a restart, so that open pages go on."""
    path = folder / "token"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        with writing(path) as part:
            part.chmod(0o600)  # before anything stands in it
            part.write_text(secrets.token_urlsafe(24))
    return path.read_text()


class Tickets:
    """Tickets that were given out and not yet torn."""

    def __init__(self) -> None:
        self._valid: set[str] = set()

    def new(self) -> str:
        """A ticket for one page."""
        ticket = secrets.token_urlsafe(24)
        self._valid.add(ticket)
        return ticket

    def tear(self, ticket: str) -> bool:
        """Whether the ticket was valid; it is not from now on."""
        valid = ticket in self._valid
        self._valid.discard(ticket)
        return valid


def routes(tickets: Tickets, token: str) -> list[Route]:
    """Ticket in, token out: the one address of /api that needs no token."""

    async def exchange(request: Request) -> Response:
        if tickets.tear((await body(request, Ticket)).ticket):
            return reply(Token(token))
        return refusal(
            NotAvailable("this address was used before", fix="open the address that `convivo lab` printed"),
            401,
        )

    return [Route(PATH, exchange, methods=["POST"])]
