"""Whatever went wrong, in words."""

from __future__ import annotations

from convivo.errors import ConvivoError, OutOfMemory


def in_words(error: BaseException) -> ConvivoError:
    """Whatever went wrong, as problem and fix."""
    if isinstance(error, ConvivoError):
        return error
    if isinstance(error, MemoryError):
        fix = "close other programs, or use smaller images (--scale 0.5) and tiles (--tile 256)"
        return OutOfMemory("the memory ran out", fix=fix)
    first_line = next(iter(str(error).splitlines()), "no details")
    return ConvivoError(
        f"unforeseen: {type(error).__name__}: {first_line}",
        fix="run again with --debug and report what it prints",
    )
