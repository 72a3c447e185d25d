"""How many pixels are hidden from a net, and what is shown in their place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

from convivo.errors import BadInput

Manipulator: TypeAlias = Literal["uniform", "uniform_with_centre", "median", "mean"]
MANIPULATORS: tuple[Manipulator, ...] = get_args(Manipulator)
MOST = 0.25  # share of hidden pixels: of more, too little is left to tell them from
WIDEST = 10  # radius: more would be another part of the picture
LONGEST = 50  # reach


@dataclass(frozen=True, kw_only=True, slots=True)
class BlindSpot:
    """How many pixels are hidden, and what is shown in their place."""

    share: float = 0.05  # of a patch's pixels, hidden and asked for in one step
    # "uniform": a random pixel of the window; only "uniform_with_centre" may take the hidden one itself
    manipulator: Manipulator = "uniform"
    radius: int = 2  # the window has 2 radius + 1 pixels along each axis
    axes: str = ""  # some of "ZYX" along which noise is correlated, such as "X" for noise in rows
    reach: int = 0  # pixels to either side of a spot hidden with it, along each of these axes

    def __post_init__(self) -> None:
        check_share(self.share)
        if self.manipulator not in MANIPULATORS:
            raise BadInput(
                f"blind spots by {self.manipulator!r}", fix=f"use one of {', '.join(MANIPULATORS)}"
            )
        _check_length("radius", self.radius, WIDEST)
        if not set(self.axes) <= set("ZYX") or len(set(self.axes)) < len(self.axes):
            raise BadInput(
                f"noise correlated along axes {self.axes!r}",
                fix='use some of "ZYX", each once, or "" for none',
            )
        if self.axes:
            _check_length("reach", self.reach, LONGEST)
        elif self.reach != 0:
            raise BadInput(
                f"reach {self.reach} without axes",
                fix='name the axes to hide along, such as "X", or use reach 0',
            )


def check_share(share: float) -> None:
    """Refuse a share of hidden pixels that no patch can have, or that leaves too little."""
    if not 0 < share <= MOST:
        raise BadInput(
            f"{100 * share:g} % of the pixels cannot be hidden (share {share:g})",
            fix=f"hide more than none and at most {100 * MOST:g} %, such as 5 % (share 0.05)",
        )


def _check_length(name: str, value: int, most: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= most:
        raise BadInput(
            f"{name} {value!r} of the blind spots", fix=f"use a whole number of pixels from 1 to {most}"
        )
