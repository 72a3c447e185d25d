"""Structure in what was taken away is told from noise, at its size."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.residual import SIDES, noise_by_brightness, structure

SHAPE = (256, 256)


def noise(seed=0, shape=SHAPE):
    return np.random.default_rng(seed).standard_normal(shape)


def restored():
    return 50 + 10 * np.sin(np.arange(SHAPE[1]) / 9) * np.ones(SHAPE)


def test_noise_holds_no_structure():
    found = [structure(noise(seed), restored()) for seed in range(20)]
    assert max(each.least for each in found) < 1.02
    assert max(each.variance for each in found) < 0.01
    assert np.mean([each.excess for each in found]) == pytest.approx(1, abs=0.1)


def test_photon_noise_counts_by_its_brightness():
    photons = noise() * np.sqrt(restored())
    assert structure(photons, restored()).least < 1.02
    assert noise_by_brightness(photons, restored()).ravel() == pytest.approx(restored().ravel(), rel=0.15)


@pytest.mark.parametrize("side", SIDES[1:])
def test_structure_is_found_at_its_size(side):
    blocks = np.kron(noise(1, (SHAPE[0] // side, SHAPE[1] // side)), np.ones((side, side)))
    found = structure(noise() + blocks, restored())
    assert found.side == side
    assert found.least > 2
    # what is certain of a structure as strong as the noise is a bit less than all of it
    assert 0.5 < found.variance < 1.05


def test_smooth_differences_are_structure():
    assert structure(ndimage.gaussian_filter(noise(), 1), restored()).least > 2


@pytest.mark.parametrize("shape", [(1, 1), (2, 20), (6, 6)])
def test_too_little_tells_nothing(shape):
    assert structure(noise(shape=shape), np.ones(shape)) is None


def test_no_difference_tells_nothing():
    assert structure(np.zeros(SHAPE), restored()) is None


def test_planes_of_a_stack_are_blocks_too():
    assert structure(noise(shape=(4, 64, 64)), noise(1, (4, 64, 64))).least < 1.05
