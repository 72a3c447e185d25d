"""What can cross between the learner's process and ours, and in which form: JSON, and the bytes of arrays behind it.

Nothing is ever unpickled. An array is a known kind of number, a shape, and exactly as many bytes as these ask for; what
does not add up is refused before any memory is asked for. What has no such form stays where it is and is Held.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from convivo.course.checks import Held

KINDS = frozenset(
    np.dtype(kind).str
    for kind in ("?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16")
)
DEPTH = 30  # lists within lists
COUNT = 200_000  # values in one message
AXES = 16


class CannotCross(ValueError):  # noqa: N818
    """Not a value that can be handed to the other side; `str()` says why."""


class Packing:
    """Turns values into JSON and collects the arrays among them. `hold` is asked for a number of what must stay."""

    def __init__(self, hold: Callable[[Any], Held] | None = None) -> None:
        self.hold = hold
        self.blocks: list[bytes] = []
        self._left = COUNT

    def pack(self, value: Any, depth: int = 0) -> Any:
        """As JSON. Raises CannotCross."""
        self._left -= 1
        if depth > DEPTH or self._left < 0:
            raise CannotCross("it is too deep or too long to be handed over")
        if value is None or isinstance(value, (bool, str)):
            return value
        if type(value) in (int, float):
            return value if type(value) is float or abs(value) < 2**63 else {"long": str(value)}
        return self._composite(value, depth + 1)

    def _composite(self, value: Any, depth: int) -> Any:
        if isinstance(value, Held):
            return {"held": [value.number, value.kind]}
        if isinstance(value, np.generic) and value.dtype.str in KINDS and value.dtype.kind != "c":
            return self.pack(value.item(), depth)
        if isinstance(value, (list, tuple)):
            kind = "list" if isinstance(value, list) else "tuple"
            return {kind: [self.pack(each, depth) for each in value]}
        if isinstance(value, dict):
            return {"dict": [[self.pack(key, depth), self.pack(each, depth)] for key, each in value.items()]}
        if isinstance(value, slice):
            return {"slice": [self.pack(each, depth) for each in (value.start, value.stop, value.step)]}
        if isinstance(value, np.ndarray):
            return self._array("array", value)
        if _is_tensor(value):
            return self._array("tensor", value.detach().cpu().numpy())
        return self._held(value)

    def _array(self, form: str, array: np.ndarray[Any, Any]) -> Any:
        if array.dtype.str not in KINDS:
            array = array.astype(array.dtype.newbyteorder("="))
        if array.dtype.str not in KINDS or array.ndim > AXES:
            return self._held(array)
        self.blocks.append(np.ascontiguousarray(array).tobytes())
        return {form: [array.dtype.str, list(array.shape)]}

    def _held(self, value: Any) -> Any:
        if self.hold is None:
            raise CannotCross(f"an object of the class {type(value).__name__} cannot be handed over")
        held = self.hold(value)
        return {"held": [held.number, held.kind]}


class Unpacking:
    """Turns JSON and blocks back into values; `held` and `tensor` say what becomes of those."""

    def __init__(
        self,
        blocks: list[bytes],
        *,
        held: Callable[[int, str], Any] = Held,
        tensor: Callable[[np.ndarray[Any, Any]], Any] = lambda array: array,
    ) -> None:
        self._blocks = iter(blocks)
        self._held = held
        self._tensor = tensor
        self._left = COUNT

    def unpack(self, form: Any, depth: int = 0) -> Any:
        """The value. Raises CannotCross for whatever is not as `pack` writes it."""
        self._left -= 1
        if depth > DEPTH or self._left < 0:
            raise CannotCross("too deep or too long")
        if isinstance(form, str):
            return whole(form)
        if form is None or isinstance(form, (bool, int, float)):
            return form
        if not isinstance(form, dict) or len(form) != 1:
            raise CannotCross("unknown form")
        (kind, inside), *_ = form.items()
        try:
            return self._composite(kind, inside, depth + 1)
        except (TypeError, ValueError, OverflowError, StopIteration) as error:
            raise error if isinstance(error, CannotCross) else CannotCross(str(error)) from error

    def _composite(self, kind: str, inside: Any, depth: int) -> Any:
        if kind == "long":
            return int(str(inside)[:400])
        if kind == "held":
            number, name = inside
            return self._held(int(number), whole(str(name)[:100]))
        if kind in ("array", "tensor"):
            array = self._array(*inside)
            return array if kind == "array" else self._tensor(array)
        if kind not in ("list", "tuple", "dict", "slice") or not isinstance(inside, list):
            raise CannotCross("unknown form")
        if kind == "dict":
            return {self.unpack(key, depth): self.unpack(each, depth) for key, each in inside}
        values = [self.unpack(each, depth) for each in inside]
        if kind == "slice":
            start, stop, step = values
            return slice(start, stop, step)
        return values if kind == "list" else tuple(values)

    def _array(self, dtype: str, shape: list[int]) -> np.ndarray[Any, Any]:
        if dtype not in KINDS or len(shape) > AXES or any(type(n) is not int or n < 0 for n in shape):
            raise CannotCross("not an array")
        block = next(self._blocks)
        kind = np.dtype(dtype)
        if math.prod(shape) * kind.itemsize != len(block):
            raise CannotCross("an array whose shape is not its size")
        return np.frombuffer(block, kind).reshape(shape).copy()


def whole(text: str) -> str:
    """The text with a ? for each half of a surrogate pair, which no file and no message of ours could hold."""
    return text.encode(errors="replace").decode()


def _is_tensor(value: Any) -> bool:
    return any(kind.__module__ == "torch" and kind.__name__ == "Tensor" for kind in type(value).__mro__)
