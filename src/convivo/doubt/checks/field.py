"""Are there objects larger than the net can see?

A pixel's answer follows from what lies within the net's reach. At one side of an object that is wider than this reach
the net does not see the other side; where it is wider than twice the reach, not even from its middle (slides 19, 21).
Such an object comes in parts, so objects that touch are taken together too.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from scipy import ndimage

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.checks.field_before_training import DEEPEST
from convivo.doubt.finding import NOTE, WARN, Finding, level_of
from convivo.methods import method_named
from convivo.model import Model
from convivo.nets import receptive
from convivo.ops.measure import areas, compact, diameters
from convivo.ops.resize import resize_labels, scaled_shape
from convivo.report.cases import counted
from convivo.types import Labels

ID = "field"
LARGE = 0.95  # quantile of the diameters that counts: one odd object is no reason to doubt
ROOM = 0.8  # of the reach that large objects may fill where a change is advised
MANY = 3  # parts of one object, at least, where parts are suspected


def ask(case: Case) -> Iterator[Finding]:
    """Of the larger objects against the net's reach."""
    labels, reach = case.prediction.labels, case.model.halo
    labels = resize_labels(labels, scaled_shape(labels.shape, case.options.scale))  # as the net is shown them
    sizes = areas(compact(labels))[1:]
    if not (sizes > 0).any():
        return
    large = float(np.quantile(diameters(sizes[sizes > 0], labels.ndim), LARGE))
    doubt = _doubt(case, large / reach)
    yield Finding(
        image=case.name,
        id=ID,
        level=level_of(doubt),
        measured=round(large, 1),
        expected=(0.0, float(reach)),
        evidence=(
            f"large objects are {large:.0f} pixels wide{_in_parts(labels, reach)}; "
            f"the net sees {reach} to each side"
        ),
        advice=_advice(case, large) if doubt else "",
        doubt=round(doubt, 3),
    )


def _doubt(case: Case, share_of_reach: float) -> float:
    """None below the reach. Where the model knows itself, a note as long as images like it are answered well.

    What the net did not see whole may be right all the same: the middle of a nucleus looks like a nucleus.
    """
    if share_of_reach < WARN:
        return 0.0
    return share_of_reach if case.expectation is None else min(share_of_reach, max(NOTE, case.doubt))


def _advice(case: Case, large: float) -> str:
    """A scale at which such objects are seen with some room, and a new net that sees them as they are, if any does."""
    smaller = f"convivo predict ... --scale {case.options.scale * ROOM * case.model.halo / large:.2g}"
    depth = depth_that_sees(case.model, large / case.options.scale)
    return f"{smaller}; or train a deeper net: convivo train ... --depth {depth}" if depth else smaller


def depth_that_sees(model: Model, pixels: float) -> int | None:
    """The least `--depth` with which a new net of the model's method sees so far, with some room; None: none does."""
    how, size = method_named(model.card.method), model.card.net
    for depth in range(1, DEEPEST + 1):
        net = how.net(how.size(dimensions=size.dimensions, channels=size.channels, filters=1, depth=depth))
        if ROOM * max(receptive.reach(net)) >= pixels:
            return depth
    return None


def _in_parts(labels: Labels, reach: int) -> str:
    """Words for groups of touching objects that are wider than the reach, and might be one object each."""
    groups, number = ndimage.label(labels > 0)
    if not number:
        return ""
    wide = np.flatnonzero(diameters(areas(groups)[1:], labels.ndim) > reach) + 1
    parts = [len(np.unique(labels[groups == group])) for group in wide]
    crowds = sum(count >= MANY for count in parts)
    what = (
        f"{counted(crowds, 'group')} of touching objects {'is' if crowds == 1 else 'are'} wider than {reach}"
    )
    return f", and {what}" if crowds else ""


CHECK: ImageCheck = Check(ID, "Are there objects larger than the net can see?", ask, quick=False)
