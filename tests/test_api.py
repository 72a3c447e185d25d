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


def test_a_model_that_finds_objects_says_how_it_is_asked(model_folder):
    model = api.load(model_folder)
    with pytest.raises(BadInput, match="finds objects") as caught:
        model.restore(np.zeros((20, 24)), axes="YX")
    assert caught.value.fix == "call its predict(image)"
