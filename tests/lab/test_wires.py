"""What skips are for: nets that learned without them find the nuclei all the same, and draw them less exactly."""

from itertools import combinations

import pytest

from convivo.errors import BadInput
from convivo.io.places import SHIPPED
from convivo.lab.wires import WIRINGS, load, wiring
from convivo.lab.wires.measuring import measured, simulated


@pytest.fixture(scope="module")
def found():
    """What each net does on the same small simulated nuclei."""
    images = simulated()
    return {each.cut: measured(load(each.cut), images) for each in WIRINGS}


def test_every_wiring_has_a_net_that_is_wired_so():
    assert {each.cut for each in WIRINGS} == {
        cut for many in range(4) for cut in combinations(range(3), many)
    }
    for each in WIRINGS:
        assert load(each.cut).card.net.cut == each.cut


def test_nothing_but_the_wires_differs():
    cards = [load(each.cut).card for each in WIRINGS]
    for card in cards:
        assert card.training.config == cards[0].training.config
        assert card.training.images == cards[0].training.images
        assert card.training.steps == card.training.best_step == cards[0].training.steps
        assert card.training.seed == cards[0].training.seed


def test_without_skips_nuclei_are_found_all_the_same(found):
    assert found[0, 1, 2].recall > 0.9
    assert found[0, 1, 2].accuracy[0] > found[()].accuracy[0] - 0.1


def test_without_skips_outlines_are_further_off(found):
    assert found[0, 1, 2].outline > 1.4 * found[()].outline
    assert found[0, 1, 2].accuracy[-1] < found[()].accuracy[-1] / 2


def test_a_skip_that_is_not_there_cannot_be_cut():
    assert wiring((1, 0)).cut == (0, 1)
    with pytest.raises(BadInput, match="skips"):
        wiring((3,))


def test_the_small_nets_of_the_lab_are_small_together():
    assert sum(path.stat().st_size for path in (SHIPPED / "lab").rglob("*.safetensors")) < 2e6
