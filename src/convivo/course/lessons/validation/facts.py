"""What the numbers of the lesson on validation follow from."""

from __future__ import annotations

from functools import cache
from math import ceil, log, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convivo.ops.scores import match
from convivo.run.split import split_by_group
from convivo.types import Annotated, Image

Numbers: TypeAlias = NDArray[np.float64]

TEAMS, NUCLEI, TRUE = 12, 50, 0.80  # all teams alike: right for 80 % of all nuclei
NORMAL = 1.96  # deviations within which 95 % of a normal distribution lie
HALF_WIDTH = 0.02  # of the interval that is wanted
PATCHES, IMAGES = 1000, 5  # patches cut from so many images
LARGER = 2  # times as many images
EXPONENT = 0.35  # of a learning curve: error = b n^-c
RADIUS = 14  # pixels: of a nucleus


def best_of_equals() -> float:
    """Mean accuracy of the best of twelve equal teams, each scored on 50 nuclei."""
    return float(_scores().max(axis=1).mean())


def mean_of_equals() -> float:
    """Mean accuracy of all teams."""
    return float(_scores().mean())


def worst_of_equals() -> float:
    """Mean accuracy of the last."""
    return float(_scores().min(axis=1).mean())


def spread_of_a_score() -> float:
    """Standard deviation of one team's accuracy."""
    return float(_scores().std())


def plus_or_minus() -> float:
    """Half the width of the 95 % interval of an accuracy of 0.80 from 50 nuclei."""
    return NORMAL * sqrt(TRUE * (1 - TRUE) / NUCLEI)


def nuclei_for_two_percent() -> int:
    """Nuclei that make it 0.02."""
    return ceil(TRUE * (1 - TRUE) * (NORMAL / HALF_WIDTH) ** 2)


def images_on_both_sides() -> int:
    """Of five images, how many have patches in training and in validation after a random split of the patches."""
    image = np.repeat(np.arange(IMAGES), PATCHES // IMAGES)
    trains = np.random.default_rng(0).permutation(PATCHES) < 0.8 * PATCHES
    return len(set(image[trains]) & set(image[~trains]))


def images_on_both_sides_by_group() -> int:
    """The same where convivo splits by groups, and the group is the image."""
    pixels, labels = np.zeros((1, 4, 4), np.float32), np.zeros((4, 4), np.int32)
    patches = [
        Annotated(Image(pixels, "CYX", f"patch{number}"), labels, f"image{number % IMAGES}")
        for number in range(PATCHES // 10)
    ]
    split = split_by_group(patches)
    return len({each.group for each in split.train} & {each.group for each in split.validation})


def error_of_twice_the_images() -> float:
    """Percent of the error that twice as many images leave, where it falls as n^-0.35."""
    return 100 * float(LARGER**-EXPONENT)


def images_for_half_the_error() -> float:
    """How many times as many images halve the error there."""
    return float(np.exp(log(2) / EXPONENT))


def iou_of_one_pixel_too_far() -> float:
    """IoU of a nucleus of 28 pixels with its outline drawn one pixel too far out."""
    return _iou_drawn(1)


def iou_of_two_pixels_too_far() -> float:
    """The same for two pixels."""
    return _iou_drawn(2)


def found_at_strict_iou() -> float:
    """Accuracy at IoU 0.9 of a perfect net whose truth was drawn one pixel too far out."""
    return match(_disc(RADIUS + 1), _disc(RADIUS), 0.9).accuracy


def _disc(radius: float) -> NDArray[np.int32]:
    y, x = np.mgrid[:64, :64] - 31.5
    return np.asarray(np.hypot(y, x) <= radius, np.int32)


def _iou_drawn(too_far: int) -> float:
    true, drawn = _disc(RADIUS) > 0, _disc(RADIUS + too_far) > 0
    return float((true & drawn).sum() / (true | drawn).sum())


@cache
def _scores() -> Numbers:
    """(races, teams): accuracies on 50 nuclei, each team's errors its own."""
    right = np.random.default_rng(0).binomial(NUCLEI, TRUE, (20_000, TEAMS))
    return np.asarray(right / NUCLEI)
