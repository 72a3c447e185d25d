"""A StarDist model, trained and asked: what a person sees of it."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

from convivo.errors import BadInput
from convivo.io.images import read, write_image
from convivo.methods.stardist import on_grid
from convivo.model import Model
from convivo.model.stardist_keras import import_stardist
from convivo.ops.scores import match
from convivo.ops.tiling import pad_to_stride
from convivo.run.asking import PredictOptions, forward
from convivo.run.choice import Wanted
from convivo.run.engines import TorchEngine
from convivo.run.predict import Predictor, predict
from convivo.types import Image
from shared_data import SHARED, needs_shared
from simulated import nuclei

FLOAT32 = Wanted("torch", "float32", "cpu")


@pytest.fixture(scope="module")
def field():
    return nuclei(1, seed=7, shape=(150, 190), objects=20)[0]


def test_it_learns_to_find_nuclei(star_trained, field):
    found = predict(star_trained, field.image, PredictOptions(engine=FLOAT32))
    assert match(field.labels, found.labels, 0.5).accuracy > 0.7
    assert star_trained.card.scores.selection.accuracy["0.5"] > 0.7


@pytest.mark.parametrize("tile", [8, 24, 64])
def test_tiles_give_what_the_whole_gives(star_trained, field, tile):
    whole = predict(star_trained, field.image, PredictOptions(engine=FLOAT32))
    tiled = predict(star_trained, field.image, PredictOptions(engine=FLOAT32, tile=tile))
    assert np.abs(whole.probability - tiled.probability).max() < 1e-5
    assert np.array_equal(whole.labels, tiled.labels)
    np.testing.assert_allclose(tiled.rays, whole.rays, atol=1e-5 * whole.rays.max())


def test_rays_have_the_shape_of_the_grid_and_lie_in_pages(star_trained, field):
    page = predict(star_trained, field.image, PredictOptions(engine=FLOAT32))
    assert page.rays.shape == (16, 75, 95)
    assert page.rays.min() >= 1e-3
    stack = Image(np.stack([field.image.array[0]] * 2)[:, None], "TCYX")
    movie = predict(star_trained, stack, PredictOptions(engine=FLOAT32))
    np.testing.assert_array_equal(movie.rays, np.stack([page.rays] * 2))


def test_what_is_found_can_be_sent_to_another_process(star_trained, field):
    found = predict(star_trained, field.image)
    sent = pickle.loads(pickle.dumps(found))
    np.testing.assert_array_equal(sent.labels, found.labels)
    np.testing.assert_array_equal(sent.rays, found.rays)


def test_an_object_s_probability_is_its_star_s(star_trained, field):
    found = predict(star_trained, field.image, PredictOptions(engine=FLOAT32))
    first = found.objects[0]
    assert first.label == 1
    assert first.probability == max(each.probability for each in found.objects)
    assert first.probability == pytest.approx(found.probability[found.labels == 1].max(), abs=1e-6)


def test_thresholds_change_what_is_found(star_trained, field):
    def count(**settings):
        options = PredictOptions(engine=FLOAT32, settings=settings)
        return len(predict(star_trained, field.image, options).objects)

    assert count(prob=0.95) < count() <= count(prob=0.05)
    assert count(nms=1.0) > count()


def test_objects_cut_by_the_edge_are_marked(star_trained, field):
    found = predict(star_trained, field.image, PredictOptions(engine=FLOAT32))
    edges = [found.labels[0], found.labels[-1], found.labels[:, 0], found.labels[:, -1]]
    touching = set(np.concatenate(edges).tolist()) - {0}
    assert touching
    assert {each.label for each in found.objects if each.touches_edge} == touching


def test_a_saved_model_says_the_same(star_trained, field, tmp_path):
    star_trained.save(tmp_path / "stars")
    again = Model.load(tmp_path / "stars")
    assert again.card == star_trained.card
    before = predict(star_trained, field.image, PredictOptions(engine=FLOAT32))
    after = predict(again, field.image, PredictOptions(engine=FLOAT32))
    assert np.array_equal(before.labels, after.labels)


def test_twenty_empty_fields_of_noise_hold_no_nuclei(star_trained):
    rng = np.random.default_rng(0)
    for _ in range(20):
        noise = rng.normal(300, 12, (128, 128)).astype(np.uint16)
        assert not predict(star_trained, Image(noise[None]), PredictOptions(engine=FLOAT32)).labels.any()


def test_what_only_another_method_has_is_refused(star_trained, trained, field):
    with pytest.raises(BadInput, match="no setting 'split'"):
        Predictor(star_trained, PredictOptions(settings={"split": "watershed"}))
    with pytest.raises(BadInput, match="measures no rays"):
        predict(trained, field.image, PredictOptions(engine=FLOAT32)).rays  # noqa: B018


def test_the_command_writes_rays_and_takes_thresholds(star_trained, field, tmp_path, convivo):
    star_trained.save(tmp_path / "stars")
    write_image(tmp_path / "field.tif", field.image.array[0])
    ask = ("predict", tmp_path / "field.tif", "--model", tmp_path / "stars", "--engine", "torch")
    code, out, err = convivo(*ask, "--out", tmp_path / "found", "--rays", "--prob", "0.4", "--nms", "0.3")
    assert code == 0, out + err
    assert read(tmp_path / "found" / "field_rays.tif", axes="ZYX").array.shape == (1, 16, 75, 95)
    table = (tmp_path / "found" / "objects.csv").read_bytes()
    for option, value, problem in (("--prob", "1.5", "prob 1.5"), ("--nms", "nan", "nms nan")):
        code, _, err = convivo(*ask, "--out", tmp_path / "found", option, value)
        assert code == 2
        assert problem in err
        assert (tmp_path / "found" / "objects.csv").read_bytes() == table  # what was there stays


def test_rays_of_a_stack_are_channels_and_no_image_of_the_next_run(star_trained, field, tmp_path, convivo):
    star_trained.save(tmp_path / "stars")
    (tmp_path / "in").mkdir()
    write_image(tmp_path / "in" / "stack.tif", np.stack([field.image.array[0]] * 2), page_axes="")
    ask = ("predict", tmp_path / "in", "--model", tmp_path / "stars", "--engine", "torch", "--axes", "ZYX")
    for _ in range(2):
        code, out, err = convivo(*ask, "--out", tmp_path / "in", "--rays")
        assert code == 0, out + err
        assert "1 of 1 images done" in out
    assert read(tmp_path / "in" / "stack_rays.tif").array.shape == (16, 2, 75, 95)  # channels first


def test_training_takes_rays_and_grid_only_for_stardist(tmp_path, convivo):
    each = nuclei(1)[0]
    for kind, array in (("images", each.image.array[0]), ("masks", each.labels.astype(np.uint16))):
        (tmp_path / "data" / kind).mkdir(parents=True)
        write_image(tmp_path / "data" / kind / "n.tif", array)
    for data in ("data", "not-there"):  # no image is read before
        for option, what in (("--rays", "no rays"), ("--grid", "no grid")):
            arguments = ("train", "unet", tmp_path / data, "--out", tmp_path / "out", option, "2")
            code, _, err = convivo(*arguments)
            assert code == 2
            assert what in err


def test_a_decoder_s_setting_is_kept_from_the_card(star_trained, field):
    strict = star_trained.with_card(settings={**star_trained.card.settings, "prob": 0.99})
    assert len(predict(strict, field.image, PredictOptions(engine=FLOAT32)).objects) < len(
        predict(star_trained, replace(field.image), PredictOptions(engine=FLOAT32)).objects
    )


@needs_shared
@pytest.mark.parametrize("name", ["sd2d_g12", "sd2d_g22"])
def test_an_imported_net_says_in_tiles_what_the_original_said_of_the_whole(name):
    model = import_stardist(SHARED / "golden" / name, name)
    golden = np.load(SHARED / "golden" / name / "golden.npz")
    shown = pad_to_stride(golden["x"][None], model.strides)
    engine = TorchEngine(model.net, "cpu", "float32")
    rows, columns = model.card.net.grid
    out = np.zeros(
        tuple(-(-side // step) for side, step in zip(shown.shape[1:], (rows, columns), strict=True))
    )
    for tile, output in forward(model, shown, engine, (16, 16)):
        core, crop = (on_grid(region, (rows, columns)) for region in (tile.core, tile.crop))
        out[core] = output[0][crop]
    expected = golden["out0"]
    found = 1 / (1 + np.exp(-out[: expected.shape[0], : expected.shape[1]]))
    np.testing.assert_allclose(found, expected, atol=1e-5)


@needs_shared
@pytest.mark.parametrize("shape", [(24, 32), (117, 131), (1, 3)])
def test_a_net_with_unequal_grid_steps_is_asked_about_images_of_any_shape(shape):
    model = import_stardist(SHARED / "golden" / "sd2d_g12", "unequal")
    image = Image(np.random.default_rng(0).integers(0, 900, (1, *shape)).astype(np.uint16))
    assert predict(model, image, PredictOptions(engine=FLOAT32)).labels.shape == shape


def test_rays_of_an_image_without_pixels_are_refused_in_words(star_trained):
    with pytest.raises(BadInput, match="has no pixels"):
        predict(star_trained, Image(np.zeros((1, 0, 5), np.uint16))).rays  # noqa: B018
