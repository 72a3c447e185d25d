"""All stars that the shipped StarDist proposes for a window, with what their suppression needs to know.

The page decides by itself who stays, at every move of a threshold: with these numbers it comes to the same objects as
`convivo predict` (see `ops.stars.pairs`).
"""

from __future__ import annotations

from math import hypot

import msgspec
import numpy as np
from numpy.typing import NDArray

from convivo.lab import shelf
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.methods.stardist import StarRule, next_to_edge, rule
from convivo.ops.stars.candidates import Stars, candidates
from convivo.ops.stars.pairs import asked_pairs
from convivo.ops.stars.rays import Reals
from convivo.ops.stars.suppress import turns
from convivo.types import AnyArray

LEAST, HIGHEST = 0.1, 0.9  # the probability thresholds of the page
STEP = 0.05  # of both thresholds, as training tries them
THRESHOLDS = tuple(round(STEP * number, 2) for number in range(1, 17))  # of the overlap: from 0.05 to 0.8
# stars; in a picture that is full of objects more are proposed, and their pairs would keep the page waiting. The page
# says so, and begins at a higher probability
MOST = 8000
MOST_PAIRS = (
    100_000  # measured; where stars are odd, as in a picture that shows no nuclei, each meets hundreds
)


class Candidates(msgspec.Struct, frozen=True):
    """n stars in the order of their turns, and the pairs that suppression may ask about at `thresholds`."""

    points: NDArray[np.int32]  # (n, 2) Y and X in the window
    distances: Reals  # (n, rays) in pixels
    probabilities: Reals  # (n,)
    asked_last: NDArray[np.bool_]  # (n,) next to the edge of the window
    areas: Reals  # (n,) square pixels
    starts: NDArray[np.int32]  # (n + 1,) star i asks others[starts[i]:starts[i + 1]]
    others: NDArray[np.int32]
    shared: NDArray[np.float64]  # square pixels common to both
    thresholds: tuple[float, ...]
    least: float  # all stars likelier than this are here
    proposed: int  # likelier than LEAST
    prob: float  # the thresholds on the model's card
    nms: float
    smallest: int  # pixels; smaller objects are dropped
    smallest_cut: int  # the same for what the image's edge leaves of an object


def stars(window: Window) -> Candidates:
    """What the net proposes for the window that is asked for."""
    every, how = proposed(window)
    shape = shelf.cut(window).pixels.shape
    grid = shelf.predictor(shelf.NUCLEI).check_rays().grid
    pairs, most = None, MOST
    while pairs is None:
        least = _least(every.probabilities, most)
        found = every[every.probabilities > np.float32(least)]
        at_edge = next_to_edge(found, shape, grid)
        order = turns(found.probabilities, at_edge)
        found, at_edge = found[order], at_edge[order]
        pairs = asked_pairs(found, THRESHOLDS, at_edge, MOST_PAIRS if least < HIGHEST else np.inf)
        most = len(found) // 2
    return Candidates(
        points=found.points,
        distances=found.distances,
        probabilities=found.probabilities,
        asked_last=at_edge,
        areas=pairs.areas,
        starts=pairs.starts,
        others=pairs.others,
        shared=pairs.shared,
        thresholds=THRESHOLDS,
        least=least,
        proposed=len(every),
        prob=how.prob,
        nms=how.nms,
        smallest=how.smallest,
        smallest_cut=how.smallest_cut,
    )


def proposed(window: Window) -> tuple[Stars, StarRule]:
    """All stars likelier than LEAST, row by row, and how the model's card decides among them."""
    image = shelf.cut(window).as_image()
    predictor = shelf.predictor(shelf.NUCLEI)
    size = predictor.check_rays()
    shape = image.array.shape[-2:]
    on_grid: AnyArray = predictor.predict(image).probability[:: size.grid[0], :: size.grid[1]]
    # the window begins at a place of the grid, and distances are in pixels already
    found = candidates(on_grid, predictor.rays(image), LEAST, (0, 0), size.grid, longest=hypot(*shape))
    return found, rule(predictor.model.card.settings)


def _least(probabilities: Reals, most: int) -> float:
    """The lowest step of the threshold above which no more than `most` are left."""
    steps = np.arange(LEAST, HIGHEST + STEP / 2, STEP).round(2)
    enough = (step for step in steps if np.count_nonzero(probabilities > np.float32(step)) <= most)
    return float(next(enough, steps[-1]))


QUESTIONS = [Question("stars", Window, stars)]
