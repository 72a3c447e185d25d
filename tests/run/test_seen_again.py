"""A Noise2Void model looks at each pixel again, unless it is to be blind or its original was."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.second_look import second_look
from convivo.run.asking import PredictOptions
from convivo.run.config import TrainConfig
from convivo.run.restore import restore
from convivo.run.train import train
from convivo.types import Image, Restorable
from restorers import FLOAT32, exposures, fresh, noisy, restorer

SIGMA = 20.0
QUICK = TrainConfig(steps=150, patch=32, batch=8, precision="float32", anyway=True)


def field(seed):
    rng = np.random.default_rng(seed)
    truth = 300 + 2000 * ndimage.gaussian_filter(rng.normal(size=(128, 128)), 4)
    return truth, Restorable(
        Image((truth + rng.normal(0, SIGMA, truth.shape)).astype(np.float32)[None], "CYX", f"f{seed}"),
        None,
        "g",
    )


@pytest.fixture(scope="module")
def learned():
    data = [field(seed)[1] for seed in range(4)]
    model = fresh("n2v", data, filters=8)
    for _ in train(model, data, QUICK):
        pass
    return model


def test_a_second_look_is_nearer_to_the_truth(learned):
    truth, each = field(9)
    blind, seen = (
        restore(learned, each.image, PredictOptions(engine=FLOAT32, blind=blind)).image.array[0]
        for blind in (True, False)
    )
    assert np.square(seen - truth).mean() < 0.95 * np.square(blind - truth).mean()


def both(model, image):
    """Restored blind, and as it is by default."""
    return tuple(
        restore(model, image, PredictOptions(engine=FLOAT32, blind=blind)).image.array
        for blind in (True, False)
    )


def test_an_imported_model_restores_as_its_original_did(learned):
    _, each = field(9)
    blind, seen = both(learned.with_card(training=None), each.image)
    np.testing.assert_array_equal(seen, blind)


def test_each_channel_is_looked_at_again_by_itself(learned):
    model = restorer("n2v", channels=2).with_card(training=learned.card.training)
    image = Image(noisy((2, 40, 44)))
    blind, seen = both(model, image)
    assert not np.allclose(seen, blind)
    for channel in range(2):
        alone = second_look(image.array[channel], blind[channel])
        np.testing.assert_allclose(seen[channel], alone, rtol=1e-5)


def test_noise_along_lines_is_not_looked_at_again(learned):
    _, each = field(9)
    blind, seen = both(
        learned.with_card(settings={**learned.card.settings, "axes": "X", "reach": 2}), each.image
    )
    np.testing.assert_array_equal(seen, blind)


def test_what_learned_from_pairs_is_not_looked_at_again(learned):
    pairs = list(exposures(2))
    care = fresh("care", pairs).with_card(training=learned.card.training)
    blind, seen = both(care, pairs[0].image)
    np.testing.assert_array_equal(seen, blind)
