"""First aid is put in order by what it promises, and the first of it helps; the checks advise the same."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.doubt.case import Case
from convivo.doubt.checks.light import remedy_for
from convivo.doubt.checks.scale import better_scale
from convivo.doubt.first_aid import first_aid
from convivo.ops.alterations import altered
from convivo.ops.remedies import REMEDIES
from convivo.run.acquaintance import acquainted
from convivo.run.stress import accuracy
from convivo.types import Image
from simulated import nuclei


@pytest.fixture(scope="module")
def known(trained):
    """The small U-Net, acquainted with itself."""
    kinds = ("inverted", "littered", "larger", "dim")
    return trained.with_card(
        fingerprint=acquainted(trained, nuclei(12, seed=30), nuclei(12, seed=50), kinds=kinds)
    )


@pytest.mark.parametrize(("kind", "first"), [("inverted", "invert"), ("littered", "brightest")])
def test_what_undoes_the_harm_comes_first_and_raises_the_accuracy(known, kind, first):
    (each,) = nuclei(1, seed=90)
    pixels, truth = altered(kind, each.image.array[0], each.labels, np.random.default_rng(90))
    case = Case(known, Image(pixels[None]))
    aids = first_aid(case)
    assert sorted(aid.name for aid in aids) == ["background", "brightest", "invert", "scale"]
    assert [aid.gain for aid in aids] == sorted((aid.gain for aid in aids), reverse=True)
    assert aids[0].name == first
    assert aids[0].helps
    remedy = next(each for each in REMEDIES if each.name == first)
    after = accuracy(truth, Case(known, Image(remedy.apply(pixels)[None])).prediction.labels)
    assert after > accuracy(truth, case.prediction.labels) + 0.3


def test_the_checks_advise_what_leads_its_kind(known):
    (each,) = nuclei(1, seed=93, shape=(288, 288), objects=6, diameter=48.0)
    case = Case(known, each.image)
    aids = {aid.name: aid for aid in first_aid(case)}
    assert aids["scale"].helps
    assert aids["scale"].scale == better_scale(case)
    remedy = remedy_for(case)
    lights = [aid for name, aid in aids.items() if name != "scale"]
    advised = max(lights, key=lambda aid: aid.gain)
    assert (remedy.name if remedy else None) == (advised.name if advised.helps else None)


def test_a_model_that_was_never_tried_promises_nothing(known):
    (each,) = nuclei(1, seed=91)
    untried = known.with_card(fingerprint=replace(known.card.fingerprint, quick=None))
    assert first_aid(Case(untried, each.image)) == []
