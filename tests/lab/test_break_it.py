"""Break it: harm is what it says, stands still, and doubt, truth and first aid answer to it."""

import msgspec
import numpy as np
import pytest
from scipy import ndimage, stats

from convivo.doubt.case import Case
from convivo.doubt.examine import examine
from convivo.doubt.first_aid import first_aid
from convivo.lab import practice, shelf
from convivo.lab.break_it.aid import MODEL, Aid, mended
from convivo.lab.break_it.harm import Harm, harmed
from convivo.lab.break_it.photons import MANY, caught
from convivo.lab.break_it.strips import SCALES, strips
from convivo.lab.questions import question_named
from convivo.lab.questions.break_it import Asked, break_it, promises
from convivo.lab.replies import decoded, packed
from convivo.lab.window import Window
from convivo.ops.scores import match
from convivo.run.asking import PredictOptions
from convivo.run.predict import predict
from convivo.types import Image

NUCLEI = Window("nuclei")


def nuclei():
    made = practice.image("nuclei")
    return made.image.astype(np.float32), made.labels


def test_no_harm_changes_nothing():
    image, truth = nuclei()
    same, labels = harmed(image, truth, Harm())
    np.testing.assert_array_equal(same, image)
    np.testing.assert_array_equal(labels, truth)


def test_photons_are_caught_as_poisson_has_it():
    rng = np.random.default_rng(0)
    chance = rng.random(40_000)
    few, many = rng.uniform(0, MANY, chance.shape), rng.uniform(MANY, 500, chance.shape)
    np.testing.assert_array_equal(caught(few, chance), stats.poisson.ppf(chance, few))
    assert np.abs(caught(many, chance) - stats.poisson.ppf(chance, many)).max() <= 1
    assert caught(np.zeros(3), np.array([0.1, 0.5, 0.999])).tolist() == [0, 0, 0]


def test_noise_stands_still_while_the_exposure_moves():
    image, truth = nuclei()
    plain = ndimage.gaussian_filter(image, 3)
    noise = [harmed(image, truth, Harm(photons=count))[0] - plain for count in (100.0, 110.0)]
    assert np.corrcoef(noise[0].ravel(), noise[1].ravel())[0, 1] > 0.95


def test_few_photons_have_the_variance_of_poisson():
    flat = np.full((128, 128), 100.0, np.float32)
    flat[:, :64] = 0  # the dark value; the bright one is one range above
    dim, _ = harmed(flat, None, Harm(photons=8.0))
    counts = dim[:, 64:] / 100 * 8
    assert counts.mean() == pytest.approx(8, abs=0.15)
    assert counts.var() == pytest.approx(8, abs=0.5)


@pytest.mark.parametrize(
    ("harm", "shape", "factor"), [(Harm(size=0.5), (128, 128), 0.5), (Harm(size=2.0), (256, 256), 2.0)]
)
def test_objects_are_so_many_times_as_large_and_the_truth_goes_along(harm, shape, factor):
    image, truth = nuclei()
    scaled, labels = harmed(image, truth, harm)
    assert scaled.shape == labels.shape == shape
    inside = [label for label in np.unique(labels)[1:] if label not in _edge(labels)]
    assert inside
    for label in inside:
        expected = factor**2 * np.count_nonzero(truth == label)
        assert np.count_nonzero(labels == label) == pytest.approx(expected, rel=0.15)
    assert scaled[labels > 0].mean() > 2 * scaled[labels == 0].mean()


def _edge(labels):
    return set(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]).tolist())


def test_bits_leave_so_many_grey_levels():
    image, _ = nuclei()
    for bits in (1, 3, 5):
        assert len(np.unique(harmed(image, None, Harm(bits=bits))[0])) == 2**bits


def test_the_answer_is_convivos_own_of_the_same_altered_image():
    harm = Harm(photons=10.0, blur=1.5, noise=0.05)
    broken = break_it(Asked(NUCLEI, harm))
    image, truth = harmed(*nuclei(), harm)
    expected = predict(shelf.shipped(MODEL), Image(image[None]))
    assert broken.found == len(expected.objects) == expected.labels.max()
    np.testing.assert_array_equal(broken.labels, expected.labels)
    score = match(truth, expected.labels)
    assert broken.accuracy == score.accuracy
    assert len(broken.right) == len(broken.hit) == score.true_positives
    assert broken.there == 24
    assert broken.sure == pytest.approx(np.mean([each.probability for each in expected.objects]))


def test_the_findings_are_those_of_doubts_quick_checks():
    harm = Harm(inverted=True)
    broken = break_it(Asked(NUCLEI, harm))
    image, _ = harmed(*nuclei(), harm)
    expected = examine(shelf.shipped(MODEL), Image(image[None], name="Nuclei"), quick=True)
    assert [(each.id, each.level, each.evidence, each.doubt) for each in broken.findings] == [
        (each.id, each.level, each.evidence, each.doubt) for each in expected
    ]
    assert {"overall", "scale", "light", "kind"} == {each.id for each in broken.findings}


@pytest.mark.parametrize("harm", [Harm(inverted=True), Harm(speck=True)])
def test_a_net_is_sure_where_it_is_wrong(harm):
    broken = break_it(Asked(NUCLEI, harm))
    assert broken.sure > 0.7
    assert broken.accuracy < 0.2
    assert broken.findings[0].level == "stop"


@pytest.mark.parametrize(
    ("harm", "first"),
    [(Harm(inverted=True), "invert"), (Harm(speck=True), "brightest"), (Harm(size=5.0), "scale")],
)
def test_the_first_of_the_promised_aid_mends_the_answer(harm, first):
    promised = promises(Asked(NUCLEI, harm))
    best = promised.aids[0]
    assert (best.name, best.helps) == (first, True)
    aid = Aid(scale=best.scale) if first == "scale" else Aid((first,))
    before, after = break_it(Asked(NUCLEI, harm)), break_it(Asked(NUCLEI, harm, aid))
    assert after.accuracy > before.accuracy + 0.5
    assert after.expected > before.expected + 0.3
    assert promised.now == pytest.approx(before.expected)


def test_the_order_of_first_aid_is_doubts_own():
    harm = Harm(photons=3.0)
    image, _ = harmed(*nuclei(), harm)
    case = Case(shelf.shipped(MODEL), Image(image[None]), PredictOptions(), quick=True)
    aids = [(each.name, each.scale, each.helps) for each in promises(Asked(NUCLEI, harm)).aids]
    assert aids == [(each.name, each.scale, each.helps) for each in first_aid(case)]


def test_first_aid_inverts_back_what_was_inverted():
    image, _ = nuclei()
    back = mended(harmed(image, None, Harm(inverted=True))[0], Aid(("invert",)))
    np.testing.assert_allclose(back, image - image.min(), atol=0.01)


def test_strips_say_where_an_image_lies_in_the_numbers_of_a_person():
    known = shelf.shipped(MODEL).card.fingerprint.traits
    traits = {scale.trait: known[scale.trait].middle for scale in SCALES}
    assert {strip.where for strip in strips(traits, known)} == {"inside"}
    odd = {**traits, "diameter": 3.0, "range_to_noise": 20.0}
    del odd["contrast"]
    found = {strip.name: strip for strip in strips(odd, known)}
    assert found["diameter"].value == "8 px"
    assert found["diameter"].where == "below"
    assert found["range_to_noise"].value == "over 1,000 ×"
    assert (found["range_to_noise"].where, found["range_to_noise"].at) == ("above", 1.0)
    assert (found["contrast"].value, found["contrast"].at, found["contrast"].where) == (
        "",
        None,
        "unmeasured",
    )
    for strip in found.values():
        assert 0 <= strip.low < strip.high <= 1


def test_an_image_without_anything_is_said_in_words():
    flat = Window("nuclei", y=0, x=0, side=4)
    broken = break_it(Asked(flat))
    assert broken.findings[0].id == "input"
    assert broken.expected is None


@pytest.mark.parametrize("bits", [1, 2])
def test_hardly_any_grey_levels_still_are_an_image(bits):
    assert break_it(Asked(NUCLEI, Harm(bits=bits, blur=3.0, noise=0.5))).findings


def test_the_question_travels():
    question = question_named("break-it")
    body = (
        b'{"window": {"image": "nuclei"}, "harm": {"size": 0.5}, "aid": {"remedies": ["invert"], "scale": 2}}'
    )
    answer = msgspec.msgpack.decode(packed(question.answer(decoded(body, question.asked))))
    assert answer["pixels"]["shape"] == [128, 128]
    assert answer["findings"][0]["level"] in ("fine", "note", "warn", "stop")
