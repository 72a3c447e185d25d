"""A model that was tried on altered images knows what costs it accuracy."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.model import Model
from convivo.model.card import card_from_json, card_to_json
from convivo.ops.deviations import deviations
from convivo.run.acquaintance import acquainted, with_fingerprint
from convivo.run.stress import UNALTERED, trials
from simulated import nuclei

KINDS = ("inverted", "dim", "littered")


@pytest.fixture(scope="module")
def seen(trained, data):
    return acquainted(trained, nuclei(12, seed=30), nuclei(12, seed=50), kinds=KINDS)


def test_each_image_is_tried_in_each_way(trained, data):
    tried = list(trials(trained, data[:2], (UNALTERED, "inverted")))
    assert [(each.kind, each.name) for each in tried] == [
        (kind, each.name) for each in data[:2] for kind in (UNALTERED, "inverted")
    ]
    unaltered, inverted = (
        [each.accuracy for each in tried if each.kind == kind] for kind in (UNALTERED, "inverted")
    )
    assert min(unaltered) > 0.5 > max(inverted)


def test_trials_are_the_same_each_time(trained, data):
    one, other = (list(trials(trained, data[:1], ("dim",))) for _ in range(2))
    assert one == other


def test_without_steadiness_the_net_is_asked_once(trained, data):
    (quick,) = trials(trained, data[:1], (UNALTERED,))
    (thorough,) = trials(trained, data[:1], (UNALTERED,))
    assert thorough.traits.keys() - quick.traits.keys() == {
        f"not_as_{name}" for name in ("mirrored", "turned", "smaller", "larger", "noisier", "softer")
    }


@pytest.mark.parametrize("way", ["quick", "thorough"])
def test_what_ruins_an_answer_is_expected_to(trained, seen, way):
    known = getattr(seen, way)
    fresh = nuclei(4, seed=90)
    for kind, suspicious in ((UNALTERED, False), ("inverted", True)):
        for each in trials(trained, fresh, (kind,), steady=way == "thorough"):
            lost = known.lost(deviations(each.traits, seen.traits))
            assert (lost > known.limit) == suspicious, (kind, each.name, lost)
            assert known.accuracy(deviations(each.traits, seen.traits)) == pytest.approx(
                each.accuracy, abs=0.35
            )


def test_the_quick_one_needs_nothing_that_only_the_thorough_knows(seen):
    assert not any(name.startswith("not_as_") for name in seen.quick.costs)
    assert any(name.startswith("not_as_") for name in seen.traits)


def test_it_stands_on_the_card(trained, seen):
    model = trained.with_card()
    with_fingerprint(model, seen)
    back = card_from_json(card_to_json(model.card), "x").fingerprint
    assert back == seen
    assert trained.card.fingerprint.traits == {}


def test_a_model_that_finds_nothing_has_nothing_to_lose(trained, data):
    blind = trained.with_card(settings={**trained.card.settings, "foreground": 1.0, "seed": 1.0})
    found = acquainted(blind, data[:5], data[:5], kinds=("inverted",))
    assert found.quick is None
    assert np.isfinite(found.noise_level)


def test_all_channels_are_altered(data):
    twice = [
        replace(each, image=replace(each.image, array=np.concatenate([each.image.array, each.image.array])))
        for each in data[:2]
    ]
    model = Model.new("unet", twice, name="two", filters=2, depth=1)
    assert [each.kind for each in trials(model, twice, ("smaller", "dim"))] == [
        "smaller",
        "dim",
    ] * 2
