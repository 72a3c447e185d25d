"""The second part of the demo: few photons in, a page out, and nothing said where nothing can be shown."""

import re

import numpy as np
import pytest

from convivo.cli import demo_restoration
from convivo.cli.demo import Examples, see_through_noise
from convivo.cli.demo_restoration import clean_images, exposures, restoration, shipped
from convivo.cli.simulate import write_simulated
from convivo.errors import BadInput
from convivo.model import Model
from convivo.ops.simulate import Microscope, Scene
from convivo.types import Image
from simulated import nuclei


def images(count, seed=0, shape=(96, 96)):
    return [each.image for each in nuclei(count, seed=seed, shape=shape)]


def test_twins_are_noisy_and_their_truth_is_kept_from_training():
    given = images(3)
    made = exposures(given[:2], given[2:], "others", 0)
    assert [each.target for each in made.learn] == [None, None]
    assert [each.name for each in (*made.learn, *made.unseen)] == ["field0", "field1", "field2"]
    (unseen,) = made.unseen
    assert (unseen.target.array == given[2].array).all()
    noise = unseen.image.array - given[2].array
    assert 0.02 * np.ptp(given[2].array) < noise.std() < 0.3 * np.ptp(given[2].array)
    assert not (made.learn[0].image.array == made.unseen[0].image.array).all()


def test_an_image_that_shows_nothing_is_left_out_and_said_so(capsys):
    empty = Image(np.full((1, 96, 96), 7.0), "CYX", "empty")
    made = exposures([*images(1), empty], images(1), "others", 0)
    assert [each.name for each in made.learn] == ["field0"]
    assert "not restored: empty: the image has no contrast" in capsys.readouterr().err
    with pytest.raises(BadInput, match="show nothing"):
        exposures(images(1), [empty], "others", 0)


def test_the_truth_of_simulated_images_is_the_field_without_noise(tmp_path):
    write_simulated(tmp_path, 2, Scene(shape=(64, 64), nuclei=2, diameter=16.0), Microscope(), 0)
    clean = clean_images(tmp_path)
    assert [each.array.shape for each in clean] == [(1, 64, 64)] * 2
    assert (clean[0].array != np.rint(clean[0].array)).any()  # a camera writes whole numbers


def test_a_short_training_ends_in_a_page(tmp_path):
    made = exposures(images(4), images(2, seed=9), "other images", 0)
    path = restoration(tmp_path, made, 0.02, 0)
    html = path.read_text()
    assert path == tmp_path / "report" / "restoration.html"
    assert "Noise2Void, trained just now" in html
    assert "4 noisy images, without any truth" in html
    assert "other images" in html
    assert html.count('<article class="case"') == 2
    assert Model.load(tmp_path / "restorer").card.method == "n2v"


def test_the_shipped_model_is_asked_only_where_it_is_and_can_see(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(demo_restoration, "SHIPPED", "no-such-model")
    grey = exposures(images(1), images(1), "", 0)
    assert shipped(grey.unseen[0]) is None
    assert capsys.readouterr().err == ""
    Model.new("n2v", grey.learn, name="ready", filters=2, depth=1).save(tmp_path / "ready")
    monkeypatch.setattr(demo_restoration, "SHIPPED", str(tmp_path / "ready"))
    assert shipped(grey.unseen[0]) is not None
    for shape, axes in (((2, 96, 96), "CYX"), ((1, 4, 96, 96), "CZYX")):
        other = Image(np.random.default_rng(0).gamma(2, 50, shape), axes, "other")
        assert shipped(exposures([other], [other], "", 0).unseen[0]) is None
        assert "one channel in 2-D" in capsys.readouterr().err


def test_ones_own_images_may_be_unfit_and_the_old_page_goes(tmp_path, capsys):
    tiny = nuclei(2, shape=(24, 24), objects=1)
    page = tmp_path / "report" / "restoration.html"
    page.parent.mkdir()
    page.write_text("of an earlier demo")
    chosen = Examples(tiny, tiny, "the same")
    assert see_through_noise(tmp_path, chosen, 0.02, 0, simulated=False) is None
    assert re.search(r"no images were restored: field0 has 24 x 24 pixels", capsys.readouterr().err)
    assert not page.exists()
