"""What goes to the page and comes from it: JSON for words and numbers, MessagePack where arrays travel.

An array is {"dtype", "shape", "data"}; its bytes are little-endian, in C order, and become a typed array in the page.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
from starlette.responses import Response

from convivo.errors import BadInput, ConvivoError

if TYPE_CHECKING:
    from starlette.requests import Request

Value = TypeVar("Value")
JSON = "application/json"
MESSAGE_PACK = "application/msgpack"
LONGEST_BODY = 1_000_000  # bytes of a question; images are uploaded as streams


class Problem(msgspec.Struct, frozen=True):
    """What went wrong and what to do, as the page shows it."""

    problem: str
    fix: str


class PackedArray(msgspec.Struct, frozen=True):
    """An array as it travels."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


def reply(value: Any, status: int = 200) -> Response:
    """A value as JSON."""
    return Response(msgspec.json.encode(value), status, media_type=JSON)


def refusal(error: ConvivoError, status: int = 400) -> Response:
    """An error as problem and fix."""
    return reply(Problem(error.problem, error.fix), status)


async def body(request: Request, kind: type[Value]) -> Value:
    """The body of a request; a wrong field is named."""
    return decoded(await read_bounded(request), kind)


async def read_bounded(request: Request, longest: int = LONGEST_BODY) -> bytes:
    """All of a short body."""
    parts, length = [], 0
    async for part in request.stream():
        length += len(part)
        if length > longest:
            raise BadInput(
                f"the request is longer than {longest:,} bytes", fix="send less, or upload it as an image"
            )
        parts.append(part)
    return b"".join(parts)


def decoded(text: bytes, kind: type[Value]) -> Value:
    """A value of a kind from JSON; refused in words where a field is wrong."""
    try:
        return msgspec.json.decode(text, type=kind)
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BadInput(
            f"the request is not understood: {error}", fix="reload the page, so that it is of this version"
        ) from error


def packed(value: Any) -> bytes:
    """A value that holds arrays as MessagePack."""
    return msgspec.msgpack.encode(value, enc_hook=_array)


def _array(value: Any) -> PackedArray:
    import numpy as np

    if isinstance(value, np.generic):
        return value.item()  # type: ignore[no-any-return]
    if not isinstance(value, np.ndarray):
        raise TypeError(f"{type(value).__name__} cannot travel to the page")
    array = np.ascontiguousarray(value)
    if array.dtype == bool:
        array = array.astype(np.uint8)
    if sys.byteorder == "big":
        array = array.byteswap()
    return PackedArray(array.dtype.name, array.shape, array.tobytes())
