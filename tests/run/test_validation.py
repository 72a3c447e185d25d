"""Choosing settings: one after the other, until none moves."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.methods import Decoded
from convivo.model import Model
from convivo.run.validation import Validation

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
