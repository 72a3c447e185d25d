"""Disagreement of Laplace distributions, against the integral that it stands for."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from convivo.ops.disagreement import disagreement

members = st.integers(2, 5).flatmap(
    lambda count: st.lists(
        st.tuples(st.floats(-5, 5), st.floats(0.05, 3)),
        min_size=count,
        max_size=count,
    )
)


def integrated(means, scales):
    """Mean Kullback-Leibler divergence from a member to the mixture, over its greatest value."""
    x = np.sort(np.concatenate([m + s * stats.laplace.ppf(np.linspace(1e-7, 1 - 1e-7, 4001))
                                for m, s in zip(means, scales, strict=True)]))  # fmt: skip
    own = np.array([stats.laplace.pdf(x, m, s) for m, s in zip(means, scales, strict=True)])
    mixture = own.mean(axis=0)
    divergence = np.trapezoid(own * np.log(np.maximum(own, 1e-300) / mixture), x, axis=1)
    return divergence.mean() / np.log(len(means))


@given(answers=members)
@settings(max_examples=100, deadline=None)
def test_it_lies_between_0_and_1_and_near_the_integral_whatever_the_members_say(answers):
    means, scales = (np.array(each, np.float32)[:, None] for each in zip(*answers, strict=True))
    found = disagreement(means, scales)[0]
    assert 0 <= found <= 1
    assert abs(found - integrated(means[:, 0], scales[:, 0])) < 0.25


@pytest.mark.parametrize("narrowest", [0.5, 1.0])
def test_on_average_it_is_off_by_two_hundredths_and_leans_to_no_side(narrowest):
    rng = np.random.default_rng(0)
    means, scales = rng.uniform(-5, 5, (2, 200)), rng.uniform(narrowest, 3, (2, 200))
    exact = [integrated(*each) for each in zip(means.T, scales.T, strict=True)]
    off = disagreement(means, scales) - exact
    assert np.abs(off).mean() < 0.025
    assert abs(off.mean()) < 0.015


def test_equal_members_agree_and_members_far_apart_do_not():
    alike = np.full((3, 4, 5), 7.0, np.float32)
    np.testing.assert_allclose(disagreement(alike, alike), 0, atol=1e-6)
    apart = np.array([0.0, 1e3, 2e3], np.float32)[:, None]
    assert disagreement(apart, np.ones_like(apart))[0] == pytest.approx(1, abs=1e-3)


def test_a_difference_hardly_counts_beside_what_each_admits_not_to_know():
    means = np.array([[0.0], [1.0]])
    found = [disagreement(means, np.full((2, 1), scale))[0] for scale in (0.05, 0.5, 5.0)]
    assert found[0] > 0.95 > 0.5 > found[1] > 0.1 > 0.02 > found[2]


def test_each_pixel_counts_by_itself_and_one_member_agrees_with_itself():
    rng = np.random.default_rng(0)
    means, scales = rng.normal(size=(2, 3, 4, 5)), rng.uniform(0.1, 1, (2, 3, 4, 5))
    found = disagreement(means, scales)
    assert (found.shape, found.dtype) == ((3, 4, 5), np.float32)
    np.testing.assert_array_equal(found[1, 2], disagreement(means[:, 1, 2], scales[:, 1, 2]))
    assert not disagreement(means[:1], scales[:1]).any()
