"""Recipes: each image to its use, and scores of the weights that are kept."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
import torch

from convivo.errors import BadInput
from convivo.io.images import read_labels
from convivo.io.label_images import write_image, write_labels
from convivo.model import Model, Saved, State
from convivo.model.find import SHIPPED as MODELS
from convivo.run.recipe import finished, gather, read_recipe, refuse_unfit
from convivo.run.same_recipe import check_unfinished
from convivo.run.train import TrainConfig
from convivo.run.validation import Validation
from convivo.types import Annotated, Image
from simulated import nuclei

ROOT = Path(__file__).parents[2]
RECIPES = sorted((ROOT / "recipes").glob("*.toml"))

TEXT = """
name = "little"
method = "stardist"
licence = "CC0-1.0"
citations = ["somebody"]
[net]
filters = 4
depth = 1
[train]
steps = 3
[train.augmentation]
scale = 0.4
[[images]]
name = "all"
folder = "all/train"
use = "train"
[[images]]
name = "mixed"
folder = "mixed"
[images.table]
file = "mixed.csv"
image = "id"
group = "field"
use = "part"
unless = "twin"
[[images]]
name = "late"
folder = "late"
use = "test"
"""


@pytest.fixture
def kitchen(tmp_path):
    """A recipe and its data: three folders, one of them with a table."""
    for folder, count in (("all/train", 2), ("mixed", 5), ("late", 1)):
        for number, each in enumerate(nuclei(count, seed=count)):
            for kind, array in (("images", each.image.array[0]), ("masks", each.labels.astype(np.uint16))):
                path = tmp_path / folder / kind / f"n{number}.tif"
                path.parent.mkdir(parents=True, exist_ok=True)
                (write_image if kind == "images" else write_labels)(path, array)
    rows = [
        "id,field,part,twin",
        "n0,a,train,",
        "n1,b,validation,",
        "n2,c,train,x9",
        "n3,d,leave_out,",
        "n4,e,test,",
    ]
    (tmp_path / "mixed.csv").write_text("\n".join(rows) + "\n")
    (tmp_path / "little.toml").write_text(TEXT)
    return tmp_path


def test_every_image_goes_where_the_recipe_puts_it(kitchen):
    found = gather(read_recipe(kitchen / "little.toml"), kitchen)
    assert found.parts == {
        "all_n0": "train", "all_n1": "train", "mixed_n0": "train", "mixed_n1": "validation",
    }  # fmt: skip
    assert [each.name for each in found.test] == ["mixed_n4", "late_n0"]
    assert {each.name: each.group for each in found.learn}["mixed_n1"] == "mixed_b"


def test_scores_are_those_of_the_weights_that_are_kept(kitchen):
    recipe = read_recipe(kitchen / "little.toml")
    ingredients = gather(recipe, kitchen)
    model = Model.new(recipe.method, ingredients.learn, name=recipe.name, **recipe.net)
    model.measure(ingredients.learn)
    model = finished(model, recipe, ingredients)
    model.save(kitchen / "kept", half=True)
    kept = Model.load(kitchen / "kept")
    assert kept.card.licence == "CC0-1.0"
    assert kept.card.citations == ("somebody",)
    for name, value in model.net.state_dict().items():
        assert torch.equal(kept.net.state_dict()[name], value)  # nothing was rounded after scoring
    again = Validation(kept, ingredients.test)
    assert kept.card.scores.test == again.part_score(kept, again.answers(kept, "float32"), kept.card.settings)
    assert kept.card.scores.selection.images == 1
    assert (kitchen / "kept" / "weights.safetensors").stat().st_size < 2.5 * sum(
        each.numel() for each in kept.net.parameters()
    ) + 4000


def numbered():
    """What a label image looks like where somebody gives it as a picture."""
    return np.repeat(np.repeat(np.arange(1, 17, dtype=np.uint16).reshape(4, 4), 8, 0), 8, 1)


UNFIT = [
    (np.zeros((1, 5, 32, 32), np.uint16), "CZYX", "odd has 3 dimensions, model 'little' 2"),
    (np.zeros((3, 32, 32), np.uint16), "CYX", "odd: the image has 3 channels, model 'little'.* on 1"),
    (np.full((1, 32, 32), np.nan, np.float32), "CYX", "odd"),
    (numbered()[None], "CYX", "odd looks like a label image"),
]


@pytest.mark.parametrize("use", ["validation", "test"])
@pytest.mark.parametrize(("array", "axes", "problem"), UNFIT, ids=["stack", "colours", "numbers", "labels"])
def test_an_image_that_could_not_be_scored_is_refused(kitchen, array, axes, problem, use):
    recipe = read_recipe(kitchen / "little.toml")
    found = gather(recipe, kitchen)
    model = Model.new(recipe.method, found.learn, name=recipe.name, **recipe.net)
    refuse_unfit(model, found)
    odd = Annotated(Image(array, axes, "odd"), np.zeros(array.shape[1:], np.int32), "odd")
    if use == "test":
        found = replace(found, test=(*found.test, odd))
    else:
        found = replace(found, learn=(*found.learn, odd), parts={**found.parts, "odd": use})
    with pytest.raises(BadInput, match=problem) as caught:
        refuse_unfit(model, found)
    assert "--channel" not in caught.value.fix  # an option that no recipe has


@pytest.mark.parametrize(
    ("begun", "asked", "problem"),
    [
        ({"minutes": 2.0}, {"minutes": 2.0, "steps": 7, "seed": 7}, None),
        ({"minutes": 2.0}, {"minutes": 5.0}, "train.minutes 2.0, the recipe asks for 5.0"),
        ({"minutes": 2.0}, {}, "train.minutes 2.0, the recipe asks for none"),
        ({"steps": 7}, {"minutes": 5.0}, None),  # --steps had set the minutes aside
        ({}, {"patch": 64}, "train.patch 256, the recipe asks for 64"),
    ],
)
def test_an_unfinished_training_may_have_been_begun_with_options(kitchen, begun, asked, problem):
    recipe = read_recipe(kitchen / "little.toml")
    model = Model.new(recipe.method, nuclei(1), name=recipe.name, **recipe.net)
    config = {"rate": model.method.rate, **begun}
    saved = Saved(State(), config, images=(), selection=(), card=model.card)
    recipe = msgspec.structs.replace(recipe, train=TrainConfig(**asked))
    if problem is None:
        check_unfinished(saved, recipe)
        return
    with pytest.raises(BadInput, match=problem):
        check_unfinished(saved, recipe)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("steps = 3", "stepps = 3", "stepps"),
        ('use = "test"', 'use = "exam"', "exam"),
        ('use = "test"', "", "no use"),
        ('unless = "twin"', 'unless = "brother"', "no column brother"),
        ('use = "train"', 'use = "test"', "no image that trains"),
        ("n0,a,train,", "n9,a,train,", "n0 is not in mixed.csv"),
        ("n0,a,train,", "n0,a,train,\nn0,b,test,", "mixed.csv has two rows for the image n0"),
        ('name = "late"', 'name = "all"', "two .* the name 'all'"),
        ("scale = 0.4", "scale = -2", "augmentation scale -2"),
    ],
)
def test_what_is_wrong_in_a_recipe_is_named(kitchen, before, after, problem):
    for file in ("little.toml", "mixed.csv"):
        path = kitchen / file
        path.write_text(path.read_text().replace(before, after))
    if problem == "no image that trains":
        (kitchen / "mixed.csv").write_text((kitchen / "mixed.csv").read_text().replace(",train,", ",test,"))
    with pytest.raises(BadInput, match=problem):
        gather(read_recipe(kitchen / "little.toml"), kitchen)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("filters = 4", "filter = 4", "unknown setting 'filter'"),
        ("filters = 4", "dimensions = 2", "unknown setting 'dimensions'"),
        ("filters = 4", "channels = 1", "unknown setting 'channels'"),
        ("filters = 4", "outputs = 3", "unknown setting 'outputs'"),
        ("filters = 4", 'filters = "4"', "Expected `int`, got `str`"),
        ("filters = 4", "rays = 3", "3 rays"),
        ('method = "stardist"', 'method = "unet"\nnet = {rays = 32}', "unknown setting 'rays'"),
        ('method = "stardist"', 'method = "stardust"', "no method 'stardust'"),
        ("[train]\nsteps = 3\n[train.augmentation]\nscale = 0.4", "", "Expected `object`, got `int`"),
        ("[train.augmentation]\nscale = 0.4", "augmentation = 4", "Expected `object`, got `int`"),
        ('"little"', '"l\xe4nglich"', "cannot be read"),
    ],
)
def test_a_recipe_is_refused_before_any_image_is_read(tmp_path, before, after, problem):
    text = TEXT.replace(before, after)
    if "net = " in after:
        text = text.replace("[net]\nfilters = 4\ndepth = 1\n", "")
    if not after:
        text = "train = 3\n" + text
    (tmp_path / "little.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(BadInput, match=problem):
        read_recipe(tmp_path / "little.toml")


def test_sizes_of_the_net_have_the_types_of_its_fields(tmp_path):
    (tmp_path / "little.toml").write_text(TEXT.replace("depth = 1", "unit = 6\ngrid = [1, 2]"))
    net = read_recipe(tmp_path / "little.toml").net
    assert net == {"filters": 4, "unit": 6.0, "grid": (1, 2)}
    assert isinstance(net["unit"], float)


def test_two_images_never_come_to_have_one_name(kitchen):
    """The image "c" of "a_b" and the image "b_c" of "a"."""
    for folder, name in (("all/train", "b_c"), ("late", "c")):
        for kind in ("images", "masks"):
            path = kitchen / folder / kind / "n0.tif"
            path.rename(path.with_stem(name))
    text = TEXT.replace('name = "all"', 'name = "a"').replace('name = "late"', 'name = "a_b"')
    (kitchen / "little.toml").write_text(text)
    with pytest.raises(BadInput, match="called 'a_b_c'"):
        gather(read_recipe(kitchen / "little.toml"), kitchen)


def test_what_is_remarked_about_images_is_kept(kitchen):
    mask = kitchen / "late" / "masks" / "n0.tif"
    write_labels(mask, np.where(read_labels(mask) > 0, 255, 0).astype(np.uint8))
    (note,) = gather(read_recipe(kitchen / "little.toml"), kitchen).notes
    assert note.startswith("late: ")
    assert "n0.tif" in note


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_recipes_can_be_read_and_what_is_shipped_is_free(path):
    recipe = read_recipe(path)
    assert recipe.name == path.stem
    assert {source.use for source in recipe.images} >= {"train", "test"}
    is_shipped = (MODELS / recipe.name).is_dir()
    assert recipe.licence == "CC0-1.0" or ("non-commercial" in recipe.licence and not is_shipped)
