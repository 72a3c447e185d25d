"""What the lab tells of the levels of a U-Net, against the net asked layer by layer."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from convivo.lab import shelf
from convivo.lab.questions.unet_maps import MODEL, unet_maps
from convivo.lab.window import Window


@pytest.fixture(scope="module")
def stages():
    return unet_maps(Window("nuclei")).stages


def values(stage):
    return stage.maps * (stage.peaks / 255)[:, None, None]


def test_the_way_goes_down_and_up_and_every_level_has_half_the_side(stages):
    assert [(stage.part, stage.level) for stage in stages] == [
        *(("down", level) for level in (0, 1, 2)),
        ("middle", 3),
        *(("up", level) for level in (2, 1, 0)),
    ]
    for stage in stages:
        assert stage.maps.shape[1:] == (256 >> stage.level, 256 >> stage.level)


def test_the_maps_are_those_of_the_net_asked_step_by_step(stages):
    model = shelf.shipped(MODEL)
    net = model.net
    x = torch.from_numpy(model.prepare(shelf.cut(Window("nuclei")).pixels[None]))[None]
    expected = []
    with torch.inference_mode():
        for down in net.down:
            x = down(x)
            expected.append(x)
            x = F.max_pool2d(x, 2)
        x = net.middle(x)
        expected.append(x)
        for level, up in zip((2, 1, 0), net.up, strict=True):
            x = up(torch.cat([F.interpolate(x, scale_factor=2.0), expected[level]], dim=1))
            expected.append(x)
    for stage, maps in zip(stages, expected, strict=True):
        exact = maps[0].numpy()
        np.testing.assert_allclose(stage.peaks, exact.max(axis=(1, 2)), rtol=1e-5)
        off = np.abs(values(stage) - exact).max(axis=(1, 2))
        assert (off <= stage.peaks / 509).all()  # half a step of 255, and a little
        spread = exact.std(axis=(1, 2))[stage.strongest]
        assert (np.diff(spread) <= 1e-6).all()


def test_a_block_on_the_way_up_reads_what_was_upsampled_and_the_skip(stages):
    for before, stage in pairwise(stages):
        if stage.part == "up":
            assert stage.skip == len(stages[stage.level].maps)
            assert stage.reads == len(before.maps) + stage.skip
        else:
            assert (stage.reads, stage.skip) == (len(before.maps), 0)


def test_an_image_that_cannot_be_halved_thrice_is_made_longer(monkeypatch):
    small = shelf.Shelved("small", shelf.image("nuclei").pixels[40:141, 60:187])
    monkeypatch.setattr(shelf, "image", lambda _: small)
    shapes = [stage.maps.shape[1:] for stage in unet_maps(Window("small", side=127)).stages]
    assert shapes[0] == shapes[-1] == (104, 128)
    assert shapes[3] == (13, 16)
