"""A Noise2Void model knows its noise when it is trained, and looks at each pixel again unless it is to be blind."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.second_look import NoiseLine, second_look
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


def test_the_card_holds_the_noise(learned):
    (line,) = learned.card.noise
    assert line.variance(np.float32(300.0)) == pytest.approx(SIGMA**2, rel=0.35)


def test_a_second_look_is_nearer_to_the_truth(learned):
    truth, each = field(9)
    blind, seen = (
        restore(learned, each.image, PredictOptions(engine=FLOAT32, blind=blind)).image.array[0]
        for blind in (True, False)
    )
    assert np.square(seen - truth).mean() < 0.95 * np.square(blind - truth).mean()


def test_a_model_that_does_not_know_its_noise_stays_blind(learned):
    _, each = field(9)
    blind = restore(learned, each.image, PredictOptions(engine=FLOAT32, blind=True)).image.array
    imported = learned.with_card(noise=())
    np.testing.assert_array_equal(
        restore(imported, each.image, PredictOptions(engine=FLOAT32)).image.array, blind
    )


def test_each_channel_is_looked_at_with_its_own_noise():
    model = restorer("n2v", channels=2).with_card(
        noise=(NoiseLine(slope=0, floor=100.0), NoiseLine(slope=1.0, floor=0.0))
    )
    image = Image(noisy((2, 40, 44)))
    blind, seen = (
        restore(model, image, PredictOptions(engine=FLOAT32, blind=blind)).image.array
        for blind in (True, False)
    )
    for channel in range(2):
        alone = second_look(image.array[channel], blind[channel], model.card.noise[channel])
        np.testing.assert_allclose(seen[channel], alone, rtol=1e-5)
    assert not np.allclose(seen[0], second_look(image.array[0], blind[0], model.card.noise[1]))


def test_noise_along_lines_and_pairs_are_not_looked_at_again():
    data = [field(seed)[1] for seed in range(2)]
    striped = fresh("n2v", data).with_card(
        settings={"share": 0.12, "manipulator": "uniform", "radius": 2, "axes": "X", "reach": 2}
    )
    pairs = list(exposures(3))
    care = fresh("care", pairs)
    for model, examples in ((striped, data), (care, pairs)):
        for _ in train(
            model, examples, TrainConfig(steps=1, patch=32, batch=2, precision="float32", anyway=True)
        ):
            pass
        assert model.card.noise == ()


def test_fine_tuning_forgets_the_noise_of_other_images(learned):
    assert learned.for_data([field(1)[1]], name="finer").card.noise == ()
