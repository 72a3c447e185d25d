"""A client of the course's runs: hears what the page hears, piece by piece."""

from __future__ import annotations

import http.client
import json
import re
import time

import msgspec


class Streamed:
    """A run that was asked for. Its pieces come as they are sent."""

    def __init__(self, lab, source="", *, exercise="convolution_by_hand", rung="free", check=False, **more):
        self.connection = http.client.HTTPConnection(lab.host, timeout=60)
        asked = {"page": "one", "exercise": exercise, "rung": rung, "check": check, "source": source, **more}
        headers = {"Host": lab.host, "Authorization": f"Bearer {lab.token}"}
        self.begun = time.monotonic()
        self.connection.request("POST", "/api/course/runs", json.dumps(asked).encode(), headers)
        self.reply = self.connection.getresponse()
        self.status = self.reply.status
        self.held = b""

    def __iter__(self):
        while (piece := self.next()) is not None:
            yield piece

    def next(self):
        """The next piece, or nothing at the end."""
        while True:
            if (piece := self._whole()) is not None:
                return piece
            more = self.reply.read1(65536)
            if not more:
                assert not self.held
                return None
            self.held += more

    def until(self, kind):
        """The next piece of a kind."""
        return next(piece for piece in self if piece["kind"] == kind)

    def leave(self):
        """Go away, as a page does that is closed."""
        self.reply.close()
        self.connection.close()

    @property
    def seconds(self):
        """How long it has taken so far."""
        return time.monotonic() - self.begun

    def _whole(self):
        """A piece that has come whole, and is no sign of life."""
        while self.held:
            try:
                piece, length = msgspec.msgpack.decode(self.held), len(self.held)
            except msgspec.DecodeError as error:
                found = re.search(r"trailing characters \(byte (\d+)\)", str(error))
                if found is None:  # it has not come whole yet
                    return None
                length = int(found[1])
                piece = msgspec.msgpack.decode(self.held[:length])
            self.held = self.held[length:]
            if piece is not None:
                return piece
        return None
