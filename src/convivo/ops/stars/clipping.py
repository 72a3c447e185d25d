"""Area common to two outlines as the original has it: by the clipping library that it uses, on whole pixels.

Clipper rounds the places where outlines cross to whole pixels, line by line from the top. That moves the area by a
few square pixels, which decides about pairs near the threshold; so these pairs are asked there (Angus Johnson's
Clipper 6, after Vatti, Communications of the ACM 35, 1992).
"""

from __future__ import annotations

import pyclipper

from convivo.ops.stars.rays import Reals


def clipped_area(outline: Reals, other: Reals) -> float:
    """Square pixels that two outlines share, each (rays, 2) whole corners (x, y); nothing where one has no area."""
    clipper = pyclipper.Pyclipper()
    try:
        clipper.AddPath(outline, pyclipper.PT_SUBJECT)
        clipper.AddPath(other, pyclipper.PT_CLIP)
    except pyclipper.ClipperException:  # its word for a path whose corners lie on one line
        return 0.0
    parts = clipper.Execute(pyclipper.CT_INTERSECTION, pyclipper.PFT_NONZERO, pyclipper.PFT_NONZERO)
    return abs(float(sum(pyclipper.Area(part) for part in parts)))
