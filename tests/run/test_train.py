"""Training: it learns, it can be killed and resumed, and it ends properly however it ends."""

import os
import signal
import subprocess
import sys
import textwrap
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

import convivo.run.train as trained_by
from convivo.errors import BadInput, ConvivoError, OutOfMemory
from convivo.methods.unet import METHOD as UNET
from convivo.model import Model, ModelFolder
from convivo.nets.unet import UNet
from convivo.ops.augment import Augmentation
from convivo.ops.scores import match
from convivo.run.config import TrainConfig
from convivo.run.labelled_patches import labelled_batches
from convivo.run.predict import predict
from convivo.run.train import TrainingRun, train
from convivo.types import Annotated, Image
from simulated import nuclei

QUICK = TrainConfig(steps=12, patch=48, batch=2, precision="float32")


def small(data, **changes):
    return Model.new("unet", data, name="small", filters=4, depth=1, **changes)


def test_ten_simulated_images_teach_an_accuracy_of_eight_tenths_in_seconds(trained):
    # four seeds gave 0.865 to 0.944
    unseen = nuclei(6, seed=99)
    matchings = [match(each.labels, predict(trained, each.image).labels) for each in unseen]
    found = sum(matching.true_positives for matching in matchings)
    assert found / sum(m.true_positives + m.false_negatives + m.false_positives for m in matchings) > 0.8


def test_the_card_tells_what_was_seen_and_how_good_it_was(trained):
    card = trained.card
    assert card.scores.selection.accuracy["0.5"] > 0.6
    assert not set(card.training.images) & set(card.training.selection_images)
    assert len(card.training.images) + len(card.training.selection_images) == 10
    natural, shown = card.fingerprint.class_frequencies, card.fingerprint.shown_frequencies
    assert shown.keys() == natural.keys()
    assert sum(shown.values()) == pytest.approx(1)
    assert [len(middle) for middle, _ in card.fingerprint.features] == [8, 16, 16]


def test_the_same_seed_gives_the_same_weights(data):
    first, second = small(data), small(data)
    for model in (first, second):
        list(train(model, data, QUICK))
    for one, other in zip(first.net.parameters(), second.net.parameters(), strict=True):
        assert torch.equal(one, other)


def test_a_run_that_is_broken_off_and_resumed_writes_the_same_files(data, tmp_path):
    straight, broken = tmp_path / "straight", tmp_path / "broken"
    list(train(small(data), data, QUICK, store=ModelFolder(straight)))
    steps = train(small(data), data, QUICK, store=ModelFolder(broken))
    for step in steps:
        if step.number == 5:
            steps.close()
    assert Model.load(broken)  # usable at once
    list(train(small(data), data, store=ModelFolder(broken), resume=True))
    assert (broken / "train.csv").read_text() == (straight / "train.csv").read_text()
    known = [row for row in ModelFolder(straight).curve() if row.validation is not None]
    assert known
    assert all(row.validation_loss > 0 for row in known)
    for name in ("weights.safetensors", "last.safetensors"):
        assert (broken / name).read_bytes() == (straight / name).read_bytes(), name
    assert not (broken / "training.safetensors").exists()
    one, other = Model.load(broken).card, Model.load(straight).card
    assert (one.normalisation, one.fingerprint) == (other.normalisation, other.fingerprint)


def test_ctrl_c_inside_a_step_saves_nothing_of_it(data, tmp_path, monkeypatch):
    from convivo.run.learner import Learner

    straight, broken = tmp_path / "straight", tmp_path / "broken"
    list(train(small(data), data, QUICK, store=ModelFolder(straight)))
    learn, calls = Learner.learn, []

    def interrupted(learner, batch, rate):
        loss = learn(learner, batch, rate)
        calls.append(loss)
        if len(calls) == 6:
            raise KeyboardInterrupt
        return loss

    monkeypatch.setattr(Learner, "learn", interrupted)
    model = small(data)
    with pytest.raises(KeyboardInterrupt):
        list(train(model, data, QUICK, store=ModelFolder(broken)))
    assert ModelFolder(broken).unfinished().state.step == 5
    best = Model.load(broken).net.state_dict()
    assert all(torch.equal(weight, best[name]) for name, weight in model.net.state_dict().items())
    list(train(small(data), data, store=ModelFolder(broken), resume=True))
    for name in ("train.csv", "last.safetensors"):
        assert (broken / name).read_bytes() == (straight / name).read_bytes(), name


def test_images_that_choose_teach_nothing_not_even_what_is_normal(data):
    strange = Annotated(Image(data[0].image.array * 7 + 300, name=data[0].name), data[0].labels, "field0")
    cards = []
    for first in (data[0], strange):
        images, parts = [first, *data[1:]], {first.name: "validation"}
        model = small(images)
        list(train(model, images, TrainConfig(steps=1, patch=48, batch=1, precision="float32"), parts=parts))
        cards.append(model.card)
    assert cards[0].fingerprint.images == 9
    assert cards[0].normalisation == cards[1].normalisation
    assert cards[0].fingerprint == cards[1].fingerprint


def test_training_and_prediction_show_the_net_the_same(data):
    model = small(data)
    run = TrainingRun(model, data, QUICK, None, {}, resume=False)
    list(train(model, data, QUICK))
    for shown, each in zip(run.batches.patches.images, run.split.train, strict=True):
        assert model.card.normalisation.floor
        assert np.array_equal(shown, model.prepare(each.image.array))


@pytest.mark.parametrize(
    "changes",
    [
        {"seed": -1},
        {"rate": 0.0},
        {"steps": 0},
        {"minutes": 0.0},
        {"minutes": float("inf")},
        {"minutes": float("nan")},
        {"rate": float("inf")},
    ],
)
def test_settings_that_mean_nothing_are_refused(changes):
    with pytest.raises(BadInput, match=next(iter(changes))):
        TrainConfig(**changes)


KILLED = """
    import sys
    import torch
    torch.set_num_threads(1)
    from convivo.model import Model, ModelFolder
    from convivo.run.train import TrainConfig, train
    from simulated import nuclei
    data = nuclei(10)
    model = Model.new("unet", data, name="small", filters=4, depth=1)
    for step in train(model, data, TrainConfig(steps=60, patch=48, batch=2, precision="float32"),
                      store=ModelFolder(sys.argv[1])):
        print(step.number, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no SIGKILL")
def test_a_run_killed_at_any_moment_resumes_to_the_same_curve(data, tmp_path):
    config = TrainConfig(steps=60, patch=48, batch=2, precision="float32")
    list(train(small(data), data, config, store=ModelFolder(tmp_path / "straight")))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    command = [sys.executable, "-c", textwrap.dedent(KILLED), str(tmp_path / "killed")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        for line in process.stdout:
            if int(line) >= 31:  # past several checkpoints, between two of them
                process.kill()
                break
    folder = ModelFolder(tmp_path / "killed")
    with pytest.raises(BadInput, match="10 images, these are 9"):
        list(train(small(data), data[1:], store=folder, resume=True))
    list(train(folder.unfinished_model(), data, store=folder, resume=True))
    for name in ("train.csv", "last.safetensors"):
        assert (tmp_path / "killed" / name).read_bytes() == (tmp_path / "straight" / name).read_bytes()
    assert not list((tmp_path / "killed").glob(".*.part*"))


def test_a_time_budget_is_kept_and_the_rate_falls_to_its_end(data):
    config = TrainConfig(minutes=0.03, patch=48, batch=2, precision="float32", patience=100)
    steps = list(train(small(data), data, config))
    assert 1.7 < steps[-1].seconds < 4
    assert steps[-1].rate < 0.2 * max(step.rate for step in steps)
    assert steps[-1].progress == 1


def test_it_stops_early_when_nothing_improves(trained, data):
    model = Model(trained.card, UNet(trained.card.net))
    model.net.load_state_dict(trained.net.state_dict())
    config = TrainConfig(steps=400, patch=48, batch=2, rate=1e-12, patience=2, precision="float32")
    steps = list(train(model, data, config))
    assert steps[-1].number == 60  # the first validation and two without gain, 20 steps apart


def test_a_net_that_has_found_nothing_yet_is_not_stopped(data):
    config = TrainConfig(steps=40, patch=48, batch=2, rate=1e-12, patience=2, precision="float32")
    assert list(train(small(data), data, config))[-1].number == 40


def test_fine_tuning_starts_where_the_other_ended(trained, data):
    tuned = trained.for_data(data, name="tuned")
    before = {name: weight.clone() for name, weight in trained.net.state_dict().items()}
    assert tuned.card.started_from == "trained"
    assert tuned.card.normalisation == trained.card.normalisation
    assert all(torch.equal(weight, before[name]) for name, weight in tuned.net.state_dict().items())


def test_a_loss_that_explodes_is_reported_with_the_rate_to_try(data):
    config = TrainConfig(steps=50, patch=48, batch=2, rate=1e12, precision="float32")
    with pytest.raises(ConvivoError, match="the loss became") as caught:
        list(train(small(data), data, config))
    assert "--rate" in caught.value.fix


def test_a_batch_that_does_not_fit_names_what_to_make_smaller(data, monkeypatch):
    model = small(data)

    def greedy(output, wanted):
        raise RuntimeError("DefaultCPUAllocator: not enough memory: you tried to allocate")

    from convivo.run.learner import Learner

    monkeypatch.setattr(Learner, "_loss", greedy)
    with pytest.raises(OutOfMemory, match="2 x 1 x 48 x 48") as caught:
        list(train(model, data, QUICK))
    assert "--batch or --patch" in caught.value.fix


def test_data_without_an_object_is_refused(data):
    empty = [Annotated(each.image, np.zeros_like(each.labels), each.group) for each in data]
    with pytest.raises(BadInput, match="no annotated object"):
        list(train(small(empty), empty, QUICK))


def test_one_image_trains_without_a_choice_and_says_so(data):
    model = small(data[:1])
    list(train(model, data[:1], QUICK))
    assert model.card.scores.selection is None
    assert model.card.training.best_step == QUICK.steps


def test_unknown_pixels_teach_nothing(data):
    """Half-annotated images: what is below 0 may hold anything without changing the weights."""
    weights = []
    for other in (0, 5000):
        labels = [np.where(np.arange(96)[:, None] < 48, each.labels.astype(np.int32), -1) for each in data]
        images = [each.image.array.copy() for each in data]
        halves = [
            Annotated(Image(image, name=each.name), half, each.group)
            for image, half, each in zip(images, labels, data, strict=True)
        ]
        model = small(data)
        list(train(model, halves, TrainConfig(steps=3, patch=96, batch=1, precision="float32")))
        weights.append([weight.clone() for weight in model.net.parameters()])
        assert all(torch.isfinite(weight).all() for weight in weights[-1]), other


def test_three_dimensions_train_by_the_same_code():
    data = nuclei(3, shape=(8, 48, 48), objects=4, diameter=12.0)
    model = Model.new("unet", data, name="stack", filters=4, depth=1)
    steps = list(
        train(model, data, TrainConfig(steps=6, patch=32, patch_depth=8, batch=1, precision="float32"))
    )
    assert all(np.isfinite(step.loss) for step in steps)
    assert predict(model, data[0].image).labels.shape == (8, 48, 48)


def test_rare_classes_are_shown_more_often_than_they_are(data):
    config = replace(QUICK, patch=32, augmentation=Augmentation(empty=0))
    batches = labelled_batches(small(data), data, config.completed(UNET))
    border = UNET.classes.index("border")
    shown = batches.patches.shown_frequencies(config.seed)
    assert shown[border] > 1.2 * batches.patches.places.natural_frequencies()[border]


def test_some_patches_are_empty_fields(data):
    def drawn(share):
        config = TrainConfig(patch=64, augmentation=Augmentation(empty=share))
        batches = labelled_batches(small(data), data, config.completed(UNET))
        return np.concatenate([batches.batch(step).wanted[:, 0] for step in range(10)])

    assert not drawn(1.0).any()
    full, mixed = drawn(0.0), drawn(0.3)
    assert full.any(axis=(1, 2)).mean() > mixed.any(axis=(1, 2)).mean() > 0.3


def test_the_rate_is_the_method_s_own_and_lower_for_fine_tuning(data):
    stars = Model.new("stardist", data, name="stars", filters=4, depth=1, features=4, rays=8)
    for model, rate in [
        (small(data), 1e-3),
        (small(data).for_data(data, name="finer"), 3e-4),
        (stars, 2e-3),
    ]:
        assert TrainingRun(model, data, QUICK, None, {}, resume=False).config.rate == pytest.approx(rate)
    asked = replace(QUICK, rate=0.5)
    assert TrainingRun(small(data), data, asked, None, {}, resume=False).config.rate == 0.5


@pytest.fixture
def long_ago(monkeypatch):
    """A training of six minutes, and what is asked of the model at its end."""
    asked = []
    monkeypatch.setattr(trained_by, "perf_counter", iter(range(0, 10**6, 6)).__next__)
    monkeypatch.setattr(trained_by, "affordable", lambda model, tried, seconds: asked.append(seconds) or 6)
    monkeypatch.setattr(
        trained_by,
        "acquainted",
        lambda model, known, tried, *, most: asked.append(most) or replace(model.card.fingerprint, objects=0),
    )
    return asked


LONG = replace(QUICK, steps=60)


def test_a_long_training_ends_with_altered_images_in_part_of_its_time(data, tmp_path, long_ago):
    steps = list(train(small(data), data, LONG, store=ModelFolder(tmp_path / "m")))
    assert [each.is_last for each in steps] == [False] * 59 + [True]
    seconds, images = long_ago
    assert seconds == pytest.approx(0.25 * steps[-1].seconds, rel=0.1)
    assert images == 6 < steps[-1].seconds / 60
    assert Model.load(tmp_path / "m").card.fingerprint.objects == 0


def test_no_more_images_are_altered_than_a_training_took_minutes(data, long_ago, monkeypatch):
    monkeypatch.setattr(trained_by, "affordable", lambda *_: 1000)
    *_, last = train(small(data), data, LONG)
    assert long_ago == [int(last.seconds / 60)]


@pytest.mark.parametrize("short", ["training", "time", "asked not to"])
def test_without_time_no_image_is_altered(data, long_ago, monkeypatch, short):
    if short == "time":
        monkeypatch.setattr(trained_by, "affordable", lambda *_: 4)
    config = QUICK if short == "training" else LONG
    list(train(small(data), data, config, acquaint=short != "asked not to"))
    assert not long_ago


def test_ctrl_c_among_altered_images_leaves_a_finished_model(data, tmp_path, long_ago, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(trained_by, "acquainted", interrupted)
    list(train(small(data), data, LONG, store=ModelFolder(tmp_path / "m")))
    store = ModelFolder(tmp_path / "m")
    assert store.holds_finished_model
    assert not store.holds_state
    scores = Model.load(store.path).card.scores
    assert scores.selection is not None
    assert scores.training is not None


def test_a_training_that_is_killed_among_altered_images_leaves_a_finished_model(
    data, tmp_path, long_ago, monkeypatch
):
    def killed(*_, **__):
        raise SystemExit

    monkeypatch.setattr(trained_by, "acquainted", killed)
    with pytest.raises(SystemExit):
        list(train(small(data), data, LONG, store=ModelFolder(tmp_path / "m")))
    assert ModelFolder(tmp_path / "m").holds_finished_model
    assert Model.load(tmp_path / "m").card.scores.training is not None
