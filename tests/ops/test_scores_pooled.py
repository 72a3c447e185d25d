"""Pooling and the bootstrap, against sums by hand and a case whose spread is known."""

from __future__ import annotations

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.ops.scores import MEASURES, Matching, bootstrap_interval, match, pooled


def matching(hits: int, invented: int = 0, missed: int = 0, iou: float = 0.5) -> Matching:
    return Matching(iou, hits, invented, missed, matched_iou=0.8 * hits)


def test_pooling_adds_counts_so_that_images_count_by_their_objects() -> None:
    whole = pooled([matching(9, 1, 0), matching(0, 0, 10)])
    assert (whole.true_positives, whole.false_positives, whole.false_negatives) == (9, 1, 10)
    assert whole.matched_iou == pytest.approx(7.2)
    assert whole.accuracy == 9 / 20


def test_pooled_images_score_as_one_image_that_holds_them_all() -> None:
    random = np.random.default_rng(0)
    truth, labels = random.integers(0, 9, (2, 6, 16, 16))
    apart = np.arange(6)[:, None, None] * 9
    as_one = match(np.where(truth, truth + apart, 0), np.where(labels, labels + apart, 0), 0.1)
    one_by_one = pooled(match(*pair, 0.1) for pair in zip(truth, labels, strict=True))
    assert one_by_one.accuracy == as_one.accuracy
    assert one_by_one.panoptic_quality == pytest.approx(as_one.panoptic_quality)


def test_one_empty_image_among_others_changes_no_pooled_score() -> None:
    assert pooled([matching(3, 1), matching(0)]) == pooled([matching(3, 1)])


@pytest.mark.parametrize("combine", [pooled, bootstrap_interval])
def test_thresholds_that_differ_and_no_image_at_all_are_refused(combine: object) -> None:
    with pytest.raises(BadInput, match=r"0\.5, 0\.7"):
        combine([matching(1, iou=0.5), matching(1, iou=0.7)])
    with pytest.raises(BadInput, match="no image"):
        combine([])


def test_the_interval_of_a_share_is_as_wide_as_the_binomial_says() -> None:
    # 400 images of one object, found in 300: the pooled accuracy of a draw is a binomial share, so the
    # interval is near 0.75 +- 1.96 sqrt(0.75 * 0.25 / 400) = 0.75 +- 0.0424
    images = [matching(1)] * 300 + [matching(0, missed=1)] * 100
    low, high = bootstrap_interval(images, draws=4000)
    assert low == pytest.approx(0.75 - 0.0424, abs=0.005)
    assert high == pytest.approx(0.75 + 0.0424, abs=0.005)


def test_images_are_drawn_whole() -> None:
    # the same 300 of 400 objects in 4 images: far fewer independent images, a far wider interval
    low, high = bootstrap_interval([matching(100)] * 3 + [matching(0, missed=100)])
    assert (low, high) == (0.25, 1.0)


def test_a_lower_level_gives_a_narrower_interval_around_the_pooled_score() -> None:
    images = [matching(hits, 10 - hits, 1) for hits in range(3, 11)]
    for measure in MEASURES[:-1]:
        wide, narrow = (bootstrap_interval(images, measure, level=level) for level in (0.95, 0.5))
        assert wide[0] < narrow[0] < getattr(pooled(images), measure) < narrow[1] < wide[1]


def test_equal_images_leave_no_doubt_about_the_score_of_such_images() -> None:
    assert bootstrap_interval([matching(3, 1)] * 5) == (0.75, 0.75)
    assert bootstrap_interval([matching(0)] * 5) == (1.0, 1.0)


def test_the_seed_decides_the_draws() -> None:
    images = [matching(hits, 10 - hits) for hits in range(11)]
    assert bootstrap_interval(images, seed=1) == bootstrap_interval(images, seed=1)
    assert bootstrap_interval(images, seed=1) != bootstrap_interval(images, seed=2)


def test_options_out_of_range_are_named() -> None:
    with pytest.raises(BadInput, match="'iou'"):
        bootstrap_interval([matching(1)], "iou")
    with pytest.raises(BadInput, match="0 draws"):
        bootstrap_interval([matching(1)], draws=0)
    with pytest.raises(BadInput, match=r"1\.0"):
        bootstrap_interval([matching(1)], level=1.0)
