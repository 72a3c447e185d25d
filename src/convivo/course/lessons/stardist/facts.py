"""The numbers of the lesson on StarDist: a crowd counted in several ways, and what stars and boxes share."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.io.places import SHIPPED
from convivo.model import Model
from convivo.nets.stardist import StarDistSize
from convivo.ops.scores import match
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.overlap import discs_share
from convivo.ops.stars.paint import paint
from convivo.ops.stars.probability import object_probability
from convivo.ops.stars.suppress import survivors
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.types import AnyArray, Image, Labels

CROWD = Scene(nuclei=48, diameter=26.0, crowding=0.8, overlap=0.25)  # the practice image "Crowded nuclei"
SEED = 5
RADIUS, APART = 40.0, 44.0  # pixels: two equal discs, 1.1 radii apart
SHARES = {("A", "B"): 0.35, ("B", "C"): 0.55}  # of the smaller of two stars
LONG, SLIM, BESIDE = 20.0, 5.0, 11.0  # pixels: half axes of two slanting nuclei, and how far they lie apart

Mask = NDArray[np.bool_]


@cache
def _crowd() -> tuple[AnyArray, Labels]:
    made = simulate(CROWD, Microscope(), seed=SEED)
    return made.image, made.labels


def nuclei_there() -> int:
    """Nuclei in the crowd."""
    return len(np.unique(_crowd()[1])) - 1


def pieces_of_a_perfect_mask() -> int:
    """Pieces that hang together in a map of foreground and background without any error."""
    return int(ndimage.label(_crowd()[1] > 0)[1])


def nuclei_alone() -> int:
    """Nuclei that touch no other, so that a piece is one nucleus."""
    labels = _crowd()[1]
    pieces, count = ndimage.label(labels > 0)
    return sum(len(np.unique(labels[pieces == piece])) == 1 for piece in range(1, count + 1))


@cache
def _found() -> Labels:
    """What the shipped StarDist finds there."""
    model = Model.load(SHIPPED / "nuclei")
    options = PredictOptions(engine=Wanted(engine="torch", precision="float32"))
    return Predictor(model, options).predict(Image(_crowd()[0][None], "CYX", "crowd")).labels


def found_by_stars() -> int:
    """Nuclei that it finds, at IoU 0.5."""
    return match(_crowd()[1], _found(), 0.5).true_positives


def missed_by_stars() -> int:
    """Nuclei that it misses."""
    return match(_crowd()[1], _found(), 0.5).false_negatives


def invented_by_stars() -> int:
    """Objects where there is no such nucleus."""
    return match(_crowd()[1], _found(), 0.5).false_positives


def _stars_of_the_truth(rays: int) -> float:
    """Mean IoU of each nucleus with the star that its innermost pixel would draw, without any error."""
    labels = _crowd()[1]
    inside, distances = object_probability(labels), star_distances(labels, rays)
    scores = []
    for number in range(1, int(labels.max()) + 1):
        nucleus = labels == number
        y, x = np.unravel_index(np.where(nucleus, inside, -1).argmax(), labels.shape)
        star = Stars(
            np.array([[y, x]], np.int32), distances[:, y, x][None].astype(np.float32), np.ones(1, np.float32)
        )
        drawn = paint(star, labels.shape)[0] > 0
        scores.append((drawn & nucleus).sum() / (drawn | nucleus).sum())
    return float(np.mean(scores))


def iou_of_eight_rays() -> float:
    """With 8 rays."""
    return _stars_of_the_truth(8)


def iou_of_32_rays() -> float:
    """With 32."""
    return _stars_of_the_truth(32)


def rays() -> int:
    """Rays of a star, by default."""
    return StarDistSize().rays


def numbers_of_a_position() -> int:
    """Numbers that a position answers: a probability, and a distance along each ray."""
    return StarDistSize().outputs


def _shared() -> float:
    return float(discs_share(RADIUS, RADIUS, APART)) / (np.pi * RADIUS**2)


def iou_of_the_discs() -> float:
    """What two equal discs 1.1 radii apart share, by the area of both together."""
    return _shared() / (2 - _shared())


def share_of_the_discs() -> float:
    """The same by the area of one."""
    return _shared()


def discs_that_stay() -> int:
    """How many of them StarDist keeps at a threshold of 0.3."""
    points = np.array([[100, 100], [100, 100 + APART]], np.int32)
    discs = Stars(points, np.full((2, 64), RADIUS, np.float32), np.array([0.9, 0.8], np.float32))
    return len(survivors(discs, 0.3))


def _greedy(most: float) -> str:
    """Who stays of A, B and C, the likeliest first."""
    kept: list[str] = []
    for star in "ABC":
        if all(SHARES.get((other, star), 0.0) <= most for other in kept):
            kept.append(star)
    return " and ".join(kept)


def three_stars_at_low_tau() -> str:
    """At 0.3."""
    return _greedy(0.3)


def three_stars_at_high_tau() -> str:
    """At 0.5."""
    return _greedy(0.5)


def _slanting(beside: float) -> Mask:
    """A slim nucleus at 45 degrees, moved sideways."""
    y, x = np.mgrid[-40:41, -40:41].astype(float)
    along, across = (y + x) / np.sqrt(2), (y - x) / np.sqrt(2) - beside
    return np.asarray((along / LONG) ** 2 + (across / SLIM) ** 2 <= 1)


def iou_of_the_boxes() -> float:
    """Of the boxes around two slim nuclei that lie slanting beside each other."""
    one, other = (_box(_slanting(beside)) for beside in (0.0, BESIDE))
    return float((one & other).sum() / (one | other).sum())


def pixels_that_they_share() -> int:
    """Pixels that the two nuclei themselves have in common."""
    return int((_slanting(0.0) & _slanting(BESIDE)).sum())


def _box(mask: Mask) -> Mask:
    (place,) = ndimage.find_objects(mask.astype(int))
    box = np.zeros_like(mask)
    box[place] = True
    return box


def tau_of_the_shipped() -> float:
    """The threshold that was chosen for the shipped StarDist on its validation images."""
    return float(Model.load(SHIPPED / "nuclei").card.settings["nms"])


def prob_of_the_shipped() -> float:
    """The probability threshold that was chosen for it."""
    return float(Model.load(SHIPPED / "nuclei").card.settings["prob"])
