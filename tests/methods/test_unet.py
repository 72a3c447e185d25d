"""What the U-Net is asked, how its errors count, and how its answer is read."""

import json

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.segmentation import relabel_sequential
from torch.nn import functional as F

from convivo.errors import BadInput
from convivo.methods import unet
from convivo.methods.unet import (
    BACKGROUND,
    BORDER,
    INTERIOR,
    METHOD,
    class_map,
    decode,
    gap_weights,
    loss,
    targets,
)
from convivo.ops.scores import match
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.tiling import tiles

SIZE = METHOD.size()


def _scene(seed=0, **changes):
    scene = Scene(**{"shape": (96, 96), "nuclei": 8, "diameter": 16, "crowding": 0.0, **changes})
    return simulate(scene, Microscope(), seed=seed).labels


def _whole(shape):
    return next(tiles(shape, max(shape)))


def _one_hot(labels, certainty=20.0):
    """Logits of a net that knows the class of each pixel."""
    classes = class_map(labels).astype(int)
    return certainty * np.moveaxis(np.eye(3, dtype=np.float32)[classes], -1, 0)


def _decoded(labels, **changes):
    outputs = [(_whole(labels.shape), _one_hot(labels))]
    return decode(outputs, labels.shape, {**METHOD.settings, **changes}, SIZE)


# --- classes


def test_the_rim_of_a_large_square_is_two_pixels_wide():
    labels = np.zeros((20, 20), int)
    labels[3:17, 3:17] = 4
    expected = np.full((20, 20), BACKGROUND)
    expected[3:17, 3:17] = BORDER
    expected[5:15, 5:15] = INTERIOR
    assert np.array_equal(class_map(labels), expected)


@given(size=st.integers(1, 13), seed=st.integers(0, 999), id_=st.sampled_from([1, 255]))
@settings(max_examples=80, deadline=None)
def test_even_the_smallest_object_keeps_an_interior(size, seed, id_):
    rng = np.random.default_rng(seed)
    labels = np.zeros((12, 12), np.uint8)
    labels[6, 6] = id_
    while (labels > 0).sum() < size:  # grow by single pixels
        ring = np.argwhere(ndimage.binary_dilation(labels > 0) & (labels == 0))
        labels[tuple(rng.choice(ring))] = id_
    classes = class_map(labels)
    assert (classes == INTERIOR).any()
    assert np.array_equal(classes > 0, labels > 0)


@pytest.mark.parametrize("shape", [(64, 64), (10, 40, 40)])
def test_every_object_of_a_crowded_scene_keeps_an_interior_apart_from_the_others(shape):
    labels = _scene(shape=shape, nuclei=8, diameter=10, crowding=1.0)
    classes = class_map(labels)
    inside = np.where(classes == INTERIOR, labels, 0)
    assert set(np.unique(inside)) == set(np.unique(labels))
    pieces, _ = ndimage.label(inside > 0)
    for piece in range(1, pieces.max() + 1):
        assert len(np.unique(labels[pieces == piece])) == 1


def test_touching_objects_have_a_border_on_both_sides():
    labels = np.zeros((20, 30), int)
    labels[4:16, 4:15] = 1
    labels[4:16, 15:26] = 2
    assert (class_map(labels)[6:14, 13:17] == BORDER).all()


def test_unknown_pixels_have_no_class():
    labels = np.zeros((12, 12), int)
    labels[2:8, 2:8] = 1
    labels[9:] = -1
    classes = class_map(labels)
    assert np.array_equal(np.isnan(classes), labels < 0)
    assert np.isfinite(targets(labels)[1]).all()
    assert np.isnan(class_map(np.full((5, 5), -1))).all()


@pytest.mark.parametrize("shape", [(1, 1), (6, 7), (3, 8, 8)])
def test_an_object_that_fills_the_image_is_all_interior_and_no_object_all_background(shape):
    assert (class_map(np.ones(shape, np.uint16)) == INTERIOR).all()
    assert (class_map(np.zeros(shape, np.uint16)) == BACKGROUND).all()


def test_an_object_cut_by_the_image_has_no_rim_there():
    labels = np.zeros((20, 20), int)
    labels[5:15, :10] = 1
    assert (class_map(labels)[7:13, 0] == INTERIOR).all()


def test_ids_with_gaps_and_huge_ids_change_nothing():
    labels = _scene().astype(np.uint32)
    for changed in (labels * 7, labels * 500_000_000):
        assert np.array_equal(targets(changed), targets(labels))


# --- weights


def test_weights_are_1_far_away_and_rise_only_between_close_objects():
    labels = np.zeros((60, 90), np.uint8)
    labels[10:40, 10:30] = 1
    labels[10:40, 34:50] = 2
    labels[10:40, 80:88] = 255  # far from the others
    weights = gap_weights(labels)
    assert weights.min() >= 1
    assert weights[25, 32] > 1 + 0.8 * unet.GAP_WEIGHT
    assert weights[25, 5] == pytest.approx(1, abs=0.01)
    np.testing.assert_allclose(weights[:, 60:], 1, atol=0.01)
    assert weights.max() <= 1 + unet.GAP_WEIGHT


@pytest.mark.parametrize("id_", [1, 255])
@pytest.mark.parametrize("shape", [(30, 30), (8, 30, 30)])
def test_one_object_alone_or_none_weighs_1_everywhere(shape, id_):
    labels = np.zeros(shape, np.uint8)
    assert (gap_weights(labels) == 1).all()
    labels[..., 10:20, 10:20] = id_
    assert (gap_weights(labels) == 1).all()


# --- loss


def _batch(seed=0, shape=(2, 3, 9, 11)):
    rng = np.random.default_rng(seed)
    output = torch.tensor(rng.normal(size=shape), dtype=torch.float32, requires_grad=True)
    classes = rng.integers(0, 3, size=(shape[0], *shape[2:]))
    weights = rng.uniform(1, 6, size=classes.shape)
    return output, torch.tensor(np.stack([classes, weights], axis=1), dtype=torch.float32)


@pytest.mark.parametrize("shape", [(2, 3, 9, 11), (1, 3, 4, 6, 6)])
def test_with_equal_weights_the_loss_is_torchs_weighted_cross_entropy(shape):
    output, wanted = _batch(shape=shape)
    wanted[:, 1] = 1
    truth = F.cross_entropy(output, wanted[:, 0].long(), weight=torch.tensor(unet.CLASS_WEIGHTS))
    torch.testing.assert_close(loss(output, wanted), truth)


def test_weights_of_pixels_count_in_proportion():
    output, wanted = _batch()
    errors = -torch.log_softmax(output, 1).gather(1, wanted[:, :1].long())[:, 0]
    weights = wanted[:, 1] * torch.tensor(unet.CLASS_WEIGHTS)[wanted[:, 0].long()]
    torch.testing.assert_close(loss(output, wanted), (errors * weights).sum() / weights.sum())


def test_unknown_pixels_have_no_gradient_and_spoil_nothing():
    output, wanted = _batch()
    wanted[:, 0, :, 5:] = torch.nan
    wanted[0, 1, :, 5:] = torch.nan
    value = loss(output, wanted)
    value.backward()
    assert (output.grad[..., 5:] == 0).all()
    assert (output.grad[..., :5] != 0).all()
    known = loss(output[..., :5], wanted[..., :5])
    torch.testing.assert_close(value, known)


def test_a_batch_of_which_nothing_is_known_costs_nothing():
    output, wanted = _batch()
    wanted[:] = torch.nan
    value = loss(output, wanted)
    value.backward()
    assert value.item() == 0
    assert (output.grad == 0).all()


# --- reading the answer


@pytest.mark.parametrize("seed", range(4))
def test_the_targets_themselves_are_read_back_as_the_labels(seed):
    labels = _scene(seed, nuclei=5)
    assert not _touching(labels)
    found = _decoded(labels).labels
    couples = np.unique(np.stack([labels.ravel(), found.ravel()]), axis=1)
    assert couples.shape[1] == labels.max() + 1 == found.max() + 1


def _touching(labels):
    """Whether any two objects share a side."""
    beside = [(labels[1:], labels[:-1]), (labels[:, 1:], labels[:, :-1])]
    return any(((a != b) & (a > 0) & (b > 0)).any() for a, b in beside)


@pytest.mark.parametrize("shape", [(96, 96), (10, 48, 48)])
def test_crowded_objects_are_read_back_almost_to_the_pixel(shape):
    labels = _scene(shape=shape, nuclei=8, crowding=1.0)
    assert _touching(labels)
    assert match(labels, _decoded(labels).labels, 0.85).accuracy == 1


def test_the_probability_is_that_of_not_being_background():
    labels = _scene()
    logits = np.random.default_rng(0).normal(0, 3, size=(3, *labels.shape)).astype(np.float32)
    decoded = decode([(_whole(labels.shape), logits)], labels.shape, METHOD.settings, SIZE)
    truth = 1 - torch.softmax(torch.tensor(logits), 0)[BACKGROUND].numpy()
    np.testing.assert_allclose(decoded.probability, truth, atol=1e-5)
    assert np.isfinite(unet.softmax(np.full((3, 2, 2), 1e4, np.float32))).all()


@pytest.mark.parametrize(("size", "halo"), [(16, 4), (32, 0), (48, 20)])
def test_cores_of_tiles_are_put_where_they_belong(size, halo):
    labels = _scene(crowding=1.0)
    logits = _one_hot(labels) + np.random.default_rng(0).normal(size=(3, *labels.shape)).astype(np.float32)
    whole = decode([(_whole(labels.shape), logits)], labels.shape, METHOD.settings, SIZE)
    parts = [(tile, logits[:, *tile.read].copy()) for tile in tiles(labels.shape, size, halo)]
    for tile, output in parts:  # nothing outside the core may count
        kept = output[:, *tile.crop].copy()
        output[:] = 1e3
        output[:, *tile.crop] = kept
    tiled = decode(iter(parts), labels.shape, METHOD.settings, SIZE)
    assert np.array_equal(tiled.labels, whole.labels)
    assert np.array_equal(tiled.probability, whole.probability)


def test_settings_survive_a_trip_through_json():
    settings_ = json.loads('{"foreground": 1, "seed": 0, "smallest": 3.0, "split": "watershed", "neck": 2}')
    rule = unet.rule(settings_)
    assert (rule.foreground, rule.seed, rule.smallest, rule.split, rule.neck) == (1, 0, 3, "watershed", 2)
    assert [type(value) for value in (rule.foreground, rule.smallest)] == [float, int]
    assert unet.rule(json.loads(json.dumps(METHOD.settings))) == unet.rule(METHOD.settings)


def test_an_unknown_setting_is_named_with_those_there_are():
    with pytest.raises(BadInput, match=r"'seeds'.*\n.*smallest"):
        unet.rule({"seeds": 0.5})


@pytest.mark.parametrize("value", ["high", None])
def test_a_setting_that_is_no_number_is_named_with_its_value(value):
    with pytest.raises(BadInput, match=rf"seed .* {value!r}"):
        unet.rule({"seed": value})


def test_a_setting_changes_what_is_read():
    labels = relabel_sequential(_scene())[0]
    smallest = int(np.bincount(labels.ravel())[1:].min())
    assert _decoded(labels, smallest=smallest + 1).labels.max() < labels.max()
