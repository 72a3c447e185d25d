"""A card that is written can be read, and one of a newer convivo says so."""

import json
from math import inf, nan

import msgspec
import pytest

from convivo.errors import BadModel
from convivo.model import PartScore, Scores
from convivo.model.card import FORMAT, card_from_json, card_to_json
from restorers import restorer


def test_a_card_comes_back_as_it_was(trained):
    assert card_from_json(card_to_json(trained.card), "trained") == trained.card


def test_numbers_that_belong_together_stand_on_one_line_and_words_stay(trained):
    card = msgspec.structs.replace(trained.card, name="odd [1,2]", citations=("one, [3,4]", "two"))
    text = card_to_json(card)
    assert trained.card.fingerprint.features
    assert text.count(b"\n") < 160
    assert card_from_json(text, "odd") == card


@pytest.mark.parametrize("number", [nan, inf])
def test_a_number_that_json_cannot_hold_is_refused_before_it_is_written(trained, number):
    scores = Scores(selection=PartScore(images=1, objects=1, accuracy={"0.5": number}))
    with pytest.raises(BadModel, match="not finite"):
        card_to_json(msgspec.structs.replace(trained.card, scores=scores))


def test_a_newer_card_asks_for_an_update_whatever_else_it_holds(trained):
    newer = json.loads(card_to_json(trained.card)) | {"format": FORMAT + 1, "net": "of a kind yet unknown"}
    with pytest.raises(BadModel, match=f"format {FORMAT + 1}") as caught:
        card_from_json(json.dumps(newer).encode(), "newer")
    assert caught.value.fix == "update convivo"


@pytest.mark.parametrize(("method", "name"), [("care", "scaled_db"), ("n2v", "hidden_db")])
def test_an_older_card_s_score_of_what_chose_gets_the_name_of_what_it_is(method, name):
    old = Scores(
        selection=PartScore(images=3, restoration={"psnr": 20.5}),
        test=PartScore(images=2, restoration={"psnr": 30.5}),
    )
    card = msgspec.structs.replace(restorer(method).card, scores=old)
    found = card_from_json(card_to_json(card), "old").scores
    assert found.selection.restoration == {name: 20.5}
    assert (found.selection.images, found.test) == (3, old.test)


@pytest.mark.parametrize(("finest_skip", "cut"), [(True, ()), (False, (0,))])
def test_an_older_card_says_whether_the_finest_skip_is_cut(finest_skip, cut):
    card = restorer("n2v", pooling="blur", residual=False, cut=cut).card
    old = json.loads(card_to_json(card))
    del old["net"]["cut"]
    old["net"]["finest_skip"] = finest_skip
    found = card_from_json(json.dumps(old | {"format": 2}).encode(), "old")
    assert found.net == card.net
    assert found.net.cut == cut


def test_words_of_a_card_are_not_taken_for_a_skip():
    card = msgspec.structs.replace(restorer("n2v").card, about='it says "finest_skip": false')
    assert card_from_json(card_to_json(card), "odd") == card


def test_a_card_with_costs_is_that_of_a_model_that_does_not_know_itself(trained):
    old = json.loads(card_to_json(trained.card))
    known = {"best": 0.8, "costs": {"unsure+": 0.1}, "floor": 0.0, "limit": 0.2}
    old["fingerprint"] |= {"traits": {"unsure": [0.0, 0.5, 1.0]}, "quick": known, "thorough": known}
    found = card_from_json(json.dumps(old).encode(), "old")
    assert found == trained.card
    assert found.fingerprint.traits == {}
