"""What a training of CARE or Noise2Void is shown, what it should say, and what chooses."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from convivo.errors import BadInput, ConvivoError
from convivo.run import restoration_scales
from convivo.run.config import TrainConfig
from convivo.run.restore import restore
from convivo.run.train import TrainingRun, train
from convivo.types import Image, Restorable
from restorers import alone, data_of, exposures, fresh

pytestmark = pytest.mark.usefixtures("few_hidden_pixels")

QUICK = TrainConfig(steps=12, patch=32, batch=2, precision="float32")


@pytest.fixture(scope="module")
def pairs():
    return list(exposures(5))


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_images_that_choose_teach_nothing_not_even_how_images_are_scaled(pairs, method):
    (other,) = exposures(1, photons=4.0, seed=9)  # noisier, another field, on other scales
    strange = replace(
        pairs[0],
        image=replace(pairs[0].image, array=other.image.array * 3),
        target=replace(pairs[0].target, array=other.target.array * 50),
    )
    cards = []
    for first in (pairs[0], strange):
        data = data_of(method, [first, *pairs[1:]])
        model = fresh(method, data)
        list(train(model, data, replace(QUICK, steps=1), parts={first.name: "validation"}))
        cards.append(model.card)
    assert cards[0].scores.selection.images == 1
    assert cards[0].scores != cards[1].scores
    for name in ("normalisation", "target_scale", "fingerprint"):
        assert getattr(cards[0], name) == getattr(cards[1], name), name


def test_what_chooses_is_masked_in_the_same_way_each_time(pairs):
    data = alone(pairs)
    model = fresh("n2v", data)
    runs = [TrainingRun(model, data, replace(QUICK, seed=seed), None, {}, resume=False) for seed in (0, 0)]
    first, again = (run.validation._examples for run in runs)
    assert len(first) > 1
    assert sum(int(np.isfinite(wanted).sum()) for _, wanted in first) >= 500
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one[0], other[0])
        np.testing.assert_array_equal(one[1], other[1])
    assert runs[0].validation.score(model, "float32") == runs[0].validation.score(model, "float32")


@pytest.mark.parametrize("method", ["care", "n2v"])
def test_of_large_stacks_the_middle_chooses(method):
    stacks = list(exposures(3, shape=(18, 32, 40)))
    data = data_of(method, stacks)
    run = TrainingRun(fresh(method, data), data, QUICK, None, {}, resume=False)
    for example in run.validation._examples:
        for each in example:
            assert each.shape[1:] == (16, 32, 40)
            assert each.base is None  # the rest of the image can be let go


def test_the_score_is_the_error_of_the_ensemble_s_mean_in_decibels(pairs):
    model = fresh("care", pairs, members=2, probabilistic=True)
    run = TrainingRun(model, pairs, QUICK, None, {}, resume=False)
    (shown, wanted), *others = run.validation._examples
    assert not others
    with torch.inference_mode():
        output = model.net.eval()(torch.from_numpy(shown)[None])[0].numpy()
    squares = np.mean((output[[0, 2]].mean(axis=0) - wanted[0]) ** 2)  # mean, scale, mean, scale
    assert run.validation.score(model, "float32") == pytest.approx(-10 * np.log10(squares), abs=1e-4)


def test_each_member_of_an_ensemble_has_patches_of_its_own(pairs):
    model = fresh("care", pairs, members=3)
    run = TrainingRun(model, pairs, QUICK, None, {}, resume=False)
    batch = run.batches.batch(0)
    assert batch.shown.shape == batch.wanted.shape == (3 * QUICK.batch, 1, 32, 32)
    assert len({each.tobytes() for each in batch.shown}) == 6
    before = [member.unet.head.weight.detach().clone() for member in model.net.members]
    run.step(batch)
    for member, head in zip(model.net.members, before, strict=True):
        assert not torch.equal(member.unet.head.weight, head)


def test_stacks_train_a_flat_net_plane_by_plane():
    data = alone(exposures(2, shape=(8, 32, 32)))
    model = fresh("n2v", data, dimensions=2)
    run = TrainingRun(model, data, QUICK, None, {}, resume=False)
    assert len(run.batches.patches.images) == 8
    assert run.batches.patches.images[0].shape == (1, 32, 32)
    list(train(model, data, replace(QUICK, steps=1)))
    assert restore(model, data[0].image).image.array.shape == (1, 8, 32, 32)


def test_mean_and_spread_are_those_of_all_training_pixels():
    rng = np.random.default_rng(0)
    arrays = [rng.normal(100, 10, (2, 40, 30)), rng.normal(300, 50, (2, 20, 24))]
    data = [Restorable(Image(each, name=str(n)), None, str(n)) for n, each in enumerate(arrays)]
    model = fresh("n2v", data, separate=True)
    restoration_scales.measure(model, data)
    for channel in range(2):
        pixels = np.concatenate([each[channel].ravel() for each in arrays])
        assert model.card.normalisation.mean[channel] == pytest.approx(pixels.mean())
        assert model.card.normalisation.spread[channel] == pytest.approx(pixels.std())


def test_what_a_net_should_say_is_the_target_in_the_units_that_the_net_is_shown(pairs):
    exact = [
        replace(each, target=replace(each.image, array=3 * each.image.array.astype(np.float32) + 7))
        for each in pairs
    ]
    model = fresh("care", exact)
    run = TrainingRun(model, exact, QUICK, None, {}, resume=False)
    patches = run.batches.patches
    for shown, wanted in zip(patches.images, patches._wanted, strict=True):
        np.testing.assert_allclose(wanted, shown, atol=1e-3)
    assert np.percentile(patches.images[0], [2, 99.8]) == pytest.approx([0, 1], abs=1e-4)


def test_patches_turn_without_a_change_of_their_values(pairs):
    run = TrainingRun(fresh("care", pairs), pairs, QUICK, None, {}, resume=False)
    known = np.unique(np.concatenate([each.ravel() for each in run.batches.patches.images]))
    assert np.isin(run.batches.batch(0).shown, known).all()


@pytest.mark.parametrize("axes", ["X", "Y"])
def test_noise_along_one_axis_is_never_turned_to_another(pairs, axes):
    rng = np.random.default_rng(0)
    lines = np.repeat(rng.normal(100, 10, (1, 64, 1)), 64, axis=2)  # each row has one value
    lines = lines if axes == "X" else lines.swapaxes(1, 2)
    data = [Restorable(Image(lines, name="rows"), None, "rows")]
    model = fresh("n2v", data).with_card(settings={"share": 0.05, "axes": axes, "reach": 2})
    run = TrainingRun(model, data, replace(QUICK, anyway=True), None, {}, resume=False)
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
        list(train(fresh("care", spoiled), spoiled, QUICK))


@pytest.mark.parametrize(("restored", "channels"), [(1, 3), (2, 1)])
def test_a_net_that_goes_on_learning_is_given_targets_with_its_channels(pairs, restored, channels):
    model = fresh("care", pairs, restored=restored, residual=False)
    other = [
        replace(each, target=replace(each.target, array=each.target.array.repeat(channels, axis=0)))
        for each in pairs
    ]
    tuned = model.for_data(other, name="tuned")
    with pytest.raises(BadInput, match=f"target of field0 has {channels} channels, .* restores {restored}"):
        list(train(tuned, other, QUICK))


def two_channels(pairs):
    """What the target shows is the second channel; the first one is another field, as bright as it likes."""
    others = exposures(len(pairs), seed=5)
    arrays = [
        np.concatenate([10.0**number * other.image.array, each.image.array])
        for number, (each, other) in enumerate(zip(pairs, others, strict=True))
    ]
    return [
        replace(each, image=replace(each.image, array=array))
        for each, array in zip(pairs, arrays, strict=True)
    ]


def test_of_two_channels_the_one_that_the_target_resembles_gives_it_its_scale(pairs):
    data = two_channels(pairs)
    model = fresh("care", data)  # a net that is not residual follows from the channels
    list(train(model, data, replace(QUICK, steps=1)))
    assert model.card.target_scale.channels == (1,)
    assert model.card.target_scale.gain[0] == pytest.approx(5, rel=0.1)  # that of `exposures`
    for (shown, wanted), each in zip(restoration_scales.prepared_pages(model, data), data, strict=True):
        assert np.corrcoef(shown[1].ravel(), wanted[0].ravel())[0, 1] > 0.5
        assert np.polyfit(wanted[0].ravel(), shown[1].ravel(), 1)[0] == pytest.approx(1, rel=0.2), each.name
    image = data[0].image
    as_it_is, brighter, shifted = (
        restore(model, replace(image, array=image.array * np.reshape(gain, (2, 1, 1)) + offset)).image.array
        for gain, offset in [((1, 1), 0), ((9, 1), 0), ((1, 1), 70)]
    )
    np.testing.assert_allclose(brighter, as_it_is, rtol=1e-3)  # the other channel's brightness says nothing
    np.testing.assert_allclose(shifted, as_it_is + 70 * model.card.target_scale.gain[0], rtol=1e-3)
    blank = np.broadcast_to(np.float32([[[3]], [[8]]]), (2, 40, 40))
    known = restore(model, Image(blank)).image.array
    gain, offset = model.card.target_scale.gain[0], model.card.target_scale.offset[0]
    assert known == pytest.approx(8 * gain + offset)


def test_a_net_that_goes_on_learning_keeps_the_channel_that_gives_the_scale(pairs):
    data = two_channels(pairs)
    model = fresh("care", data)
    restoration_scales.measure(model, data)
    swapped = [replace(each, image=replace(each.image, array=each.image.array[::-1])) for each in data]
    tuned = model.for_data(swapped, name="tuned")
    restoration_scales.measure(tuned, swapped)
    assert tuned.card.target_scale.channels == model.card.target_scale.channels == (1,)


def test_as_many_channels_as_the_target_has_go_by_their_numbers(pairs):
    data = [
        replace(each, target=replace(each.target, array=each.target.array.repeat(2, axis=0)))
        for each in two_channels(pairs)
    ]
    model = fresh("care", data)
    restoration_scales.measure(model, data)
    assert model.card.target_scale.channels == (0, 1)


def test_a_method_is_given_what_it_learns_from(pairs):
    for method, data, words in [
        ("care", alone(pairs), "field0 has no target, and care learns from pairs"),
        ("n2v", pairs, "field0 has a target, and n2v learns from noisy images alone"),
    ]:
        with pytest.raises(BadInput, match=words):
            list(train(fresh(method, data), data, QUICK))
    flat = alone(pairs)
    with pytest.raises(BadInput, match="field0 has axes CYX, and a net of 3 dimensions needs Z"):
        list(train(fresh("n2v", flat, dimensions=3), flat, QUICK))


def test_a_net_that_answers_no_numbers_does_not_count_as_exact(pairs):
    model = fresh("care", pairs)
    run = TrainingRun(model, pairs, QUICK, None, {}, resume=False)
    torch.nn.init.constant_(model.net.members[0].unet.head.bias, float("nan"))
    with pytest.raises(ConvivoError, match="not finite"):
        run.validation.score(model, "float32")
