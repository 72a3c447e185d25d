"""Training that went too far, or not far enough, is told by its curve and by what it scores on its own images."""

from pathlib import Path

import msgspec
import numpy as np
import pytest

from convivo.doubt import Level
from convivo.doubt.checks.overfit import ask
from convivo.model import Model, ModelFolder, PartScore, Row, Scores, State, Training, find_model

CURVES = Path(__file__).parent / "curves"
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
    interval = (accuracy - 0.02, accuracy + 0.02)
    return PartScore(images=images, objects=40 * images, accuracy={"0.5": accuracy}, interval=interval)


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


@pytest.fixture
def with_curve(planted):
    """A model whose training went as a real one did: on 40 to 100 fields, or on 64 x 64 pixels with five nuclei."""

    def plant(name, best, *, forget_loss=False):
        model = planted([0.5] * 20, best=best)
        text = (CURVES / f"{name}.csv").read_text()
        if forget_loss:  # as it was written once
            text = "\n".join(line.rpartition(",")[0] for line in text.splitlines())
        (model.folder / "train.csv").write_text(text)
        return model

    return plant


def test_a_net_that_learned_by_heart_is_told_by_its_loss_although_it_finds_as_many_objects(with_curve):
    """Its accuracy on new images went from 0.35 to 0.36, its loss on them from 0.43 to 4."""
    found = ask(with_curve("overfitted", best=900))
    (told,) = (each for each in found if "certainty" in each.evidence)
    assert told.level is Level.warn
    assert told.measured == pytest.approx(np.log2(3.94 / 0.51), abs=0.2)
    assert "7.8 times that loss" in told.evidence
    assert "probabilities" in told.advice


def test_weights_from_before_the_loss_rose_are_worth_a_note(with_curve):
    (told,) = (each for each in ask(with_curve("overfitted", best=45)) if "certainty" in each.evidence)
    assert told.level is Level.note
    assert "before it rose" in told.evidence
    assert "last.safetensors" in told.advice


def losses_of(planted, losses, *, best, trained=None):
    """A model whose loss on the images that chose went so, while its scores stayed."""
    trained = np.linspace(1, 0.1, 20) if trained is None else trained
    model = planted([0.5] * 20, best=best)
    rows = [
        Row(int(s), float(n), 1e-3, 0.5, float(v)) for s, n, v in zip(STEPS, trained, losses, strict=True)
    ]
    ModelFolder(model.folder).write_curve(State(curve=rows))
    return [each for each in ask(model) if "certainty" in each.evidence]


RISING = np.r_[8, 0.2, 0.2, 0.2, 0.2 * 1.2 ** np.arange(16)]


def test_weights_that_had_not_learned_yet_are_not_too_sure(planted):
    (early,) = losses_of(planted, RISING, best=STEPS[0])
    assert early.level is Level.note
    (late,) = losses_of(planted, RISING, best=STEPS[-1])
    assert late.level is Level.warn


def test_a_loss_that_rose_everywhere_is_no_overfitting(planted):
    assert losses_of(planted, RISING, best=STEPS[0], trained=np.linspace(0.1, 1, 20)) == []


def test_a_loss_that_wobbles_or_rises_a_little_is_none(planted):
    assert losses_of(planted, 2 ** np.random.default_rng(0).normal(size=20), best=STEPS[-1]) == []
    assert losses_of(planted, 0.2 * 1.02 ** np.arange(20), best=STEPS[-1]) == []


def test_a_loss_that_stays_low_is_fine(with_curve):
    (found,) = ask(with_curve("healthy", best=850))
    assert found.level is Level.fine


def test_a_curve_without_losses_is_asked_for_its_scores(with_curve):
    found = ask(with_curve("overfitted", best=900, forget_loss=True))
    assert found
    assert not any("certainty" in each.evidence for each in found)


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


@pytest.mark.parametrize(("objects", "level"), [(3, Level.fine), (8, Level.note), (200, Level.stop)])
def test_few_objects_that_were_all_found_are_no_proof(planted, objects, level):
    """An interval over images has no width where all is right, or where there is one image."""
    few = PartScore(images=1, objects=objects, accuracy={"0.5": 1.0}, interval=(1.0, 1.0))
    found = ask(planted(PLATEAU, trained=few, chose=part(0.8)))
    assert [each.level for each in found] == [level]


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
