"""Which skips can be cut, and where the net is that was trained without them.

A net whose skip is cut after training shows only that it was broken. What a skip is for shows in a net that had to
learn without it, so each wiring has a net of its own; docs/lab-nets.md has their scores.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from convivo.errors import BadInput
from convivo.io.places import SHIPPED
from convivo.model import Model

FOLDER = SHIPPED / "lab" / "wires"


@dataclass(frozen=True, slots=True)
class Wiring:
    """One way to wire a U-Net of depth 3."""

    cut: tuple[int, ...]  # levels whose skip is cut, from 0, the finest
    name: str  # of the folder

    @property
    def folder(self) -> Path:
        """Where its trained net lies."""
        return FOLDER / self.name


WIRINGS = (
    Wiring((), "all-skips"),
    Wiring((0,), "cut-0"),
    Wiring((1,), "cut-1"),
    Wiring((2,), "cut-2"),
    Wiring((0, 1), "cut-0-1"),
    Wiring((0, 2), "cut-0-2"),
    Wiring((1, 2), "cut-1-2"),
    Wiring((0, 1, 2), "no-skips"),
)


def wiring(cut: tuple[int, ...]) -> Wiring:
    """The wiring in which these levels' skips are cut, in any order."""
    for each in WIRINGS:
        if each.cut == tuple(sorted(set(cut))):
            return each
    ways = "; ".join(str(each.cut) for each in WIRINGS)
    raise BadInput(f"no net was trained with the skips {cut} cut", fix=f"cut one of {ways}")


def load(cut: tuple[int, ...]) -> Model:
    """The net that was trained with these skips cut."""
    return Model.load(wiring(cut).folder)
