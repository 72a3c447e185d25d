"""Invention: CARE that has only ever seen nuclei, shown threads with a photon a pixel, draws what it knows."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.filters import threshold_otsu

from convivo.lab.detective.asking import picture, restored, share
from convivo.lab.detective.lessons import LOW_MAGNIFICATION, PHOTONS, SHAPE
from convivo.lab.detective.scenes import filaments, taken
from convivo.lab.detective.values import Answer, Case, Number, Picture, Proof
from convivo.ops.simulate import Microscope, low_exposure, simulate
from convivo.types import Map

Mask = NDArray[np.bool_]

NET = "invention"
SEED = 900
THREADS = 60
DIMMEST = 0.2  # light of a thread, as a share of the brightest
SMALLEST = 40  # pixels: what is smaller is no object but a speck
BLUR = 2.0  # pixels: sigma of a Gaussian, the plainest way to take away noise


@cache
def threads() -> tuple[Map, Mask]:
    """Threads as they are, and which pixels belong to one."""
    rng = np.random.default_rng(SEED)
    light = filaments(SHAPE, THREADS, rng)
    return taken(np.zeros(SHAPE, np.int32), light, Microscope(), rng).clean, light >= DIMMEST


@cache
def nuclei() -> Map:
    """Nuclei as they are, which the net has not met."""
    return simulate(LOW_MAGNIFICATION, Microscope(), seed=SEED + 1).clean


def exposure(clean: Map, number: int) -> Map:
    """One of many exposures of the same field, with a photon for a bright pixel."""
    return low_exposure(clean, PHOTONS, np.random.default_rng([SEED, number]))


def image() -> Picture:
    """A very short exposure."""
    return picture("exposure", exposure(threads()[0], 1), "A very short exposure.")


def answer() -> Answer:
    """Blobs, as bright as if they were there."""
    clean, on_thread = threads()
    answer = restored(NET, exposure(clean, 1))
    return Answer(
        picture("answer", answer, "What CARE made of it."),
        (
            Number("objects", "bright objects in the answer", objects(bright(answer))),
            share(
                "off",
                "share of its bright pixels where nothing is",
                float((~on_thread)[bright(answer)].mean()),
            ),
        ),
        "The answer looks like an image of round cells.",
    )


def proof() -> Proof:
    """The truth; what a second exposure becomes; and nuclei, where the same net is right."""
    clean, on_thread = threads()
    first, second = (restored(NET, exposure(clean, number)) for number in (1, 2))
    known = [restored(NET, exposure(nuclei(), number)) for number in (1, 2)]
    plain, plain_known = (ndimage.gaussian_filter(exposure(each, 1), BLUR) for each in (clean, nuclei()))
    return Proof(
        pictures=(
            picture("truth", clean, "What was really there: threads."),
            picture("second exposure", second, "The same field exposed again: other blobs.", like=first),
            picture("nuclei", nuclei(), "Nuclei, as they really are."),
            picture(
                "nuclei, restored", known[0], "Nuclei, restored from an exposure as short: nearly right."
            ),
        ),
        numbers=(
            Number("width", "how wide bright things are in the answer", width(bright(first)), "pixels"),
            Number("true width", "how wide a thread is", width(on_thread), "pixels"),
            share(
                "off",
                "share of the answer's bright pixels where nothing is",
                (~on_thread)[bright(first)].mean(),
            ),
            Number("truth", "agreement of the answer with the truth", alike(first, clean), low=-1, high=1),
            Number("blurred", "agreement of the exposure, only blurred", alike(plain, clean), low=-1, high=1),
            Number("twice", "agreement of two exposures' answers", alike(first, second), low=-1, high=1),
            Number(
                "nuclei", "for nuclei: agreement with the truth", alike(known[0], nuclei()), low=-1, high=1
            ),
            Number(
                "nuclei blurred", "for nuclei, only blurred", alike(plain_known, nuclei()), low=-1, high=1
            ),
            Number("nuclei twice", "for nuclei: agreement of two exposures", alike(*known), low=-1, high=1),
        ),
        sentences=(
            "There were threads, and no round cell at all.",
            "Nuclei are all that the net has learned from: with a photon a pixel it fills in what it knows.",
            "Of the threads its answer tells no more than the exposure itself does once it is blurred.",
            "Another exposure of the same field gives other blobs. What is really there does not change.",
            "For nuclei, which it knows, it tells far more than blurring does, and two exposures agree.",
        ),
        conclusion="The net invents what it was trained on. Restore only what it has learned from, and expose twice.",
    )


def bright(answer: Map) -> Mask:
    """What is bright in an answer (Otsu's threshold)."""
    return np.asarray(answer > threshold_otsu(answer))


def objects(mask: Mask) -> int:
    """How many objects there are, specks left out."""
    labels, _ = ndimage.label(mask)
    return int((np.bincount(labels.ravel())[1:] >= SMALLEST).sum())


def width(mask: Mask) -> float:
    """Mean width in pixels: in a band, a pixel is on average a quarter of the width away from its edge."""
    return float(4 * ndimage.distance_transform_edt(mask)[mask].mean())


def alike(one: Map, other: Map) -> float:
    """Correlation of two images (Pearson's)."""
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


CASE = Case(
    key="round-cells",
    title="Round cells",
    story="I restored a very short exposure with a net that works wonders on my other images. I did not expect "
    "cells here.",
    cause="invention",
    image=image,
    answer=answer,
    proof=proof,
)
