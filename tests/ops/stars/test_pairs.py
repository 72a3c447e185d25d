"""The pairs that are kept for later are enough to decide as suppression itself does."""

import numpy as np
import pytest

from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.pairs import Pairs, asked_pairs
from convivo.ops.stars.suppress import survivors, turns

THRESHOLDS = (0.1, 0.4, 0.8)


def crowd(seed: int) -> tuple[Stars, np.ndarray]:
    """Bumpy stars that lie on each other, in the order of their turns; some of them are asked last.

    Each of these has an unlikely twin that is not, which removes it at any threshold, but for a higher probability.
    """
    rng = np.random.default_rng(seed)
    count, rays = 150, 32
    bumps = 1 + 0.2 * np.sin(np.arange(rays) / rays * 2 * np.pi * rng.integers(2, 5, (count, 1)))
    stars = Stars(
        rng.integers(0, 70, (count, 2)).astype(np.int32),
        (rng.uniform(6, 12, (count, 1)) * bumps).astype(np.float32),
        rng.uniform(0.1, 1, count).astype(np.float32),
    )
    last = np.append(rng.random(count) < 0.2, np.zeros(count, np.bool_))
    stars = Stars(
        np.concatenate([stars.points, stars.points]),
        np.concatenate([stars.distances, stars.distances]),
        np.append(stars.probabilities, rng.uniform(0.11, 0.2, count).astype(np.float32)),
    )
    order = turns(stars.probabilities, last)
    return stars[order], last[order]


def decided(pairs: Pairs, likely: np.ndarray, most: float) -> list[int]:
    """Who stays, by the pairs alone."""
    stays = likely.copy()
    for star in range(len(stays)):
        if stays[star]:
            asked = slice(pairs.starts[star], pairs.starts[star + 1])
            others = pairs.others[asked]
            smaller = np.minimum(pairs.areas[star], pairs.areas[others]).astype(float)
            stays[others[pairs.shared[asked] > most * (smaller + 1e-10)]] = False
    return np.flatnonzero(stays).tolist()


@pytest.mark.parametrize("least", [0.1, 0.3, 0.6])
@pytest.mark.parametrize("most", THRESHOLDS)
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_pairs_decide_as_suppression_does(seed: int, most: float, least: float):
    stars, last = crowd(seed)
    pairs = asked_pairs(stars, THRESHOLDS, last)
    assert pairs is not None
    likely = stars.probabilities > np.float32(least)
    expected = np.flatnonzero(likely)[survivors(stars[likely], most, last=last[likely])]
    assert decided(pairs, likely, most) == expected.tolist()


def test_no_stars_share_nothing():
    stars, last = crowd(0)
    pairs = asked_pairs(stars[:0], THRESHOLDS, last[:0])
    assert pairs is not None
    assert pairs.starts.tolist() == [0]
    assert len(pairs.others) == len(pairs.shared) == len(pairs.areas) == 0
