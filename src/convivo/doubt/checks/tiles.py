"""Does another tile size or a shifted grid change the answer?

It must not: the halo is as wide as the net's reach, and normalisation happens once an image (slide 19). What changes
all the same changes by rounding, and hardly an object with it. Asked of the part where most objects lie.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from convivo.doubt.case import Case
from convivo.doubt.check import Check, ImageCheck
from convivo.doubt.finding import Finding, level_of
from convivo.ops.scores import match_many
from convivo.run.predict import Predictor

ID = "tiles"
IOU = 0.9  # from which an object is the same
SAME = 0.99  # share of the objects that rounding leaves alone (engines are held to it too)
TILES = (2, 3)  # of the net's strides: two small sizes, whose grids are shifted against one another
LEAST = 64  # pixels of a tile


def ask(case: Case) -> Iterator[Finding]:
    """The share of objects that stay, for the worse of two tile sizes."""
    if not case.prediction.labels.any() or case.options.scale != 1:
        return
    part = replace(case.page, array=case.part)
    labels = case.labels_of_part
    stride = case.model.stride
    sizes = [count * -(-LEAST // stride) * stride for count in TILES]
    kept = {}
    for size in sizes:
        answer = Predictor(case.model, replace(case.options, tile=size)).predict(part).labels
        kept[size] = match_many(labels, answer, (IOU,))[0].accuracy
    size = min(kept, key=lambda each: kept[each])
    doubt = (1 - kept[size]) / (1 - SAME) if kept[size] < SAME else 0.0
    yield Finding(
        image=case.name,
        id=ID,
        level=level_of(min(doubt, 1.5)),
        measured=round(kept[size], 4),
        expected=(SAME, 1.0),
        evidence=f"{kept[size]:.1%} of the objects stay the same with tiles of {size} pixels",
        advice="report this: tiles should not matter" if doubt else "",
        doubt=round(min(doubt, 1.5), 3),
    )


CHECK: ImageCheck = Check(ID, "Does another tile size or a shifted grid change the answer?", ask)
