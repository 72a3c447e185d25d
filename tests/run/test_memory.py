"""Tiles are as large as free memory allows."""

import tracemalloc
from math import prod

import numpy as np
import pytest

from convivo.model import Model
from convivo.ops.tiling import tiles, window
from convivo.run.asking import PredictOptions
from convivo.run.memory import (
    LEAST_FOR_A_TILE,
    PAGE_AND_TILE,
    SHARE,
    allowed_in_plane,
    free_memory,
    page_bytes,
    restored_bytes,
    tile_bytes,
    tile_sizes,
)
from convivo.run.restore import restore
from convivo.types import Image
from restorers import FLOAT32, noisy, restorer
from simulated import nuclei


def test_a_tile_takes_its_share_and_not_much_less(data):
    model = Model.new("unet", data, name="m")
    for free in (50e6, 400e6, 900e6, 64e9):
        sides = tile_sizes(model, (8192, 8192), int(free))
        shape = window((8192, 8192), sides, model.halo, model.stride)
        allowed = min(allowed_in_plane(model, (8192, 8192)), SHARE * free)
        assert all(side % model.stride == 0 for side in sides)
        assert tile_bytes(model, shape) <= allowed or max(sides) == model.stride
        assert sides == (8192, 8192) or tile_bytes(model, (shape[0] * 5 // 4, shape[1] * 5 // 4)) > allowed


def test_tiles_are_of_one_size_and_as_few_as_fit(data):
    """A 2048 x 2048 image was once cut in nine, though four fit: half as much again was computed twice."""
    model = Model.new("stardist", data, name="m")
    sides = tile_sizes(model, (2048, 2048), int(1.4e9))
    every = list(tiles((2048, 2048), sides, model.halo, model.stride))
    assert len(every) == 4
    lengths = {part.stop - part.start for tile in every for part in tile.core}
    assert max(lengths) - min(lengths) < model.stride * 2


def test_page_and_tile_together_stay_below_their_limit(data):
    model = Model.new("stardist", data, name="m")
    for side in (1024, 2048, 4096, 6144, 8192):
        shape = (side, side)
        sides = tile_sizes(model, shape, int(64e9))
        read = window(shape, sides, model.halo, model.stride)
        assert tile_bytes(model, read) + page_bytes(model, shape) <= PAGE_AND_TILE
        assert sides == shape or side > 2048


def test_a_page_that_leaves_little_still_has_tiles_of_some_size(data):
    model = Model.new("stardist", data, name="m")
    sides = tile_sizes(model, (16384, 16384), int(64e9))
    read = window((16384, 16384), sides, model.halo, model.stride)
    assert LEAST_FOR_A_TILE / 2 < tile_bytes(model, read) <= LEAST_FOR_A_TILE


def test_a_small_image_is_one_tile(data):
    model = Model.new("unet", data, name="m")
    assert tile_sizes(model, (520, 696), int(8e9)) == (520, 696)


def test_a_stack_stays_whole_in_z_and_little_is_computed_twice():
    """Cores of 8 pixels in all axes once had a stack computed 137 times."""
    model = Model.new("unet", nuclei(1, shape=(16, 40, 40), objects=2, diameter=12.0), name="m")
    for shape in [(16, 512, 512), (64, 512, 512), (128, 1024, 1024)]:
        sides = tile_sizes(model, shape, int(16e9))
        assert sides[0] == shape[0]
        every = list(tiles(shape, sides, model.halo, model.stride))
        computed = len(every) * prod(window(shape, sides, model.halo, model.stride))
        assert computed < 5 * prod(shape)
        assert tile_bytes(model, window(shape, sides, model.halo, model.stride)) <= SHARE * 16e9


def test_free_memory_respects_a_container(tmp_path, monkeypatch):
    from convivo.run import memory

    (tmp_path / "max").write_text("1000000\n")
    (tmp_path / "current").write_text("400000\n")
    monkeypatch.setattr(memory, "CONTROL_GROUPS", ((tmp_path / "max", tmp_path / "current"),))
    assert free_memory() == 600000
    (tmp_path / "memory.stat").write_text("anon 200000\ninactive_file 150000\n")  # files read earlier
    assert free_memory() == 750000
    (tmp_path / "max").write_text("max\n")
    assert free_memory() > 1e6


@pytest.mark.parametrize("sizes", [{}, {"probabilistic": True}, {"members": 2, "probabilistic": True}])
def test_what_is_held_of_a_restored_film_is_known_before(sizes):
    model = restorer("care", **sizes)
    film = Image(np.tile(noisy((1, 1, 64, 64)), (60, 1, 1, 1)), "TCYX")
    restore(model, Image(film.array[:1], "TCYX"), PredictOptions(engine=FLOAT32))  # sets up what is kept
    tracemalloc.start()
    try:
        restore(model, film, PredictOptions(engine=FLOAT32))
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 0.8 < restored_bytes(model, film) / most < 1.3
