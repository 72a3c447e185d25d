"""Messages between a run and us, over one socket: a header of fixed size, JSON, and blocks of bytes.

    8 bytes: length of the JSON, number of blocks | 8 bytes for the length of each block | JSON | blocks

Everything is bounded on the side that reads, because a learner's program may write to the socket what it likes.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass, field
from typing import Any

JSON_LIMIT = 4_000_000
BLOCKS_LIMIT = 2_000
BYTES_LIMIT = 256_000_000


class Garbled(ValueError):  # noqa: N818
    """Not a message as we write them."""


@dataclass(frozen=True, slots=True)
class Message:
    """What is said, and the bytes of the arrays in it."""

    said: dict[str, Any]
    blocks: list[bytes] = field(default_factory=list)


def written(message: Message) -> bytes:
    """As bytes. Raises Garbled where it is larger than the other side would read."""
    text = json.dumps(message.said).encode()
    sizes = [len(block) for block in message.blocks]
    if len(text) > JSON_LIMIT or len(sizes) > BLOCKS_LIMIT or sum(sizes) > BYTES_LIMIT:
        raise Garbled(f"{(len(text) + sum(sizes)) / 1e6:.0f} MB are too much to be handed over")
    header = struct.pack("<II", len(text), len(sizes)) + struct.pack(f"<{len(sizes)}Q", *sizes)
    return b"".join((header, text, *message.blocks))


class Incoming:
    """Puts messages together from the pieces in which they arrive."""

    def __init__(self) -> None:
        self._held = bytearray()

    def add(self, piece: bytes) -> list[Message]:
        """What is complete now. Raises Garbled."""
        self._held += piece
        complete = []
        while (message := self._next()) is not None:
            complete.append(message)
        return complete

    def _next(self) -> Message | None:
        if len(self._held) < 8:
            return None
        length, count = struct.unpack_from("<II", self._held)
        if length > JSON_LIMIT or count > BLOCKS_LIMIT:
            raise Garbled("a message that is too long")
        begin = 8 + 8 * count
        if len(self._held) < begin:
            return None
        sizes = struct.unpack_from(f"<{count}Q", self._held, 8)
        if sum(sizes) > BYTES_LIMIT:
            raise Garbled("arrays that are too large")
        end = begin + length + sum(sizes)
        if len(self._held) < end:
            return None
        whole = bytes(self._held[:end])
        del self._held[:end]
        return Message(_read(whole[begin : begin + length]), _cut(whole[begin + length :], sizes))


def _read(text: bytes) -> dict[str, Any]:
    try:
        said = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Garbled("not JSON") from error
    if not isinstance(said, dict):
        raise Garbled("not an object")
    return said


def _cut(data: bytes, sizes: tuple[int, ...]) -> list[bytes]:
    blocks, at = [], 0
    for size in sizes:
        blocks.append(data[at : at + size])
        at += size
    return blocks
