"""CARE and Noise2Void learn, go on after a break, and choose by what can be compared."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from scipy import ndimage

from convivo.errors import BadInput
from convivo.model import Model, ModelFolder
from convivo.run import restoration_validation
from convivo.run.config import TrainConfig
from convivo.run.restore import restore
from convivo.run.train import train
from convivo.types import Image, Restorable
from restorers import alone, data_of, exposures, fresh

pytestmark = pytest.mark.usefixtures("few_hidden_pixels")

QUICK = TrainConfig(steps=12, patch=32, batch=2, precision="float32")
LEARNING = TrainConfig(steps=80, patch=32, batch=4, precision="float32", rate=6e-3)


@pytest.fixture(scope="module")
def pairs():
    return list(exposures(5))


def error(image, truth):
    return float(np.sqrt(np.mean((image.astype(np.float64) - truth) ** 2)))


def test_noise2void_brings_noisy_images_nearer_to_the_clean_ones(pairs):
    noisy = alone(pairs)
    model = fresh("n2v", noisy, filters=8)
    list(train(model, noisy, LEARNING))
    for each in exposures(3, gain=1, offset=0, seed=9):
        clean = each.target.array
        restored = restore(model, each.image).image.array
        assert error(restored, clean) < 0.75 * error(each.image.array, clean)
        assert abs(restored.mean() - clean.mean()) < 0.05 * clean.std()


def test_care_learns_pairs_of_different_gains_and_answers_in_the_units_of_most():
    exposed = [*exposures(4, gain=5), *exposures(2, gain=20, seed=3)]
    data = [
        replace(each, group=str(n), image=replace(each.image, name=str(n))) for n, each in enumerate(exposed)
    ]
    model = fresh("care", data, filters=8)
    list(train(model, data, LEARNING, parts={"0": "validation"}))
    assert model.card.target_scale.gain[0] == pytest.approx(5, rel=0.1)
    for each in exposures(3, gain=5, seed=9):
        clean = each.target.array
        line = np.polyfit(clean.ravel(), each.image.array.ravel(), 1)  # the best that a gain alone can do
        undone = (each.image.array - line[1]) / line[0]
        assert error(restore(model, each.image).image.array, clean) < 0.75 * error(undone, clean)


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_the_same_seed_gives_the_same_weights_and_another_one_others(pairs, method):
    data = data_of(method, pairs)
    weights = []
    for seed in (0, 0, 1):
        model = fresh(method, data)
        list(train(model, data, replace(QUICK, steps=4, seed=seed)))
        weights.append(torch.cat([each.flatten() for each in model.net.parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_a_run_that_is_broken_off_and_resumed_writes_the_same_files(pairs, method, tmp_path):
    data = data_of(method, pairs)
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    list(train(fresh(method, data), data, QUICK, store=ModelFolder(straight)))
    steps = train(fresh(method, data), data, QUICK, store=ModelFolder(broken))
    for step in steps:
        if step.number == 5:
            steps.close()
    assert restore(Model.load(broken), data[0].image).image.array.shape == (1, 64, 64)  # usable at once
    list(train(ModelFolder(broken).unfinished_model(), data, store=ModelFolder(broken), resume=True))
    for name in ("train.csv", "weights.safetensors", "last.safetensors"):
        assert (broken / name).read_bytes() == (straight / name).read_bytes(), name
    one, other = Model.load(broken).card, Model.load(straight).card
    for name in ("normalisation", "target_scale", "fingerprint", "settings", "scores"):
        assert getattr(one, name) == getattr(other, name), name


def test_what_was_allowed_at_the_start_is_allowed_when_training_goes_on(tmp_path):
    rng = np.random.default_rng(0)
    smooth = [ndimage.gaussian_filter(rng.normal(100, 50, (1, 64, 64)), (0, 3, 3)) for _ in range(2)]
    data = [Restorable(Image(each, name=str(n)), None, str(n)) for n, each in enumerate(smooth)]
    with pytest.raises(BadInput, match="hardly any noise"):
        list(train(fresh("n2v", data), data, QUICK))
    store = ModelFolder(tmp_path / "m")
    steps = train(fresh("n2v", data), data, replace(QUICK, anyway=True), store=store)
    next(steps)
    steps.close()
    *_, last = train(store.unfinished_model(), data, store=store, resume=True)
    assert last.number == QUICK.steps


@pytest.mark.parametrize(("behind", "kept"), [(0.04, 8), (0.06, 1)])
def test_the_last_weights_are_kept_where_they_are_as_good(pairs, monkeypatch, behind, kept):
    scores = iter([30.0] + [30.0 - behind] * 100)
    monkeypatch.setattr(restoration_validation.RestorationValidation, "score", lambda *_: next(scores))
    model = fresh("n2v", alone(pairs))
    seen = {}
    for step in train(model, alone(pairs), replace(QUICK, steps=8)):
        seen[step.number] = {name: value.clone() for name, value in model.net.state_dict().items()}
    assert model.card.training.best_step == kept
    assert all(torch.equal(value, seen[kept][name]) for name, value in model.net.state_dict().items())


def test_one_image_trains_without_a_choice_and_says_so(pairs):
    data = alone(pairs[:1])
    model = fresh("n2v", data)
    list(train(model, data, QUICK))
    assert model.card.scores.selection is None
    assert model.card.training.best_step == QUICK.steps


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_fine_tuning_keeps_how_images_are_scaled(pairs, method):
    data = data_of(method, pairs)
    model = fresh(method, data)
    list(train(model, data, replace(QUICK, steps=1)))
    if method == "care":  # percentiles that are not those of a new model
        model = model.with_card(normalisation=replace(model.card.normalisation, low=5.0))
    photons = 400 if method == "care" else 50  # Noise2Void keeps the scale of images that are much alike
    other = data_of(method, list(exposures(3, photons=photons, gain=9, seed=4)))
    tuned = model.for_data(other, name="tuned")
    list(train(tuned, other, replace(QUICK, steps=1)))
    assert tuned.card.started_from == "small"
    assert tuned.card.normalisation == model.card.normalisation
    assert tuned.card.fingerprint != model.card.fingerprint
    if method == "care":
        assert tuned.card.target_scale.gain[0] == pytest.approx(
            9, rel=0.1
        )  # units are those of the new pairs


@pytest.mark.parametrize(("factor", "offset"), [(256, 0), (1, 5000), (0.01, 0)])
def test_fine_tuning_on_another_camera_measures_its_scale(pairs, factor, offset):
    data = alone(pairs)
    model = fresh("n2v", data)
    list(train(model, data, replace(QUICK, steps=1)))
    other = [
        replace(each, image=replace(each.image, array=factor * each.image.array + offset)) for each in data
    ]
    tuned = model.for_data(other, name="tuned")
    steps = list(train(tuned, other, replace(QUICK, steps=1)))
    assert steps[0].loss < 3
    old, new = (each.card.normalisation for each in (model, tuned))
    assert new.spread[0] == pytest.approx(factor * old.spread[0], rel=1e-3)


def test_three_dimensions_train_by_the_same_code():
    data = list(exposures(2, shape=(4, 32, 32)))
    for method in ("care", "n2v"):
        model = fresh(method, data_of(method, data))
        config = replace(QUICK, steps=3, patch=16, patch_depth=4)
        assert all(np.isfinite(step.loss) for step in train(model, data_of(method, data), config))
        assert model.card.axes == "ZYX"
        assert restore(model, data[0].image).image.array.shape == (1, 4, 32, 32)
