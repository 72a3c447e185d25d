"""The gate: who may ask. Everything that reaches the lab comes through here.

The lab listens on this machine alone, but any page that is open in the browser can send requests to it. So:

    Host      must be this machine, or a foreign name that points here could read answers (DNS rebinding)
    Origin    must be the lab's own, or a foreign page could give orders (cross-site requests)
    token     every request for data carries it in a header that foreign pages cannot set; the opened address holds
              it behind the #, which browsers keep to themselves
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from convivo.errors import NotAvailable
from convivo.lab.entry import PATH as ENTRY
from convivo.lab.replies import refusal

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
NAMES = ("127.0.0.1", "localhost")


class Gate:
    """Lets through what comes from the lab's own page; refuses the rest in words."""

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        self.app, self.token = app, token
        self.hosts = {f"{name}:{port}" for name in NAMES}
        self.origins = {f"http://{host}" for host in self.hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and add the headers that keep the page to itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refused(Headers(scope=scope), scope["path"])
        if refused:
            status, error = refused
            await refusal(error, status)(scope, receive, send_with_headers)
        else:
            await self.app(scope, receive, send_with_headers)

    def _refused(self, headers: Headers, path: str) -> tuple[int, NotAvailable] | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        fix = "open the address that `convivo lab` printed"
        if host not in self.hosts:
            return 421, NotAvailable(f"the lab does not answer to the name {host[:80]!r}", fix=fix)
        if origin is not None and origin not in self.origins:
            return 403, NotAvailable(f"a page of {origin[:80]!r} may not ask the lab", fix=fix)
        if (
            path.startswith("/api/")
            and path != ENTRY
            and not self._is_known(headers.get("authorization", ""))
        ):
            return 401, NotAvailable("this page was not opened by the lab", fix=fix)
        return None

    def _is_known(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), f"Bearer {self.token}".encode())
