"""How Noise2Void hid pixels is taken over where our settings can say it, and never half."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convivo.io.keras_config import N2VConfig
from convivo.model.n2v_settings import MANIPULATORS, n2v_settings


def translated(dimensions=2, **fields):
    config = N2VConfig(axes="YX", unet_residual=False, means=("0",), stds=("1",), **fields)
    return n2v_settings(config, dimensions)


def test_percent_become_a_share():
    assert translated(n2v_perc_pix=0.198) == ({"share": pytest.approx(0.00198)}, ())


@pytest.mark.parametrize(("theirs", "ours"), MANIPULATORS.items())
def test_manipulators_have_names_of_ours(theirs, ours):
    assert translated(n2v_manipulator=theirs) == ({"manipulator": ours}, ())


def test_only_with_cp_may_show_the_hidden_pixel_itself():
    assert translated(n2v_manipulator="uniform_withCP")[0] == {"manipulator": "uniform_with_centre"}
    assert translated(n2v_manipulator="uniform_withoutCP")[0] == {"manipulator": "uniform"}


def test_a_config_that_says_nothing_sets_nothing():
    assert translated() == ({}, ())


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"n2v_perc_pix": 50.0}, "n2v_perc_pix 50.0"),
        ({"n2v_perc_pix": 0.0}, "n2v_perc_pix 0.0"),
        ({"n2v_neighborhood_radius": 30}, "n2v_neighborhood_radius 30"),
        ({"n2v_neighborhood_radius": 0}, "n2v_neighborhood_radius 0"),
        ({"n2v_manipulator": "identity"}, "n2v_manipulator 'identity'"),
        ({"structN2Vmask": [[1] * 201]}, "structN2Vmask"),
    ],
)
def test_what_our_blind_spots_cannot_do_is_left_out_and_named(fields, words):
    settings, notes = translated(n2v_manipulator=fields.pop("n2v_manipulator", "median"), **fields)
    assert settings in ({"manipulator": "median"}, {})
    (note,) = notes
    assert note.startswith(f"{words} has no counterpart")


@given(
    axes=st.lists(st.sampled_from("ZYX"), min_size=1, unique=True).map(sorted),
    reach=st.integers(1, 12),
    margin=st.integers(0, 2),
    middle=st.booleans(),
)
def test_a_cross_of_lines_comes_back(axes, reach, margin, middle):
    sides = [2 * (reach + margin) + 1 if axis in axes else 1 for axis in "ZYX"]
    mask = np.zeros(sides, int)
    centre = [side // 2 for side in sides]
    for axis in axes:
        line = list(centre)
        line["ZYX".index(axis)] = slice(margin, 2 * reach + 1 + margin)
        mask[tuple(line)] = 1
    mask[tuple(centre)] = middle
    found, notes = translated(3, structN2Vmask=mask.tolist())
    assert notes == ()
    assert (sorted(found["axes"]), found["reach"]) == (axes, reach)


@pytest.mark.parametrize(
    "mask",
    [
        [[0, 0, 1, 1, 0]],  # to one side only
        [[1, 0, 1, 0, 1]],  # with a gap
        [[1, 1, 1], [1, 1, 1], [1, 1, 1]],  # a block
        [[1, 0, 0], [0, 1, 0], [0, 0, 1]],  # aslant
        [[0, 0, 1, 0, 0], [0, 0, 1, 0, 0], [1, 1, 1, 1, 1]],  # not about the middle
        [
            [0, 0, 0, 0, 0],
            [0, 0, 1, 0, 0],
            [1, 1, 1, 1, 1],
            [0, 0, 1, 0, 0],
            [0, 0, 0, 0, 0],
        ],  # unequal lines
        [[0, 1, 0]],  # the pixel alone
        [1, 1, 1],  # of another number of axes
        [[1, 1, 1], [1]],  # ragged
        [["one", "two", "three"]],
        [],
        "X",
    ],
)
def test_other_masks_are_left_out_with_a_remark(mask):
    settings, notes = translated(structN2Vmask=mask)
    assert settings == {}
    assert notes == ("structN2Vmask has no counterpart here, so training would hide pixels otherwise",)
