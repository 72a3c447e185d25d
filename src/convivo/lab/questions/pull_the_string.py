"""Pull the string: how much each pixel of the picture moves one pixel of a real net's answer."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from convivo.errors import BadInput
from convivo.lab import shelf
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.nets.living import living_field
from convivo.ops.tiling import pad_to_stride
from convivo.run.influence import field_across, influence, silent_layers
from convivo.types import Map, Pixels

NETS = ("nuclei", "nuclei-unet", "nuclei-care")


class StringRequest(msgspec.Struct, frozen=True):
    """Which pixel of which net's answer."""

    window: Window
    model: str
    y: int  # in the window
    x: int


class StringAnswer(msgspec.Struct, frozen=True):
    """Influence on that pixel; places are pixels of the window."""

    shares: Map  # (Y, X) of the part that the net sees; all together they are 1
    top: int
    left: int
    field: int  # across: most pixels that one pixel of the answer can see along an axis
    first: tuple[int, int]  # pixel that can be seen, y and x; it may lie outside the window
    last: tuple[int, int]
    half: float  # so many pixels around the place hold half of the influence
    nine_tenths: float  # so many 90 % of it
    most: float  # and so many 95 %
    silent: tuple[str, ...]  # layers that say 0 everywhere in this window
    living: int  # the field without what they hide


def pull(asked: StringRequest) -> StringAnswer:
    """The influence of the pixels around a place on what the net says there."""
    if asked.model not in NETS:
        raise BadInput(f"there is no net {asked.model!r} here", fix=f"ask one of: {', '.join(NETS)}")
    model = shelf.shipped(asked.model)
    seen = influence(model, _prepared(asked.model, asked.window), (asked.y, asked.x))
    silent, living = _living(asked.model, asked.window)
    (first_y, last_y), (first_x, last_x) = seen.field
    return StringAnswer(
        shares=seen.shares,
        top=seen.top,
        left=seen.left,
        field=field_across(model),
        first=(first_y, first_x),
        last=(last_y, last_x),
        half=seen.radii[0.5],
        nine_tenths=seen.radii[0.9],
        most=seen.radii[0.95],
        silent=silent,
        living=living,
    )


@lru_cache(maxsize=6)
def _living(name: str, window: Window) -> tuple[tuple[str, ...], int]:
    """The layers that are silent in a window, and the field that the others have: the same for all its pixels."""
    model = shelf.shipped(name)
    silent = silent_layers(model, _prepared(name, window))
    return silent, living_field(model.net, silent)


@lru_cache(maxsize=6)
def _prepared(name: str, window: Window) -> Pixels:
    model = shelf.shipped(name)
    return pad_to_stride(model.prepare(shelf.cut(window).pixels[None]), model.strides)


QUESTIONS = [Question("string", StringRequest, pull)]
