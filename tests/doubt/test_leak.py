"""One field on both sides of a split is found by what it shows."""

from dataclasses import replace

import numpy as np

from convivo.doubt import DataSet, Level
from convivo.doubt.checks import leak
from convivo.types import Annotated, Image
from simulated import nuclei

FIELDS = nuclei(5, shape=(160, 200), objects=18, diameter=18)


def copy_of(each, name, change=lambda array: array[:, ::-1], group=None):
    return Annotated(
        Image(change(each.image.array), "CYX", name), change(each.labels[None])[0], group or name
    )


def tiles(each, name):
    return [
        copy_of(each, f"{name}{side}", lambda array, part=part: array[..., part])
        for side, part in enumerate((slice(100), slice(100, None)))
    ]


def asked(data, parts=None):
    return list(leak.ask(DataSet(data=data, parts=parts or {})))


def test_fields_that_differ_are_fine():
    (found,) = asked(FIELDS)
    assert (found.id, found.level, found.measured) == ("leak", Level.fine, 0)
    assert "5 groups" in found.evidence


def test_a_copy_in_another_group_is_a_warning_with_the_lines_that_help():
    (found,) = asked([*FIELDS, copy_of(FIELDS[3], "another name")])
    assert (found.level, found.measured) == (Level.warn, 1)
    assert "field3 and another name" in found.evidence
    assert found.advice == "groups.csv: image,group\nfield3,field3\nanother name,field3"


def test_a_copy_in_the_same_group_is_no_leak():
    (found,) = asked([*FIELDS, copy_of(FIELDS[3], "again", group="field3")])
    assert found.level is Level.fine


def test_both_sides_of_a_split_are_worse_than_one():
    data = [*FIELDS, copy_of(FIELDS[3], "again")]
    divided, together = {"again": "validation"}, {"field3": "validation", "again": "validation"}
    (found,) = asked(data, divided)
    assert found.level is Level.stop
    assert "both sides" in found.evidence
    (found,) = asked(data, together)
    assert found.level is Level.note
    (found,) = asked(data, {"again": "train"})  # who chooses is drawn at random
    assert found.level is Level.warn


def test_neighbouring_tiles_are_told_as_such():
    (found,) = asked([*FIELDS[1:], *tiles(FIELDS[0], "tile")])
    assert "continue one another" in found.evidence
    assert found.advice.endswith("tile0,tile0\ntile1,tile0")


def test_groups_are_made_one_for_all_images():
    copy = copy_of(FIELDS[0], "again")
    third = copy_of(FIELDS[0], "third", lambda array: array * 2)
    member = replace(FIELDS[1], group="again")  # what belongs to a copy comes along
    groups = dict(leak.suggested_groups(DataSet(data=[FIELDS[0], copy, member, *FIELDS[2:], third])))
    assert groups == {
        **dict.fromkeys(("field0", "again", "field1", "third"), "field0"),
        **{f"field{number}": f"field{number}" for number in (2, 3, 4)},
    }


def test_odd_images_are_looked_at_all_the_same():
    odd = [
        Image(np.full((1, 40, 40), np.nan, np.float32), "CYX", "nan"),
        Image(np.zeros((3, 1, 1), np.uint8), "CYX", "pixel"),
        Image(np.zeros((1, 0, 7), np.uint8), "CYX", "empty"),
        Image(np.zeros((0, 1, 8, 8), np.uint8), "TCYX", "no time"),
    ]
    data = [Annotated(image, np.zeros(image.array.shape[-2:], int), image.name) for image in odd]
    assert [found.level for found in asked(data)] == [Level.fine]
    assert [found.level for found in asked([])] == [Level.fine]
