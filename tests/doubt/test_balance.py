"""What is rare is told: objects, sizes, groups, and subgroups that the person names."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.doubt import DataSet, Level
from convivo.doubt.checks import balance
from convivo.types import Annotated, Image
from simulated import nuclei

FIELDS = nuclei(8)


def asked(data, **more):
    return list(balance.ask(DataSet(data=data, **more)))


def squares(*, side, count=1, shape=(256, 256), name="field"):
    mask = np.zeros(shape, int)
    for number in range(count):
        y, x = divmod(number * 40, shape[1] - 40)
        mask[y * 40 : y * 40 + side, x : x + side] = number + 1
    return Annotated(Image(np.zeros((1, *shape), np.uint8), "CYX", name), mask, name)


def test_a_common_data_set_is_fine():
    (found,) = asked(FIELDS)
    assert (found.id, found.level) == ("balance", Level.fine)


@pytest.mark.parametrize(
    ("side", "shape", "level", "advice"),
    [
        (60, (256, 256), "fine", ""),
        (60, (600, 600), "note", "convivo evaluate"),
        (10, (256, 256), "warn", "--patch 64"),
    ],
)
def test_rare_objects_are_told_with_what_patches_show(side, shape, level, advice):
    (found,) = asked([squares(side=side, shape=shape, name=f"field{number}") for number in range(4)])
    assert found.level == level
    assert advice in found.advice


def test_the_shown_share_is_what_training_shows():
    """One object of 60 x 60 pixels in patches of 128 x 128: nine in ten hold it whole."""
    share = balance.shown_share([squares(side=60, shape=(600, 600))], 128)
    assert share == pytest.approx(0.9 * 60**2 / 128**2, rel=0.25)


def test_unknown_pixels_are_no_background():
    half = squares(side=60, shape=(600, 600))
    known = half.labels.copy()
    known[100:] = -1
    known[:, 100:] = -1
    assert balance.shown_share([replace(half, labels=known)], 128) == pytest.approx(0.36, rel=0.1)
    (found,) = asked([replace(half, labels=known, group=str(number)) for number in range(4)])
    assert found.level is Level.fine  # 36 % of what is known


def test_sizes_that_hardly_occur_are_told():
    small = [squares(side=12, count=30, name=f"field{number}") for number in range(40)]
    (found,) = asked([*small, squares(side=39, count=3, name="large")])
    assert (found.level, found.measured) == (Level.note, 3)
    assert "24 to 48 pixels" in found.evidence


@pytest.mark.parametrize(("groups", "level"), [(1, "warn"), (2, "note"), (3, "fine")])
def test_few_groups_are_told(groups, level):
    data = [replace(each, group=str(number % groups)) for number, each in enumerate(FIELDS)]
    assert [found.level for found in asked(data)] == [level]


def test_a_group_that_outweighs_all_others_is_told():
    data = [replace(each, group="Monday" if number < 6 else each.group) for number, each in enumerate(FIELDS)]
    (found,) = asked(data)
    assert (found.level, found.measured) == (Level.note, 0.75)
    assert "Monday" in found.evidence


STAIN = {each.name: "DAPI" if number < 4 else "Hoechst" for number, each in enumerate(FIELDS)}


def test_subgroups_on_both_sides_are_fine():
    parts = {"field0": "validation", "field1": "validation", "field6": "validation", "field7": "validation"}
    assert [found.level for found in asked(FIELDS, by={"stain": STAIN}, parts=parts)] == [Level.fine]


def test_a_subgroup_on_one_side_is_a_warning():
    parts = {f"field{number}": "validation" for number in (4, 5, 6, 7)}
    found = {
        each.evidence.split(" are ")[0].split(" train")[0]: each
        for each in asked(FIELDS, by={"stain": STAIN}, parts=parts)
    }
    assert {each.level for each in found.values()} == {Level.warn}
    assert set(found) == {"all 4 images of stain DAPI", "all 4 images of stain Hoechst"}


def test_a_subgroup_of_one_group_can_only_lie_on_one_side():
    data = [replace(each, group="one day" if STAIN[each.name] == "DAPI" else each.group) for each in FIELDS]
    (found,) = asked(data, by={"stain": STAIN})
    assert found.level is Level.warn
    assert "stain DAPI" in found.evidence


def test_few_images_of_a_subgroup_and_none_known_are_notes():
    known = {name: "rare" if name in ("field0", "field1") else "usual" for name in STAIN if name != "field7"}
    found = asked(FIELDS, by={"day": known})
    assert [each.level for each in found] == [Level.note, Level.note]
    assert "field7" in found[0].evidence
    assert "day rare has 2 images" in found[1].evidence


def test_odd_data_crashes_nothing():
    empty = Annotated(Image(np.zeros((1, 0, 7), np.uint8), "CYX", "empty"), np.zeros((0, 7), int), "a")
    stack = Annotated(Image(np.zeros((1, 2, 8, 8), np.uint8), "CZYX", "stack"), np.ones((2, 8, 8), int), "b")
    assert all(found.id == "balance" for found in asked([empty, stack, *FIELDS]))
    assert [found.level for found in asked([])] == [Level.fine]
