"""Restoration: tiles give what the whole gives, axes and units stay, and what is not known is said."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput, OutOfMemory
from convivo.model import Model, TargetScale
from convivo.run import asking
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer, restore
from convivo.types import Image
from restorers import FLOAT32, noisy, restorer
from simulated import nuclei

WHOLE = PredictOptions(tile=256, engine=FLOAT32)
UNITS = TargetScale(gain=(4.0,), offset=(30.0,))


def arrays(found):
    return {"mean": found.image.array, **found.uncertainty}


@pytest.mark.parametrize("method", ["care", "n2v"])
@given(
    rows=st.integers(20, 110), columns=st.integers(20, 110), cells=st.integers(1, 4), seed=st.integers(0, 9)
)
@settings(max_examples=12, deadline=None)
def test_tiled_equals_untiled_for_any_shape(method, rows, columns, cells, seed):
    model = restorer(method, depth=2)
    image = Image(noisy((1, rows, columns), seed))
    tiled = restore(model, image, PredictOptions(tile=4 * cells, engine=FLOAT32)).image.array
    whole = restore(model, image, WHOLE).image.array
    assert tiled.shape == image.array.shape
    assert np.abs(tiled - whole).max() <= 1e-5 * np.ptp(whole)


def test_tiled_equals_untiled_in_three_dimensions_with_every_map():
    model = restorer("care", dimensions=3, members=2, probabilistic=True)
    image = Image(noisy((1, 9, 31, 26)), "CZYX")
    tiled, whole = (restore(model, image, each) for each in (PredictOptions(tile=4, engine=FLOAT32), WHOLE))
    assert len(arrays(whole)) == 5
    for name, values in arrays(whole).items():
        assert values.shape == (1, 9, 31, 26)
        assert np.abs(arrays(tiled)[name] - values).max() <= 1e-5 * np.ptp(values), name


def test_the_whole_is_the_net_s_answer_for_the_padded_image_in_the_image_s_units():
    model = restorer("n2v", depth=2)
    image = noisy((1, 30, 37))
    mean, spread = model.card.normalisation.mean[0], model.card.normalisation.spread[0]
    padded = np.pad((image - mean) / spread, [(0, 0), (1, 1), (1, 2)], mode="reflect").astype(np.float32)
    with torch.inference_mode():
        expected = model.net(torch.from_numpy(padded)[None])[0, :, 1:31, 1:38].numpy() * spread + mean
    found = restore(model, Image(image), WHOLE).image.array
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found.dtype == np.float32


def test_pages_of_a_series_of_stacks_are_restored_one_by_one_and_put_back():
    model = restorer("n2v", channels=2, restored=2)
    array = noisy((2, 2, 3, 20, 24))  # T C Z Y X
    found = restore(model, Image(array, "TCZYX", "film"), WHOLE).image
    assert (found.axes, found.name, found.array.shape) == ("TCZYX", "film", array.shape)
    for time, plane in np.ndindex(2, 3):
        alone = restore(model, Image(array[time, :, plane]), WHOLE).image.array
        np.testing.assert_array_equal(found.array[time, :, plane], alone)


def test_one_channel_may_come_of_two():
    model = restorer("care", channels=2, restored=1, residual=False)
    found = restore(model, Image(noisy((3, 2, 20, 24)), "TCYX"), WHOLE).image
    assert found.array.shape == (3, 1, 20, 24)


@pytest.mark.parametrize(
    ("sizes", "names"),
    [
        ({}, set()),
        ({"probabilistic": True}, {"data", "total"}),
        ({"members": 2}, {"model", "total"}),
        ({"members": 2, "probabilistic": True}, {"data", "model", "total", "disagreement"}),
    ],
)
def test_what_is_not_known_is_said_as_far_as_the_model_can_tell(sizes, names):
    found = restore(restorer("care", **sizes), Image(noisy((1, 20, 24))), WHOLE)
    maps = found.uncertainty
    assert set(maps) == names
    assert all(each.shape == (1, 20, 24) for each in maps.values())
    if names:
        squares = sum(maps[name] ** 2 for name in ("data", "model") if name in maps)
        np.testing.assert_allclose(maps["total"] ** 2, squares, rtol=1e-5)
        assert maps["total"].min() > 0


def test_the_units_of_the_target_are_those_of_its_pairs_and_spreads_have_no_sign():
    model = restorer("care", members=2, probabilistic=True)
    image = Image(noisy((1, 20, 24)))
    plain = arrays(restore(model, image, WHOLE))
    for gain in (4.0, -4.0):
        scaled = model.with_card(target_scale=TargetScale(gain=(gain,), offset=(30.0,)))
        for name, values in arrays(restore(scaled, image, WHOLE)).items():
            factor, offset = {"mean": (gain, 30), "disagreement": (1, 0)}.get(name, (4, 0))
            np.testing.assert_allclose(values, factor * plain[name] + offset, rtol=1e-4)


def test_spreads_grow_with_the_range_of_the_image():
    model = restorer("care", members=2, probabilistic=True)
    image = noisy((1, 20, 24))
    low, high = (arrays(restore(model, Image(each), WHOLE)) for each in (image, 10 * image + 500))
    np.testing.assert_allclose(high["mean"], 10 * low["mean"] + 500, rtol=1e-4)
    np.testing.assert_allclose(high["total"], 10 * low["total"], rtol=1e-3)
    np.testing.assert_allclose(high["disagreement"], low["disagreement"], atol=1e-3)


def test_a_constant_page_stays_as_it_is_in_the_units_of_the_target_and_the_others_are_restored():
    model = restorer("care", probabilistic=True).with_card(target_scale=UNITS)
    film = noisy((3, 1, 20, 24))
    film[1] = 70
    found = restore(model, Image(film, "TCYX"), WHOLE)
    assert "constant" in " ".join(found.notes)
    assert found.engine == "torch float32"
    assert (found.image.array[1] == 4 * 70 + 30).all()  # as the other pages are
    assert not found.uncertainty["data"][1].any()
    alone = restore(model, Image(film[2]), WHOLE)
    np.testing.assert_array_equal(found.image.array[2], alone.image.array)
    np.testing.assert_array_equal(found.uncertainty["data"][2], alone.uncertainty["data"])
    blank = restore(model, Image(film[1]), WHOLE)
    assert (blank.engine, blank.uncertainty) == ("none", {})


def test_a_film_that_memory_cannot_hold_is_refused_in_words_before_its_first_page(monkeypatch):
    model = restorer("care", members=2)
    film = Image(noisy((30, 1, 20, 24)), "TCYX", "film")
    needed = 2 * 3 * 4 * film.array.size  # mean, model and total, twice
    monkeypatch.setattr(asking, "free_memory", lambda: needed)
    assert restore(model, film, WHOLE).image.array.shape == film.array.shape
    monkeypatch.setattr(asking, "free_memory", lambda: needed - 1)
    monkeypatch.setattr(Restorer, "_page", None)
    with pytest.raises(
        OutOfMemory, match=r"restore film \(30 x 1 x 20 x 24\) takes about .* GB are free"
    ) as caught:
        restore(model, film, WHOLE)
    assert "in parts" in caught.value.fix


def test_scale_shows_the_image_larger_and_answers_on_its_own_grid():
    model = restorer("care", members=2)
    found = restore(model, Image(noisy((1, 21, 24))), PredictOptions(scale=2.0, engine=FLOAT32))
    plain = restore(model, Image(noisy((1, 21, 24))), WHOLE)
    assert {each.shape for each in arrays(found).values()} == {(1, 21, 24)}
    assert not np.allclose(found.image.array, plain.image.array)
    for parameter in model.net.parameters():
        torch.nn.init.zeros_(parameter)  # residual: the image is shown, and comes back
    smooth = Image(np.add.outer(np.arange(20.0), 2 * np.arange(24.0))[None].astype(np.float32))
    back = restore(model, smooth, PredictOptions(scale=2.0, engine=FLOAT32)).image.array
    np.testing.assert_allclose(back[:, 2:-2, 2:-2], smooth.array[:, 2:-2, 2:-2], atol=1e-3)


@pytest.mark.parametrize("engine", ["openvino"])
def test_a_fast_engine_restores_alike(engine):
    pytest.importorskip(engine)
    model = restorer("care", members=2, probabilistic=True)
    image = Image(noisy((1, 40, 44)))
    fast = restore(model, image, PredictOptions(tile=16, engine=Wanted(engine, "float32", "cpu")))
    assert fast.engine == f"{engine} float32"
    for name, values in arrays(restore(model, image, WHOLE)).items():
        assert np.abs(arrays(fast)[name] - values).max() <= 1e-4 * np.ptp(values), name


def test_what_cannot_be_restored_is_refused_in_words():
    model, finder = restorer("n2v"), Model.new("unet", nuclei(1), name="finder", filters=4, depth=1)
    with pytest.raises(BadInput, match="finds objects and restores no images"):
        Restorer(finder)
    with pytest.raises(BadInput, match="restores images and finds no objects"):
        Predictor(model)
    with pytest.raises(BadInput, match="restores images and has no prob, nms"):
        Restorer(model, PredictOptions(settings={"prob": 0.5, "nms": 0.3}))
    with pytest.raises(BadInput, match="looks like a label image"):
        restore(model, Image(nuclei(1)[0].labels.astype(np.uint16)[None]))
    with pytest.raises(BadInput, match="has no pixels"):
        restore(model, Image(np.zeros((1, 0, 12), np.float32)))
    with pytest.raises(BadInput, match="has 2 channels"):
        restore(model, Image(noisy((2, 20, 20))))
    with pytest.raises(BadInput, match="needs Z, Y and X"):
        restore(restorer("n2v", dimensions=3), Image(noisy((1, 20, 20))))
    with pytest.raises(BadInput, match="NaN"):
        restore(model, Image(np.full((1, 4, 4), np.nan, np.float32)))
    with pytest.raises(BadInput, match="multiple of the net's stride 2"):
        Restorer(model, PredictOptions(tile=33))
