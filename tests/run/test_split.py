"""Splits go by group, never through one."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.run.split import split_by_group
from convivo.types import Annotated, Image

EMPTY = Image(np.zeros((1, 2, 2)))


def examples(groups):
    labels = np.zeros((2, 2), int)
    return [Annotated(Image(EMPTY.array, name=f"i{n}"), labels, group) for n, group in enumerate(groups)]


@given(groups=st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=30), seed=st.integers(0, 9))
def test_no_group_is_on_both_sides_and_nothing_is_lost(groups, seed):
    data = examples(groups)
    split = split_by_group(data, seed=seed)
    assert not {each.group for each in split.train} & {each.group for each in split.validation}
    assert sorted(e.name for e in split.train + split.validation) == sorted(e.name for e in data)
    assert split.train
    assert bool(split.validation) == (len(set(groups)) > 1)


def test_what_a_person_decided_is_kept():
    data = examples("aabbcc")
    split = split_by_group(data, parts={"i2": "validation"})
    assert {each.group for each in split.validation} == {"b"}
    with pytest.raises(BadInput, match="in train and in validation"):
        split_by_group(data, parts={"i2": "validation", "i3": "train"})
    with pytest.raises(BadInput, match="every image into validation"):
        split_by_group(data[:2], parts={"i0": "validation"})


@pytest.mark.parametrize("seed", range(6))
def test_one_large_group_does_not_become_all_that_chooses(seed):
    split = split_by_group(examples(["large"] * 17 + ["small"] * 3), seed=seed)
    assert {each.group for each in split.validation} == {"small"}


@pytest.mark.parametrize("seed", range(6))
def test_where_no_group_is_small_enough_the_smallest_chooses(seed):
    split = split_by_group(examples("c" * 9 + "b" * 6 + "a" * 8 + "d" * 6), seed=seed)
    assert {each.group for each in split.validation} == {"b"}
