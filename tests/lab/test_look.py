"""Looking at a prediction: what the page is shown is what `predict` says, under any settings."""

from dataclasses import astuple

import numpy as np
import pytest
import tifffile

from convivo.errors import BadInput
from convivo.io.places import SHIPPED
from convivo.lab import shelf, sources
from convivo.lab.folders import Place, open_folders
from convivo.lab.questions import look as looking
from convivo.lab.questions.look import Look, decide, look
from convivo.model import Model
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.run.asking import PredictOptions
from convivo.run.predict import predict
from convivo.types import Image
from restorers import restorer

IMAGE = Place(1, "crowd.tif")


@pytest.fixture
def crowd(tmp_path, trained, star_trained):
    """A lab's folders with an image, and two models made in the lab."""
    folders = open_folders(tmp_path / "lab", [tmp_path])
    own = folders.roots[0] / "models"
    trained.save(own / "u")
    star_trained.save(own / "s")
    restorer("n2v").save(own / "n")
    picture = simulate(Scene(shape=(160, 192), nuclei=25, diameter=16.0), Microscope(), seed=5).image
    tifffile.imwrite(tmp_path / "crowd.tif", picture)
    shelf.open_at(tmp_path / "lab", folders.roots)
    looking._kept = None
    return Image(picture[None], "CYX", "crowd")


@pytest.mark.parametrize(
    ("model", "settings"),
    [
        ("u", {}),
        ("u", {"foreground": 0.8, "seed": 0.7}),
        ("u", {"split": "watershed", "neck": 1.0}),
        ("s", {}),
        ("s", {"prob": 0.7, "nms": 0.1}),
        ("s", {"prob": 0.02}),  # below what is usually kept: the net is asked again
    ],
)
def test_decided_again_is_as_predicted_with_those_settings(crowd, trained, star_trained, model, settings):
    net = {"u": trained, "s": star_trained}[model]
    look(Look(image=IMAGE, model=f"lab:{model}"))
    found = decide(Look(image=IMAGE, model=f"lab:{model}", settings=settings))
    truth = predict(net, crowd, PredictOptions(settings=settings))
    assert len(truth.objects) > 5
    np.testing.assert_array_equal(found.labels, truth.labels)
    np.testing.assert_array_equal(found.objects.label, [each.label for each in truth.objects])
    np.testing.assert_allclose(found.objects.y, [each.position[0] for each in truth.objects], rtol=1e-5)
    np.testing.assert_allclose(
        found.objects.probability, [each.probability for each in truth.objects], rtol=1e-5
    )
    assert settings.items() <= found.settings.items()


def test_the_net_is_asked_once_for_all_thresholds(crowd, monkeypatch):
    look(Look(image=IMAGE, model="lab:s"))
    monkeypatch.setattr(looking.Predictor, "gather", None)
    assert len(decide(Look(image=IMAGE, model="lab:s", settings={"prob": 0.6})).objects.label) > 0
    with pytest.raises(TypeError):  # another model has to be asked
        decide(Look(image=IMAGE, model="lab:u"))


def test_an_image_that_has_changed_is_read_again(crowd, tmp_path):
    look(Look(image=IMAGE, model="lab:u"))
    empty = np.random.default_rng(0).poisson(10, crowd.array.shape[1:]).astype(np.uint16)
    tifffile.imwrite(tmp_path / "crowd.tif", empty)
    assert len(decide(Look(image=IMAGE, model="lab:u")).objects.label) < 5


def test_a_picture_is_at_most_so_large_and_its_labels_lie_on_it(crowd, tmp_path, monkeypatch):
    monkeypatch.setattr(looking, "SHOWN", 100)
    seen = look(Look(image=IMAGE, model="lab:u"))
    assert (seen.step, seen.pixels.shape, seen.decided.labels.shape) == (2, (80, 96), (80, 96))
    assert (seen.height, seen.width) == (160, 192)
    np.testing.assert_allclose(seen.pixels[3, 5], crowd.array[0, 6:8, 10:12].mean(), rtol=1e-6)


def test_of_a_very_large_image_a_part_is_looked_at_and_places_count_from_the_image(crowd, monkeypatch):
    monkeypatch.setattr(looking, "WHOLE", 1000)
    monkeypatch.setattr(looking, "PART", 96)
    seen = look(Look(image=IMAGE, model="lab:u", y=40, x=500))
    assert (seen.y, seen.x, seen.pixels.shape) == (40, 96, (96, 96))
    for label, y, x in zip(
        seen.decided.objects.label, seen.decided.objects.y, seen.decided.objects.x, strict=True
    ):
        rows, columns = np.nonzero(seen.decided.labels == label)
        assert (y, x) == pytest.approx((rows.mean() + 40, columns.mean() + 96), abs=0.01)


def test_a_model_that_restores_shows_the_image_after(crowd):
    seen = look(Look(image=IMAGE, model="lab:n"))
    assert seen.decided is None
    assert seen.restored.shape == seen.pixels.shape
    with pytest.raises(BadInput, match="finds no objects"):
        decide(Look(image=IMAGE, model="lab:n"))


def test_findings_come_with_the_first_look(crowd, trained):
    ids = {each.id for each in look(Look(image=IMAGE, model="lab:u")).findings}
    assert "overall" in ids or "scale" in ids


@pytest.mark.parametrize("path", ["../crowd.tif", "/etc/passwd", ".hidden.tif", "missing.tif", "lab"])
def test_what_is_no_image_in_a_chosen_folder_is_not_looked_at(crowd, path):
    with pytest.raises(BadInput):
        look(Look(image=Place(1, path), model="lab:u"))


def test_a_model_is_named_by_the_list_and_never_by_a_path(crowd, tmp_path):
    with pytest.raises(BadInput, match="no model"):
        look(Look(image=IMAGE, model=str(SHIPPED / "nuclei")))


@pytest.mark.parametrize("name", ["nuclei", "nuclei-unet"])
def test_what_is_gathered_loosely_is_decided_as_if_it_had_been_gathered_so(name):
    """On the shipped models, whose nets propose many stars."""
    model = Model.load(SHIPPED / name)
    picture = simulate(
        Scene(shape=(128, 128), nuclei=20, diameter=18.0, overlap=0.2), Microscope(), seed=2
    ).image
    image = Image(picture[None], "CYX", "a")
    predictor = looking.Predictor(model)
    gathered = predictor.gather(image.array, {})
    for settings in ({}, {"prob": 0.3}, {"prob": 0.9}) if name == "nuclei" else ({}, {"foreground": 0.3}):
        page, truth = (
            predictor.decide(gathered, settings),
            predict(model, image, PredictOptions(settings=settings)),
        )
        np.testing.assert_array_equal(page.labels, truth.labels)
        assert list(map(astuple, page.objects)) == list(map(astuple, truth.objects))


def test_a_practice_image_can_be_looked_at(crowd):
    first = sources.image("nuclei")
    assert first is sources.image("nuclei")
    assert look(Look(image="nuclei", model="shipped:nuclei")).decided.objects.label.size > 10


def test_truth_is_shown_of_practice_images_and_where_a_mask_lies_beside(crowd, tmp_path):
    data = tmp_path / "data"
    for part in ("images", "masks"):
        (data / part).mkdir(parents=True)
    tifffile.imwrite(data / "images" / "a.tif", crowd.array[0])
    labels = np.zeros(crowd.array.shape[1:], np.int16)
    labels[10:20, 30:50], labels[:5] = 7, -1
    asked = Look(image=Place(1, "data/images/a.tif"), model="lab:u")
    assert look(asked).truth is None
    tifffile.imwrite(data / "masks" / "a.tif", labels)
    seen = look(asked)
    np.testing.assert_array_equal(seen.truth > 0, labels == 7)
    assert (seen.truth.dtype, seen.truth_problem) == (np.uint32, "")
    assert look(Look(image=IMAGE, model="lab:u")).truth is None
    assert look(Look(image="nuclei", model="lab:u")).truth.max() > 10


def test_a_mask_that_does_not_fit_is_said_and_the_image_is_shown(crowd, tmp_path):
    for part, array in (("images", crowd.array[0]), ("masks", np.ones((3, 3), np.uint8))):
        (tmp_path / "data" / part).mkdir(parents=True)
        tifffile.imwrite(tmp_path / "data" / part / "a.tif", array)
    seen = look(Look(image=Place(1, "data/images/a.tif"), model="lab:u"))
    assert seen.truth is None
    assert "3 x 3" in seen.truth_problem
    assert seen.decided.objects.label.size > 5
