"""The arithmetic of Cut the wire against numpy, and against what the net itself takes."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest
import torch

from convivo.lab.wires import WIRINGS
from convivo.nets.unet import UNet, UNetSize
from page.node import run_node

FOLDER = "explorables/cut-the-wire"


def goes_through(net: UNet, height: int, width: int) -> bool:
    """Whether the net takes the size as it is."""
    try:
        with torch.inference_mode():
            return net(torch.zeros(1, 1, height, width)).shape[2:] == (height, width)
    except RuntimeError:  # the maps do not fit their skip
        return False


def test_the_gate_says_what_the_net_does():
    net = UNet(UNetSize(filters=1, convolutions=1))
    sides = [(100, 100), (104, 104), (108, 108), (96, 104), (104, 100), (8, 8), (52, 104), (33, 64), (20, 24)]
    for height, width in sides:
        said = run_node(f"{FOLDER}/halving.ts", f"page.halving({height}, {width}, 3)")
        assert (said["stopsAt"] is None) == goes_through(net, height, width), (height, width)
        for near in (said["below"], said["above"]):
            assert goes_through(net, *near)
        assert all(low <= max(8, side) for low, side in zip(said["below"], (height, width), strict=True))
        assert all(0 <= high - side < 8 for high, side in zip(said["above"], (height, width), strict=True))


@pytest.mark.parametrize(("side", "level"), [(100, 2), (108, 2), (102, 1), (101, 0), (104, None)])
def test_it_stops_at_the_first_level_whose_side_is_odd(side, level):
    assert run_node(f"{FOLDER}/halving.ts", f"page.halving(104, {side}, 3).stopsAt") == level


def test_the_outline_is_every_edge_between_different_objects_and_no_other():
    labels = np.random.default_rng(0).integers(0, 3, (13, 17)).astype(np.int32)
    path = run_node(f"{FOLDER}/outline.ts", "page.outline(given.labels)", labels=labels)
    across, down = np.zeros((13, 17), bool), np.zeros((13, 17), bool)
    for x, y, way, length in re.findall(r"M(\d+) (\d+)([hv])(\d+)", path):
        for step in range(int(length)):
            if way == "h":
                assert not across[int(y), int(x) + step]
                across[int(y), int(x) + step] = True
            else:
                assert not down[int(y) + step, int(x)]
                down[int(y) + step, int(x)] = True
    np.testing.assert_array_equal(across[1:], labels[1:] != labels[:-1])
    np.testing.assert_array_equal(down[:, 1:], labels[:, 1:] != labels[:, :-1])
    assert not across[0].any()
    assert not down[:, 0].any()


def every_wiring(levels: int = 3) -> list[str]:
    return ["".join(kept) for count in range(levels + 1) for kept in combinations("012", count)]


def test_there_are_eight_ways_to_cut_three_skips_and_a_net_for_each():
    assert sorted("".join(map(str, each.cut)) for each in WIRINGS) == sorted(every_wiring())
    assert sorted(run_node(f"{FOLDER}/wirings.ts", "page.everyWiring(3)")) == sorted(every_wiring())
