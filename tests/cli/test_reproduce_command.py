"""`convivo reproduce`: one command from a recipe to the model."""

import shutil
from itertools import islice

import msgspec
import numpy as np
import pytest
import tifffile

from convivo.io.images import read_labels
from convivo.io.label_images import write_image, write_labels
from convivo.model import Model, ModelFolder
from convivo.run.recipe import gather, read_recipe
from convivo.run.train import train
from simulated import nuclei

RECIPE = """
name = "little"
method = "unet"
net = {filters = 4, depth = 1}
train = {steps = 9, patch = 32, batch = 1, precision = "float32"}
images = [
    {name = "a", folder = "a", use = "train"},
    {name = "b", folder = "b", use = "validation"},
    {name = "c", folder = "c", use = "test"},
]
"""


def kitchen(root):
    for name in "abc":
        for kind in ("images", "masks"):
            (root / name / kind).mkdir(parents=True)
        for number, each in enumerate(nuclei(2, seed=ord(name))):
            write_image(root / name / "images" / f"{number}.tif", each.image.array[0])
            write_labels(root / name / "masks" / f"{number}.tif", each.labels.astype(np.int32))
    (root / "little.toml").write_text(RECIPE)
    return ["reproduce", root / "little.toml", "--data", root, "--out", root / "little"]


def test_a_recipe_becomes_a_model_scored_on_images_that_chose_nothing(convivo, tmp_path):
    command = kitchen(tmp_path)
    code, said, remarked = convivo(*command, "--steps", "3", "--seed", "5")
    assert code == 0
    assert "choosing the settings on 2 images and scoring 2 images that choose nothing" in remarked
    assert "2 images that chose nothing" in said
    card = Model.load(tmp_path / "little").card
    assert (card.training.steps, card.training.seed) == (3, 5)
    assert card.training.selection_images == ("b_0", "b_1")
    assert card.scores.test.images == 2
    code, _, error = convivo(*command)
    assert code == 2
    assert "already holds a model" in error
    assert "fix: give another --out" in error


def test_the_recipes_device_and_minutes_hold_until_an_option_says_otherwise(convivo, tmp_path):
    command = kitchen(tmp_path)
    timed = RECIPE.replace("steps = 9", 'minutes = 0.02, device = "cpu"')
    (tmp_path / "little.toml").write_text(timed)
    assert convivo(*command)[0] == 0
    config = Model.load(tmp_path / "little").card.training.config
    assert (config["device"], config["minutes"]) == ("cpu", 0.02)
    code, _, error = convivo(*command[:-1], tmp_path / "other", "--steps", 2, "--device", "auto")
    assert code == 0, error
    training = Model.load(tmp_path / "other").card.training
    assert training.steps == 2
    assert training.config["device"] == "auto"
    assert "minutes" not in training.config


def test_a_test_image_that_could_not_be_scored_is_refused_before_the_training(convivo, tmp_path):
    command = kitchen(tmp_path)
    put_stack(tmp_path)
    code, _, error = convivo(*command)
    assert code == 2
    assert "c_1 has 3 dimensions, model 'little' 2" in error
    assert "fix: use images of the kind that trains" in error
    assert not (tmp_path / "little").exists()


@pytest.mark.parametrize("how_far", ["interrupted", "finished_once"])
def test_a_test_image_that_could_not_be_scored_is_refused_by_resume(convivo, request, tmp_path, how_far):
    command = request.getfixturevalue(how_far)
    files = {path: path.read_bytes() for path in (tmp_path / "little").iterdir()}
    put_stack(tmp_path)
    code, _, error = convivo(*command, "--resume")
    assert code == 2
    assert "c_1 has 3 dimensions, model 'little' 2" in error
    assert {path: path.read_bytes() for path in (tmp_path / "little").iterdir()} == files


def put_stack(root):
    """A stack of planes in place of a test image."""
    for kind in ("images", "masks"):
        stack = np.zeros((3, 64, 64), np.uint16)
        tifffile.imwrite(root / "c" / kind / "1.tif", stack, imagej=True, metadata={"axes": "ZYX"})


def test_where_only_the_scores_are_missing_resume_makes_up_for_them(convivo, tmp_path):
    command = kitchen(tmp_path)
    assert convivo(*command)[0] == 0
    whole = Model.load(tmp_path / "little")
    kept = whole.card.scores.training  # what the training itself scored
    unscored = whole.with_card(scores=type(whole.card.scores)(training=kept))
    unscored.save(tmp_path / "little")
    assert not ModelFolder(tmp_path / "little").holds_state
    code, _, remarked = convivo(*command, "--resume", "--steps", 9, "--seed", 0, "--device", "cpu")
    assert code == 0, remarked
    assert "does not look at --device\n" in remarked
    assert Model.load(tmp_path / "little").card.scores == whole.card.scores


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"name": "great"}, "has the name 'great', the recipe 'little'"),
        ({"method": "stardist"}, "has the method 'unet', the recipe 'stardist'"),
        ({"training": None}, "does not say what it was trained on"),
        ({"images": ("a_0", "a_9")}, "had 2 images for train, the recipe has 2 others"),
        ({"selection_images": ("b_0",)}, "had 1 images for validation, the recipe has 2"),
    ],
)
def test_a_finished_model_that_the_recipe_did_not_make_keeps_its_weights_and_its_licence(
    convivo, tmp_path, change, problem
):
    command = kitchen(tmp_path)
    assert convivo(*command, "--steps", "1")[0] == 0
    model = Model.load(tmp_path / "little")
    if "method" in change:
        (tmp_path / "little.toml").write_text(RECIPE.replace('"unet"', '"stardist"'))
    elif change.keys() & {"name", "training"}:
        model.with_card(**change).save(tmp_path / "little")
    else:
        training = msgspec.structs.replace(model.card.training, **change)
        model.with_card(training=training).save(tmp_path / "little")
    files = {path: path.read_bytes() for path in (tmp_path / "little").iterdir()}
    code, _, error = convivo(*command, "--resume")
    assert code == 2
    assert problem in error
    assert "or another --out" in error
    assert "convivo train" not in error
    assert {path: path.read_bytes() for path in (tmp_path / "little").iterdir()} == files


@pytest.mark.parametrize(
    ("before", "after", "options", "problem"),
    [
        ("depth = 1", "depth = 2", (), "net.depth 1, the recipe asks for 2"),
        ("filters = 4, ", "", (), "net.filters 4, the recipe asks for 16"),
        ("batch = 1", "rate = 0.002", (), "train.batch 1, the recipe asks for 4"),
        ("batch = 1", "batch = 1, rate = 0.002", (), "train.rate 0.001, the recipe asks for 0.002"),
        ("batch = 1", "batch = 1, minutes = 1", (), "train.minutes none, the recipe asks for 1.0"),
        ("batch = 1", "batch = 1, augmentation = {scale = 0.5}", (), "train.augmentation.scale 0.2"),
        ("", "", ("--steps", 8), "train.steps 9, the recipe asks for 8"),
        ("", "", ("--seed", 1), "train.seed 0, the recipe asks for 1"),
        ("", "", ("--device", "cpu"), None),
        ('"float32"', '"bfloat16"', (), None),
        ("batch = 1", "batch = 1, rate = 0.001", (), None),
    ],
)
def test_a_finished_model_of_other_settings_is_refused_and_named(
    convivo, finished_once, before, after, options, problem
):
    recipe = finished_once[1]
    recipe.write_text(RECIPE.replace(before, after))
    code, _, error = convivo(*finished_once, "--resume", *options)
    assert code == (2 if problem else 0), error
    if problem:
        assert problem in error
        assert "or another --out; --steps and --seed count as the recipe's" in error


@pytest.fixture
def finished_once(tmp_path):
    """A training of the recipe that came to its end, and the command that began it."""
    return train_recipe(tmp_path, steps=9)


@pytest.fixture
def interrupted(tmp_path):
    """A training of the recipe that was stopped after its first step, and the command that began it."""
    return train_recipe(tmp_path, steps=1)


def train_recipe(root, steps, text=RECIPE):
    """Take so many steps of the recipe's training."""
    command = kitchen(root)
    (root / "little.toml").write_text(text)
    recipe = read_recipe(command[1])
    found = gather(recipe, root)
    model = Model.new(recipe.method, found.learn, name=recipe.name, **recipe.net)
    training = train(model, found.learn, recipe.train, store=ModelFolder(root / "little"), parts=found.parts)
    for _ in islice(training, steps):
        pass
    training.close()
    return command


def test_resume_goes_on_with_the_saved_settings_and_says_so(convivo, interrupted, tmp_path):
    code, _, error = convivo(*interrupted)
    assert code == 2
    assert "go on with --resume, if it is of this recipe" in error
    code, _, error = convivo(*interrupted, "--resume", "--steps", 3, "--seed", 4, "--device", "cpu")
    assert code == 0, error
    assert "does not look at --steps, --seed, --device\n" in error
    training = Model.load(tmp_path / "little").card.training
    assert (training.steps, training.seed) == (9, 0)


def test_an_interrupted_training_of_another_recipe_is_not_gone_on_with(convivo, interrupted, tmp_path):
    (tmp_path / "little.toml").write_text(RECIPE.replace('name = "little"', 'name = "large"'))
    code, _, error = convivo(*interrupted, "--resume")
    assert code == 2
    assert "has the name 'little', the recipe 'large'" in error


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("depth = 1", "depth = 2", "net.depth 1, the recipe asks for 2"),
        ("batch = 1", "batch = 2", "train.batch 1, the recipe asks for 2"),
        ("batch = 1", "batch = 1, augmentation = {scale = 0.5}", "train.augmentation.scale 0.2"),
        ("steps = 9", "steps = 8, seed = 3", None),
        ("steps = 9", 'steps = 9, device = "cpu"', None),
    ],
)
def test_an_interrupted_training_of_other_settings_is_refused_and_named(
    convivo, interrupted, tmp_path, before, after, problem
):
    (tmp_path / "little.toml").write_text(RECIPE.replace(before, after))
    files = {path: path.read_bytes() for path in (tmp_path / "little").iterdir()}
    code, _, error = convivo(*interrupted, "--resume")
    assert code == (2 if problem else 0), error
    if problem:
        assert problem in error
        assert "fix: give the recipe that it was begun from, or another --out\n" in error
        assert {path: path.read_bytes() for path in (tmp_path / "little").iterdir()} == files


def test_steps_that_resume_does_not_look_at_set_no_minutes_aside(convivo, tmp_path):
    command = train_recipe(tmp_path, steps=1, text=RECIPE.replace("steps = 9", "minutes = 9"))
    put_stack(tmp_path)  # so that it stops at what is looked at after the settings, not in nine minutes
    code, _, error = convivo(*command, "--resume", "--steps", 3)
    assert code == 2
    assert "does not look at --steps\n" in error
    assert "c_1 has 3 dimensions" in error


def test_what_is_remarked_about_the_images_is_said(convivo, tmp_path):
    command = kitchen(tmp_path)
    for mask in (tmp_path / "c" / "masks").iterdir():
        write_labels(mask, np.where(read_labels(mask) > 0, 255, 0).astype(np.uint8))
    code, _, remarked = convivo(*command, "--steps", "1")
    assert code == 0, remarked
    assert remarked.count("note: c: ") == 2


def test_missing_data_is_named(convivo, tmp_path):
    command = kitchen(tmp_path)
    shutil.rmtree(tmp_path / "b")
    code, _, error = convivo(*command)
    assert code == 2
    assert "b" in error
    assert not (tmp_path / "little").exists()
