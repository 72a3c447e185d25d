"""The net sees too little: cells whose inside is as dark as what lies between them, and larger than its field."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
from scipy import ndimage

from convivo.lab.detective.asking import accuracy, field_of, found, picture, share
from convivo.lab.detective.lessons import LARGE_CELL, LARGE_CELLS, SMALL_CELL, SMALL_CELLS, cells
from convivo.lab.detective.values import Answer, Case, Number, Picture, Proof, Square
from convivo.ops.simulate import Scene, Simulated

NET, CONTROL = "small-field", "small-field-control"
SEED = 509
FIELDS = range(500, 506)  # seeds of further fields, for numbers that no single field decides
SMALLER = SMALL_CELL / LARGE_CELL  # scale at which the large cells are as small as the small ones


field = cache(cells)


def large() -> Simulated:
    """The image of the case."""
    return field(LARGE_CELLS, SEED)


def small() -> Simulated:
    """The same stain on small cells."""
    return field(SMALL_CELLS, SEED)


def image() -> Picture:
    """Large cells with a stained membrane."""
    return picture("cells", large().image, "Cells with a stained membrane.", truth=large().labels)


def answer() -> Answer:
    """The large cells fall to pieces."""
    labels = found(NET, large().image)
    return Answer(
        picture("answer", large().image, "What the net found.", found=labels, truth=large().labels),
        (
            share("accuracy", "accuracy at IoU 0.5", accuracy(large().labels, labels)),
            Number("found", "objects in the answer", int(labels.max())),
            Number("true", "cells in the image", int(large().labels.max())),
        ),
        "The cells fall to pieces: an object for a bit of membrane, another for what lies inside.",
    )


def proof() -> Proof:
    """Small cells, a smaller image and a larger field all work; the training cannot be blamed."""
    width = field_of(NET)
    labels, others = found(NET, small().image), found(CONTROL, large().image)
    shrunk = found(NET, large().image, SMALLER)
    middle = ndimage.center_of_mass(large().labels == widest())
    drawn = picture(
        "field", large().image, f"What decides about the pixel in the middle: a square of {width} pixels.",
        truth=large().labels,
    )  # fmt: skip
    return Proof(
        pictures=(
            replace(drawn, squares=(Square(float(middle[0]), float(middle[1]), float(width)),)),
            picture(
                "small cells", small().image, "The same net, small cells.", found=labels, truth=small().labels
            ),
            picture(
                "shown smaller",
                large().image,
                f"The same net, the image shown to it {SMALLER:.2f} times as large.",
                found=shrunk,
                truth=large().labels,
            ),
            picture(
                "larger field",
                large().image,
                f"A net with a field of {field_of(CONTROL)} pixels, trained on the same images.",
                found=others,
                truth=large().labels,
            ),
        ),
        numbers=(
            Number("field", "the net's field", width, "pixels"),
            Number("control field", "the other net's field", field_of(CONTROL), "pixels"),
            Number("diameter", "a cell's diameter", LARGE_CELL, "pixels"),
            share("large", f"accuracy on large cells, mean of {len(FIELDS)} images", mean(NET, LARGE_CELLS)),
            share("small", "the same on small cells", mean(NET, SMALL_CELLS)),
            share("shrunk", "on large cells, the images shown smaller", mean(NET, LARGE_CELLS, SMALLER)),
            share("control", "on large cells, of the net with the larger field", mean(CONTROL, LARGE_CELLS)),
        ),
        sentences=(
            f"From the middle of a cell the membrane is {LARGE_CELL / 2:.0f} pixels away, and the net sees "
            f"{width // 2} pixels to each side: inside looks like outside.",
            "Half of the images that trained it showed such large cells, so it is not that it never met them.",
            "Small cells are answered well, and so are most of these where the image is shown smaller.",
            "Another net learned from the same images and sees further: it keeps most of the large cells whole.",
        ),
        conclusion="The field is smaller than the cells. Show the image smaller, or use a net with more poolings.",
    )


def mean(net: str, scene: Scene, scale: float = 1.0) -> float:
    """Mean accuracy on several fields that no net has met."""
    fields = [field(scene, seed) for seed in FIELDS]
    return float(np.mean([accuracy(each.labels, found(net, each.image, scale)) for each in fields]))


def widest() -> int:
    """The largest cell that is whole."""
    labels = large().labels
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    areas = np.bincount(labels.ravel())
    areas[edge] = 0
    areas[0] = 0
    return int(areas.argmax())


CASE = Case(
    key="membranes",
    title="Cells in pieces",
    story="I trained a small, fast net on cells with a stained membrane, small ones and large ones. Here are "
    "large ones.",
    cause="field",
    image=image,
    answer=answer,
    proof=proof,
)
