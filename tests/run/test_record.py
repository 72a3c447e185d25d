"""The bottleneck is described from little, and never at the price of the model."""

from math import prod

import numpy as np
import pytest
import torch

from convivo.model import Model
from convivo.model.card import card_to_json
from convivo.run.feature_maps import LARGEST
from convivo.run.record import bottleneck_statistics
from convivo.run.train import TrainConfig, TrainingRun, train


@pytest.mark.parametrize("shape", [(4100, 300), (600, 600), (64, 300, 300), (2, 1500, 1500)])
def test_no_more_than_a_bounded_number_of_voxels_is_shown(data, monkeypatch, shape):
    model, seen = Model.new("unet", data, name="small", filters=4, depth=2), []

    def encode(shown):
        seen.append(tuple(shown.shape[2:]))
        return [torch.zeros(1, 3, *shown.shape[2:])]

    monkeypatch.setattr(model.net, "encode", encode)
    monkeypatch.setattr(Model, "strides", (1,) * len(shape))
    bottleneck_statistics(model, [np.zeros((1, *shape), np.float32)])
    assert LARGEST / 4 < prod(seen[0]) <= LARGEST


def test_a_bottleneck_of_one_position_does_not_vary(data):
    model = Model.new("unet", data, name="small", filters=4, depth=2)
    mean, covariance = bottleneck_statistics(model, [np.ones((1, 4, 4), np.float32)])
    assert len(mean) == len(covariance) > 1
    assert not np.any(covariance)
    model.measure(data)
    card_to_json(model.card)


def test_too_little_memory_for_the_description_leaves_the_model(data, tmp_path, monkeypatch):
    model = Model.new("unet", data, name="small", filters=4, depth=1)
    steps = train(model, data, TrainConfig(steps=1, patch=48, batch=1, precision="float32"))
    next(steps)

    def greedy(model, pixels):
        raise MemoryError

    monkeypatch.setattr("convivo.run.record.feature_maps", greedy)
    list(steps)
    model.save(tmp_path / "model")
    card = Model.load(tmp_path / "model").card
    assert card.training.steps == 1
    assert card.fingerprint.features_mean == ()


def test_a_training_of_minutes_is_tried_on_altered_images(data, monkeypatch):
    """As many images as it took minutes; a short one has no time for that."""
    asked = []
    monkeypatch.setattr(
        "convivo.run.train.acquainted",
        lambda model, known, tried, **how: (
            asked.append((len(known), len(tried), how)) or model.card.fingerprint
        ),
    )
    for seconds, expected in ((0.0, []), (400.0, [(8, 2, {"most": 6})])):
        model = Model.new("unet", data, name="short", filters=4, depth=2)
        run = TrainingRun(model, data, TrainConfig(steps=1, patch=32, batch=2), None, {}, resume=False)
        run.state.seconds = seconds
        run.finish()
        assert asked == expected
