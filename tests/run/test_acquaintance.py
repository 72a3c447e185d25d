"""A model that was tried on altered images knows what it scores on others like them."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.model import Model
from convivo.model.card import card_from_json, card_to_json
from convivo.ops.alterations import ALTERATIONS
from convivo.ops.deviations import deviations
from convivo.ops.traits import feature_traits
from convivo.run import acquaintance, stress
from convivo.run.acquaintance import acquainted, with_fingerprint
from convivo.run.asking import PredictOptions
from convivo.run.stress import DRAWN, PAIRED, UNALTERED, drawn, trials
from simulated import nuclei

KINDS = ("inverted", "dim", "littered")


@pytest.fixture(scope="module")
def seen(trained, data):
    return acquainted(trained, nuclei(12, seed=30), nuclei(12, seed=50), kinds=KINDS)


def test_each_image_is_tried_unaltered_and_in_ways_drawn_for_it(trained, data):
    tried = list(trials(trained, data[:3], ("inverted",)))
    assert [(each.kind, each.name) for each in tried] == [
        (kind, each.name) for each in data[:3] for kind in (UNALTERED, "inverted")
    ]
    unaltered, inverted = (
        [each.accuracy for each in tried if each.kind == kind] for kind in (UNALTERED, "inverted")
    )
    assert min(unaltered) > 0.5 > max(inverted)


def test_some_of_many_ways_are_drawn_and_some_in_pairs():
    rng = np.random.default_rng(0)
    found = [drawn(tuple(ALTERATIONS), rng) for _ in range(20)]
    for kinds in found:
        assert len([kind for kind in kinds if "+" not in kind]) == DRAWN
        assert len([kind for kind in kinds if "+" in kind]) == PAIRED
        assert all(len(set(kind.split("+"))) == len(kind.split("+")) for kind in kinds)
    assert {part for kinds in found for kind in kinds for part in kind.split("+")} == set(ALTERATIONS)
    assert drawn((), rng) == []


def test_trials_are_the_same_each_time(trained, data):
    one, other = (list(trials(trained, data[:1], ("dim", "bent"))) for _ in range(2))
    assert one == other


@pytest.mark.parametrize("way", ["quick", "thorough"])
def test_what_ruins_an_answer_is_expected_to(trained, seen, way):
    known = getattr(seen, way)
    found = [each for each in trials(trained, nuclei(4, seed=90), ("inverted",)) if "+" not in each.kind]
    assert {each.kind for each in found} == {UNALTERED, "inverted"}
    for each in found:
        traits = {**each.traits, **feature_traits(each.features, seen.features)}
        lost = known.lost(deviations(traits, seen.traits), seen.tried)
        assert (lost > known.limit) == (each.kind == "inverted"), (each.kind, each.name, lost)
        assert known.best * (1 - lost) == pytest.approx(each.accuracy, abs=0.35)


def test_the_quick_one_needs_nothing_that_only_the_thorough_knows(seen):
    assert set(seen.thorough.names) - set(seen.quick.names) == {"features_0", "features_1", "features_2"}
    assert not any(name.startswith("not_as_") for name in seen.thorough.names)
    assert any(name.startswith("not_as_") for name in seen.traits)


def test_it_stands_on_the_card(trained, seen):
    model = trained.with_card()
    assert len(seen.tried.matrix) > 12  # what was asked for once is no part of the card
    with_fingerprint(model, seen)
    assert b"matrix" not in card_to_json(model.card)
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
    found = [each.kind for each in trials(model, twice, ("smaller", "dim"))]
    assert found.count("smaller") == found.count("dim") == found.count(UNALTERED) == 2


def test_of_few_images_nothing_is_usual(trained, data):
    found = acquainted(trained, data[:2], data[2:4], kinds=("inverted",), most=5)
    assert (found.quick, found.thorough, found.traits) == (None, None, {})
    assert found.features == trained.card.fingerprint.features


def test_an_image_that_is_tried_tells_once_what_is_usual(trained, data):
    """Four images are too few, also where they are given twice."""
    assert acquainted(trained, data[:4], data[:4], kinds=("inverted",), most=5).quick is None
    assert acquainted(trained, data[:5], data[:5], kinds=("inverted",), most=5).quick is not None


def test_so_many_images_are_tried_as_there_is_time_for(trained, data, monkeypatch):
    clock = iter(range(0, 100, 2))  # two seconds for an answer
    monkeypatch.setattr(acquaintance, "perf_counter", lambda: next(clock))
    answers = []
    predict = acquaintance.Examiner.predict
    monkeypatch.setattr(
        acquaintance.Examiner, "predict", lambda self, pixels: answers.append(pixels) or predict(self, pixels)
    )
    large = replace(data[0], image=replace(data[0].image, array=np.tile(data[0].image.array, 2)))
    seconds = 7 * 2 * acquaintance.ANSWERS
    assert acquaintance.affordable(trained, [data[1], large, data[2]], seconds + 1) == 7
    assert acquaintance.affordable(trained, [large], seconds - 1) == 6
    assert {each.shape for each in answers} == {large.image.array.shape}


def test_answers_are_counted_as_they_are_asked_for(trained, monkeypatch):
    known, tried, asked = nuclei(10, seed=30), nuclei(2, seed=50), []
    predict = stress.Examiner.predict
    monkeypatch.setattr(
        stress.Examiner,
        "predict",
        lambda self, pixels, scale=1.0: asked.append(scale) or predict(self, pixels, scale),
    )
    acquainted(trained, known, tried, most=2)
    assert len(asked) == pytest.approx(2 * acquaintance.ANSWERS, rel=0.05)


def test_features_are_those_of_the_image_as_it_is_shown(trained, data):
    pixels = data[0].image.array
    twice = np.repeat(np.repeat(pixels, 2, 1), 2, 2)
    plain, shown = stress.Examiner(trained), stress.Examiner(trained, PredictOptions(scale=0.5))
    far, near = (
        np.abs(np.array(examiner.features(twice)[1]) - plain.features(pixels)[1]).mean()
        for examiner in (plain, shown)
    )
    assert near < far / 4
