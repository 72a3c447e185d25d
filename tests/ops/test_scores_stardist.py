"""Equal to the package whose numbers people compare with, where it is installed."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.scores import match_many
from convivo.types import Labels

stardist = pytest.importorskip("stardist.matching", reason="stardist is not installed")

THRESHOLDS = tuple(np.arange(0.1, 0.96, 0.05).tolist())


def crowd(random: np.random.Generator, centres: np.ndarray, shape: tuple[int, ...]) -> Labels:
    """Touching cells around the centres, numbered at random."""
    seeds = np.zeros(shape, np.int32)
    seeds[tuple(centres.T)] = random.permutation(len(centres)) + 1
    distance, nearest = ndimage.distance_transform_edt(seeds == 0, return_indices=True)
    return np.where(distance < random.uniform(3, 12), seeds[tuple(nearest)], 0)


@pytest.mark.parametrize("seed", range(20))
def test_scores_equal_stardist_in_a_crowd(seed: int) -> None:
    random = np.random.default_rng(seed)
    shape = [(90, 110), (12, 30, 30)][seed % 2]
    centres = random.integers(0, shape, (80, len(shape)))
    moved = np.clip(centres + random.normal(0, 3, centres.shape).astype(int), 0, np.array(shape) - 1)[:70]
    truth, labels = crowd(random, centres, shape), crowd(random, moved, shape)
    theirs = stardist.matching(truth, labels, THRESHOLDS)
    for our, their in zip(match_many(truth, labels, THRESHOLDS), theirs, strict=True):
        assert (our.true_positives, our.false_positives, our.false_negatives) == (
            their.tp,
            their.fp,
            their.fn,
        )
        for measure in ("accuracy", "precision", "recall", "f1", "panoptic_quality"):
            assert getattr(our, measure) == pytest.approx(getattr(their, measure), abs=1e-6)
