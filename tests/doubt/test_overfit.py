"""Training that went too far, or not far enough, is told by its curve and by what it scores on its own images."""

import msgspec
import numpy as np
import pytest

from convivo.doubt import Level
from convivo.doubt.checks.overfit import ask
from convivo.model import Model, ModelFolder, PartScore, Row, Scores, State, Training, find_model

STEPS = 50 * np.arange(1, 21)


@pytest.fixture
def planted(tmp_path, data):
    """A model whose folder says that its training went so."""

    def plant(validation, *, best=None, losses=None, trained=None, chose=None, method="unet", **config):
        model = Model.new("unet", data, name="planted", filters=2, depth=1)
        scores = [float(each) for each in validation]
        best = STEPS[int(np.argmax(scores))] if best is None else best
        losses = np.linspace(1, 0.1, len(scores)) if losses is None else losses
        training = Training(
            seed=0, steps=1000, best_step=int(best), minutes=1, images=(), selection_images=(), config=config
        )
        card = msgspec.structs.replace(
            model.card, training=training, scores=Scores(selection=chose, training=trained)
        )
        model.card = card
        folder = ModelFolder(tmp_path / "planted")
        folder.write_model(model)
        rows = [Row(int(s), float(n), 1e-3, v) for s, n, v in zip(STEPS, losses, scores, strict=False)]
        folder.write_curve(State(curve=rows))
        return Model.load(folder.path)

    return plant


def part(accuracy, images=10):
    return PartScore(images=images, accuracy={"0.5": accuracy}, interval=(accuracy - 0.02, accuracy + 0.02))


def wobble(curve, seed=0):
    return curve + 0.005 * np.random.default_rng(seed).standard_normal(len(curve))


HILL = wobble(0.8 - 0.003 * (np.arange(20) - 7) ** 2)
PLATEAU = wobble(0.8 - 0.6 * np.exp(-np.arange(20) / 2))


def test_a_training_that_reached_its_plateau_is_fine(planted):
    (found,) = ask(planted(PLATEAU, trained=part(0.84), chose=part(0.8)))
    assert found.level is Level.fine


@pytest.mark.parametrize("name", ["nuclei", "nuclei-unet", "nuclei-care"])
def test_the_models_that_come_along_are_fine(name):
    (found,) = ask(Model.load(find_model(name)))
    assert found.level is Level.fine


def test_a_fall_is_a_note_where_the_weights_are_from_before_it(planted):
    (found,) = ask(planted(HILL))
    assert found.level is Level.note
    assert "overfitting" in found.evidence
    assert "before the fall" in found.evidence
    assert "last.safetensors" in found.advice


def test_a_fall_is_a_warning_where_the_weights_are_from_after_it(planted):
    (found,) = ask(planted(HILL, best=1000))
    assert found.level in (Level.warn, Level.stop)
    assert found.measured == pytest.approx(0.003 * 144, rel=0.2)
    assert "--steps 4" in found.advice


def test_a_time_budget_is_answered_by_minutes(planted):
    (found,) = ask(planted(HILL, best=1000, minutes=10.0))
    assert "--minutes" in found.advice
    (long,) = ask(planted(HILL, best=1000, minutes=600.0))
    assert "--minutes 240 " in long.advice


def test_a_loss_that_rose_too_is_no_overfitting(planted):
    (found,) = ask(planted(HILL, losses=np.linspace(0.1, 1, 20)))
    assert "unstable" in found.evidence


def test_a_second_half_that_halved_the_errors_asks_for_more(planted):
    (found,) = ask(planted(wobble(0.9 * (np.arange(20) / 20) ** 2)))
    assert found.level is Level.warn
    assert "--steps 2000" in found.advice


def test_images_learned_by_heart_are_a_gap(planted):
    (found,) = ask(planted(PLATEAU, trained=part(0.97), chose=part(0.7)))
    assert found.level is Level.stop
    few = ask(planted(PLATEAU, trained=part(0.97), chose=part(0.7, images=2)))
    assert [each.level for each in few] == [Level.note]


def test_a_gap_within_what_images_leave_to_chance_is_none(planted):
    wide = PartScore(images=10, accuracy={"0.5": 0.7}, interval=(0.5, 0.93))
    (found,) = ask(planted(PLATEAU, trained=part(0.9), chose=wide))
    assert found.level is Level.fine


def test_without_a_curve_it_says_so(data, tmp_path):
    model = Model.new("unet", data, name="bare", filters=2, depth=1)
    assert [each.level for each in ask(model)] == [Level.note]
    model.save(tmp_path / "bare")
    assert [each.level for each in ask(Model.load(tmp_path / "bare"))] == [Level.note]


def test_training_scores_the_images_that_trained(trained):
    scores = trained.card.scores
    assert scores.training.images == scores.selection.images
    assert scores.training.accuracy["0.5"] > 0.5


def test_a_training_that_was_killed_has_no_record_and_is_asked_all_the_same(planted):
    """Until a training ends, its card tells nothing of it; the curve is there."""
    model = planted(wobble(0.9 * (np.arange(20) / 20) ** 2)).with_card(training=None)
    model.folder = planted(wobble(0.9 * (np.arange(20) / 20) ** 2)).folder
    (found,) = ask(model)
    assert "no training is known" in found.evidence


def test_a_score_that_is_no_number_does_not_move_the_others(planted):
    broken = HILL.copy()
    broken[:3] = np.nan
    (found,) = ask(planted(broken, best=int(STEPS[np.nanargmax(broken)])))
    assert "height at step 400" in found.evidence
