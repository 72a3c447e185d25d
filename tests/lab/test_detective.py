"""Every net of the detective fails as its case says, and the proof shows that it is for this reason and no other."""

from functools import cache

import numpy as np
import pytest
from scipy import ndimage

from convivo.lab.detective import CASES, CAUSES, by_heart, rare_kind, small_field, stripes
from convivo.lab.detective.asking import field_of, found, model
from convivo.lab.detective.invention import width
from convivo.lab.detective.lessons import few_dim_nuclei, many_dim_nuclei
from convivo.lab.detective.nets import NETS
from convivo.lab.detective.scenes import filaments, row_noise
from convivo.model import models

BY_CAUSE = {case.cause: case for case in CASES}


@cache
def proof_of(cause):
    """The proof, made once."""
    return BY_CAUSE[cause].proof()


@cache
def answer_to(cause):
    """The answer, asked for once."""
    return BY_CAUSE[cause].answer()


def numbers(told):
    """Values by their keys."""
    return {number.key: number.value for number in told.numbers}


def test_every_cause_has_its_case():
    assert sorted(BY_CAUSE) == sorted(cause.key for cause in CAUSES)
    assert len(CASES) == len(CAUSES) == 6


@pytest.mark.parametrize("cause", BY_CAUSE)
def test_image_answer_and_proof_show_what_they_say(cause):
    image, answer, proof = BY_CAUSE[cause].image(), answer_to(cause), proof_of(cause)
    assert answer.picture.pixels.shape == image.pixels.shape
    for picture in (image, answer.picture, *proof.pictures):
        assert picture.pixels.dtype == np.float32
        assert np.isfinite(picture.pixels).all()
        assert picture.shown[0] < picture.shown[1]
        for labels in (picture.found, picture.truth):
            assert labels is None or (labels.dtype == np.int32 and labels.shape == picture.pixels.shape)
    for number in (*answer.numbers, *proof.numbers):
        assert np.isfinite(number.value)
        assert number.low is None or number.low <= number.value <= number.high
    keys = [number.key for number in proof.numbers]
    assert len(set(keys)) == len(keys)
    assert len(proof.sentences) >= 3


def test_a_case_is_the_same_each_time():
    one, other = BY_CAUSE["field"].image(), BY_CAUSE["field"].image()
    np.testing.assert_array_equal(one.pixels, other.pixels)
    np.testing.assert_array_equal(
        found(small_field.NET, one.pixels), found(small_field.NET, other.pixels.copy())
    )


def test_cells_wider_than_the_field_fall_to_pieces_and_nothing_else_is_to_blame():
    said, proof = numbers(answer_to("field")), numbers(proof_of("field"))
    assert said["found"] >= 3 * said["true"]
    assert said["accuracy"] < 0.3
    assert proof["field"] < proof["diameter"] / 2 < proof["control field"]
    assert proof["large"] < 0.3
    assert proof["small"] > 0.9  # same stain, same net
    assert min(proof["shrunk"], proof["control"]) > proof["large"] + 0.4
    (square,) = proof_of("field").pictures[0].squares
    truth = proof_of("field").pictures[0].truth
    half = int(square.side // 2)
    seen = truth[int(square.y) - half : int(square.y) + half, int(square.x) - half : int(square.x) + half]
    assert np.unique(seen).size == 1  # all of one cell: no membrane's far side within the square


def test_nuclei_at_another_magnification_are_answered_once_they_are_shown_smaller():
    proof = numbers(proof_of("scale"))
    assert proof["accuracy"] < 0.6
    assert min(proof["rescaled"], proof["usual"]) > 0.85
    assert proof["field"] > proof["diameter"]  # or it would be the case before


def test_what_was_learned_by_heart_is_perfect_there_and_nowhere_else():
    proof = numbers(proof_of("overfit"))
    assert proof["training"] == 1
    assert proof["new"] < 0.6
    assert proof["control"] > proof["new"] + 0.25
    assert proof["last"] > 1.5 * proof["least"]
    trained, unseen = proof_of("overfit").curves[0].lines
    assert trained.y[-1] < trained.y[0] / 4
    assert unseen.x[int(np.argmin(unseen.y))] < unseen.x[-1] / 2
    assert model(by_heart.NET).card.training.images == ("field0",)


def test_the_rare_kind_is_missed_and_found_after_a_training_that_shows_it():
    proof = numbers(proof_of("imbalance"))
    assert proof["rare"] < 0.02
    assert proof["dim"] < 0.2
    assert proof["bright"] > 0.95
    assert proof["frequent"] == pytest.approx(0.5)
    assert proof["control dim"] > 0.8
    dim = BY_CAUSE["imbalance"].proof().pictures[0].truth
    truth, pixels = rare_kind.mixed().labels, rare_kind.mixed().image
    others = (truth > 0) & (dim == 0)
    assert pixels[dim > 0].mean() < pixels[others].mean() / 2


@pytest.mark.parametrize(("lesson", "dim"), [(few_dim_nuclei, 1), (many_dim_nuclei, 40)])
def test_so_many_of_eighty_nuclei_were_dim_in_training(lesson, dim):
    for each in lesson()[:2]:
        light = ndimage.median(each.image.array[0], each.labels, np.arange(1, 81))
        background = np.median(each.image.array[0][each.labels == 0])
        assert (light - background < 0.35 * (np.quantile(light, 0.9) - background)).sum() == dim


def test_stripes_stay_because_the_noise_of_neighbours_in_a_row_is_alike():
    said, proof = numbers(answer_to("correlated-noise")), numbers(proof_of("correlated-noise"))
    assert said["after"] > 0.9 * said["before"]
    assert proof["row"] > 0.8
    assert abs(proof["column"]) < 0.05
    assert abs(proof["white"]) < 0.05
    assert proof["control"] < 0.3 * said["before"]
    assert proof["hidden"] < 0.7 * said["before"]
    clean, noisy = stripes.field(stripes.WIDTH)
    other = stripes.field(0)[1]
    assert (noisy - clean).std() == pytest.approx((other - clean).std(), rel=0.01)  # as strong


def test_blobs_are_invented_where_there_were_threads_and_nuclei_are_restored():
    said, proof = numbers(answer_to("invention")), numbers(proof_of("invention"))
    assert said["objects"] >= 8
    assert proof["width"] > 2 * proof["true width"]
    assert proof["off"] > 0.3
    assert proof["truth"] < proof["blurred"] + 0.05  # it tells no more than a blur
    assert proof["nuclei"] > proof["nuclei blurred"] + 0.15
    assert proof["nuclei"] > proof["truth"] + 0.15
    assert proof["nuclei twice"] > proof["twice"] + 0.08


def test_a_thread_is_thin_and_as_long_as_it_should_be():
    light = filaments((96, 96), 1, np.random.default_rng(0))
    assert light.max() == 1
    assert 2 < width(light > 0.5) < 6
    assert (light > 0.5).sum() > 100


def test_a_band_is_as_wide_as_it_was_drawn():
    band = np.zeros((60, 60), bool)
    band[20:32] = True
    assert width(band) == pytest.approx(12, abs=2)


def test_noise_along_rows_is_as_strong_as_any():
    rng = np.random.default_rng(0)
    for reach in (0, 2.0):
        assert row_noise((64, 64), reach, rng).std() == pytest.approx(1)


@pytest.mark.parametrize("plan", NETS, ids=lambda plan: plan.name)
def test_every_net_is_there_and_was_trained_as_its_plan_says(plan):
    card = model(plan.name).card
    assert (card.name, card.method) == (plan.name, plan.method)
    assert {name: getattr(card.net, name) for name in plan.sizes} == dict(plan.sizes)
    assert card.training.steps == card.training.best_step == plan.config.steps
    assert card.training.images == tuple(each.name for each in plan.pictures())
    assert card.licence == "CC0-1.0"


def test_lessons_are_no_tools_and_not_listed_among_the_models():
    assert not {plan.name for plan in NETS} & {each.name for each in models()}


def test_the_field_that_is_told_is_that_of_the_net():
    assert field_of(small_field.NET) < field_of(small_field.CONTROL)
