"""What more data brings: nested parts, one side to score on, and a conclusion that chance does not make."""

from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.model import Model, ModelFolder
from convivo.ops.scores import Matching, PixelScore
from convivo.run import curve
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.config import TrainConfig
from convivo.run.evaluate import ImageScore
from convivo.run.predict import Predictor
from simulated import nuclei

FIELDS = nuclei(20)
QUICK = TrainConfig(steps=2, patch=48, batch=1, patience=curve.NEVER)


def names(examples):
    return {each.name for each in examples}


def test_parts_are_nested_and_scored_on_the_same_images():
    planned = curve.trials(FIELDS, "unet")
    assert [each.images for each in planned] == [2, 4, 8, 17, 17]
    assert [each.filters for each in planned] == [16, 16, 16, 16, 32]
    for smaller, wider in pairwise(planned):
        assert names(smaller.train) <= names(wider.train)
        assert names(smaller.validation) == names(wider.validation)
    assert not names(planned[-1].train) & names(planned[-1].validation)
    assert len({each.name for each in planned}) == 5


def test_no_group_is_in_a_part_by_half():
    tiles = [replace(each, group=str(number // 4)) for number, each in enumerate(FIELDS)]
    planned = curve.trials(tiles, "unet", seed=3)
    assert [each.images for each in planned] == [
        4,
        8,
        16,
        16,
    ]  # of four groups an eighth and a quarter are one
    for trial in planned:
        assert len({each.group for each in trial.train}) * 4 == trial.images


def test_what_groups_csv_says_is_kept():
    parts = {each.name: "validation" if number < 6 else "train" for number, each in enumerate(FIELDS)}
    planned = curve.trials(FIELDS, "stardist", parts=parts, filters=4)
    assert names(planned[0].validation) == names(FIELDS[:6])
    assert [each.filters for each in planned][-2:] == [4, 8]
    again, other = (curve.trials(FIELDS, "unet", parts=parts, seed=seed)[1] for seed in (0, 1))
    assert names(again.train) == names(planned[1].train) != names(other.train)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(BadInput, match="leave no parts") as caught:
        curve.trials(FIELDS[:2], "unet")
    assert "three groups" in caught.value.fix
    with pytest.raises(BadInput, match="care finds no objects"):
        curve.trials(FIELDS, "care")


def test_a_training_goes_on_and_is_never_repeated(tmp_path, monkeypatch):
    torch = PredictOptions(engine=Wanted("torch", "float32"))  # no engine needs to be compiled
    monkeypatch.setattr(curve, "Predictor", lambda model: Predictor(model, torch))
    parts = {each.name: "validation" for each in FIELDS[:2]}
    trial = curve.trials(FIELDS[:4], "unet", parts=parts, filters=4)[0]
    store = ModelFolder(tmp_path / trial.name)
    steps = curve.learn(trial, store, "unet", replace(QUICK, steps=4), depth=1)
    next(steps), next(steps)
    steps.close()
    assert store.holds_state
    rest = [step.number for step in curve.learn(trial, store, "unet", QUICK, depth=1)]
    assert rest == [3, 4]  # by the settings with which it began
    assert list(curve.learn(trial, store, "unet", QUICK)) == []
    training = Model.load(store.path).card.training
    assert (set(training.images), set(training.selection_images)) == (
        names(trial.train),
        names(trial.validation),
    )
    standing = curve.standing(trial, store)
    assert [score.name for score in standing.scores] == [each.name for each in trial.validation]
    assert [each.iou for each in standing.scores[0].matchings] == [0.5, 0.6, 0.7, 0.8, 0.9]
    other = curve.trials(FIELDS[4:8], "unet", filters=4)[0]
    for another, method in ((other, "unet"), (trial, "stardist"), (replace(trial, filters=8), "unet")):
        with pytest.raises(BadInput, match="holds a unet of 4 filters, or one of other images"):
            list(curve.learn(another, store, method, QUICK))


def standings(*accuracies, images=(5, 10, 20, 40), wobble=0, seed=0):
    """Trials of which each found so large a share of a hundred objects in each of 12 images; the last is the larger."""
    rng = np.random.default_rng(seed)
    made = []
    for number, accuracy in enumerate(accuracies):
        larger = number == len(accuracies) - 1
        count = images[min(number, len(accuracies) - 2)]
        right = np.clip(100 * accuracy + wobble * rng.normal(size=12), 0, 100).astype(int).tolist()
        scores = [
            ImageScore(
                str(each),
                tuple(Matching(iou, hits, 0, 100 - hits, hits) for iou in (0.5, 0.9)),
                PixelScore(0, 0, 0),
            )
            for each, hits in enumerate(right)
        ]
        trial = curve.Trial(str(number), tuple(FIELDS[:1] * count), (), 32 if larger else 16, larger)
        made.append(curve.Standing(trial, None, tuple(scores)))
    return made


def test_gains_are_differences_of_accuracies_with_what_chance_leaves():
    found = curve.conclude(standings(0.4, 0.5, 0.6, 0.7, 0.75, wobble=3))
    assert [each.size for each in found.accuracy] == pytest.approx([0.4, 0.5, 0.6, 0.7, 0.75], abs=0.03)
    assert found.data.size == found.accuracy[3].size - found.accuracy[2].size
    assert found.net.size == found.accuracy[4].size - found.accuracy[3].size
    assert found.data_over_net.size == pytest.approx(found.data.size - found.net.size)
    assert found.data.low < found.data.size < found.data.high
    assert found.data.is_real


def test_a_gain_within_chance_is_none():
    """Of 20 curves that are flat but for chance, one or two are expected to lie outside a 95 % interval."""
    found = [curve.conclude(standings(*[0.6] * 5, wobble=8, seed=seed)) for seed in range(20)]
    assert sum(each.net.is_real for each in found) <= 4
    assert sum(each.data.is_real for each in found) <= 4


def test_the_law_says_what_twice_as_many_images_bring():
    errors = [0.1 + number**-0.5 for number in (5, 10, 20, 40)]
    found = curve.conclude(standings(*(1 - error for error in errors), 0.7))
    assert found.doubled.size == pytest.approx(40**-0.5 - 80**-0.5, abs=0.01)
    assert found.why_no_law == ""


@pytest.mark.parametrize(
    ("accuracies", "why"),
    [
        ((0.5, 0.6, 0.7, 0.7), "3 numbers of images are too few"),
        ((0.5, 0.7, 0.6, 0.8, 0.8), "does not rise steadily"),
    ],
)
def test_no_law_is_fitted_to_too_little(accuracies, why):
    found = curve.conclude(standings(*accuracies))
    assert (found.law, found.doubled) == (None, None)
    assert why in found.why_no_law


def test_one_part_alone_says_nothing_of_data():
    found = curve.conclude(standings(0.5, 0.6))
    assert (found.data, found.data_over_net) == (None, None)
    assert found.net.size == pytest.approx(0.1)


def test_a_busy_machine_is_told():
    def of(*steps):
        made = standings(*[0.5] * len(steps))
        cards = [
            SimpleNamespace(card=SimpleNamespace(training=SimpleNamespace(steps=count))) for count in steps
        ]
        return [replace(each, model=card) for each, card in zip(made, cards, strict=True)]

    assert curve.uneven(of(100, 110, 105, 100, 20)) == ""
    assert "90 to 148 steps" in curve.uneven(of(148, 140, 90, 100, 20))


def test_no_time_goes_into_models_that_know_themselves(tmp_path, monkeypatch):
    asked = {}
    monkeypatch.setattr(curve, "train", lambda *_, **options: asked.update(options) or ())
    list(curve.learn(curve.trials(FIELDS, "unet")[0], ModelFolder(tmp_path / "m"), "unet", QUICK))
    assert asked["acquaint"] is False
