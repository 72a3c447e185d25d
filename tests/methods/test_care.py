"""CARE: its two losses by hand, and what an ensemble knows and does not know, tile by tile."""

import numpy as np
import pytest
import torch

from convivo.errors import BadInput
from convivo.methods import care
from convivo.nets.restoration import SMALLEST_SCALE, RestorationSize
from convivo.ops.disagreement import disagreement
from convivo.ops.tiling import tiles

NAN = float("nan")


def maps(*rows):
    """(1, maps, 1, X)."""
    return torch.tensor(rows, dtype=torch.float32)[None, :, None]


def outputs(size, shape=(12, 20), tile=8, halo=4, seed=0):
    """Random answers of the net for a page, whole and in tiles; scales above 0."""
    rng = np.random.default_rng(seed)
    whole = rng.normal(size=(size.outputs, *shape)).astype(np.float32)
    if size.probabilistic:
        answers = care.split(whole, size)
        answers[:, 1] = np.abs(answers[:, 1]) + SMALLEST_SCALE
    cut = [(each, whole[:, *each.read]) for each in tiles(shape, tile, halo, 4)]
    assert len(cut) > 1
    return whole, cut


def test_the_loss_is_the_mean_absolute_error_where_the_target_is_known():
    assert float(care.loss(maps([1, 2, 9]), maps([3, 1, 9]))) == pytest.approx((2 + 1 + 0) / 3)
    assert float(care.loss(maps([1, 2, 9]), maps([3, NAN, 5]))) == pytest.approx((2 + 4) / 2)
    assert float(care.loss(maps([1, 2], [0, 0]), maps([2, 2], [4, NAN]))) == pytest.approx((1 + 0 + 4) / 3)


def test_of_a_probabilistic_net_it_is_laplace_s_likelihood():
    expected = [2 / 0.5 + np.log(2 * 0.5), 0 / 2 + np.log(2 * 2)]
    answer = maps([1, 7, 5], [0.5, 2, 1])
    assert float(care.loss(answer, maps([3, 7, NAN]))) == pytest.approx(np.mean(expected))
    distribution = torch.distributions.Laplace(answer[:, :1], answer[:, 1:])
    wanted = maps([3, 7, -2])
    assert float(care.loss(answer, wanted)) == pytest.approx(-float(distribution.log_prob(wanted).mean()))


def test_of_two_channels_the_scales_come_behind_both_means():
    answer = maps([1], [2], [0.5], [4])
    expected = [0.5 / 0.5 + np.log(2 * 0.5), 3 / 4 + np.log(2 * 4)]
    assert float(care.loss(answer, maps([1.5], [5]))) == pytest.approx(np.mean(expected))


@pytest.mark.parametrize("maps_of_the_net", [1, 2])
def test_unknown_pixels_leave_the_gradient_finite_and_zero(maps_of_the_net):
    answer = torch.ones(1, maps_of_the_net, 2, 2, requires_grad=True)
    wanted = torch.tensor([[3.0, NAN], [NAN, NAN]])[None, None]
    care.loss(answer, wanted).backward()
    assert torch.isfinite(answer.grad).all()
    assert (answer.grad[..., 0, 0] != 0).all()
    assert int((answer.grad != 0).sum()) == maps_of_the_net
    assert float(care.loss(answer.detach(), torch.full((1, 1, 2, 2), NAN))) == 0


@pytest.mark.parametrize("restored", [1, 2])
@pytest.mark.parametrize(("members", "probabilistic"), [(1, False), (1, True), (3, False), (3, True)])
def test_tiles_are_assembled_and_doubts_follow_the_law_of_total_variance(restored, members, probabilistic):
    size = RestorationSize(
        channels=restored, restored=restored, members=members, probabilistic=probabilistic, filters=1
    )
    whole, cut = outputs(size)
    found = care.decode(cut, whole.shape[1:], size)
    each = 2 if probabilistic else 1
    means = np.stack([whole[k * each * restored :][:restored] for k in range(members)])
    np.testing.assert_allclose(found.mean, means.mean(axis=0), atol=1e-6)
    if members > 1:
        np.testing.assert_allclose(found.model**2, means.var(axis=0), atol=1e-5)
    else:
        assert found.model is None
    if probabilistic:
        scales = np.stack([whole[(k * each + 1) * restored :][:restored] for k in range(members)])
        np.testing.assert_allclose(found.data**2, (2 * scales**2).mean(axis=0), rtol=1e-5)
    else:
        assert found.data is None
    if probabilistic and members > 1:
        np.testing.assert_array_equal(found.disagreement, disagreement(means, scales))
    else:
        assert found.disagreement is None


def test_both_doubts_together_are_the_variance_of_what_the_ensemble_might_draw():
    size = RestorationSize(members=3, probabilistic=True, filters=1)
    whole, cut = outputs(size)
    found = care.decode(cut, whole.shape[1:], size)
    answers, rng = care.split(whole, size)[..., 2, 3], np.random.default_rng(1)
    drawn = np.concatenate([rng.laplace(mean, scale, 200_000) for mean, scale in answers[..., 0]])
    assert found.mean[0, 2, 3] == pytest.approx(drawn.mean(), abs=0.02)
    assert found.data[0, 2, 3] ** 2 + found.model[0, 2, 3] ** 2 == pytest.approx(drawn.var(), rel=0.03)


def test_three_dimensions_are_assembled_alike():
    size = RestorationSize(dimensions=3, members=2, filters=1)
    whole, cut = outputs(size, shape=(4, 12, 20))
    np.testing.assert_allclose(care.decode(cut, (4, 12, 20), size).mean[0], whole.mean(axis=0), atol=1e-6)


def test_a_setting_is_refused_because_there_is_none():
    with pytest.raises(BadInput, match="no setting 'radius'"):
        care.rule({"radius": 2})
