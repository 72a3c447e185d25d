"""Choosing settings: one after the other, until none moves."""

import copy
from dataclasses import replace

import numpy as np
import pytest
import torch

from convivo.methods import Decoded
from convivo.model import Model
from convivo.run.new_loss import middles, new_loss
from convivo.run.validation import Validation
from simulated import nuclei

# the best `fine` depends on `coarse`, and the best `coarse` on `fine`: one round is not enough
SCORES = {(1, 1): 2, (2, 1): 0, (1, 2): 3, (2, 2): 4, (1, 3): 1, (2, 3): 5}


@pytest.fixture
def stub(data, monkeypatch):
    """A model whose settings find as many of six objects as the table says, and the tables looked up."""
    asked = []
    truth = np.kron(np.arange(1, 7).reshape(2, 3), np.ones((8, 8), np.int32))

    def decode(outputs, shape, settings, size):
        asked.append((settings["coarse"], settings["fine"]))
        labels = np.where(truth <= SCORES[asked[-1]], truth, 0)
        return Decoded(labels, np.zeros(shape, np.float32))

    model = Model.new("unet", data, name="stub", filters=2, depth=1)
    method = replace(model.method, decode=decode, search={"coarse": (1, 2), "fine": (1, 2, 3)})
    monkeypatch.setattr(Model, "method", method)
    return model.with_card(settings={"coarse": 1, "fine": 1}), replace(data[0], labels=truth), asked


def test_settings_are_tried_until_none_moves_and_each_pair_once(stub, data):
    model, example, asked = stub
    validation = Validation(model, data[:1])
    (answer,) = validation.answers(model, "float32")
    found = validation.search(model, [replace(answer, truth=example.labels)])
    assert found == {"coarse": 2, "fine": 3}
    assert len(asked) == len(set(asked))


def test_a_net_that_is_surer_finds_the_same_objects_at_a_higher_loss(trained):
    unlike = nuclei(4, seed=40, objects=12)
    surer = copy.deepcopy(trained)
    with torch.no_grad():
        for last in list(surer.net.parameters())[-2:]:  # weights and bias of what is said
            last *= 20
    calm, loud = Validation(trained, unlike), Validation(surer, unlike)
    assert loud.score(surer, "float32") == pytest.approx(calm.score(trained, "float32"), abs=0.1)
    assert loud.loss(surer) > 3 * calm.loss(trained)


def test_one_odd_image_does_not_decide_the_loss(trained, data):
    odd = replace(data[0], labels=np.ones_like(data[0].labels))  # all of it one object
    usual, bad = (new_loss(trained, middles(trained, [each])) for each in (data[1], odd))
    both = new_loss(trained, middles(trained, [data[1], odd]))
    assert both == pytest.approx(np.sqrt(usual * bad))


@pytest.mark.parametrize("method", ["unet", "stardist"])
def test_the_loss_looks_at_the_middle_and_is_the_same_again(monkeypatch, method):
    (large,) = nuclei(1, shape=(300, 270), objects=8)
    monkeypatch.setattr("convivo.run.new_loss.LOOKED_AT", 128 * 129)
    model = Model.new(method, [large], name="m", filters=2, depth=2)
    ((shown, wanted),) = middles(model, [large])
    assert shown.shape[1:] == (128, 128)
    assert np.isfinite(wanted).any()
    validation = Validation(model, [large])
    assert validation.loss(model) == validation.loss(model) > 0
    assert [shown.shape[1:] for shown, _ in middles(model, [large] * 4)] == [(64, 64)] * 4


def test_of_stacks_some_planes_tell_the_loss():
    (stack,) = nuclei(1, shape=(12, 40, 40), objects=4)
    model = Model.new("unet", [stack], name="m", filters=2, depth=1)
    ((shown, _),) = middles(model, [stack])
    assert shown.shape[1:] == (8, 40, 40)
    assert Validation(model, [stack]).loss(model) > 0


def test_images_below_the_stride_have_no_loss(data):
    model = Model.new("unet", data, name="m", filters=2, depth=3)
    tiny = replace(
        data[0],
        image=replace(data[0].image, array=data[0].image.array[:, :7, :7]),
        labels=data[0].labels[:7, :7],
    )
    assert Validation(model, [tiny]).loss(model) is None
