"""A restoration that draws more than its input holds is told; one that does not is fine."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.doubt import Level, worst
from convivo.doubt.case import Case
from convivo.doubt.checks import invention, renoising
from convivo.model import Model, TargetScale
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.types import Image, Restoration
from restorers import restorer

PHOTONS = 40.0


@pytest.fixture(scope="module")
def truth():
    picture = simulate(Scene(shape=(192, 192), nuclei=12), Microscope(photons=PHOTONS), seed=0)
    return picture.clean.astype(np.float32)


@pytest.fixture(scope="module")
def seen(truth):
    noise = np.random.default_rng(0).standard_normal(truth.shape)
    return (truth + 0.1 * np.ptp(truth) * noise).astype(np.float32)


def stacked(pixels):
    return Image(np.asarray(pixels, np.float32)[None], "CYX", "a")


def case(seen, restored, uncertainty=None, method="care"):
    """As if a model had said this of the image."""
    maps = {} if uncertainty is None else {"total": np.full(restored.shape, uncertainty, np.float32)[None]}
    return Case(restorer(method), stacked(seen), known=Restoration(stacked(restored), "planted", (), maps))


def asked(*arguments, **changes):
    return list(invention.ask(case(*arguments, **changes)))


def test_the_truth_is_fine(seen, truth):
    (found,) = asked(seen, truth, 0.01 * truth.std())
    assert found.level is Level.fine
    assert found.id == "invention"


@pytest.mark.parametrize(
    ("share", "level"), [(0.1, Level.fine), (0.2, Level.note), (0.4, Level.warn), (1.1, Level.stop)]
)
def test_uncertainty_is_held_against_what_was_drawn(seen, truth, share, level):
    found = asked(seen, truth, share * truth.std())
    assert worst(found) is level


def test_objects_drawn_without_being_there_are_seen_in_what_was_taken_away(seen, truth):
    drawn = truth.copy()
    drawn[20:50, 30:60] += 0.5 * np.ptp(truth)
    (found,) = asked(seen, drawn)
    assert found.level in (Level.warn, Level.stop)
    assert "16 x 16" in found.evidence


def test_objects_that_were_lost_are_seen_too(seen, truth):
    lost = np.minimum(truth, np.quantile(truth, 0.6))
    (found,) = asked(seen, lost)
    assert found.level in (Level.warn, Level.stop)


def test_grain_that_was_drawn_is_no_structure(seen, truth):
    grain = np.random.default_rng(3).standard_normal(truth.shape)
    found = asked(seen, (truth + 0.3 * truth.std() * grain).astype(np.float32))
    assert any("grainy" in each.evidence and each.level is Level.note for each in found)
    mixed = asked(seen, (truth + 0.3 * truth.std() * grain).astype(np.float32), method="n2v")
    assert not any("grainy" in each.evidence for each in mixed)


def test_lines_that_were_taken_away_are_meant(truth):
    lines = np.random.default_rng(4).standard_normal(truth.shape)
    seen = truth + 0.1 * np.ptp(truth) * (lines + np.roll(lines, 1, 1) + np.roll(lines, 2, 1))
    one = case(seen, truth, method="n2v")
    assert worst(list(invention.ask(one))) is not Level.fine
    hiding = one.model.with_card(settings={**one.model.card.settings, "axes": "X"})
    assert worst(list(invention.ask(replace(one, model=hiding)))) is Level.fine


def test_what_comes_out_otherwise_the_second_time_is_doubted(seen, truth, monkeypatch):
    steady, shaky = case(seen, truth), case(seen, truth)
    off = truth.std() * np.random.default_rng(5).standard_normal(truth.shape)
    monkeypatch.setattr(steady, "restore", lambda change: Restoration(stacked(truth), "planted"))
    monkeypatch.setattr(shaky, "restore", lambda change: Restoration(stacked(truth + 0.3 * off), "planted"))
    (fine,), (doubtful,) = renoising.ask(steady), renoising.ask(shaky)
    assert fine.level is Level.fine
    assert doubtful.level is Level.warn
    assert doubtful.measured == pytest.approx(0.09 * renoising.REAL, rel=0.1)


def test_noise_is_put_back_as_strong_as_it_was_and_in_the_units_of_the_image(seen, truth, monkeypatch):
    given = []
    scale = TargetScale(gain=(2.0,), offset=(10.0,))
    one = replace(case((seen - 10) / 2, truth), model=restorer("care").with_card(target_scale=scale))

    def remember(change):
        given.append(change(one.pixels))
        return Restoration(stacked(truth), "planted")

    monkeypatch.setattr(one, "restore", remember)
    list(renoising.ask(one))
    assert np.std(2 * given[0][0] + 10 - truth) == pytest.approx(np.std(seen - truth), rel=0.05)


def test_a_model_is_really_asked(seen):
    one = Case(restorer("care"), stacked(seen[:64, :64]))
    found = [*invention.ask(one), *renoising.ask(one)]
    assert {each.id for each in found} == {"invention", "renoising"}


@pytest.mark.parametrize("check", [invention, renoising])
def test_models_that_find_objects_are_not_asked(check, data, seen):
    model = Model.new("unet", data, name="a", filters=2, depth=1)
    assert list(check.ask(Case(model, stacked(seen)))) == []


@pytest.mark.parametrize(
    "pixels", [np.zeros((64, 64)), np.ones((1, 1)), np.full((64, 64), np.nan), np.zeros((0, 0))]
)
def test_what_cannot_be_restored_is_a_finding(pixels):
    (found,) = invention.ask(Case(restorer("care"), stacked(pixels)))
    assert found.level is Level.warn
    assert list(renoising.ask(Case(restorer("care"), stacked(pixels)))) == []


def test_channels_are_looked_at_one_by_one(seen, truth):
    model = restorer("care", channels=2, restored=2)
    both = Image(np.stack([seen, seen]), "CYX", "a")
    drawn = truth.copy()
    drawn[20:50, 30:60] += 0.5 * np.ptp(truth)
    known = Restoration(Image(np.stack([truth, drawn]), "CYX", "a"), "planted")
    assert worst(list(invention.ask(Case(model, both, known=known)))) in (Level.warn, Level.stop)
