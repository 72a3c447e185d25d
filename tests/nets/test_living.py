"""What is left of a net's field where layers are silent: counted by hand, and held against the net itself."""

import pytest
import torch

from convivo.lab import practice
from convivo.model import Model
from convivo.model.find import SHIPPED
from convivo.nets.living import living_field
from convivo.nets.receptive import sights
from convivo.run.influence import influence, silent_layers


@pytest.mark.parametrize("name", ["nuclei", "nuclei-unet", "nuclei-care"])
def test_where_nothing_is_silent_the_living_field_is_the_theoretical_one(name):
    net = Model.load(SHIPPED / name).net
    assert living_field(net, ()) == sights(net)[-1].field


# what the skip sees, and two convolutions of 3 with the step of each level on the way up
@pytest.mark.parametrize(
    ("silent", "field"),
    [
        ("middle.0.1", 32 + 2 * 2 * 4 + 2 * 2 * 2 + 2 * 2),
        ("up.0.1.1", 14 + 2 * 2 * 2 + 2 * 2),
        ("up.1.1.1", 5 + 2 * 2),
        ("up.2.0.1", 0),
    ],
)
def test_a_silent_layer_leaves_the_longest_way_above_it(silent, field):
    assert living_field(Model.load(SHIPPED / "nuclei-unet").net, (silent,)) == field


@pytest.mark.parametrize("image", practice.IMAGES)
def test_the_shipped_stardist_has_a_silent_layer_and_nothing_beyond_59_pixels_counts(image):
    model = Model.load(SHIPPED / "nuclei")
    prepared = model.prepare(practice.image(image).image[None])[:, :256, :256]
    silent = silent_layers(model, prepared)
    assert silent == ("unet.up.0.1.1",)
    assert living_field(model.net, silent) == 59
    rows, columns = influence(model, prepared, (128, 128)).shares.nonzero()
    assert 0 < rows.max() - rows.min() < 59
    assert 0 < columns.max() - columns.min() < 59


@pytest.mark.parametrize(("far", "is_same"), [(28, False), (32, True)])
def test_what_changes_beyond_the_living_field_does_not_change_the_answer(far, is_same):
    model = Model.load(SHIPPED / "nuclei")
    shown = torch.from_numpy(model.prepare(practice.image("nuclei").image[None])[:, :256, :256])[None]
    changed = shown + 0.1 * torch.rand(shown.shape, generator=torch.Generator().manual_seed(0))
    near = slice(128 - far, 128 + far + 1)
    changed[:, :, near, near] = shown[:, :, near, near]
    with torch.no_grad():
        before, after = (model.net(each)[0, 0, 64, 64].item() for each in (shown, changed))
    assert (before == pytest.approx(after, abs=1e-5)) is is_same
