"""Tiles are as large as free memory allows."""

from convivo.model import Model
from convivo.ops.tiling import window
from convivo.run.memory import MOST, SHARE, free_memory, tile_bytes, tile_size
from simulated import nuclei


def test_a_tile_takes_its_share_and_not_much_less(data):
    model = Model.new("unet", data, name="m")
    for free in (50e6, 400e6, 900e6, 64e9):
        size = tile_size(model, (8192, 8192), int(free))
        shape = window((8192, 8192), size, model.halo, model.stride)
        allowed = min(MOST, SHARE * free)
        assert size % model.stride == 0
        assert tile_bytes(model, shape) <= allowed
        assert size == 8192 or tile_bytes(model, (shape[0] * 5 // 4, shape[1] * 5 // 4)) > allowed


def test_a_small_image_is_one_tile(data):
    model = Model.new("unet", data, name="m")
    assert tile_size(model, (520, 696)) >= 696


def test_stacks_are_cut_too():
    model = Model.new("unet", nuclei(1, shape=(8, 40, 40), objects=2, diameter=12.0), name="m", depth=1)
    assert tile_size(model, (64, 1024, 1024), int(1e9)) < 1024


def test_free_memory_respects_a_container(tmp_path, monkeypatch):
    from convivo.run import memory

    (tmp_path / "max").write_text("1000000\n")
    (tmp_path / "current").write_text("400000\n")
    monkeypatch.setattr(memory, "CONTROL_GROUPS", ((tmp_path / "max", tmp_path / "current"),))
    assert free_memory() == 600000
    (tmp_path / "max").write_text("max\n")
    assert free_memory() > 1e6
