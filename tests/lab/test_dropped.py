"""Files that are dropped into the page: kept whole or not at all, bounded, and named plainly."""

import asyncio
import errno
import io
import json
import resource
from types import SimpleNamespace

import numpy as np
import pytest
import tifffile
from PIL import Image

from convivo.errors import BadInput, CannotWrite, NotAvailable
from convivo.lab import dropped, images


async def parts_of(*parts):
    for part in parts:
        yield part


def keep(folder, name, *parts):
    return asyncio.run(dropped.keep(folder, name, parts_of(*parts)))


def left_in(folder):
    return (
        sorted(path.name for path in (folder / "dropped").rglob("*")) if (folder / "dropped").exists() else []
    )


def tiff(shape, dtype):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, np.random.default_rng(0).integers(0, 200, shape).astype(dtype))
    return buffer.getvalue()


def test_a_file_comes_back_as_it_was_and_the_same_file_is_kept_once(tmp_path):
    one = keep(tmp_path, "cell.tif", b"II", b"*rest")
    again = keep(tmp_path, "copy of cell.tif", b"II*rest")
    assert one == again
    assert dropped.path_of(tmp_path, one.id).read_bytes() == b"II*rest"
    assert left_in(tmp_path) == ["cell.tif", one.id]
    dropped.remove(tmp_path, one.id)
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("name", ["../../evil.tif", "a\\..\\b\\evil.tif", "/etc/evil.tif", "sub/evil.tif"])
def test_a_name_with_folders_loses_them(tmp_path, name):
    kept = keep(tmp_path, name, b"x")
    assert kept.name == "evil.tif"
    assert dropped.path_of(tmp_path, kept.id).parent.parent == tmp_path / "dropped"


@pytest.mark.parametrize("name", ["cell.exe", "cell", "", ".tif/..", "cell.tif.sh"])
def test_what_is_no_image_by_its_name_is_refused(tmp_path, name):
    with pytest.raises(BadInput, match="no image by its name"):
        keep(tmp_path, name, b"x")
    assert left_in(tmp_path) == []


def test_a_file_that_is_too_large_is_refused_and_nothing_of_it_stays(tmp_path, monkeypatch):
    monkeypatch.setattr(dropped, "LARGEST", 10)
    with pytest.raises(BadInput, match="larger than"):
        keep(tmp_path, "large.tif", b"12345", b"123456")
    assert left_in(tmp_path) == []


def test_all_files_together_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(dropped, "MOST_BYTES", 10)
    keep(tmp_path, "one.tif", b"123456")
    with pytest.raises(BadInput, match="larger than"):
        keep(tmp_path, "two.tif", b"654321")
    assert len(left_in(tmp_path)) == 2


def test_an_empty_file_is_refused(tmp_path):
    with pytest.raises(BadInput, match="is empty"):
        keep(tmp_path, "empty.tif")
    assert left_in(tmp_path) == []


def test_a_full_disk_is_told_and_nothing_stays(tmp_path):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing beyond the limit is an error then
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(CannotWrite, match="could not be kept") as told:
            keep(tmp_path, "large.tif", b"x" * 5000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
    assert told.value.__cause__.errno == errno.EFBIG
    assert left_in(tmp_path) == []


def test_an_upload_that_is_cut_off_leaves_nothing(tmp_path):
    async def cut():
        yield b"II*"
        raise ConnectionResetError

    with pytest.raises((CannotWrite, ConnectionResetError)):
        asyncio.run(dropped.keep(tmp_path, "half.tif", cut()))
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("name", ["own-../../x", "own-zzzzzzzzzzzzzzzz", "nuclei", "own-0123456789abcdef"])
def test_only_what_was_dropped_is_found(tmp_path, name):
    with pytest.raises(BadInput, match="there is no image"):
        dropped.path_of(tmp_path, name)


def drop(lab, name, content):
    status, _, said = lab.ask("PUT", f"/api/images/{name}", content)
    return status, json.loads(said)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_tiffs_of_8_and_16_bits_are_taken(lab, dtype):
    status, kept = drop(lab, f"{dtype}.tif", tiff((40, 50), dtype))
    assert status == 201
    assert kept["name"] == f"{dtype}.tif"
    assert kept["id"] in [each["id"] for each in lab.get("images")]


def test_a_png_is_taken(lab):
    buffer = io.BytesIO()
    Image.fromarray(np.arange(1200, dtype=np.uint8).reshape(30, 40)).save(buffer, "PNG")
    assert drop(lab, "picture.png", buffer.getvalue())[0] == 201


@pytest.mark.parametrize("content", [b"this is no image", b"II*\0" + bytes(40), b"\x89PNG\r\n"])
def test_what_only_looks_like_an_image_is_told_by_its_name_and_does_not_stay(lab, content):
    before = lab.get("images")
    status, said = drop(lab, "notes.tif", content)
    assert status == 400
    assert "notes.tif" in said["problem"]
    assert str(lab.home) not in said["problem"] + said["fix"]
    assert lab.get("images") == before


def test_an_image_of_100_megapixels_is_shown_in_part(lab):
    buffer = io.BytesIO()
    tifffile.imwrite(buffer, np.zeros((10_000, 10_000), np.uint8), compression="zlib")
    status, kept = drop(lab, "huge.tif", buffer.getvalue())
    assert status == 201
    status, _, _ = lab.ask("POST", "/api/ask/picture", {"image": kept["id"]})
    assert status == 200
    assert lab.ask("DELETE", f"/api/images/{kept['id']}")[0] == 204


def test_an_image_that_the_worker_dies_of_does_not_stay(tmp_path):
    class Dies:
        async def ask(self, *_):
            raise NotAvailable("the process stopped", fix="try again")

    async def said():
        (drop,) = (route for route in images.routes(tmp_path, Dies()) if route.methods == {"PUT"})
        request = SimpleNamespace(path_params={"name": "a.tif"}, stream=lambda: parts_of(b"pixels"))
        await drop.endpoint(request)

    with pytest.raises(NotAvailable):
        asyncio.run(said())
    assert left_in(tmp_path) == []
