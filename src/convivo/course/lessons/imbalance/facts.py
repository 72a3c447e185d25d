"""What the numbers of the lesson on unbalanced data follow from."""

from __future__ import annotations

from functools import cache
from math import log
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from convivo.ops.sampling import BalancedPlaces, frequencies
from convivo.ops.scores import PixelScore, pixel_scores
from convivo.ops.simulate import Microscope, Scene, simulate

Classes: TypeAlias = NDArray[np.float64]

PIXELS, FOREGROUND = 10_000, 300  # of an image, 3 %
FOUND, INVENTED = (
    200,
    100,
)  # pixels of foreground that a fair net finds, and of background that it takes for it
EVERY = 80  # so many nuclei there are for a rare one
IMAGES, PATCHES_OF_AN_IMAGE = (
    100,
    64,
)  # images of 2048 x 2048 in patches of 256 x 256; one holds the rare event
PATCHES = 5_000  # that a training sees
WEIGHT = 30  # of the foreground in the loss
NORMAL = 1.96  # deviations within which 95 % of a normal distribution lie
SIX = 6


def found_of_eighty() -> int:
    """How many of 80 nuclei it finds, of which one is rare."""
    return int(np.count_nonzero(np.arange(EVERY) != 0))


def all_nuclei_found() -> float:
    """Percent of all nuclei that a net finds which misses every rare one, and no other."""
    return 100 * found_of_eighty() / EVERY


def none_of_the_rare() -> float:
    """Percent of the rare nuclei that it finds."""
    rare = np.arange(EVERY) == 0
    return 100 * float((~rare)[rare].mean())


def accuracy_of_nothing() -> float:
    """Percent of the pixels that are right where background is said everywhere."""
    return 100 * _accuracy(_truth(), np.zeros(PIXELS))


def inaccuracy_of_nothing() -> float:
    """Percent of the pixels that are wrong there."""
    return 100 - accuracy_of_nothing()


def accuracy_of_nothing_as_share() -> float:
    """The accuracy once more, from 0 to 1."""
    return accuracy_of_nothing() / 100


def dice_of_nothing() -> float:
    """Dice of the foreground there."""
    return _dice(_truth(), np.zeros(PIXELS))


def accuracy_before_the_crop() -> float:
    """Percent of the pixels that a fair net has right."""
    return 100 * _accuracy(_truth(), _fair())


def accuracy_after_the_crop() -> float:
    """The same where half of the background that it has right was cut away."""
    return 100 * _accuracy(*_cropped())


def dice_before_the_crop() -> float:
    """Dice of the foreground."""
    return _dice(_truth(), _fair())


def dice_after_the_crop() -> float:
    """The same after the crop."""
    return _dice(*_cropped())


def loss_of_a_foreground_pixel() -> float:
    """Cross-entropy of a foreground pixel where 3 % is said everywhere."""
    return -log(FOREGROUND / PIXELS)


def loss_of_a_background_pixel() -> float:
    """The same of a background pixel."""
    return -log(1 - FOREGROUND / PIXELS)


def share_of_the_loss() -> float:
    """Percent of the whole loss that the 3 % foreground pixels bring."""
    foreground = FOREGROUND * loss_of_a_foreground_pixel()
    return 100 * foreground / (foreground + (PIXELS - FOREGROUND) * loss_of_a_background_pixel())


def never_shown() -> float:
    """Percent of trainings with random patches in which the one rare event never appears."""
    return 100 * (1 - 1 / (IMAGES * PATCHES_OF_AN_IMAGE)) ** PATCHES


def natural_percent() -> float:
    """Of the pixels of a sparse field that are nuclei."""
    return 100 * _sampled()[0]


def shown_percent() -> float:
    """Of the pixels of the patches that convivo draws from it."""
    return 100 * _sampled()[1]


def weighted_output() -> float:
    """What a net says of a pixel that is foreground in one of ten cases, where foreground counts 30 times."""
    return WEIGHT * 0.1 / (WEIGHT * 0.1 + 0.9)


def chance_at_one_half() -> float:
    """Percent: how often a pixel is foreground whose weighted output is one half."""
    return 100 / (1 + WEIGHT)


def least_recall_of_six() -> float:
    """Percent: lower end of the 95 % interval (Wilson) of the recall, where six of six were found."""
    return 100 * SIX / (SIX + NORMAL**2)


def _truth() -> Classes:
    classes = np.zeros(PIXELS)
    classes[:FOREGROUND] = 1
    return classes


def _fair() -> Classes:
    """Two thirds of the foreground, and some background."""
    classes = np.zeros(PIXELS)
    classes[FOREGROUND - FOUND : FOREGROUND + INVENTED] = 1
    return classes


def _cropped() -> tuple[Classes, Classes]:
    truth, found = _truth(), _fair()
    right = np.flatnonzero((truth == 0) & (found == 0))
    kept = np.setdiff1d(np.arange(PIXELS), right[::2])
    return truth[kept], found[kept]


def _accuracy(truth: Classes, found: Classes) -> float:
    return float((truth == found).mean())


def _dice(truth: Classes, found: Classes) -> float:
    score: PixelScore = pixel_scores(truth[None], found[None], 2)[1]
    return score.dice


@cache
def _sampled() -> tuple[float, float]:
    """Share of nuclei in a sparse field, and in patches that are drawn around pixels of a class."""
    scene = Scene(shape=(512, 512), nuclei=6, diameter=20)
    classes = (simulate(scene, Microscope(), seed=0).labels > 0).astype(np.float32)
    places = BalancedPlaces([classes], count=2)
    rng = np.random.default_rng(0)
    patches = []
    for _ in range(300):
        y, x = (centre - 32 for centre in places.draw((64, 64), rng).centre)
        patches.append(classes[y : y + 64, x : x + 64])
    return places.natural_frequencies()[1], frequencies(patches, 2)[1]
