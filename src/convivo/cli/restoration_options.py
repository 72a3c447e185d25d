"""Options of `convivo train` that only CARE and Noise2Void have."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

import typer

from convivo.errors import BadInput


class ManipulatorChoice(StrEnum):
    """What a hidden pixel is replaced by."""

    uniform = "uniform"
    uniform_with_centre = "uniform_with_centre"
    median = "median"
    mean = "mean"


Dimensions = Annotated[
    int | None, typer.Option(help="care, n2v: 2 restores stacks plane by plane. Default: 3 for stacks.")
]
Probabilistic = Annotated[
    bool | None, typer.Option("--probabilistic", help="care: learn how far off each value may be.")
]
Members = Annotated[
    int | None, typer.Option(help="care: nets of an ensemble, whose disagreement shows doubt. Default 1.")
]
Hidden = Annotated[float | None, typer.Option(help="n2v: percent of the pixels that are hidden in a step.")]
Manipulator = Annotated[ManipulatorChoice | None, typer.Option(help="n2v: what hides a pixel.")]
Radius = Annotated[
    int | None, typer.Option(help="n2v: pixels around a hidden one from which its cover comes.")
]
Along = Annotated[
    str | None, typer.Option(help="n2v: axes along which noise runs, such as X: hides lines (structN2V).")
]
Reach = Annotated[int | None, typer.Option(help="n2v: pixels to either side that --along hides. Default 4.")]
N2V2 = Annotated[
    bool | None, typer.Option("--n2v2", help="n2v: net and median of Noise2Void 2, against checkerboards.")
]

MostShift = Annotated[
    float, typer.Option(help="care: pixels that the images of a pair may be shifted against each other.")
]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="care, n2v: learn from images that seem unfit for the method.")
]

OF_N2V = {
    "share": "--hidden",
    "manipulator": "--manipulator",
    "radius": "--radius",
    "axes": "--along",
    "reach": "--reach",
    "n2v2": "--n2v2",
}
OF_CARE = {"probabilistic": "--probabilistic", "members": "--members"}
OF_BOTH = {"dimensions": "--dimensions"}
N2V2_SIZE = {"pooling": "blur", "cut": (0,), "residual": False}


def given(**asked: Any) -> dict[str, Any]:
    """What was asked for."""
    return {name: value for name, value in asked.items() if value is not None}


def sizes(method: str, asked: dict[str, Any]) -> dict[str, Any]:
    """Sizes of the net that the options ask for; refuses those that the method does not have."""
    known = {"care": OF_BOTH | OF_CARE, "n2v": OF_BOTH | OF_N2V}.get(method, {})
    if other := [(OF_BOTH | OF_CARE | OF_N2V)[name] for name in asked if name not in known]:
        raise BadInput(f"{method} has no {' and no '.join(other)}", fix="leave the option out")
    size = {name: asked[name] for name in (*OF_BOTH, *OF_CARE) if name in asked}
    return size | (N2V2_SIZE if asked.get("n2v2") else {})


def settings(method: str, asked: dict[str, Any], *, new_net: bool = True) -> dict[str, Any]:
    """How Noise2Void hides pixels; the median of Noise2Void 2 comes with its net alone."""
    if method != "n2v":
        return {}
    chosen = {name: asked[name] for name in OF_N2V if name in asked and name != "n2v2"}
    if asked.get("n2v2") and new_net:
        chosen.setdefault("manipulator", "median")
    if "axes" in chosen:
        chosen.setdefault("reach", 4)
    return chosen
