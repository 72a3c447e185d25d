"""A model fits its data, or says what does not."""

import os

import numpy as np
import pytest
import torch

from convivo.errors import BadInput, BadModel
from convivo.model import Model, Scores
from convivo.model.model import CARD, WEIGHTS, read_weights, write_weights
from convivo.nets.unet import UNet
from convivo.ops.specks import KNOWN_FROM
from convivo.types import Annotated, Image
from simulated import nuclei


def test_planes_and_stacks_together_are_refused_by_name(data):
    stack = nuclei(1, shape=(8, 48, 48), objects=4, diameter=12.0)[0]
    with pytest.raises(BadInput, match="number of dimensions differs: field1 has 2, field0 has 3"):
        Model.new("unet", [data[1], stack], name="mixed")


def test_a_model_to_be_fine_tuned_claims_nothing_of_the_one_before(trained, data):
    card = trained.for_data(data, name="tuned").card
    assert (card.scores, card.training, card.fingerprint) == (Scores(), None, None)
    assert card.normalisation == trained.card.normalisation


def test_what_was_learned_from_other_images_has_neither_the_licence_nor_the_citations(trained, data):
    given = trained.with_card(licence="CC0-1.0", citations=("Ljosa et al., 2012",))
    card = given.for_data(data, name="tuned").card
    assert (card.licence, card.citations) == (None, ())


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX'")
def test_who_may_read_the_card_may_read_the_weights(trained, tmp_path):
    before = os.umask(0o022)
    try:
        trained.save(tmp_path)
    finally:
        os.umask(before)
    modes = {name: (tmp_path / name).stat().st_mode & 0o777 for name in (CARD, WEIGHTS)}
    assert modes == {CARD: 0o644, WEIGHTS: 0o644}


def test_a_floor_that_the_net_knows_is_kept_when_other_data_are_measured(trained, data):
    tuned = trained.for_data(data, name="tuned")
    tuned.measure(data[:2])
    assert tuned.card.normalisation == trained.card.normalisation
    assert tuned.card.fingerprint.images == 2


def test_what_too_few_images_cannot_say_of_slivers_is_kept(trained, data):
    tuned = trained.with_card(settings={**trained.card.settings, "smallest_cut": 23})
    tuned.measure(data)
    assert tuned.card.settings["smallest_cut"] == 23
    lines = np.zeros((40, 2 * KNOWN_FROM + 1), np.int32)
    lines[:20, 1::2] = np.arange(1, KNOWN_FROM + 1)
    pixels = np.random.default_rng(0).random((1, *lines.shape), np.float32)
    tuned.measure([Annotated(Image(pixels), lines, group="lines")])
    assert tuned.card.settings["smallest_cut"] == 2  # a tenth of 20


def test_the_first_layer_that_does_not_fit_is_named(trained, tmp_path):
    path, layers = tmp_path / WEIGHTS, list(trained.net.state_dict())
    write_weights(path, {"another": torch.zeros(1)})
    with pytest.raises(BadModel, match=f"layer {layers[0]} .* has shape None"):
        read_weights(path, UNet(trained.card.net))
    write_weights(path, trained.net.state_dict() | {"one more": torch.zeros(1), "a second": torch.zeros(1)})
    with pytest.raises(BadModel, match="layer a second .* asks for None"):
        read_weights(path, UNet(trained.card.net))
