"""The ends of a run on our side, which are listened to together and never waited for longer than one may."""

from __future__ import annotations

import os
import selectors
import socket
from typing import Literal

Name = Literal["wire", "out", "err"]
Piece = tuple[Name, bytes]
PIECE = 1 << 18
LEFT = 200  # pieces that are still taken when a run is over; a pipe holds fewer


class Sitting:
    """The socket over which a run talks, its standard output and error where there are any, and one to wake us."""

    def __init__(self, wire: socket.socket, out: int | None, err: int | None, wake: socket.socket) -> None:
        self._wire = wire
        self._wake = wake
        self._unsent = memoryview(b"")
        self._selector = selectors.DefaultSelector()
        wire.setblocking(False)
        wake.setblocking(False)
        self._selector.register(wire, selectors.EVENT_READ, "wire")
        self._selector.register(wake, selectors.EVENT_READ, "wake")
        for name, pipe in (("out", out), ("err", err)):
            if pipe is not None:
                os.set_blocking(pipe, False)
                self._selector.register(pipe, selectors.EVENT_READ, name)

    def send(self, data: bytes) -> None:
        """Hand over as much as fits; the rest follows while we wait."""
        self._unsent = memoryview(bytes(self._unsent) + data)
        self._push()

    def wait(self, seconds: float) -> list[Piece]:
        """What came, at the latest after so many seconds."""
        pieces: list[Piece] = []
        for key, what in self._selector.select(seconds):
            if key.data == "wake":
                self._wake.recv(PIECE)
                continue
            if what & selectors.EVENT_WRITE:
                self._push()
            if what & selectors.EVENT_READ:
                pieces += self._piece(key)
        return pieces

    def rest(self) -> list[Piece]:
        """What is left when the process has ended."""
        pieces: list[Piece] = []
        for _ in range(LEFT):
            more = self.wait(0)
            if not more:
                break
            pieces += more
        return pieces

    def close(self) -> None:
        """Listen no longer; the ends are not ours to close."""
        self._selector.close()

    def _piece(self, key: selectors.SelectorKey) -> list[Piece]:
        try:
            data = self._wire.recv(PIECE) if key.data == "wire" else os.read(key.fd, PIECE)
        except BlockingIOError:
            return []
        except ConnectionError:
            data = b""
        if not data:
            self._selector.unregister(key.fileobj)
            return []
        return [(key.data, data)]

    def _push(self) -> None:
        try:
            while self._unsent:
                self._unsent = self._unsent[self._wire.send(self._unsent) :]
        except BlockingIOError:
            pass
        except OSError:  # the run has ended; its exit says so
            self._unsent = memoryview(b"")
        wanted = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
        try:
            self._selector.modify(self._wire, wanted, "wire")
        except KeyError:  # it hung up
            return
