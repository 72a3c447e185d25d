"""What decided an object, as a picture: the image beside the same with the map of falls over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from convivo.report.curves import STYLE
from convivo.report.pictures import FOUND, flat, grey

if TYPE_CHECKING:
    from pathlib import Path

    from convivo.run.why import Why
    from convivo.types import Image

MAP = "inferno"  # perceptually uniform
OVER = 0.6  # how much of the map covers the image
DPI = 150
OUTLINE, RADIUS = tuple(part / 255 for part in FOUND), "white"
LEAST = 0.05  # top of the scale, at least: less than that is not to look like much


def draw(path: Path, image: Image, found: Why) -> None:
    """Write a PNG of the part of the image that the net sees from the object."""
    picture = grey(flat(image)[found.part])
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(8.4, 4.0), layout="constrained", facecolor="white")
        plain, mapped = figure.subplots(1, 2, sharex=True, sharey=True)
        top, left = (part.start - 0.5 for part in found.part)
        place = {
            "extent": (left, left + picture.shape[1], top + picture.shape[0], top),
            "interpolation": "nearest",
        }
        plain.imshow(picture, **place)
        _outline(plain, found)
        plain.set_title(
            f"object at y {found.at[0]:.0f}, x {found.at[1]:.0f}: probability {found.probability:.2f}"
        )
        mapped.imshow(picture, **place)
        scale = mpl.colors.Normalize(0, max(LEAST, float(found.fall.max())))
        over = mapped.imshow(found.fall, cmap=MAP, norm=scale, alpha=OVER, **place)
        _outline(mapped, found)
        _radius(mapped, found)
        mapped.set_title(f"where a patch of {found.patch} x {found.patch} pixels matters")
        bar = figure.colorbar(over, ax=mapped, shrink=0.9)
        bar.set_label("fall of the probability")
        for panel in (plain, mapped):
            panel.set(xlabel="x", ylabel="y")
        figure.savefig(path, format="png", dpi=DPI)


def _outline(panel: Any, found: Why) -> None:
    top, left = (part.start for part in found.part)
    rows, columns = (np.arange(length) for length in found.inside.shape)
    panel.contour(columns + left, rows + top, found.inside, levels=[0.5], colors=[OUTLINE], linewidths=1.2)


def _radius(panel: Any, found: Why) -> None:
    """The circle within which most of the fall lies, with its radius."""
    if found.reach:
        circle = mpl.patches.Circle(
            found.at[::-1], found.reach, fill=False, color=RADIUS, linestyle="--", linewidth=1
        )
        panel.add_patch(circle)
