"""Test-time augmentation: the mean over all turned and mirrored views, so that no direction is preferred."""

import numpy as np
import pytest
import torch

from convivo.ops import normalisation
from convivo.ops.tiling import tiles
from convivo.run.asking import PredictOptions
from convivo.run.restore import restore, turns
from convivo.types import Image
from restorers import FLOAT32, noisy, restorer

PLAIN, TTA = PredictOptions(engine=FLOAT32), PredictOptions(engine=FLOAT32, tta=True)

QUARTERS = [
    (lambda a, k=k: np.rot90(a, k, axes=(-2, -1)), lambda a, k=k: np.rot90(a, -k, axes=(-2, -1)))
    for k in range(4)
]
VIEWS = QUARTERS + [
    (lambda a, there=there: there(a[..., ::-1]), lambda a, back=back: back(a)[..., ::-1])
    for there, back in QUARTERS
]


def test_there_are_eight_views_all_different_and_each_leads_back():
    page = np.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6)
    seen = [turn.there(page) for turn in turns()]
    assert len({(each.shape, each.tobytes()) for each in seen}) == 8
    for turn, view in zip(turns(), seen, strict=True):
        np.testing.assert_array_equal(turn.back(view), page)
        assert all(set(plane.ravel()) in [set(p.ravel()) for p in page[0]] for plane in view[0])  # Z stays


@pytest.mark.parametrize("shape", [(1, 19, 26), (1, 3, 13, 14)])
def test_it_is_the_mean_over_the_eight_views_and_variances_are_averaged_not_deviations(shape):
    model = restorer("care", dimensions=len(shape) - 1, members=2, probabilistic=True)
    axes = "CYX" if len(shape) == 3 else "CZYX"
    image = noisy(shape)
    found = restore(model, Image(image, axes), TTA)
    answers = []
    for there, back in VIEWS:
        answer = restore(model, Image(np.ascontiguousarray(there(image)), axes), PLAIN)
        answers.append([back(answer.image.array), *(back(each) for each in answer.uncertainty.values())])
    means, *spreads, disagreements = (np.array(column) for column in zip(*answers, strict=True))
    np.testing.assert_allclose(found.image.array, means.mean(axis=0), rtol=1e-5)
    for name, deviations in zip(("data", "model", "total"), spreads, strict=True):
        expected = np.sqrt(np.square(deviations).mean(axis=0))
        np.testing.assert_allclose(found.uncertainty[name], expected, rtol=1e-4, err_msg=name)
    np.testing.assert_allclose(
        found.uncertainty["disagreement"], disagreements.mean(axis=0), rtol=1e-4, atol=1e-6
    )
    assert len(answers) == 8


@pytest.mark.parametrize("turned", VIEWS[1:], ids=range(1, 8))
def test_a_turned_image_is_restored_to_the_turned_restoration(turned):
    there, _ = turned
    model = restorer("n2v", depth=2)
    image = noisy((1, 21, 30))  # padded unevenly
    as_it_is = restore(model, Image(image), TTA).image.array
    asked = restore(model, Image(np.ascontiguousarray(there(image))), TTA).image.array
    np.testing.assert_allclose(asked, there(as_it_is), rtol=2e-6)
    plain = restore(model, Image(image), PLAIN).image.array
    assert not np.allclose(
        restore(model, Image(np.ascontiguousarray(there(image))), PLAIN).image.array, there(plain), rtol=1e-4
    )


def test_every_view_is_shown_on_the_scale_by_which_the_answer_is_brought_back(monkeypatch):
    monkeypatch.setattr(
        normalisation, "SAMPLE", 40
    )  # of a large image: the pixels that decide differ by view
    model = restorer("care")
    for member in model.net.members:
        torch.nn.init.zeros_(member.unet.head.weight)  # the image comes back as it was shown
    image = noisy((1, 41, 53))
    np.testing.assert_allclose(restore(model, Image(image), TTA).image.array, image, rtol=1e-5)


def test_tiles_do_not_show_with_it_either():
    model = restorer("n2v")
    image = Image(noisy((1, 40, 52)))
    tiled = restore(model, image, PredictOptions(engine=FLOAT32, tta=True, tile=8)).image.array
    whole = restore(model, image, TTA).image.array
    assert len(list(tiles((40, 52), 8, model.halo, model.stride))) > 1
    assert np.abs(tiled - whole).max() <= 1e-5 * np.ptp(whole)


def test_a_net_that_learned_noise_along_rows_is_not_shown_it_along_columns():
    model = restorer("n2v")
    model = model.with_card(settings={**model.card.settings, "axes": "X", "reach": 3})
    image = noisy((1, 20, 26))
    found = restore(model, Image(image), TTA).image.array
    mirrored = [(axes, np.ascontiguousarray(np.flip(image, axes))) for axes in ((), (-1,), (-2,), (-2, -1))]
    mean = np.mean(
        [np.flip(restore(model, Image(view), PLAIN).image.array, axes) for axes, view in mirrored], axis=0
    )
    np.testing.assert_allclose(found, mean, rtol=1e-5)
