"""Noise that Noise2Void cannot take away is named, with the option that answers it."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.doubt import DataSet, Level, findings_from_json, findings_to_json, worst
from convivo.doubt.case import Case
from convivo.doubt.checks.noise import of_data, of_image
from convivo.errors import BadInput
from convivo.model import Model
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.run.config import TrainConfig
from convivo.run.restoration_intake import refuse_unfit
from convivo.types import Image, Restorable
from restorers import restorer


@pytest.fixture(scope="module")
def clean():
    return simulate(Scene(shape=(192, 192), nuclei=12), Microscope(photons=60), seed=0).clean.astype(float)


def own(seed=0):
    return np.random.default_rng(seed).standard_normal((192, 192))


def scaled(noise, clean):
    return clean + 0.2 * np.ptp(clean) * noise / noise.std()


def checked(*arrays, **changes):
    data = [Restorable(Image(np.asarray(each)[None], "CYX", "a"), None, "a") for each in arrays]
    return list(of_data(DataSet(**{"data": data, "method": "n2v", **changes})))


def of(model, pixels, axes="CYX"):
    return list(of_image(Case(model, Image(pixels, axes, "a"))))


def test_noise_of_each_pixel_is_fine(clean):
    (found,) = checked(scaled(own(), clean))
    assert found.level is Level.fine
    assert found.measured < found.expected[1]


@pytest.mark.parametrize(("axis", "name"), [(0, "Y"), (1, "X")])
def test_lines_are_answered_by_the_mask_that_hides_them(clean, axis, name):
    (found,) = checked(scaled(own() + np.roll(own(), 1, axis), clean))
    assert found.level in (Level.warn, Level.stop)
    assert f"convivo train n2v IMAGES --out MODEL --along {name} --reach 1" in found.advice


def test_a_cross_is_answered_by_both_axes(clean):
    rows, columns = (own(seed) + np.roll(own(seed), 1, axis) for seed, axis in ((0, 0), (1, 1)))
    (found,) = checked(scaled(rows + columns, clean))
    assert "--along YX" in found.advice


@pytest.mark.parametrize(("axis", "name"), [(0, "Y"), (1, "X")])
@pytest.mark.parametrize("sigma", [1.0, 1.5])
def test_training_takes_what_the_advice_promises_although_lines_hide_the_finest_details(
    clean, axis, name, sigma
):
    lined = scaled(ndimage.gaussian_filter1d(own(), sigma, axis=axis), clean)
    (found,) = checked(lined)
    assert f"--along {name}" in found.advice
    assert "--anyway" not in found.advice
    data = [Restorable(Image(lined[None], "CYX", "a"), None, "a")]
    model = restorer("n2v")
    with pytest.raises(BadInput, match="hardly any noise") as refused:
        refuse_unfit(model, data, TrainConfig())
    assert "--along" in refused.value.fix
    hiding = model.with_card(settings={**model.card.settings, "axes": name, "reach": 4})
    assert refuse_unfit(hiding, data, TrainConfig()) == (data, ())
    with pytest.raises(BadInput, match="hardly any noise"):  # a mask makes no noise
        refuse_unfit(hiding, [Restorable(Image(clean[None], "CYX", "a"), None, "a")], TrainConfig())


def test_stripes_are_taken_away_first(clean):
    stripes = np.random.default_rng(1).standard_normal((192, 1))
    (found,) = checked(scaled(own() + stripes, clean))
    assert "--along" not in found.advice
    assert "tripes" in found.advice


@pytest.mark.parametrize("sigma", [0.7, 1.0])
def test_smoothed_noise_has_no_mask(clean, sigma):
    (found,) = checked(scaled(ndimage.gaussian_filter(own(), sigma), clean))
    assert found.level in (Level.warn, Level.stop)
    assert "--along" not in found.advice


def test_no_noise_is_said(clean):
    found = checked(clean)
    assert worst(found) in (Level.warn, Level.stop)


def test_salt_and_clipping_are_told_apart(clean):
    noisy = scaled(own(), clean)
    salted = np.where(np.random.default_rng(2).random(noisy.shape) < 0.01, 10 * noisy.max(), noisy)
    assert "salt" in checked(salted)[0].evidence
    clipped = np.clip(noisy, np.quantile(noisy, 0.2), None)
    (found,) = (each for each in checked(clipped) if "lowest" in each.evidence)
    assert found.level is Level.warn
    assert found.measured == pytest.approx(0.2, abs=0.05)


def test_a_single_odd_image_stops_nobody(clean):
    good = [scaled(own(seed), clean) for seed in range(4)]
    found = checked(*good, scaled(own() + np.roll(own(), 1, 1), clean))
    assert [each.level for each in found] == [Level.fine]


def test_a_model_that_hides_the_line_is_not_warned_of_it(clean):
    image = scaled(own() + np.roll(own(), 1, 1), clean)[None]
    model = restorer("n2v")
    (blind,) = of(model, image)
    assert blind.level in (Level.warn, Level.stop)
    hiding = model.with_card(settings={**model.card.settings, "axes": "X", "reach": 2})
    (seen,) = of(hiding, image)
    assert seen.level is Level.fine


def test_other_methods_are_not_asked(clean, data):
    noisy = scaled(own() + np.roll(own(), 1, 1), clean)
    assert checked(noisy, method="care") == []
    assert checked(noisy, method="unet") == []
    assert of(restorer("care"), noisy[None]) == []
    assert of(Model.new("unet", data, name="a", filters=2, depth=1), noisy[None]) == []


@pytest.mark.parametrize(
    "pixels",
    [
        np.zeros((1, 64, 64)),
        np.ones((1, 1, 1)),
        np.full((1, 64, 64), np.nan),
        np.zeros((1, 0, 0)),
        own()[None, :20],
    ],
)
def test_what_cannot_be_measured_is_a_finding(pixels):
    (found,) = of(restorer("n2v"), pixels)
    assert found.level is Level.warn
    assert found.image == "a"


def test_every_channel_is_looked_at(clean):
    lines = scaled(own() + np.roll(own(), 1, 1), clean)
    three = np.stack([lines] * 3)
    found = of(restorer("n2v", channels=3), three)
    assert "--along X" in found[0].advice


def test_a_middle_without_any_detail_comes_back_from_a_file():
    image = np.zeros((700, 700), np.float32)
    image[:64] = np.arange(700)
    found = of(restorer("n2v"), image[None])
    assert worst(found) is Level.stop
    back = findings_from_json(findings_to_json(found))
    assert [each.level for each in back] == [each.level for each in found]
