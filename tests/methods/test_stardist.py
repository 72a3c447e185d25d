"""What StarDist is asked, and how its answer is read."""

import json
from itertools import product

import numpy as np
import pytest
import torch

from convivo.errors import BadInput
from convivo.methods.stardist import METHOD, decode, example, loss, targets
from convivo.ops.scores import match
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.probability import object_probability
from convivo.ops.tiling import Tile, tiles
from shared_data import SHARED, needs_shared

GOLDEN = ["sd2d_g11", "sd2d_g22", "sd2d_mc3_rgb"]


def _scene(seed=0, **changes):
    scene = Scene(**{"shape": (128, 160), "nuclei": 18, "diameter": 20, "crowding": 0.9, **changes})
    return simulate(scene, Microscope(), seed=seed).labels.astype(np.int32)


def _whole(shape):
    return next(tiles(shape, max(shape)))


def _logit(probability):
    clipped = np.clip(probability.astype(np.float64), 1e-12, 1 - 1e-7)
    return np.log(clipped / (1 - clipped)).astype(np.float32)


def _true_answer(labels, size):
    """What a net would say that knows the labels."""
    rows, columns = size.grid
    distances = star_distances(labels, size.rays, size.grid) / size.unit
    return np.concatenate([_logit(object_probability(labels)[None, ::rows, ::columns]), distances])


def _same_objects(found, expected):
    """Whether two label images hold the same objects, whatever their numbers."""
    pairs = np.unique(np.stack([found.ravel(), expected.ravel()]), axis=1)
    return len(np.unique(pairs[0])) == len(np.unique(pairs[1])) == pairs.shape[1]


# --- what is learned


def test_the_numbers_of_the_labels_do_not_matter_and_unknown_pixels_stay_unknown():
    labels = _scene()
    labels[:10] = -1
    wanted = targets(np.where(labels > 0, labels * 1000 + 70_000, labels))
    known = labels >= 0
    assert np.isnan(wanted[:2, ~known]).all()
    assert np.array_equal(wanted[0][known], labels[known] > 0)
    assert len(np.unique(wanted[2][labels > 0])) == len(np.unique(labels[labels > 0]))


@pytest.mark.parametrize("grid", [(1, 1), (2, 2), (4, 4)])
def test_the_example_holds_probability_and_distances_on_the_grid_in_units_of_the_net(grid):
    labels = np.zeros((32, 32), np.int32)
    labels[8:25, 8:25] = 3  # 17 pixels wide, its middle at 16
    size = METHOD.size(rays=8, grid=grid, unit=4.0)
    _, wanted = example(np.zeros((1, 32, 32), np.float32), targets(labels), size, np.random.default_rng(0))
    middle = wanted[:, 16 // grid[0], 16 // grid[1]]
    assert middle[0] == 1
    np.testing.assert_allclose(middle[1::2] * 4, 8.5, atol=1e-5)  # along rows and columns
    walked = 13 - 1 + np.sqrt(0.5)  # along diagonals: the 13th step is outside, half a pixel is taken back
    np.testing.assert_allclose(middle[2::2] * 4, walked, atol=1e-5)
    assert not wanted[:, 0].any()


@pytest.mark.parametrize(("radius", "heard"), [(2.0, 1), (1.0, 1), (0.5, 2), (0.25, 4), (0.05, 4)])
def test_positions_of_small_objects_count_more(radius, heard):
    """Probability by the unit over the radius, distances by its square."""
    wanted = torch.zeros(1, 9, 4, 4)
    wanted[0, 0, 0, 0], wanted[0, 1:, 0, 0] = 1.0, radius
    wanted[0, 0, 3, 3], wanted[0, 1:, 3, 3] = 1.0, 1.0  # beside one of ordinary size
    said = wanted.clone()
    said[:, 0] = torch.where(wanted[:, 0] > 0, 20.0, -20.0)
    said[0, 1:, 0, 0] += 0.1
    assert float(loss(said, wanted)) == pytest.approx(0.1 * heard**2 / (heard**2 + 1), abs=1e-5)
    said = torch.where(wanted > 0, wanted, 0.0)
    said[:, 0] = torch.where(wanted[:, 0] > 0, 20.0, -20.0)
    said[0, 0, 0, 0] = -3.0
    assert float(loss(said, wanted)) == pytest.approx(heard * np.log1p(np.exp(3.0)) / 16, abs=1e-5)


def test_what_a_net_says_of_classes_is_not_taken_for_rays():
    rng = np.random.default_rng(0)
    wanted = torch.from_numpy(rng.uniform(0, 1, (1, 9, 6, 5)).astype(np.float32))
    said = torch.from_numpy(rng.normal(0, 1, (1, 9, 6, 5)).astype(np.float32))
    classes = torch.full((1, 4, 6, 5), 1e6)
    assert loss(torch.cat([said, classes], dim=1), wanted) == loss(said, wanted)


def test_rays_that_leave_the_patch_are_not_asked_for():
    labels = np.zeros((16, 16), np.int32)
    labels[4:12, 8:] = 1  # goes on beyond the right edge
    size = METHOD.size(rays=8, grid=(1, 1))
    _, wanted = example(np.zeros((1, 16, 16), np.float32), targets(labels), size, np.random.default_rng(0))
    at = wanted[1:, 8, 10]
    assert np.isnan(at[0])  # to the right
    assert np.isfinite(at[4])  # to the left
    answer = torch.zeros((1, 9, 16, 16), requires_grad=True)
    loss(answer, torch.tensor(wanted)[None]).backward()
    assert answer.grad[0, 1, 8, 10] == 0
    assert answer.grad[0, 5, 8, 10] != 0


def test_errors_count_most_in_the_middle_of_an_object_and_not_at_all_outside():
    labels = np.zeros((33, 33), np.int32)
    labels[8:25, 8:25] = 1
    size = METHOD.size(rays=8, grid=(1, 1))
    _, wanted = example(np.zeros((1, 33, 33), np.float32), targets(labels), size, np.random.default_rng(0))
    answer = torch.full((1, 9, 33, 33), 5.0, requires_grad=True)
    loss(answer, torch.tensor(wanted)[None]).backward()
    slope = answer.grad[0, 1:].abs().mean(dim=0)
    assert slope[16, 16] > slope[10, 10] > 0
    assert slope[2, 2] == 0


# --- how the answer is read


@pytest.mark.parametrize("grid", [(1, 1), (2, 2), (1, 2)])
def test_the_targets_themselves_are_read_back_as_the_labels(grid):
    labels = _scene()
    size = METHOD.size(rays=64, grid=grid)
    decoded = decode(
        [(_whole(labels.shape), _true_answer(labels, size))], labels.shape, METHOD.settings, size
    )
    assert match(labels, decoded.labels, 0.7).accuracy > 0.95
    assert list(np.unique(decoded.labels)) == list(range(decoded.labels.max() + 1))
    assert len(decoded.certainty) == decoded.labels.max()
    assert (np.diff(decoded.certainty) <= 0).all()  # the first is the likeliest


@pytest.mark.parametrize(("side", "halo"), [(32, 16), (64, 0), (48, 20)])
def test_tiles_give_what_the_whole_gives(side, halo):
    labels = _scene()
    size = METHOD.size(rays=32)
    answer = _true_answer(labels, size)
    whole = decode([(_whole(labels.shape), answer)], labels.shape, METHOD.settings, size)
    parts = [
        (tile, answer[(slice(None), *(slice(part.start // 2, part.stop // 2) for part in tile.read))])
        for tile in tiles(labels.shape, side, halo, 16)
    ]
    tiled = decode(iter(parts), labels.shape, METHOD.settings, size)
    assert len(parts) > 1
    assert np.array_equal(whole.labels, tiled.labels)
    assert np.array_equal(whole.probability, tiled.probability)


@pytest.mark.parametrize("axis", [0, 1])
def test_borders_are_alike_on_all_sides(axis):
    labels = _scene()
    size = METHOD.size(grid=(1, 1))
    found, mirrored = (
        decode([(_whole(each.shape), _true_answer(each, size))], each.shape, METHOD.settings, size).labels
        for each in (labels, np.flip(labels, axis).copy())
    )
    assert match(np.flip(mirrored, axis), found, 0.9).accuracy == 1


def test_small_objects_are_dropped_where_the_card_says_so():
    labels = np.zeros((64, 64), np.int32)
    labels[5:9, 5:9], labels[20:50, 20:50] = 1, 2
    size = METHOD.size(grid=(1, 1))
    outputs = [(_whole(labels.shape), _true_answer(labels, size))]
    assert decode(outputs, labels.shape, METHOD.settings, size).labels.max() == 2
    large = decode(outputs, labels.shape, {**METHOD.settings, "smallest": 100}, size)
    assert large.labels.max() == len(large.certainty) == 1
    assert large.labels[35, 35] == 1


def test_slivers_at_the_edge_are_dropped_where_the_card_says_so():
    labels = np.zeros((64, 64), np.int32)
    labels[0:4, 5:9], labels[20:24, 5:9] = 1, 2
    size = METHOD.size(grid=(1, 1))
    outputs = [(_whole(labels.shape), _true_answer(labels, size))]
    found = decode(outputs, labels.shape, {**METHOD.settings, "smallest_cut": 30}, size)
    assert found.labels.max() == len(found.certainty) == 1
    assert found.labels[22, 7] == 1


@pytest.mark.parametrize(
    ("settings", "problem"),
    [
        ({"foreground": 0.5}, "no setting 'foreground'"),
        ({"prob": 1.5}, "prob 1.5"),
        ({"nms": -1}, "nms -1"),
        ({"border": "cut"}, "'cut'"),
        ({"smallest": 0}, "smallest of StarDist's decoder is 0"),
        ({"smallest": float("inf")}, "smallest of StarDist's decoder is inf"),
        ({"smallest_cut": 2.5}, "smallest_cut of StarDist's decoder is 2.5"),
    ],
)
def test_settings_that_mean_nothing_are_named(settings, problem):
    with pytest.raises(BadInput, match=problem):
        decode([], (8, 8), {**METHOD.settings, **settings}, METHOD.size())


# --- held against the original


def _golden(name):
    folder = SHARED / "golden" / name
    config = json.loads((folder / "config.json").read_text())
    size = METHOD.size(rays=config["n_rays"], grid=tuple(config["grid"]), unit=1.0)
    return np.load(folder / "golden.npz"), size


def _answer_of(probability, distances, shape, size, stride):
    """The original's maps as one padded tile: it pads at the end, and its maps are cut back to the image."""
    padded = tuple(-(-length // stride) * stride for length in shape)
    answer = np.full(
        (1 + size.rays, *(side // step for side, step in zip(padded, size.grid, strict=True))), -20.0
    )
    rows, columns = probability.shape
    answer[0, :rows, :columns] = _logit(probability)
    answer[1:, :rows, :columns] = np.moveaxis(distances, -1, 0)
    core = tuple(slice(0, length) for length in shape)
    read = tuple(slice(0, length) for length in padded)
    return [(Tile(read, core, core), answer.astype(np.float32))]


@needs_shared
@pytest.mark.parametrize("name", GOLDEN)
def test_the_original_s_maps_give_its_labels_under_its_border_rule(name):
    golden, size = _golden(name)
    shape = golden["x"].shape[:2]
    stride = 8 * max(size.grid)
    outputs = _answer_of(golden["out0"], golden["out1"], shape, size, stride)
    least = float(golden["det_prob_s"].min()) - 1e-6  # less likely stars suppress none of these
    decoded = decode(
        outputs, shape, {**METHOD.settings, "prob": least, "nms": 0.3, "border": "stardist"}, size
    )
    assert _same_objects(decoded.labels, golden["labels_sparse"])
    np.testing.assert_allclose(np.sort(decoded.certainty)[::-1], golden["det_prob_s"], atol=1e-6)


@needs_shared
def test_a_trained_original_s_maps_give_its_labels():
    golden, size = _golden("stardist_bbbc039_trained")
    thresholds = json.loads((SHARED / "golden/stardist_bbbc039_trained/thresholds.json").read_text())
    shape = golden["input_0"].shape
    outputs = _answer_of(golden["prob_0"], golden["dist_0"], shape, size, 16)
    decoded = decode(outputs, shape, {**METHOD.settings, **thresholds, "border": "stardist"}, size)
    assert _same_objects(decoded.labels, golden["labels_0"])


@needs_shared
@pytest.mark.parametrize(("name", "side"), list(product(["sd2d_g11", "sd2d_g22"], ["top", "bottom"])))
def test_the_original_s_border_rule_treats_sides_differently(name, side):
    """117 x 131 pixels are padded at the bottom and on the right, so only the other two sides are left out."""
    golden, size = _golden(name)
    rows = golden["det_points_s"][:, 0]
    last = (golden["x"].shape[0] - 1) // size.grid[0] * size.grid[0]
    near = (rows < 2 * size.grid[0]) if side == "top" else (rows > last - 2 * size.grid[0])
    assert near.any() == (side == "bottom")


@pytest.mark.parametrize("turns", range(4))
def test_all_edges_are_alike_and_asked_last(turns):
    """A likely star at the edge gives way to a less likely one from further inside, and slivers are found."""
    size = METHOD.size(rays=32, grid=(2, 2), unit=1.0)
    labels = np.zeros((64, 64), np.int32)
    labels[0:14, 10:24], labels[0:2, 40:52] = 1, 2  # cut by the edge: an object, and a sliver
    answer = _true_answer(labels, size)
    answer[0, 0, 6:10], answer[1:, 0, 6:10] = 20.0, 3.0  # at the edge the net is sure, and wrong
    labels = np.rot90(labels, turns)
    # rays turn with the image: a quarter turn moves each by a quarter of their number
    turned = np.concatenate([answer[:1], np.roll(answer[1:], -8 * turns, axis=0)])
    turned = np.ascontiguousarray(np.rot90(turned, turns, axes=(1, 2)))
    if turns:  # positions of the grid lie at its upper left pixel; turned, they begin at the other end
        labels = np.roll(labels, [(0, 0), (-1, 0), (-1, -1), (0, -1)][turns], axis=(0, 1))
    decoded = decode([(_whole(labels.shape), turned)], labels.shape, METHOD.settings, size)
    assert match(labels, decoded.labels, 0.5).true_positives == 2
    assert len(np.unique(decoded.labels)) == 3
