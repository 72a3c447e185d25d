"""`convivo reproduce`: one command from a recipe to the model."""

import shutil

import numpy as np

from convivo.io.label_images import write_image, write_labels
from convivo.model import Model, ModelFolder
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
    code, said, _ = convivo(*command, "--steps", "3", "--seed", "5")
    assert code == 0
    assert "2 images that chose nothing" in said
    card = Model.load(tmp_path / "little").card
    assert (card.training.steps, card.training.seed) == (3, 5)
    assert card.training.selection_images == ("b_0", "b_1")
    assert card.scores.test.images == 2
    code, _, error = convivo(*command)
    assert code == 2
    assert "already holds a model" in error


def test_where_only_the_scores_are_missing_resume_makes_up_for_them(convivo, tmp_path):
    command = kitchen(tmp_path)
    assert convivo(*command)[0] == 0
    whole = Model.load(tmp_path / "little")
    unscored = whole.with_card(scores=type(whole.card.scores)())
    unscored.save(tmp_path / "little")
    assert not ModelFolder(tmp_path / "little").holds_state
    assert convivo(*command, "--resume")[0] == 0
    assert Model.load(tmp_path / "little").card.scores == whole.card.scores


def test_missing_data_is_named(convivo, tmp_path):
    command = kitchen(tmp_path)
    shutil.rmtree(tmp_path / "b")
    code, _, error = convivo(*command)
    assert code == 2
    assert "b" in error
    assert not (tmp_path / "little").exists()
