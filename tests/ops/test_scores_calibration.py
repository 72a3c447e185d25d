"""Probabilities are held against what is right: how far off, and how far by chance."""

import numpy as np
import pytest

from convivo.ops.scores import Judged, calibration, judged


def drawn(truth, *, images=20, objects=200, seed=0):
    """Objects of random probabilities p, each right in `truth(p)` of the cases."""
    rng = np.random.default_rng(seed)
    said = rng.random((images, objects))
    return [Judged(row, rng.random(objects) < truth(row)) for row in said]


def test_the_error_is_the_mean_distance_of_the_bins():
    """Two bins one can count: 0.85 said and 0.5 right of four, 0.15 said and 1 right of one."""
    found = calibration(
        [
            Judged(np.array([0.8, 0.85]), np.array([True, False])),
            Judged(np.array([0.85, 0.9 - 1e-9, 0.15]), np.array([True, False, True])),
        ]
    )
    assert [(each.low, each.high, each.objects, each.right) for each in found.bins] == [
        (0.1, 0.2, 1, 1),
        (0.8, 0.9, 4, 0.5),
    ]
    assert found.bins[1].said == pytest.approx(0.85)
    assert found.error == pytest.approx((4 * 0.35 + 0.85) / 5)
    assert found.objects == 5


def test_perfect_probabilities_are_off_by_chance_alone():
    errors = [calibration(drawn(lambda p: p, seed=seed)) for seed in range(20)]
    assert sum(each.error > each.chance for each in errors) <= 1
    assert np.mean([each.error for each in errors]) > 0.3 * errors[0].chance


def test_boasting_is_more_than_chance_and_lies_within_the_interval():
    found = calibration(drawn(lambda p: p**2))
    assert found.error == pytest.approx(1 / 6, abs=0.02)  # mean of p - p^2
    assert found.error > 3 * found.chance
    assert found.interval[0] < found.error < found.interval[1]
    assert found.interval[1] - found.interval[0] < 0.06


def test_few_objects_are_far_off_by_chance():
    few, many = (calibration(drawn(lambda p: p, objects=count)).chance for count in (3, 300))
    assert few > 5 * many


def test_one_is_a_probability_and_nothing_is_no_calibration():
    found = calibration([Judged(np.array([1.0, 0.0]), np.array([True, False]))])
    assert (found.error, [each.high for each in found.bins]) == (0, [0.1, 1.0])
    nothing = Judged(np.zeros(0), np.zeros(0, bool))
    assert calibration([]) is None
    assert calibration([nothing]) is None
    assert calibration([nothing, Judged(np.array([0.5]), np.array([True]))]).objects == 1


def test_the_wilson_interval_of_nothing_right_in_ten():
    found = calibration([Judged(np.full(10, 0.55), np.zeros(10, bool))])
    assert found.bins[0].right_at_most == pytest.approx(0.2775, abs=1e-3)


def test_objects_are_judged_and_those_in_the_unknown_are_not():
    truth, labels = np.zeros((20, 40), int), np.zeros((20, 40), int)
    truth[2:8, 2:8], labels[2:8, 3:8] = 4, 7  # right
    labels[12:16, 2:8] = 3  # invented
    truth[:, 30:], labels[2:8, 31:38] = -1, 5  # nobody knows
    found = judged(truth, labels, {7: 0.9, 3: 0.4, 5: 0.8})
    assert dict(zip(found.said, found.right, strict=True)) == {0.4: False, 0.9: True}
    assert not judged(truth, labels, {7: 0.9, 3: 0.4}, iou=0.9).right.any()


@pytest.mark.parametrize("probabilities", [{}, {1: 0.5}, {1: 0.5, 2: np.nan}, {1: 0.5, 2: 1.5}])
def test_objects_without_a_probability_are_not_judged(probabilities):
    labels = np.array([[1, 1, 0, 2, 2]])
    assert judged(labels, labels, probabilities) is None
