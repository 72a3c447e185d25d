"""What decided an object: the part that the net sees, the object at a place, and what falls where it is covered."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image as Pillow

from convivo import api
from convivo.errors import BadInput
from convivo.methods import method_named
from convivo.report.why import draw
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.run.why import Probability, object_at, prepared_page, why
from convivo.types import Image
from restorers import restorer
from simulated import nuclei

TORCH = PredictOptions(engine=Wanted("torch", "float32"))


@pytest.fixture(scope="module")
def wide():
    """A field wider than the net sees, with nuclei as those that the models know."""
    return nuclei(1, seed=5, shape=(300, 300), objects=50)[0].image


def likeliest(model, image):
    """The object in the middle of the image that the model is surest of, with the whole prediction."""
    found = Predictor(model, TORCH).predict(image)
    middle = [each for each in found.objects if all(60 < place < 240 for place in each.position)]
    return max(middle, key=lambda each: each.probability), found


@pytest.mark.parametrize("kind", ["trained", "star_trained"])
def test_the_part_answers_as_the_whole_image(kind, request, wide):
    model = request.getfixturevalue(kind)
    each, found = likeliest(model, wide)
    prepared = prepared_page(model, wide)
    part, inside, background = object_at(model, prepared, each.position)
    assert np.array_equal(inside, found.labels[part] == each.label)
    assert (found.labels[part][background] == 0).all()
    ask = Probability(model, TORCH, prepared[:, *part], inside)
    assert ask(prepared[:, *part]) == pytest.approx(each.probability, abs=1e-4)
    assert all(piece.stop - piece.start < 300 for piece in part)


@pytest.mark.parametrize("kind", ["trained", "star_trained"])
def test_an_object_is_decided_by_itself(kind, request, wide):
    model = request.getfixturevalue(kind)
    each, _ = likeliest(model, wide)
    found = why(model, wide, each.position, TORCH)
    assert found.at == pytest.approx(each.position, abs=1e-6)
    assert found.probability == pytest.approx(each.probability, abs=1e-4)
    assert found.falls["inside"] > 0.3
    assert abs(found.falls["surroundings"]) < found.falls["inside"] / 2
    assert found.fall.shape == found.inside.shape
    assert found.inside[np.unravel_index(found.fall.argmax(), found.fall.shape)]
    assert 0 < found.reach < 2.5 * found.diameter
    assert f"its inside {-found.falls['inside']:+.2f}" in str(found)
    assert f"within {found.reach:.0f} pixels of its middle" in str(found)
    assert "no single patch" in str(replace(found, reach=0.0))


def test_a_place_without_an_object_names_the_nearest(trained, wide):
    _, found = likeliest(trained, wide)
    empty = np.argwhere(found.labels == 0)[5000]
    with pytest.raises(BadInput, match="there is no object") as caught:
        why(trained, wide, tuple(empty), TORCH)
    y, x = map(int, caught.value.fix.rsplit(" ", 1)[1].split(","))
    assert found.labels[y, x] > 0
    nearest = np.sqrt(((np.argwhere(found.labels > 0) - empty) ** 2).sum(axis=1).min())
    assert np.hypot(y - empty[0], x - empty[1]) == pytest.approx(nearest)


@pytest.mark.parametrize("at", [(-5, 3), (3, 300), (300, 3)])
def test_a_place_outside_is_refused(trained, wide, at):
    with pytest.raises(BadInput, match="is not in the image"):
        why(trained, wide, at, TORCH)


def test_of_a_film_the_middle_is_looked_at(trained, wide):
    each, _ = likeliest(trained, wide)
    dark = np.zeros_like(wide.array)
    film = Image(np.stack([dark, wide.array, dark]), "TCYX", "film")
    assert why(trained, film, each.position, TORCH).probability == pytest.approx(each.probability, abs=1e-4)


@pytest.mark.parametrize(
    ("array", "problem"),
    [
        (np.zeros((1, 64, 64)), "there is no object"),
        (np.full((1, 64, 64), np.nan), "NaN"),
        (np.zeros((3, 64, 64)), "channel"),
        (np.zeros((1, 0, 0)), "has no pixels"),
        (np.ones((1, 1, 1)), "there is no object"),
    ],
)
def test_unfit_images_are_refused_in_words(trained, array, problem):
    with pytest.raises(BadInput, match=problem):
        why(trained, Image(array, "CYX", "odd"), (0, 0), TORCH)


def test_models_that_find_no_objects_are_refused(wide):
    with pytest.raises(BadInput):
        why(restorer("n2v"), wide, (5, 5), TORCH)


def test_thresholds_of_nothing_find_nothing(trained, star_trained, wide):
    """The map alone is wanted, so decoding must not search for objects."""
    from convivo.run.why import UNREACHED

    for model in (trained, star_trained):
        options = replace(TORCH, settings=UNREACHED[model.card.method])
        assert not Predictor(model, options).predict(wide).labels.any()
    assert set(UNREACHED) == {name for name in ("unet", "stardist") if method_named(name)}


def test_it_is_asked_in_python_and_drawn(model_folder, wide, tmp_path):
    model = api.load(model_folder)
    each, _ = likeliest(model, wide)
    found = model.why(wide.array[0], at=each.position, axes="YX")
    draw(tmp_path / "why.png", wide, found)
    with Pillow.open(tmp_path / "why.png") as picture:
        assert picture.size == (1260, 600)
        assert len(picture.convert("RGB").getcolors(800_000)) > 300
