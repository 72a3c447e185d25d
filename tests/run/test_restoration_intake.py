"""What would teach restoration nothing, or nonsense, is refused in words before any step."""

from dataclasses import replace

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.model import ModelFolder
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.run.config import TrainConfig
from convivo.run.restoration_intake import refuse_unfit
from convivo.run.train import train
from convivo.types import Image, Restorable
from restorers import alone, fresh

CONFIG = TrainConfig()


def pair(seed=0, shift=0, side=288, nuclei=20):
    """A low exposure of a field and the field itself, which may lie further down."""
    picture = simulate(Scene(shape=(side, side), nuclei=nuclei), Microscope(photons=30), seed=seed)
    target = np.roll(picture.clean, shift, axis=0)
    return Restorable(
        Image(picture.image[None], "CYX", f"f{seed}"), Image(target[None], "CYX", f"f{seed}"), "g"
    )


PAIRS = [pair(seed) for seed in range(3)]


def looked_at(data, method="care", **config):
    return refuse_unfit(fresh(method, data), data, replace(CONFIG, **config))[1]


def with_pixels(pixels, name="odd"):
    return [Restorable(Image(np.asarray(pixels)[None], "CYX", name), None, name)]


def test_good_pairs_and_noisy_images_pass_without_a_word():
    assert looked_at(PAIRS) == ()
    assert looked_at(alone(PAIRS), "n2v") == ()


def test_a_shift_is_measured_said_and_refused_beyond_what_is_allowed():
    shifted = [*PAIRS[:2], pair(3, shift=4)]
    with pytest.raises(
        BadInput, match=r"f3 is shifted .* Y \+4\.\d, X [+-]0\.\d pixels, the most of 3 .* more than 1"
    ) as caught:
        looked_at(shifted)
    assert "--most-shift 4" in caught.value.fix
    (said,) = looked_at(shifted, most_shift=4.0)
    assert "Y +4" in said
    assert "Y +4" in looked_at(shifted, anyway=True)[0]


def test_pairs_of_different_fields_are_refused():
    mixed = [replace(PAIRS[0], target=PAIRS[1].target), *PAIRS[1:]]
    with pytest.raises(BadInput, match="f0 and its target show different fields"):
        looked_at(mixed)


def test_a_pair_whose_images_are_the_same_teaches_nothing():
    same = [replace(PAIRS[0], target=PAIRS[0].image), *PAIRS[1:]]
    with pytest.raises(BadInput, match="f0 and its target are the same"):
        looked_at(same)


def test_few_pairs_are_remarked_on():
    assert "2 pairs: no image is left to choose with" in looked_at(PAIRS[:2])[0]


def flat(each, side="image"):
    """The example with one of its images the same everywhere."""
    constant = np.full_like(getattr(each, side).array, 3)
    return replace(each, **{side: replace(getattr(each, side), array=constant)})


@pytest.mark.parametrize("side", ["image", "target"])
def test_a_constant_image_is_refused_and_left_out_anyway(side):
    data = [PAIRS[0], flat(PAIRS[1], side), PAIRS[2], pair(3)]
    with pytest.raises(BadInput, match="f1 is 3") as caught:
        looked_at(data)
    assert "leave it out" in caught.value.fix
    assert "--anyway" in caught.value.fix
    kept, (said,) = refuse_unfit(fresh("care", data), data, replace(CONFIG, anyway=True))
    assert [each.name for each in kept] == ["f0", "f2", "f3"]
    assert "f1 is 3" in said
    assert "left out" in said


def test_of_many_constant_images_a_few_are_named():
    blank = [replace(flat(PAIRS[0]), image=replace(flat(PAIRS[0]).image, name=f"b{n}")) for n in range(8)]
    (said,) = looked_at(alone([*PAIRS, *blank]), "n2v", anyway=True)
    assert all(f"b{n} is 3" in said for n in range(5))
    assert "b5" not in said
    assert "3 more" in said


def test_where_all_images_are_constant_there_is_nothing_to_learn_from_anyway():
    with pytest.raises(BadInput, match="f0 is 3") as caught:
        looked_at(alone([flat(each) for each in PAIRS]), "n2v", anyway=True)
    assert "--anyway" not in caught.value.fix


@pytest.mark.usefixtures("few_hidden_pixels")
def test_what_is_left_out_neither_trains_nor_chooses_and_does_not_stop_going_on(tmp_path):
    data = alone([PAIRS[0], flat(PAIRS[1]), PAIRS[2]])
    data = [replace(each, group=each.name) for each in data]
    quick = TrainConfig(steps=2, patch=32, batch=1, precision="float32", anyway=True)
    store = ModelFolder(tmp_path / "m")
    steps = train(fresh("n2v", data), data, quick, store=store)
    assert "f1 is 3" in next(steps).notes[0]
    steps.close()
    model = store.unfinished_model()
    *_, last = train(model, data, store=store, resume=True)
    assert last.number == 2
    assert {*model.card.training.images, *model.card.training.selection_images} == {"f0", "f2"}


def test_images_that_are_too_small_or_too_few_are_refused():
    noise = np.random.default_rng(0).normal(size=(40, 40))
    with pytest.raises(BadInput, match="odd has 20 x 40 pixels"):
        looked_at(with_pixels(noise[:20]), "n2v")
    with pytest.raises(BadInput, match="1,600 pixels together"):
        looked_at(with_pixels(noise), "n2v")


def test_noise2void_is_not_given_images_without_noise():
    clean = with_pixels(PAIRS[0].target.array[0])
    with pytest.raises(BadInput, match="hardly any noise that differs from pixel to pixel"):
        looked_at(clean, "n2v")
    assert "hardly any noise" in looked_at(clean, "n2v", anyway=True)[0]


def test_noise2void_is_not_given_salt_and_pepper():
    rng = np.random.default_rng(0)
    salted = PAIRS[0].image.array[0].copy()
    salted[rng.random(salted.shape) < 0.02] = salted.max()
    with pytest.raises(BadInput, match="% of the pixels jump out of their neighbourhood"):
        looked_at(with_pixels(salted), "n2v")


@pytest.mark.parametrize(("lower", "upper", "word"), [(30, 100, "dark"), (0, 90, "bright")])
def test_clipped_noise_is_remarked_on(lower, upper, word):
    pixels = PAIRS[0].image.array[0]
    clipped = np.clip(pixels, *np.percentile(pixels, (lower, upper)))
    (said,) = looked_at(with_pixels(clipped), "n2v")
    assert f"{word} places come out wrong" in said


def test_a_training_begins_with_these_words_and_says_them_once():
    model = fresh("care", PAIRS[:2])
    steps = list(train(model, PAIRS[:2], TrainConfig(steps=2, patch=32, batch=1, precision="float32")))
    assert [bool(step.notes) for step in steps] == [True, False]
