"""A part of an image that explorables show and ask about."""

from __future__ import annotations

import msgspec


class Window(msgspec.Struct, frozen=True):
    """Which image, and where in it. Every request that needs pixels carries one."""

    image: str  # its name among the practice images, or the ID of a dropped file
    y: int = -1  # upper left pixel; -1 lets the window lie in the middle
    x: int = -1
    side: int = 256  # in pixels; less where the image is smaller
