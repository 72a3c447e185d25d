"""A fall and a rise are told from the wobble of a curve, and wobble alone is neither."""

import numpy as np
import pytest

from convivo.ops.learning_curve import FEWEST, fall, rise

PLACES = np.arange(20)


def wobbling(curve, seed=0, sigma=0.01):
    return (np.asarray(curve) + sigma * np.random.default_rng(seed).standard_normal(len(curve))).tolist()


@pytest.mark.parametrize("measure", [fall, rise])
def test_flat_curves_hardly_ever_change(measure):
    found = [measure(wobbling(np.full(20, 0.6), seed)).is_real for seed in range(300)]
    assert sum(found) <= 9  # 3 are expected


@pytest.mark.parametrize("measure", [fall, rise])
def test_what_counts_as_chance_grows_with_the_wobble(measure):
    small, large = (measure(wobbling(np.full(20, 0.6), sigma=sigma)).chance for sigma in (0.001, 0.01))
    assert large == pytest.approx(10 * small, rel=1e-6)


def test_a_curve_that_rises_and_falls_has_fallen_from_its_height():
    found = fall(wobbling(0.8 - 0.002 * (PLACES - 8) ** 2))
    assert found.is_real
    assert 6 <= found.at <= 10
    assert found.size == pytest.approx(0.002 * 100, rel=0.15)


def test_a_curve_that_rises_has_not_fallen():
    assert not fall(wobbling(0.02 * PLACES)).is_real


def test_a_rise_is_that_of_the_second_half():
    late = np.where(PLACES < 10, 0.3, 0.3 + 0.02 * (PLACES - 9))
    found = rise(wobbling(late))
    assert found.is_real
    assert found.at == 10
    assert found.size == pytest.approx(0.18, rel=0.15)
    early = np.where(PLACES < 10, 0.03 * PLACES, 0.3)
    assert not rise(wobbling(early)).is_real


def test_few_scores_tell_nothing():
    for measure in (fall, rise):
        assert measure([0.1] * (FEWEST - 1)) is None
        assert measure([]) is None


def test_a_curve_without_any_wobble_is_judged_exactly():
    assert not fall([0.5] * 12).is_real
    assert fall([0.5] * 6 + [0.25] * 6).is_real
