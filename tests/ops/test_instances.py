"""Maps become objects: touching ones apart, each in one piece, none lost."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.measure import label
from skimage.morphology import h_maxima
from skimage.segmentation import watershed

from convivo.errors import BadInput
from convivo.ops.instances import InstanceRule, drop_small, grow, instances, seeds_of

COMPONENTS, WATERSHED = InstanceRule(), InstanceRule(split="watershed")


def _disc(centre, radius, shape=(60, 60)):
    distance = sum((axis - place) ** 2 for axis, place in zip(np.indices(shape), centre, strict=True))
    return distance < radius**2


def _maps(interior, foreground):
    return np.float32(interior), np.float32(foreground)


def _blobs(seed, shape=(40, 50)):
    """A smooth random interior probability and a foreground that goes a little further."""
    noise = np.random.default_rng(seed).normal(size=shape)
    smooth = ndimage.gaussian_filter(noise, 2)
    interior = (smooth - smooth.min()) / np.ptp(smooth)
    return _maps(interior, np.minimum(interior + 0.12, 1))


def _same_objects(first, second):
    """Whether two label images differ in their numbers alone."""
    couples = np.unique(np.stack([first.ravel(), second.ravel()]), axis=1)
    return couples.shape[1] == len(np.unique(first)) == len(np.unique(second))


@pytest.mark.parametrize("rule", [COMPONENTS, WATERSHED])
def test_two_touching_discs_with_a_border_between_become_two(rule):
    left, right = _disc((30, 20), 11), _disc((30, 40), 11)
    foreground = left | right
    interior = _disc((30, 20), 8) | _disc((30, 40), 8)
    labels = instances(*_maps(interior, foreground), rule)
    assert labels.max() == 2
    assert np.array_equal(labels > 0, foreground)
    only_left, only_right = left & ~right, right & ~left
    assert len(np.unique(labels[only_left])) == len(np.unique(labels[only_right])) == 1
    assert labels[30, 20] != labels[30, 40]


def test_only_the_watershed_cuts_a_neck_and_only_one_that_is_deep_enough():
    dumbbell = _disc((30, 20), 10) | _disc((30, 40), 10)
    dumbbell[27:34, 20:40] = True  # 7 pixels high: 6 narrower than the discs, to each side of the middle
    assert instances(*_maps(dumbbell, dumbbell), COMPONENTS).max() == 1
    cut = instances(*_maps(dumbbell, dumbbell), WATERSHED)
    assert cut.max() == 2
    assert np.array_equal(cut > 0, dumbbell)
    sizes = np.bincount(cut.ravel())[1:]
    assert sizes.min() > 0.45 * sizes.sum()
    deep = InstanceRule(split="watershed", neck=8.0)
    assert instances(*_maps(dumbbell, dumbbell), deep).max() == 1


@given(angle=st.floats(0, np.pi), long=st.floats(9, 26), wide=st.floats(6, 9), round_=st.booleans())
@example(
    angle=1.48828125, long=19.0, wide=6.25, round_=False
)  # three pieces, where a neck of 1 pixel was enough
@settings(max_examples=60, deadline=None)
def test_the_watershed_leaves_a_straight_cell_whole_however_it_lies(angle, long, wide, round_):
    y, x = np.indices((61, 61)) - 30.0
    along, across = x * np.cos(angle) + y * np.sin(angle), y * np.cos(angle) - x * np.sin(angle)
    if round_:
        cell = (along / long) ** 2 + (across / min(wide, long)) ** 2 <= 1
    else:
        cell = (np.abs(along) <= long) & (np.abs(across) <= wide)
    _, pieces = ndimage.label(cell)
    assert seeds_of(cell, WATERSHED)[1] == pieces


@pytest.mark.parametrize("neck", [0.5, 1.0, 2.5])
def test_tops_are_as_many_as_hills_of_the_distance(neck):
    for seed in range(6):
        inside = _blobs(seed)[0] > 0.5
        height = ndimage.distance_transform_edt(np.pad(inside, 1))
        hills = h_maxima(height, neck - 1e-6)
        # hills of equal height with a shallow saddle between count once: join them above the saddle
        pieces = 0
        for part in range(1, label(height > 0, connectivity=1).max() + 1):
            piece = label(height > 0, connectivity=1) == part
            tops = np.argwhere(hills.astype(bool) & piece)
            pieces += _hills_apart(height * piece, tops, neck)
        assert seeds_of(inside, InstanceRule(split="watershed", neck=neck))[1] == pieces


def _hills_apart(height, tops, neck):
    """Number of tops left after joining those that a path no more than `neck` below the lower one connects."""
    if len(tops) == 0:
        return 1
    apart = []
    for top in sorted(map(tuple, tops), key=lambda place: -height[place]):
        level = height[top] - neck + 1e-6
        reach = label(height > level, connectivity=2) if level >= 0 else height > 0
        if not any(reach[top] == reach[other] for other in apart):
            apart.append(top)
    return len(apart)


@given(
    seed=st.integers(0, 10_000),
    smallest=st.sampled_from([1, 12]),
    split=st.sampled_from(["components", "watershed"]),
)
@settings(max_examples=50, deadline=None)
def test_piece_by_piece_equals_the_whole_image_at_once(seed, smallest, split):
    interior, foreground = _blobs(seed)
    rule = InstanceRule(seed=0.6, foreground=0.55, smallest=smallest, split=split)
    found = instances(interior, foreground, rule)

    mask = foreground > 0.55
    seeds, count = seeds_of(interior > 0.6, rule)
    pieces = label(mask, connectivity=1)
    for piece in set(np.unique(pieces)) - set(np.unique(pieces[seeds > 0])) - {0}:
        count += 1
        seeds[pieces == piece] = count
    whole = watershed(-interior, markers=seeds, mask=mask)
    sizes = np.bincount(whole.ravel())
    whole[sizes[whole] < smallest] = 0
    assert _same_objects(found, whole)
    assert set(np.unique(found)) - {0} == set(range(1, found.max() + 1))


@given(
    seed=st.integers(0, 10_000),
    seeded=st.floats(0.2, 0.9),
    fore=st.floats(0.2, 0.9),
    split=st.sampled_from(["components", "watershed"]),
)
@settings(max_examples=50, deadline=None)
def test_every_pixel_above_a_threshold_belongs_to_an_object_in_one_piece(seed, seeded, fore, split):
    interior, foreground = _blobs(seed)
    before = interior.copy(), foreground.copy()
    labels = instances(interior, foreground, InstanceRule(seed=seeded, foreground=fore, split=split))
    assert np.array_equal(labels > 0, (interior > seeded) | (foreground > fore))
    assert label(labels, connectivity=1).max() == labels.max()
    assert np.array_equal(interior, before[0])
    assert np.array_equal(foreground, before[1])


def test_foreground_without_an_interior_is_an_object_too():
    foreground = _disc((15, 15), 6) | _disc((40, 40), 2)
    labels = instances(*_maps(_disc((15, 15), 4), foreground), COMPONENTS)
    assert _same_objects(labels, label(foreground))


def test_objects_below_the_smallest_size_are_dropped_and_ids_have_no_gap():
    sizes = {1: 5, 2: 2, 3: 9, 5: 4}
    labels = np.zeros((10, 10), np.int32)
    for row, (number, size) in enumerate(sizes.items()):
        labels[row, :size] = number
    kept = drop_small(labels.copy(), 4)
    assert np.bincount(kept.ravel())[1:].tolist() == [5, 9, 4]
    assert drop_small(labels.copy(), 0).max() == 4
    assert drop_small(labels.copy(), 99).max() == 0


def test_slivers_on_the_edge_need_more_pixels_than_objects_inside():
    whole, sliver = _disc((20, 20), 3), _disc((-5, 40), 7)
    maps = _maps(_disc((20, 20), 2), whole | sliver)
    assert instances(*maps, COMPONENTS).max() == 2
    rule = InstanceRule(smallest_cut=int(sliver.sum()) + 1)
    assert _same_objects(instances(*maps, rule), label(whole))


@pytest.mark.parametrize("shape", [(0, 5), (5, 0), (1, 1), (20, 30), (4, 9, 9)])
@pytest.mark.parametrize("split", ["components", "watershed"])
def test_empty_maps_hold_no_object(shape, split):
    nothing = np.zeros(shape, np.float32)
    labels = instances(nothing, nothing, InstanceRule(split=split))
    assert labels.shape == shape
    assert not labels.any()


def test_maps_full_to_the_brim_hold_one_object():
    full = np.ones((9, 12), np.float32)
    for rule in (COMPONENTS, WATERSHED):
        assert (instances(full, full, rule) == 1).all()


@pytest.mark.parametrize("rule", [COMPONENTS, WATERSHED])
def test_balls_that_touch_in_a_stack_become_two(rule):
    shape = (20, 24, 40)
    foreground = _disc((10, 12, 12), 8, shape) | _disc((10, 12, 27), 8, shape)
    interior = _disc((10, 12, 12), 6, shape) | _disc((10, 12, 27), 6, shape)
    labels = instances(*_maps(interior, foreground), rule)
    assert labels.max() == 2
    assert labels[10, 12, 12] != labels[10, 12, 27]
    assert np.array_equal(labels > 0, foreground)


def test_growing_keeps_seeds_and_spares_neighbouring_pieces():
    seeds = np.zeros((5, 9), np.int32)
    seeds[0, 0], seeds[0, 8], seeds[2, 4] = 1, 2, 3
    mask = np.zeros((5, 9), bool)
    mask[0], mask[:, 0], mask[2, 3:6], mask[4, 4:6] = True, True, True, True
    grown = grow(seeds, 3, mask, np.ones((5, 9), np.float32))
    assert (grown[0, 0], grown[0, 8]) == (1, 2)
    assert (grown[2, 3:6] == 3).all()
    assert (grown[4, 4:6] == 4).all()
    assert np.array_equal(grown > 0, mask)


def test_an_unknown_way_to_split_is_named():
    with pytest.raises(BadInput, match=r"'magic'.*\n.*components, watershed"):
        InstanceRule(split="magic")
