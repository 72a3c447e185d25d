"""Of every image there are findings, also of those that nothing can be said of."""

import numpy as np
import pytest

from convivo import api
from convivo.doubt import Check, Finding, Level
from convivo.doubt.case import Case
from convivo.doubt.examine import INPUT, examination, examine
from convivo.run.acquaintance import acquainted
from convivo.run.asking import PredictOptions
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.run.steadiness import disagreements
from convivo.types import Image
from restorers import FLOAT32, noisy, restorer
from simulated import nuclei

OPTIONS = PredictOptions(engine=FLOAT32)
RNG = np.random.default_rng(0)
UNFIT = {
    "no pixels": np.zeros((0, 0), np.uint16),
    "every pixel is 7": np.full((64, 64), 7, np.uint16),
    "1 of 4,096 values": np.where(np.arange(4096).reshape(64, 64) == 9, np.nan, RNG.normal(size=(64, 64))),
    "1 x 1 pixels": np.array([[7]], np.uint16),
    "label image": np.kron(np.arange(1, 17).reshape(4, 4), np.ones((16, 16), int)).astype(np.uint16),
}


def ask_for(level, id, **fields):  # noqa: A002  as the field of a check is called
    def ask(case):
        yield Finding(image=case.name, id=id, level=level, evidence="so")

    return Check(id, "Is it so?", ask, **fields)


@pytest.fixture(scope="module")
def known(trained, data):
    """The trained model with a fingerprint that knows its traits."""
    seen = acquainted(trained, data, data[:4], kinds=())
    return trained.with_card(fingerprint=seen)


@pytest.fixture
def image(data):
    return data[3].image


@pytest.mark.parametrize("words", UNFIT)
@pytest.mark.parametrize("quick", [True, False])
def test_an_image_that_shows_nothing_is_a_finding(trained, words, quick):
    (found,) = examine(trained, Image(UNFIT[words][None], "CYX", "odd"), quick=quick)
    assert (found.image, found.id, found.level) == ("odd", INPUT, Level.stop)
    assert words in found.evidence
    assert found.advice


def test_colours_where_grey_was_learned_are_a_finding(trained):
    (found,) = examine(trained, Image(RNG.integers(0, 255, (3, 64, 64)).astype(np.uint8), "CYX", "rgb"))
    assert "3 channels" in found.evidence
    assert "--channel" in found.advice


def test_checks_that_need_what_a_model_does_not_know_say_so(trained, image):
    checks = [ask_for(Level.fine, id="needy", needs_fingerprint=True), ask_for(Level.fine, id="free")]
    found = {each.id: each for each in examine(trained, image, checks=checks)}
    assert "not asked" in found["needy"].evidence
    assert found["free"].level is Level.fine


def test_quick_leaves_out_what_is_not_quick(trained, image):
    checks = [ask_for(Level.warn, id="slow"), ask_for(Level.fine, id="fast", quick=True)]
    assert [each.id for each in examine(trained, image, checks=checks, quick=True)] == ["fast"]
    assert [each.id for each in examine(trained, image, checks=checks)] == ["slow", "fast"]


@pytest.mark.parametrize("quick", [True, False])
def test_restored_images_are_not_asked_for_objects(quick):
    model, image = restorer("n2v"), Image(noisy((1, 40, 44)), "CYX", "cell")
    checks = [ask_for(Level.fine, id=of, of=of, quick=True) for of in ("objects", "restored", "both")]
    asked = examine(model, image, checks=checks, quick=quick)
    assert {each.id for each in asked} == {"restored", "both"}
    about = {each.id for each in examine(model, image, quick=quick)}
    assert about
    assert about <= {"noise", "invention", "renoising"}


def test_found_objects_are_not_asked_for_noise(trained, image):
    checks = [ask_for(Level.fine, id=of, of=of) for of in ("objects", "restored", "both")]
    assert {each.id for each in examine(trained, image, checks=checks)} == {"objects", "both"}


class Refusing:
    """Stands where a model would be asked."""

    def __init__(self, *_):
        raise AssertionError("the net was asked again")


def test_a_quick_look_asks_the_net_for_nothing_more(known, image, monkeypatch):
    answer = Predictor(known, OPTIONS).predict(image)
    monkeypatch.setattr("convivo.doubt.case.Examiner", Refusing)
    found = examine(known, image, quick=True, options=OPTIONS, known=answer)
    assert {each.id for each in found} >= {"overall", "scale", "light", "kind"}


def test_of_a_film_the_page_in_the_middle_is_taken_from_the_answer(known, data, monkeypatch):
    film = Image(np.stack([each.image.array for each in data[:3]]), "TCYX", "film")
    answer = Predictor(known, OPTIONS).predict(film)
    monkeypatch.setattr("convivo.doubt.case.Examiner", Refusing)
    case = Case(known, film, OPTIONS, answer, quick=True)
    alone = Predictor(known, OPTIONS).predict(data[1].image)
    assert (case.prediction.labels == alone.labels).all()
    assert len(case.prediction.objects) == len(alone.objects)
    assert (case.pixels == data[1].image.array).all()
    assert examination(case).fit


@pytest.mark.parametrize(
    ("axes", "shape", "words"),
    [
        ("CYX", (1, 64, 64), ""),
        ("TCYX", (12, 1, 64, 64), "(page t=7 of 12)"),
        ("TCZYX", (1, 1, 5, 64, 64), "(page z=3 of 5)"),
        ("TCZYX", (2, 1, 3, 64, 64), "(page t=2 of 2, z=2 of 3)"),
    ],
)
def test_the_finding_says_which_page_of_a_film_was_looked_at(trained, axes, shape, words):
    checks = [ask_for(Level.warn, id="asked"), ask_for(Level.warn, id="needy", needs_fingerprint=True)]
    found = examine(
        trained.with_card(fingerprint=None), Image(RNG.normal(size=shape), axes, "film"), checks=checks
    )
    said = {each.id: each.evidence for each in found}
    assert said["asked"] == f"so {words}".rstrip()
    assert "page" not in said["needy"]
    assert {each.image for each in found} == {"film"}


def test_what_comes_and_goes_is_asked_once(known, image, monkeypatch):
    case = Case(known, image, OPTIONS)
    asked = []
    answer = case.examiner.labels
    monkeypatch.setattr(case.examiner, "labels", lambda *given: asked.append(1) or answer(*given))
    examination(case)
    assert len(case.changed) == 6
    assert len(asked) == 6
    assert case.traits["not_as_mirrored"] == pytest.approx(
        disagreements(case.prediction.labels, case.examiner.changed(case.pixels))["not_as_mirrored"]
    )


def test_a_restoration_that_is_known_is_not_made_again(monkeypatch):
    model, image = restorer("n2v"), Image(noisy((1, 40, 44)), "CYX", "cell")
    known = Restorer(model, OPTIONS).restore(image)
    with monkeypatch.context() as patched:
        patched.setattr("convivo.doubt.case.Restorer", Refusing)
        assert (Case(model, image, OPTIONS, known).restoration.image.array == known.image.array).all()
    assert np.allclose(Case(model, image, OPTIONS).restoration.image.array, known.image.array, atol=1e-3)


def test_python_doubts_an_array(trained, tmp_path):
    trained.save(tmp_path / "m")
    model = api.load(tmp_path / "m")
    (found,) = model.doubt(np.full((40, 40), 3.0), axes="YX", quick=True)
    assert isinstance(found, api.Finding)
    assert found.level == "stop"


def test_numbers_of_a_finding_are_those_of_its_sentence(known):
    image = nuclei(1, seed=5)[0].image
    found = {each.id: each for each in examine(known, image, quick=True, options=OPTIONS)}["scale"]
    assert 7 < found.measured < 25  # pixels, and not their logarithm
    for number in (found.measured, *found.expected):
        assert f" {number:.2g}" in found.evidence


def test_of_a_restored_film_the_page_in_the_middle_is_taken_with_its_maps(monkeypatch):
    model = restorer("care", members=2, probabilistic=True)
    film = Image(noisy((3, 1, 40, 44)), "TCYX", "film")
    answer = Restorer(model, OPTIONS).restore(film)
    monkeypatch.setattr("convivo.doubt.case.Restorer", Refusing)
    found = Case(model, film, OPTIONS, answer, quick=True).restoration
    assert found.image.axes == "CYX"
    assert (found.image.array == answer.image.array[1]).all()
    assert found.uncertainty.keys() == answer.uncertainty.keys()
    assert (found.uncertainty["total"] == answer.uncertainty["total"][1]).all()
