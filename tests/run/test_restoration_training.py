"""CARE and Noise2Void learn, go on after a break, and choose by what can be compared."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from convivo.errors import BadInput
from convivo.model import Model, ModelFolder
from convivo.run import restoration_training
from convivo.run.config import TrainConfig
from convivo.run.restore import restore
from convivo.run.train import TrainingRun, train
from convivo.types import Image, Restorable
from restorers import alone, exposures

QUICK = TrainConfig(steps=12, patch=32, batch=2, precision="float32")
LEARNING = TrainConfig(steps=80, patch=32, batch=4, precision="float32", rate=6e-3)


@pytest.fixture(autouse=True)
def _few_hidden_pixels(monkeypatch):
    monkeypatch.setattr(restoration_training, "HIDDEN", 500)


@pytest.fixture(scope="module")
def pairs():
    return list(exposures(5))


def small(method, data, **sizes):
    return Model.new(method, data, name="small", **{"filters": 4, "depth": 1, **sizes})


def data_of(method, pairs):
    return alone(pairs) if method == "n2v" else pairs


def error(image, truth):
    return float(np.sqrt(np.mean((image.astype(np.float64) - truth) ** 2)))


def test_noise2void_brings_noisy_images_nearer_to_the_clean_ones(pairs):
    noisy = alone(pairs)
    model = small("n2v", noisy, filters=8)
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
    model = small("care", data, filters=8)
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
        model = small(method, data)
        list(train(model, data, replace(QUICK, steps=4, seed=seed)))
        weights.append(torch.cat([each.flatten() for each in model.net.parameters()]))
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_a_run_that_is_broken_off_and_resumed_writes_the_same_files(pairs, method, tmp_path):
    data = data_of(method, pairs)
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    list(train(small(method, data), data, QUICK, store=ModelFolder(straight)))
    steps = train(small(method, data), data, QUICK, store=ModelFolder(broken))
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


@pytest.mark.parametrize(("behind", "kept"), [(0.04, 8), (0.06, 1)])
def test_the_last_weights_are_kept_where_they_are_as_good(pairs, monkeypatch, behind, kept):
    scores = iter([30.0] + [30.0 - behind] * 100)
    monkeypatch.setattr(restoration_training.RestorationValidation, "score", lambda *_: next(scores))
    model = small("n2v", alone(pairs))
    seen = {}
    for step in train(model, alone(pairs), replace(QUICK, steps=8)):
        seen[step.number] = {name: value.clone() for name, value in model.net.state_dict().items()}
    assert model.card.training.best_step == kept
    assert all(torch.equal(value, seen[kept][name]) for name, value in model.net.state_dict().items())


def test_one_image_trains_without_a_choice_and_says_so(pairs):
    data = alone(pairs[:1])
    model = small("n2v", data)
    list(train(model, data, QUICK))
    assert model.card.scores.selection is None
    assert model.card.training.best_step == QUICK.steps


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_images_that_choose_teach_nothing_not_even_how_images_are_scaled(pairs, method):
    strange = replace(
        pairs[0],
        image=replace(pairs[0].image, array=pairs[0].image.array * 3),
        target=replace(pairs[0].target, array=pairs[0].target.array * 50),
    )
    cards = []
    for first in (pairs[0], strange):
        data = data_of(method, [first, *pairs[1:]])
        model = small(method, data)
        list(train(model, data, replace(QUICK, steps=1), parts={first.name: "validation"}))
        cards.append(model.card)
    assert cards[0].scores.selection.images == 1
    assert cards[0].scores != cards[1].scores
    for name in ("normalisation", "target_scale", "fingerprint"):
        assert getattr(cards[0], name) == getattr(cards[1], name), name


def test_what_chooses_is_masked_in_the_same_way_each_time(pairs):
    data = alone(pairs)
    model = small("n2v", data)
    runs = [TrainingRun(model, data, replace(QUICK, seed=seed), None, {}, resume=False) for seed in (0, 0)]
    first, again = (run.validation._examples for run in runs)
    assert len(first) > 1
    assert sum(int(np.isfinite(wanted).sum()) for _, wanted in first) >= 500
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])
    assert runs[0].validation.score(model, "float32") == runs[0].validation.score(model, "float32")


def test_the_score_is_the_error_of_the_ensemble_s_mean_in_decibels(pairs):
    model = small("care", pairs, members=2, probabilistic=True)
    run = TrainingRun(model, pairs, QUICK, None, {}, resume=False)
    (shown, wanted), *others = run.validation._examples
    assert not others
    with torch.inference_mode():
        output = model.net.eval()(torch.from_numpy(shown)[None])[0].numpy()
    squares = np.mean((output[[0, 2]].mean(axis=0) - wanted[0]) ** 2)  # mean, scale, mean, scale
    assert run.validation.score(model, "float32") == pytest.approx(-10 * np.log10(squares), abs=1e-4)


def test_each_member_of_an_ensemble_has_patches_of_its_own(pairs):
    model = small("care", pairs, members=3)
    run = TrainingRun(model, pairs, QUICK, None, {}, resume=False)
    batch = run.batches.batch(0)
    assert batch.shown.shape == batch.wanted.shape == (3 * QUICK.batch, 1, 32, 32)
    assert len({each.tobytes() for each in batch.shown}) == 6
    before = [member.unet.head.weight.detach().clone() for member in model.net.members]
    run.step(batch)
    for member, head in zip(model.net.members, before, strict=True):
        assert not torch.equal(member.unet.head.weight, head)


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_fine_tuning_keeps_how_images_are_scaled(pairs, method):
    data = data_of(method, pairs)
    model = small(method, data)
    list(train(model, data, replace(QUICK, steps=1)))
    other = data_of(method, list(exposures(3, photons=400, gain=9, seed=4)))
    tuned = model.for_data(other, name="tuned")
    list(train(tuned, other, replace(QUICK, steps=1)))
    assert tuned.card.started_from == "small"
    assert tuned.card.normalisation == model.card.normalisation
    assert tuned.card.fingerprint != model.card.fingerprint
    if method == "care":
        assert tuned.card.target_scale.gain[0] == pytest.approx(
            9, rel=0.1
        )  # units are those of the new pairs


def test_three_dimensions_train_by_the_same_code():
    data = list(exposures(2, shape=(4, 24, 24)))
    for method in ("care", "n2v"):
        model = small(method, data_of(method, data))
        config = replace(QUICK, steps=3, patch=16, patch_depth=4)
        assert all(np.isfinite(step.loss) for step in train(model, data_of(method, data), config))
        assert model.card.axes == "ZYX"
        assert restore(model, data[0].image).image.array.shape == (1, 4, 24, 24)


def test_stacks_train_a_flat_net_plane_by_plane():
    data = alone(exposures(2, shape=(8, 32, 32)))
    model = small("n2v", data, dimensions=2)
    run = TrainingRun(model, data, QUICK, None, {}, resume=False)
    assert len(run.batches.patches.images) == 8
    assert run.batches.patches.images[0].shape == (1, 32, 32)
    list(train(model, data, replace(QUICK, steps=1)))
    assert restore(model, data[0].image).image.array.shape == (1, 8, 32, 32)


def test_mean_and_spread_are_those_of_all_training_pixels():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(100, 10, (2, 40, 30)), rng.normal(300, 50, (2, 20, 24))]
    data = [Restorable(Image(each, name=str(n)), None, str(n)) for n, each in enumerate(arrays)]
    model = small("n2v", data, separate=True)
    restoration_training.measure(model, data)
    for channel in range(2):
        pixels = np.concatenate([each[channel].ravel() for each in arrays])
        assert model.card.normalisation.mean[channel] == pytest.approx(pixels.mean())
        assert model.card.normalisation.spread[channel] == pytest.approx(pixels.std())


def test_what_a_net_should_say_is_the_target_in_the_units_that_the_net_is_shown(pairs):
    exact = [
        replace(each, target=replace(each.image, array=3 * each.image.array.astype(np.float32) + 7))
        for each in pairs
    ]
    model = small("care", exact)
    run = TrainingRun(model, exact, QUICK, None, {}, resume=False)
    patches = run.batches.patches
    for shown, wanted in zip(patches.images, patches._wanted, strict=True):
        np.testing.assert_allclose(wanted, shown, atol=1e-3)
    assert np.percentile(patches.images[0], [2, 99.8]) == pytest.approx([0, 1], abs=1e-4)


def test_patches_turn_without_a_change_of_their_values(pairs):
    run = TrainingRun(small("care", pairs), pairs, QUICK, None, {}, resume=False)
    known = np.unique(np.concatenate([each.ravel() for each in run.batches.patches.images]))
    assert np.isin(run.batches.batch(0).shown, known).all()


@pytest.mark.parametrize("axes", ["X", "Y"])
def test_noise_along_one_axis_is_never_turned_to_another(pairs, axes):
    rng = np.random.default_rng(0)
    lines = np.repeat(rng.normal(100, 10, (1, 64, 1)), 64, axis=2)  # each row has one value
    lines = lines if axes == "X" else lines.swapaxes(1, 2)
    data = [Restorable(Image(lines, name="rows"), None, "rows")]
    model = small("n2v", data).with_card(settings={"share": 0.05, "axes": axes, "reach": 2})
    run = TrainingRun(model, data, QUICK, None, {}, resume=False)
    asked = np.concatenate([run.batches.batch(step).wanted[:, 0] for step in range(6)])
    rows = np.concatenate(asked if axes == "X" else asked.swapaxes(1, 2))
    spread = [np.ptp(row[np.isfinite(row)]) for row in rows if np.isfinite(row).sum() > 1]
    assert len(spread) > 50
    assert max(spread) < 1e-4


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"array": np.full((1, 64, 64), np.nan, np.float32)}, "NaN"),
        ({"array": np.ones((1, 60, 64), np.float32)}, "field0 is Y 64 x X 64"),
    ],
)
def test_a_target_that_cannot_be_learned_from_is_refused(pairs, changes, words):
    spoiled = [replace(pairs[0], target=replace(pairs[0].target, **changes)), *pairs[1:]]
    with pytest.raises(BadInput, match=words):
        list(train(small("care", spoiled), spoiled, QUICK))


def test_a_method_is_given_what_it_learns_from(pairs):
    for method, data, words in [
        ("care", alone(pairs), "field0 has no target, and care learns from pairs"),
        ("n2v", pairs, "field0 has a target, and n2v learns from noisy images alone"),
    ]:
        with pytest.raises(BadInput, match=words):
            list(train(small(method, data), data, QUICK))
    flat = alone(pairs)
    with pytest.raises(BadInput, match="field0 has axes CYX, and a net of 3 dimensions needs Z"):
        list(train(small("n2v", flat, dimensions=3), flat, QUICK))
