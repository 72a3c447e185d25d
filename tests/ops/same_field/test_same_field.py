"""One field is recognised whatever was done to it, and two fields are not taken for one."""

import numpy as np
import pytest
from skimage.transform import resize

from convivo.ops.same_field import same_fields
from convivo.ops.same_field.copies import find_copies
from convivo.ops.same_field.overlaps import find_overlaps
from convivo.ops.same_field.seams import find_seams, limit_from
from simulated import nuclei

FIELDS = [each.image.array[0] for each in nuclei(6, shape=(192, 320), objects=34, diameter=18)]
FIELD = FIELDS[0]
STRETCHED = (FIELD - FIELD.min()) / np.ptp(FIELD)

CHANGES = {
    "turned": np.rot90(FIELD),
    "mirrored": FIELD[:, ::-1],
    "turned and mirrored": np.rot90(FIELD[::-1], 3),
    "half as large": resize(FIELD.astype(float), (96, 160), anti_aliasing=True),
    "brighter": FIELD * 3.0 + 50,
    "gamma": STRETCHED**0.5,
    "noisy": STRETCHED + np.random.default_rng(0).normal(0, 0.05, FIELD.shape),
}


def pairs(found):
    return [(each.first, each.second) for each in found]


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_copy_is_found(change):
    (found,) = same_fields([*FIELDS[1:], FIELD, CHANGES[change]])
    assert (found.first, found.second, found.kind) == (5, 6, "changed copy")


def test_an_exact_copy_is_called_one():
    (found,) = same_fields([*FIELDS, FIELDS[2].copy()])
    assert (found.first, found.second, found.kind) == (2, 6, "copy")
    assert found.agreement == pytest.approx(1)


def test_different_fields_are_different():
    assert same_fields(FIELDS) == ()


def test_empty_fields_under_one_light_are_no_copies():
    rng = np.random.default_rng(1)
    light = 200 - 60 * np.hypot(*np.indices((160, 160)) / 160 - 0.6)
    assert list(find_copies([light + rng.normal(0, 4, light.shape) for _ in range(4)])) == []


@pytest.mark.parametrize("share", [0.5, 0.75])
def test_crops_that_share_a_part_are_found_with_their_shift(share):
    step = round(180 * (1 - share))
    one, other = FIELD[:180, :180], 2.0 * FIELD[6:186, step : 180 + step] + 9
    (found,) = find_overlaps([FIELDS[1], one, FIELDS[2], other])
    assert (found.first, found.second, found.shift) == (1, 3, (6, step))
    assert found.correlation > 0.9


def test_crops_that_share_too_little_to_know_are_left_alone():
    assert list(find_overlaps([FIELD[:, :165], FIELD[:, 155:]])) == []


def test_one_group_of_objects_alike_is_no_overlap():
    """Round objects look alike everywhere; it takes several places to be one field."""
    rows, columns = np.indices((160, 160))

    def field(y, x, seed):
        places = [(y, x), (y + 11, x)]
        spots = sum(np.exp(-((rows - down) ** 2 + (columns - right) ** 2) / 18.0) for down, right in places)
        return 1000 * spots + np.random.default_rng(seed).normal(0, 2, rows.shape)

    assert list(find_overlaps([field(40, 44, 0), field(90, 100, 1)])) == []


@pytest.mark.parametrize("down", [False, True])
def test_tiles_that_continue_one_another_are_found(down):
    whole = FIELD.T if down else FIELD
    one, other = (whole[:96], whole[96:]) if down else (whole[:, :160], whole[:, 160:])
    other_tiles = [field.T[:96] if down else field[:, :160] for field in FIELDS[1:4]]
    (found,) = find_seams([*other_tiles, other, one])
    assert (found.first, found.second) == (4, 3)
    assert found.correlation > 0.6
    assert found.step < 1.2


def test_tiles_read_backwards_do_not_continue():
    halves = [half for field in FIELDS for half in (field[:, :160], field[::-1, 160:])]
    assert list(find_seams(halves)) == []


def test_a_step_in_brightness_is_no_seam():
    assert list(find_seams([FIELD[:, :160], FIELD[:, 160:] + 300])) == []


def test_tiles_of_a_grid_hang_together():
    quarters = [part[:, side] for part in (FIELD[:96], FIELD[96:]) for side in (slice(160), slice(160, None))]
    found = same_fields(quarters)
    assert {each.kind for each in found} == {"neighbours"}
    assert len(found) >= 3  # three seams tie four tiles together
    assert set(pairs(found)) <= {(0, 1), (0, 2), (1, 3), (2, 3)}


def test_odd_images_crash_nothing():
    odd = [
        np.zeros((64, 64)),
        np.zeros((64, 64)),
        np.ones((1, 1)),
        np.zeros((0, 5)),
        np.arange(200.0)[None],
        np.eye(3),
    ]
    assert same_fields([*odd, FIELD]) == ()  # nothing can be said of two black images
    assert same_fields([]) == ()
    assert same_fields([FIELD]) == ()


def test_the_limit_is_where_few_decoys_pass():
    good = [0.95] * 20
    assert limit_from([*good, 0.8, 0.8], [0.8, 0.78]) == 0.8  # one in 22
    assert limit_from([*good, 0.8, 0.8], [0.8] * 3) == 0.95
    assert limit_from([0.8, 0.9], [0.95]) == float("inf")
    assert limit_from([], []) == float("inf")


def test_many_fields_under_one_light_do_not_continue_one_another():
    """Small fields of few round objects: some edges agree by chance, as decoys tell."""
    fields = [each.image.array[0] for each in nuclei(60)]
    assert list(find_seams(fields)) == []
