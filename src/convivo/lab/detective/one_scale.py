"""Wrong resolution: a net that knows nuclei of one size in pixels, shown the same nuclei through another objective."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np

from convivo.lab.detective.asking import accuracy, field_of, found, picture, share
from convivo.lab.detective.lessons import HIGH_MAGNIFICATION, LOW_MAGNIFICATION, MAGNIFIED
from convivo.lab.detective.values import Answer, Case, Number, Picture, Proof
from convivo.ops.simulate import Microscope, Simulated, simulate

NET = "one-scale"
SEED = 600
FIELDS = range(600, 604)  # seeds of fields for numbers that no single field decides


@cache
def magnified(seed: int = SEED) -> Simulated:
    """The image of the case, or another; what the lens blurs is magnified too."""
    return simulate(HIGH_MAGNIFICATION, Microscope(blur=MAGNIFIED * Microscope().blur), seed=seed)


@cache
def as_trained(seed: int = SEED) -> Simulated:
    """New nuclei at the magnification of the training."""
    return simulate(LOW_MAGNIFICATION, Microscope(), seed=seed)


def image() -> Picture:
    """Nuclei at high magnification."""
    return picture("nuclei", magnified().image, "Fluorescent nuclei.", truth=magnified().labels)


def answer() -> Answer:
    """Nuclei are found in part."""
    labels = found(NET, magnified().image)
    return Answer(
        picture("answer", magnified().image, "What the net found.", found=labels, truth=magnified().labels),
        (
            share("accuracy", "accuracy at IoU 0.5", accuracy(magnified().labels, labels)),
            Number("found", "objects in the answer", int(labels.max())),
            Number("true", "nuclei in the image", int(magnified().labels.max())),
        ),
        "Of most nuclei the net finds a bit, of some it finds several.",
    )


def proof() -> Proof:
    """The same image, shown at the size of the training, works."""
    truth, scale = magnified().labels, 1 / MAGNIFIED
    shrunk, usual = found(NET, magnified().image, scale), found(NET, as_trained().image)
    return Proof(
        pictures=(
            picture(
                "rescaled",
                magnified().image,
                f"The same net, the image shown to it {scale:.2g} times as large.",
                found=shrunk,
                truth=truth,
            ),
            picture(
                "as trained",
                as_trained().image,
                "The same net, new nuclei at the magnification of its training.",
                found=usual,
                truth=as_trained().labels,
            ),
        ),
        numbers=(
            Number("trained", "a nucleus' diameter in training", LOW_MAGNIFICATION.diameter, "pixels"),
            Number("diameter", "a nucleus' diameter here", HIGH_MAGNIFICATION.diameter, "pixels"),
            Number("field", "the net's field", field_of(NET), "pixels"),
            share("accuracy", f"accuracy, mean of {len(FIELDS)} such images", mean(magnified)),
            share("rescaled", "the same, the images shown smaller", mean(magnified, scale)),
            share("usual", "accuracy at the magnification of the training", mean(as_trained)),
        ),
        sentences=(
            f"The nuclei are {MAGNIFIED:g} times as wide here as those that the net learned from.",
            f"Its field of {field_of(NET)} pixels is wider than a nucleus, so it is not that it sees too little.",
            "Shown at the size of the training the same image is answered well.",
        ),
        conclusion="The resolution is another one. Show the image at the size of the training (`--scale`).",
    )


def mean(taken: Callable[[int], Simulated], scale: float = 1.0) -> float:
    """Mean accuracy on several fields that the net has not met."""
    fields = [taken(seed) for seed in FIELDS]
    return float(np.mean([accuracy(each.labels, found(NET, each.image, scale)) for each in fields]))


CASE = Case(
    key="objective",
    title="Bits of nuclei",
    story="My net worked for months. Today I took the same nuclei with another objective.",
    cause="scale",
    image=image,
    answer=answer,
    proof=proof,
)
