"""The models that come with convivo: small, honest about their data, and of use at once."""

import re

import numpy as np
import pytest

from convivo.cli import compare
from convivo.model import Model, models
from convivo.model.find import SHIPPED
from convivo.nets.stardist import StarDistSize
from convivo.ops.scores import match, pooled, restoration_score
from convivo.ops.simulate import Microscope, Scene, low_exposure, simulate, simulate_many
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.types import Image

FOLDERS = sorted(path.parent for path in SHIPPED.glob("*/card.json"))
RESTORER = "nuclei-care"
FLOAT32 = PredictOptions(engine=Wanted("torch", "float32", "cpu"))


@pytest.fixture(params=FOLDERS, ids=lambda path: path.name)
def folder(request):
    return request.param


@pytest.fixture(params=[path for path in FOLDERS if path.name != RESTORER], ids=lambda path: path.name)
def finder(request):
    """A model that finds objects."""
    return request.param


def test_they_are_there_by_their_names():
    assert {model.name for model in models() if model.origin == "shipped"} == {
        *("nuclei", "nuclei-unet", RESTORER)
    }
    assert isinstance(Model.load(SHIPPED / "nuclei").card.net, StarDistSize)


def test_what_compare_takes_by_itself_is_there():
    assert set(compare.SHIPPED) <= {folder.name for folder in FOLDERS}


def test_it_is_small(folder):
    assert sum(path.stat().st_size for path in folder.iterdir()) <= 3_000_000


def test_its_card_says_what_it_is_and_what_it_saw(folder):
    card = Model.load(folder).card
    assert card.name == folder.name
    assert card.licence == "CC0-1.0"
    assert card.citations
    assert card.fingerprint is not None
    assert len(card.fingerprint.features) > 2
    assert card.training.commit


def test_it_learned_from_public_domain_images_and_chose_by_others(folder):
    training = Model.load(folder).card.training
    sets = {name.split("_")[0] for name in training.images}
    assert sets == {"bbbc039", "dsb2018"}
    assert {name.split("_")[0] for name in training.selection_images} == {"dsb2018"}
    assert not set(training.images) & set(training.selection_images)
    assert all(
        re.fullmatch(r"(bbbc039_IXMtest_\w+-[-\w]+|dsb2018_[0-9a-f]{64})(_\d)?", name)
        for name in training.images
    )


def test_its_scores_were_measured_on_images_that_chose_and_on_images_that_did_not(finder):
    scores = Model.load(finder).card.scores
    assert (scores.selection.images, scores.test.images) == (64, 25)
    assert scores.test.accuracy["0.5"] > scores.test.accuracy["0.75"] > scores.test.accuracy["0.9"]


def test_twenty_empty_noisy_fields_hold_no_nuclei(finder):
    predictor = Predictor(Model.load(finder), FLOAT32)
    rng = np.random.default_rng(0)
    for number in range(20):
        photons = rng.poisson(10 * 1.25**number, (160, 160))
        field = 100 + photons + rng.normal(0, number % 5, (160, 160))
        assert predictor.predict(Image(field.astype(np.uint16)[None])).objects == ()


def test_it_finds_simulated_nuclei_that_it_never_saw(finder):
    predictor = Predictor(Model.load(finder), FLOAT32)
    scenes = simulate_many(2, Scene(crowding=0.5), Microscope(), seed=3)
    matchings = [match(each.labels, predictor.predict(Image(each.image[None])).labels) for each in scenes]
    assert pooled(matchings).accuracy > 0.85


def test_the_restorer_is_a_small_ensemble_that_knows_what_it_does_not_know():
    card = Model.load(SHIPPED / RESTORER).card
    assert (card.net.members, card.net.probabilistic, card.net.residual) == (5, True, True)
    assert "simulated" in card.about
    assert card.scores.test.images == 50  # two twins of each of the 25 fields
    assert card.scores.test.restoration["psnr"] > 38


def test_the_restorer_brings_simulated_nuclei_nearer_to_the_truth_and_doubts_where_it_errs():
    restorer = Restorer(Model.load(SHIPPED / RESTORER), FLOAT32)
    picture = simulate(Scene(), Microscope(photons=400), seed=5)
    low = low_exposure(picture.clean, 20, np.random.default_rng(0))
    found = restorer.restore(Image(low[None]))
    before, after = (restoration_score(each, picture.clean).psnr for each in (low, found.image.array[0]))
    assert after > before + 6
    error, doubt = np.abs(found.image.array[0] - picture.clean), found.uncertainty["total"][0]
    most = doubt > np.quantile(doubt, 0.95)
    assert error[most].mean() > 3 * error[~most].mean()
