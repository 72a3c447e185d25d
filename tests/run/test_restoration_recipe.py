"""Recipes of restoration: good images are made worse, each draw again the same, and clean ones are kept from N2V."""

from pathlib import Path

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.io.label_images import write_image
from convivo.model import Model
from convivo.run.config import TrainConfig
from convivo.run.recipe import finished, gather, read_recipe
from convivo.run.train import train

CARE = """
name = "little"
method = "care"
about = "Very little."
licence = "CC0-1.0"
[net]
filters = 4
depth = 1
[exposure]
photons = [5, 50]
twins = 2
[[images]]
name = "good"
folder = "good"
stop = -1
use = "train"
[[images]]
name = "last"
folder = "good"
start = -1
use = "test"
"""
N2V = (
    CARE.replace('"care"', '"n2v"')
    .replace("[exposure]\nphotons = [5, 50]\ntwins = 2\n", "")
    .replace("[net]", "noise = 20.0\n[net]")
)


@pytest.fixture
def kitchen(tmp_path):
    """Three images, in a folder images/ of a folder."""
    rng = np.random.default_rng(0)
    folder = tmp_path / "good" / "images"
    folder.mkdir(parents=True)
    for number in range(3):
        waves = 300 + 200 * np.sin(np.add.outer(np.arange(64), np.arange(64)) / 5 + number)
        write_image(folder / f"a{number}.tif", (waves + rng.normal(0, 1, waves.shape)).astype(np.uint16))
    return tmp_path


def gathered(kitchen, text):
    path = Path(kitchen / "recipe.toml")
    path.write_text(text)
    return read_recipe(path), gather(read_recipe(path), kitchen)


def test_each_image_gets_its_twins_and_each_draw_is_the_same_again(kitchen):
    _, found = gathered(kitchen, CARE)
    assert [each.name for each in found.learn] == ["good_a0_0", "good_a0_1", "good_a1_0", "good_a1_1"]
    assert [each.group for each in found.learn] == ["good_a0"] * 2 + ["good_a1"] * 2
    assert [each.name for each in found.test] == ["last_a2_0", "last_a2_1"]
    _, again = gathered(kitchen, CARE)
    for one, other in zip(found.learn, again.learn, strict=True):
        np.testing.assert_array_equal(one.image.array, other.image.array)
        assert one.target.array.dtype == np.uint16
    twins = [each.image.array for each in found.learn[:2]]
    assert not np.array_equal(*twins)


def test_photons_lie_between_the_two_numbers(kitchen):
    _, few = gathered(kitchen, CARE.replace("[5, 50]", "[5, 5]"))
    _, many = gathered(kitchen, CARE.replace("[5, 50]", "[500, 500]"))
    few, many = (np.std(each.learn[0].image.array - each.learn[0].target.array) for each in (few, many))
    assert few / many == pytest.approx(10, rel=0.25)  # noise falls with the square root


def test_noise2void_sees_clean_images_only_where_it_is_scored(kitchen):
    _, found = gathered(kitchen, N2V)
    assert [each.target for each in found.learn] == [None, None]
    (test,) = found.test
    assert test.image.array.dtype == np.float32
    assert np.std(test.image.array - test.target.array) == pytest.approx(20, rel=0.05)


def test_a_recipe_that_makes_nothing_worse_is_refused(kitchen):
    with pytest.raises(BadInput, match="does not say how its images are made worse"):
        gathered(kitchen, N2V.replace("noise = 20.0\n", ""))
    with pytest.raises(BadInput, match="describes no exposure"):
        gathered(kitchen, CARE.replace("[5, 50]", "[50, 5]"))


@pytest.mark.parametrize("text", [CARE, N2V], ids=["care", "n2v"])
def test_the_card_gets_scores_of_images_that_chose_nothing(kitchen, text):
    recipe, found = gathered(kitchen, text)
    model = Model.new(recipe.method, found.learn, name=recipe.name, **recipe.net)
    config = TrainConfig(steps=2, patch=32, batch=2, precision="float32", anyway=True)
    for _ in train(model, found.learn, config, parts=found.parts):
        pass
    card = finished(model, recipe, found).card
    assert card.about == "Very little."
    assert card.scores.selection is None
    assert card.scores.test.images == len(found.test)
    assert set(card.scores.test.restoration) == {"psnr", "scale_invariant_psnr", "ssim", "nrmse"}
    assert card.scores.test.restoration["psnr"] > 5
