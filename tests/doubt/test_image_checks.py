"""Checks of an image: quiet about images like those that the model knows, loud about others, and the advice helps."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.doubt import Level, worst
from convivo.doubt.case import Case
from convivo.doubt.checks import field, kind, scale, tiles
from convivo.doubt.checks.scale import better_scale
from convivo.doubt.deviating import Side, Trait, deviating
from convivo.doubt.examine import examine
from convivo.model import Model
from convivo.ops.alterations import altered
from convivo.ops.deviations import Usual
from convivo.ops.fingerprint import Fingerprint
from convivo.run.acquaintance import acquainted
from convivo.run.stress import accuracy
from convivo.types import Image
from simulated import nuclei

KINDS = ("inverted", "dim", "littered", "larger", "striped")


@pytest.fixture(scope="module")
def known(trained):
    """The small U-Net, acquainted with itself."""
    seen = acquainted(trained, nuclei(12, seed=30), nuclei(12, seed=50), kinds=KINDS)
    return trained.with_card(fingerprint=seen)


def image_of(kind, seed=90):
    (each,) = nuclei(1, seed=seed)
    pixels, truth = altered(kind, each.image.array[0], each.labels, np.random.default_rng(seed))
    return Image(pixels[None], name=kind), truth


def by_id(findings):
    return {finding.id: finding for finding in findings}


@pytest.mark.parametrize("quick", [True, False])
def test_an_image_like_those_that_are_known_raises_no_doubt(known, quick):
    for each in nuclei(3, seed=91):
        found = examine(known, each.image, quick=quick)
        assert worst(found).rank <= Level.note.rank, found
        assert by_id(found)["overall"].measured > 0.7


@pytest.mark.parametrize("kind", ["inverted", "littered"])
def test_a_ruined_answer_is_doubted(known, kind):
    image, truth = image_of(kind)
    assert accuracy(truth, known_labels(known, image)) < 0.4
    found = examine(known, image)
    assert worst(found).rank >= Level.warn.rank
    assert found[0].level is worst(found)
    assert by_id(found)["overall"].measured < 0.6


def known_labels(model, image):
    return Case(model, image).prediction.labels


def test_the_finding_names_image_numbers_and_what_to_do(known):
    image, _ = image_of("inverted")
    found = by_id(examine(known, image))["kind"]
    assert found.image == "inverted"
    low, high = found.expected
    assert not low <= found.measured <= high
    assert found.advice


def test_the_trait_that_explains_most_is_named(known):
    """Beside it other traits may lie farther from usual and cost less."""
    image, _ = image_of("inverted")
    case = Case(known, image)
    signed = {"+": 1, "-": -1}
    off = [side for side in kind.SIDES if signed[side.sign] * case.deviations.get(side.trait, 0) > 0]
    named = kind.WORDS[max(off, key=lambda side: case.share({side.trait})).trait]
    found = by_id(examine(known, image))["kind"]
    assert found.level.rank >= Level.warn.rank
    assert named.text in found.evidence


def usual(**limits):
    """A fingerprint that knows these traits: lower limit, middle and upper limit; of a model that was never tried."""
    traits = {name: Usual(low, middle, high, spread=1.0) for name, (low, middle, high) in limits.items()}
    return Fingerprint(
        images=9, objects=9, dtype="uint8", object_diameters=(), intensities=(), noise_level=1.0,
        noise_autocorrelation=(), traits=traits,
    )  # fmt: skip


def off(monkeypatch, traits, *, share=None, **limits):
    """A case with these traits; `share` is the doubt that each set of traits raises."""
    case = Case(Model.__new__(Model), Image(np.zeros((1, 20, 20)), name="x"))
    monkeypatch.setattr(Case, "fingerprint", usual(**limits))
    monkeypatch.setattr(Case, "traits", traits)
    shares = share or {}
    monkeypatch.setattr(Case, "share", lambda self, names: sum(shares.get(name, 0.0) for name in names))
    monkeypatch.setattr(Case, "doubt_because", Case.share)
    return case


LIMITS = {"near": (0.0, 1.0, 9.0), "odd": (0.0, 1.0, 2.0)}
WORDS = {name: Trait(f"{name} is") for name in LIMITS}
BOTH = (Side("near", "+", "too near", "go away"), Side("odd", "+", "too odd", "be even"))


def test_what_lies_beyond_all_that_is_known_is_named_where_nothing_is_lost(monkeypatch):
    """The other is farther from usual, and other images are too."""
    found = deviating(off(monkeypatch, {"near": 6.0, "odd": 2.5}, **LIMITS), "x", BOTH, WORDS)
    assert found.level is Level.note
    assert found.evidence == "odd is 2.5; images that the model knows have 0 to 2: too odd"
    assert found.advice == "be even"


def test_what_lies_among_the_known_and_is_doubted_tells_where_most_of_them_lie(monkeypatch):
    case = off(monkeypatch, {"near": 4.0, "odd": 1.5}, share={"near": 0.7, "odd": 0.1}, **LIMITS)
    found = deviating(case, "x", BOTH, WORDS)
    assert found.level is Level.note
    assert found.evidence == "near is 4; images that the model knows have 0 to 9, mostly near 1: too near"


def test_what_lies_to_the_other_side_is_not_blamed(monkeypatch):
    found = deviating(
        off(monkeypatch, {"near": 0.5, "odd": 0.9}, share={"odd": 1.2}, **LIMITS), "x", BOTH, WORDS
    )
    assert found.level is Level.warn
    assert found.advice == ""
    assert "too" not in found.evidence


def test_a_scale_that_promises_more_is_said_although_sizes_are_usual(known, monkeypatch):
    (each,) = nuclei(1, seed=91)
    case = Case(known, each.image)
    (plain,) = scale.ask(case)
    assert plain.level is Level.fine
    monkeypatch.setattr(Case, "doubt", 1.2)
    monkeypatch.setattr(scale, "better_scale", lambda case: 0.5)
    (found,) = scale.ask(case)
    assert found.level is Level.warn
    assert found.advice == "convivo predict ... --scale 0.5"
    assert found.evidence.endswith(": shown 0.5 times as large, the answer promises more")


def test_nothing_found_is_worth_a_look(known):
    (each,) = nuclei(1, seed=91)
    empty = np.random.default_rng(0).normal(100, 5, each.image.array.shape).astype(np.float32)
    assert not known_labels(known, Image(empty)).any()
    found = by_id(examine(known, Image(empty, name="empty")))["kind"]
    assert found.level.rank >= Level.warn.rank
    assert found.measured == 0
    assert "no object was found" in found.evidence
    assert "look" in found.advice


def test_quick_checks_ask_the_net_for_nothing_new(known, monkeypatch):
    (each,) = nuclei(1, seed=91)
    answer = Case(known, each.image).prediction
    monkeypatch.setattr(Case, "examiner", property(lambda self: pytest.fail("asked again")))
    assert {finding.id for finding in examine(known, each.image, quick=True, known=answer)} >= {
        "overall",
        "scale",
    }


def test_the_scale_that_would_fit_raises_the_score(known):
    (each,) = nuclei(1, seed=93, shape=(288, 288), objects=6, diameter=48.0)
    case = Case(known, each.image)
    better = better_scale(case)
    assert better is not None
    assert 0.2 < better < 0.6
    there = replace(case.options, scale=better)
    after = accuracy(each.labels, Case(known, each.image, there).prediction.labels)
    assert after > accuracy(each.labels, case.prediction.labels) + 0.2


def test_the_first_aid_that_helps_is_tried_out_and_advised(known):
    image, truth = image_of("inverted")
    found = by_id(examine(known, image))["light"]
    assert "invert the image" in found.advice
    assert "inverted, the answer promises more" in found.evidence
    mended = Image(image.array.max() - image.array, name="mended")
    assert accuracy(truth, known_labels(known, mended)) > 0.7
    assert "promises more" not in by_id(examine(known, mended))["light"].evidence


def test_a_scale_is_advised_where_nothing_was_found(known):
    (each,) = nuclei(1, seed=93, shape=(288, 288), objects=6, diameter=48.0)
    case = Case(known, each.image)
    empty = np.zeros_like(case.prediction.labels)
    case.prediction = replace(case.prediction, labels=empty, objects=())
    (found,) = scale.ask(case)
    assert found.level.rank >= Level.warn.rank
    assert "nothing was found" in found.evidence
    assert "--scale 0." in found.advice


def test_advice_that_was_followed_is_not_given_again(known):
    (each,) = nuclei(1, seed=93, shape=(288, 288), objects=6, diameter=48.0)
    case = Case(known, each.image)
    there = replace(case.options, scale=better_scale(case))
    followed = Case(known, each.image, there)
    (before,), (after,) = scale.ask(case), scale.ask(followed)
    assert "--scale" in before.advice
    assert "--scale" not in after.advice
    assert 2 ** followed.traits["diameter"] == pytest.approx(48 * there.scale, rel=0.2)
    assert better_scale(followed) is None


def test_an_image_shown_smaller_is_seen_farther(trained):
    (each,) = nuclei(1, seed=91)
    case = Case(trained, each.image)
    case.prediction = replace(case.prediction, labels=np.pad(np.ones((180, 180), np.int32), 10))
    (found,) = field.ask(case)
    case.options = replace(case.options, scale=float(found.advice.split("--scale ")[1].split(";")[0]))
    (shown,) = field.ask(case)
    assert shown.level is Level.fine


@pytest.mark.parametrize("method", ["unet", "stardist"])
def test_a_deeper_net_that_is_advised_sees_far_enough_and_a_shallower_one_does_not(method, data):
    model = Model.new(method, data, name="m", filters=2, depth=1)
    for pixels in (15, 45):
        depth = field.depth_that_sees(model, pixels)
        at_depth, above = (Model.new(method, data, name="m", filters=2, depth=d) for d in (depth, depth - 1))
        assert 0.8 * above.halo < pixels <= 0.8 * at_depth.halo
    assert field.depth_that_sees(model, 5000) is None


def test_the_advice_names_the_depth(trained):
    (each,) = nuclei(1, seed=91)
    case = Case(trained, each.image)
    case.prediction = replace(case.prediction, labels=np.pad(np.ones((80, 80), np.int32), 10))
    (found,) = field.ask(case)
    assert found.advice.endswith(f"--depth {field.depth_that_sees(trained, found.measured)}")
    case.prediction = replace(case.prediction, labels=np.ones((900, 900), np.int32))
    (found,) = field.ask(case)
    assert "--depth" not in found.advice


def test_without_a_fingerprint_the_other_checks_run(trained):
    (each,) = nuclei(1, seed=91)
    found = by_id(examine(trained.with_card(fingerprint=None), each.image))
    assert found["stability"].level is Level.fine
    assert found["tiles"].level is Level.fine
    assert found["overall"].level is Level.note
    assert "convivo fingerprint" in found["overall"].advice


@pytest.mark.parametrize(
    ("groups", "words"), [(1, "1 group of touching objects is"), (2, "2 groups of touching objects are")]
)
def test_groups_that_may_be_one_object_are_counted(trained, groups, words):
    (each,) = nuclei(1, seed=91)
    case = Case(trained, each.image)
    side = trained.halo
    one = np.repeat(np.repeat(np.array([[1, 2], [3, 4]], np.int32), side, 0), side, 1)
    labels = np.hstack([np.pad(one + 4 * number, 2) * (np.pad(one, 2) > 0) for number in range(groups)])
    case.prediction = replace(case.prediction, labels=labels)
    (found,) = field.ask(case)
    assert words in found.evidence


def test_objects_wider_than_the_reach_are_not_seen_whole(trained):
    (each,) = nuclei(1, seed=91)
    case = Case(trained, each.image)
    (fine,) = field.ask(case)
    assert fine.level is Level.fine
    wide = np.zeros((200, 200), np.int32)
    wide[10:190, 10:190] = 1
    case.prediction = replace(case.prediction, labels=wide)
    (found,) = field.ask(case)
    assert found.measured == pytest.approx(2 * 180 / np.sqrt(np.pi), rel=0.01)
    assert found.level is Level.stop
    assert float(found.advice.split("--scale ")[1].split(";")[0]) * found.measured < trained.halo


def test_what_is_answered_well_though_not_seen_whole_is_worth_a_note(known):
    (each,) = nuclei(1, seed=91)
    case = Case(known, each.image)
    case.lost = 0.0  # as images like it tell
    wide = np.zeros((200, 200), np.int32)
    wide[10:190, 10:190] = 1
    case.prediction = replace(case.prediction, labels=wide)
    (found,) = field.ask(case)
    assert found.level is Level.note
    case.lost = 0.9
    (found,) = field.ask(case)
    assert found.level is Level.stop


def test_tiles_change_nothing(trained):
    (each,) = nuclei(1, seed=91, shape=(240, 240), objects=30)
    (fine,) = tiles.ask(Case(trained, each.image))
    assert fine.level is Level.fine
    assert fine.measured >= 0.99


def test_an_answer_that_depends_on_tiles_is_doubted(trained, monkeypatch):
    (each,) = nuclei(1, seed=91, shape=(240, 240), objects=30)
    case = Case(trained, each.image)
    others = case.prediction.labels.copy()
    others[:, 120:] = 0  # as if one tile had found nothing
    monkeypatch.setattr(
        tiles.Predictor, "predict", lambda self, image: replace(case.prediction, labels=others)
    )
    (found,) = tiles.ask(case)
    assert found.level is Level.warn
    assert found.measured < 0.8


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((1, 0, 9), np.float32),
        np.full((1, 64, 64), 7, np.uint8),
        np.full((1, 64, 64), np.nan, np.float32),
        np.ones((1, 1, 1), np.uint16),
        np.random.default_rng(0).integers(0, 255, (3, 64, 64)).astype(np.uint8),
        np.repeat(np.repeat(np.arange(64, dtype=np.uint16).reshape(1, 8, 8), 8, 1), 8, 2),
    ],
    ids=["empty", "constant", "nan", "one pixel", "colour", "labels"],
)
@pytest.mark.parametrize("quick", [True, False])
def test_what_is_no_image_is_a_finding(known, array, quick):
    found = examine(known, Image(array, name="odd"), quick=quick)
    assert [finding.level for finding in found] == [Level.stop]
    assert found[0].image == "odd"
    assert found[0].advice
