"""Prediction: tiles give what the whole gives, and odd images give no surprise."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput, OutOfMemory
from convivo.model import Model
from convivo.ops.scores import match
from convivo.run import asking
from convivo.run.asking import PredictOptions
from convivo.run.choice import Choice, Wanted
from convivo.run.engines import TorchEngine
from convivo.run.predict import Predictor, predict
from convivo.types import Image
from simulated import nuclei

FLOAT32 = Wanted("torch", "float32", "cpu")


def whole_output(model, pixels):
    """The net's answer for the whole padded image at once, by torch alone."""
    prepared = model.prepare(pixels)
    missing = [(0, -length % model.stride) for length in prepared.shape[1:]]
    padded = np.pad(prepared, [(0, 0), *missing], mode="reflect")
    with torch.inference_mode():
        probabilities = torch.softmax(model.net(torch.from_numpy(padded)[None])[0], 0).numpy()
    rows, columns = pixels.shape[1:]
    return 1 - probabilities[0, :rows, :columns]


@given(
    rows=st.integers(20, 150),
    columns=st.integers(20, 150),
    tile=st.integers(1, 10).map(lambda number: 4 * number),
    seed=st.integers(0, 50),
)
@settings(max_examples=25, deadline=None)
def test_tiled_equals_untiled_for_any_shape_and_allowed_tile(trained, rows, columns, tile, seed):
    image = nuclei(1, seed=seed, shape=(150, 150), objects=14)[0].image.array[:, :rows, :columns]
    tiled = predict(trained, Image(image), PredictOptions(tile=tile, engine=FLOAT32))
    whole = predict(trained, Image(image), PredictOptions(tile=152, engine=FLOAT32))
    expected = whole_output(trained, image)
    assert np.abs(tiled.probability - expected).max() <= 1e-5 * expected.max()
    assert np.array_equal(tiled.labels, whole.labels)


@pytest.mark.parametrize("engine", ["torch", "openvino"])
@pytest.mark.parametrize("name", ["trained", "star_trained"])
def test_both_engines_in_tiles_find_what_torch_finds_in_the_whole(name, engine, request):
    """Also where the engine writes each answer over the last."""
    pytest.importorskip("openvino")
    model = request.getfixturevalue(name)
    image = nuclei(1, seed=3, shape=(230, 180), objects=24)[0].image
    reference = predict(model, image, PredictOptions(tile=232, engine=FLOAT32))
    found = predict(model, image, PredictOptions(tile=40, engine=Wanted(engine, "float32", "cpu")))
    assert found.objects
    assert np.abs(found.probability - reference.probability).max() <= 1e-5
    assert np.array_equal(found.labels, reference.labels)


@pytest.mark.parametrize("engine", ["torch", "openvino"])
def test_in_bfloat16_nearly_all_objects_stay_the_same(trained, engine):
    """This small net is less sure of itself than a finished one, where 99 % of the objects must match."""
    image = nuclei(1, seed=3, shape=(230, 180), objects=24)[0].image
    reference = predict(trained, image, PredictOptions(engine=FLOAT32))
    found = predict(trained, image, PredictOptions(tile=40, engine=Wanted(engine, "bfloat16", "cpu")))
    assert found.engine == f"{engine} bfloat16"
    assert np.abs(found.probability - reference.probability).max() <= 0.05
    assert match(reference.labels, found.labels, 0.8).f1 > 0.9


def test_tiling_in_three_dimensions_equals_the_whole():
    data = nuclei(2, shape=(12, 40, 44), objects=4, diameter=12.0)
    model = Model.new("unet", data, name="stack", filters=4, depth=1)
    tiled = predict(model, data[0].image, PredictOptions(tile=8, engine=FLOAT32))
    whole = predict(model, data[0].image, PredictOptions(tile=48, engine=FLOAT32))
    assert tiled.labels.shape == (12, 40, 44)
    assert np.abs(tiled.probability - whole.probability).max() <= 1e-5
    assert np.array_equal(tiled.labels, whole.labels)


@pytest.mark.parametrize(
    ("array", "note"),
    [
        (np.zeros((1, 1, 1), np.uint16), "the image is constant"),
        (np.full((1, 40, 30), 7, np.uint8), "the image is constant"),
        (np.zeros((1, 0, 12), np.float32), "the image is empty"),
    ],
)
def test_tiny_constant_and_empty_images_have_no_objects_and_a_note(trained, array, note):
    found = predict(trained, Image(array))
    assert (found.objects, found.notes) == ((), (note,))
    assert found.labels.shape == array.shape[1:]


def test_an_empty_noisy_field_has_no_objects(trained):
    noise = np.random.default_rng(0).normal(100, 5, (1, 128, 128)).astype(np.float32)
    found = predict(trained, Image(noise), PredictOptions(engine=FLOAT32))
    assert found.objects == ()
    assert found.notes == ("no object was found",)


def test_the_page_of_which_a_note_speaks_is_named(trained, data):
    field = data[0].image.array
    blank = np.full_like(field, 7)
    some = predict(trained, Image(np.stack([field, blank, field, blank]), "TCYX"))
    assert some.objects
    assert "pages 2, 4 of 4: the image is constant" in some.notes
    one = predict(trained, Image(np.stack([field, blank]), "TCYX"))
    assert "page 2 of 2: the image is constant" in one.notes
    none = predict(trained, Image(np.stack([blank, blank]), "TCYX"))
    assert none.notes == ("the image is constant",)


def test_pages_are_gone_through_one_by_one(trained, data):
    fields = [each.image.array for each in data[:2]]
    stack = Image(np.stack(fields), "TCYX")
    found = predict(trained, stack, PredictOptions(engine=FLOAT32))
    assert found.labels.shape == (2, 96, 96)
    assert found.page_axes == "T"
    for number, field in enumerate(fields):
        alone = predict(trained, Image(field), PredictOptions(engine=FLOAT32))
        assert np.array_equal(found.labels[number], alone.labels)
        assert [each.label for each in found.objects if each.page == (number,)] == [
            each.label for each in alone.objects
        ]


def test_scale_maps_the_answer_back_to_the_image(trained, data):
    accuracies = {0.5: [], 1.0: []}
    for each in data:  # shown twice as large as in training
        large = Image(np.kron(each.image.array, np.ones((1, 2, 2), np.uint16)))
        truth = np.kron(each.labels, np.ones((2, 2), int))
        for scale, found in accuracies.items():
            labels = predict(trained, large, PredictOptions(scale=scale)).labels
            assert labels.shape == truth.shape
            found.append(match(truth, labels, 0.5).accuracy)
    assert np.mean(accuracies[0.5]) > 0.75
    assert np.mean(accuracies[0.5]) > np.mean(accuracies[1.0]) + 0.1


def test_objects_tell_where_they_are(trained, data):
    found = predict(trained, data[0].image, PredictOptions(engine=FLOAT32))
    for each in found.objects:
        inside = found.labels == each.label
        assert each.area == inside.sum()
        assert each.mean_intensity == pytest.approx(data[0].image.array[0][inside].mean())
        assert each.probability == pytest.approx(found.probability[inside].mean(), abs=1e-6)


def test_wrong_images_are_refused_in_words(trained, data):
    labels = data[0].labels.astype(np.uint16)[None]
    with pytest.raises(BadInput, match="looks like a label image"):
        predict(trained, Image(labels, name="mask"))
    with pytest.raises(BadInput, match="has 3 channels"):
        predict(trained, Image(np.random.default_rng(0).integers(0, 255, (3, 20, 20)).astype(np.uint8)))
    spoiled = data[0].image.array.astype(np.float32)
    spoiled[0, 3, 4] = np.nan
    with pytest.raises(BadInput, match="NaN"):
        predict(trained, Image(spoiled))
    with pytest.raises(BadInput, match="multiple of the net's stride 4") as caught:
        Predictor(trained, PredictOptions(tile=98))
    assert caught.value.fix == "use 96 or 100"


def test_when_memory_runs_out_smaller_tiles_are_tried_and_said(trained, data, monkeypatch):
    class Tight(TorchEngine):
        def __call__(self, shown):
            if shown.shape[-1] > 220:
                raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate")
            return super().__call__(shown)

    monkeypatch.setattr(asking, "choose", lambda model, first, wanted: Choice(Tight(model.net), True))
    image = nuclei(1, seed=5, shape=(400, 400), objects=20)[0].image
    found = predict(trained, image, PredictOptions(tile=400))
    assert found.notes == ("memory ran out: went on with tiles of 100 pixels",)
    assert np.array_equal(found.labels, predict(trained, image, PredictOptions(tile=100)).labels)


def test_when_nothing_helps_against_memory_it_says_what_would(trained, data, monkeypatch):
    def never(shown):
        raise MemoryError

    monkeypatch.setattr(asking, "choose", lambda model, first, wanted: Choice(never, True))
    with pytest.raises(OutOfMemory, match="even with tiles of"):
        predict(trained, data[0].image, PredictOptions(tile=256))
