"""convivo in Python: what is asked of a model in the wrong words says the right ones."""

import numpy as np
import pytest

from convivo import api
from convivo.errors import BadInput
from restorers import noisy, restorer


def opened(model, folder):
    model.save(folder)
    return api.load(folder)


def test_a_model_that_restores_says_how_it_is_asked(tmp_path):
    model = opened(restorer("n2v"), tmp_path / "n2v")
    with pytest.raises(BadInput, match="restores images") as caught:
        model.predict(noisy((20, 24)), axes="YX")
    assert caught.value.fix == "call its restore(image)"
    assert model.restore(noisy((20, 24)), axes="YX", engine="torch").image.array.shape == (1, 20, 24)


def test_a_model_without_an_image_is_doubted_for_its_training(data, tmp_path):
    model = api.new("unet", data, name="m", filters=2, depth=1)
    (unknown,) = model.doubt()
    assert (unknown.image, unknown.id, unknown.level) == ("", "overfit", "note")
    config = api.TrainConfig(steps=20, patch=32, batch=1, precision="float32")
    for _ in api.train(model, data, config, out=tmp_path / "m"):
        pass
    assert "no training curve" in unknown.evidence
    assert "over 20 scores" in model.doubt()[0].evidence
    assert "over 20 scores" in api.load(tmp_path / "m").doubt()[0].evidence
    for _ in api.train(model, data, config):  # in place, and kept nowhere
        pass
    assert "no curve is known" in model.doubt()[0].evidence


def test_a_model_that_finds_objects_says_how_it_is_asked(model_folder):
    model = api.load(model_folder)
    with pytest.raises(BadInput, match="finds objects") as caught:
        model.restore(np.zeros((20, 24)), axes="YX")
    assert caught.value.fix == "call its predict(image)"
