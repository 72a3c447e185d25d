"""Contenders are asked about the same images; what is added up is what each image says."""

from dataclasses import astuple, replace
from pathlib import Path

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.methods.unet import METHOD
from convivo.model import Model
from convivo.ops.scores import match_many, mistakes, pooled
from convivo.run.choice import Wanted
from convivo.run.compare import IOUS, Answer, Asked, compare, conclude, contenders
from convivo.run.evaluate import score_image
from convivo.run.scenes import STAGED, Trial, simulated_trials
from convivo.types import Annotated, Image

TORCH = Wanted("torch", "float32", "cpu")


@pytest.fixture(scope="module")
def ways(trained, star_trained):
    return contenders([("cells", trained), ("stars", star_trained)], TORCH)


@pytest.fixture(scope="module")
def asked(ways, data):
    return list(compare(ways, data[:3]))


def test_a_unet_stands_twice_and_stars_once(ways):
    assert [way.name for way in ways] == ["U-Net with components", "U-Net with watershed", "StarDist"]


def test_the_split_is_given_and_not_the_one_of_the_card(ways):
    assert [way.predictor.options.settings.get("split") for way in ways] == ["components", "watershed", None]
    assert METHOD.settings["split"] == "components"


@pytest.mark.parametrize(
    ("names", "titles"),
    [
        (("here/one", "there/two"), ["StarDist one", "StarDist two"]),
        (("here/one", "there/one"), ["StarDist here/one", "StarDist there/one"]),
        ((".", "there/one"), [f"StarDist {Path.cwd().name}", "StarDist one"]),
    ],
)
def test_two_models_of_one_method_carry_their_names(star_trained, names, titles):
    named = contenders([(name, star_trained) for name in names], TORCH)
    assert [way.name for way in named] == titles


def test_a_model_given_twice_or_of_three_dimensions_is_refused(star_trained, data):
    with pytest.raises(BadInput, match="given twice"):
        contenders([("stars", star_trained)] * 2, TORCH)
    volume = [
        replace(each, image=Image(each.image.array[:, None], "CZYX"), labels=each.labels[None])
        for each in data
    ]
    with pytest.raises(BadInput, match="3 dimensions"):
        contenders([("deep", Model.new("unet", volume, name="deep", filters=2, depth=1))], TORCH)


def test_an_outcome_adds_up_its_images(asked, data):
    result = conclude(Trial("fields", "", data[:3], 3), asked)
    assert [outcome.contender for outcome in result.outcomes] == [each.contender for each in asked[0].answers]
    for number, outcome in enumerate(result.outcomes):
        answers = [(each.labels, one.answers[number].labels) for each, one in zip(data, asked, strict=False)]
        single = [match_many(truth, labels, IOUS) for truth, labels in answers]
        assert [row.total for row in outcome.rows] == [pooled(column) for column in zip(*single, strict=True)]
        found = [mistakes(truth, labels) for truth, labels in answers]
        assert outcome.missed == sum(len(each.missed) for each in found)
        assert outcome.invented == sum(len(each.invented) for each in found)
        assert outcome.merged == sum(len(each.merged) for each in found)
        assert outcome.divided == sum(len(each.divided) for each in found)
    assert result.outcomes[2].rows[0].total.accuracy > 0.5


def answered(contender, truth, found):
    labels = np.where(np.isin(truth, found), truth, 0)
    return Answer(contender, labels, score_image("field", truth, labels), mistakes(truth, labels))


def test_the_image_shown_is_the_one_on_which_they_lie_furthest_apart(data):
    truth = np.kron(np.arange(1, 10).reshape(3, 3), np.ones((8, 8), np.int32))
    fields = [
        Asked(data[0], truth, (answered("A", truth, range(10)), answered("B", truth, range(most))))
        for most in (8, 3, 6)
    ]
    for order in (fields, fields[::-1]):
        assert conclude(Trial("fields", "", (), 3), order).shown is fields[1]


def test_nothing_to_compare_on_is_said(ways):
    with pytest.raises(BadInput, match="no image"):
        conclude(Trial("none", "", (), 0), compare(ways, []))


def test_a_stack_is_compared_page_by_page(ways, data):
    arrays = np.stack([each.image.array for each in data[:2]], axis=1)
    stack = Annotated(Image(arrays, "CTYX", "film"), np.stack([each.labels for each in data[:2]]), "film")
    (film,) = compare(ways[-1:], [stack])
    alone = list(compare(ways[-1:], data[:2]))
    parts = [one.answers[0].score.matchings[0] for one in alone]
    assert astuple(film.answers[0].score.matchings[0]) == pytest.approx(astuple(pooled(parts)))


def test_scenes_are_the_same_for_a_seed_and_grow_with_the_number_of_images():
    few, many = (list(simulated_trials(count)[1].examples) for count in (1, 2))
    other = next(iter(simulated_trials(1, seed=1)[1].examples))
    assert np.array_equal(few[0].image.array, many[0].image.array)
    assert not np.array_equal(few[0].image.array, other.image.array)
    assert [each.labels.max() for each in many] == [STAGED[1].scene.nuclei] * 2
