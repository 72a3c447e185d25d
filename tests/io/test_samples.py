"""Public data sets arrive whole, checked and safely, over bad lines, from sticks, or not at all."""

import hashlib
import io
import json
import re
import socket
import stat
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest
import tifffile
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from convivo.errors import BadInput, CannotWrite, NotAvailable
from convivo.io.samples import catalogue
from convivo.io.samples.bbbc039 import decode_colours
from convivo.io.samples.catalogue import Archive, Sample, Split
from convivo.io.samples.download import download
from convivo.io.samples.fetch import fetch
from convivo.io.samples.progress import Progress
from convivo.io.samples.stick import pack
from convivo.io.samples.store import Store
from convivo.io.samples.unpack import unpack
from shared_data import SHARED, needs_shared

SPLITS = (Split("train", 3), Split("validation", 2), Split("test", 1))
LISTS = {"train": "training.txt", "validation": "validation.txt", "test": "test.txt"}


# --- a small BBBC039 and a small DSB2018, laid out as the real ones


def partition(
    seed: int, shape: tuple[int, int] = (20, 24), objects: int = 6, fill: float = 0.7
) -> np.ndarray:
    """Touching objects of random shape: each grows from a seed, over corners too, so it is connected."""
    rng = np.random.default_rng(seed)
    labels = np.zeros(shape, np.uint16)
    border = []
    for number, flat in enumerate(rng.choice(labels.size, objects, replace=False), 1):
        labels.flat[flat] = number
        border.append(np.unravel_index(flat, shape))
    while border and (labels > 0).mean() < fill:
        y, x = border[rng.integers(len(border))]
        free = [
            (v, u)
            for v in range(max(y - 1, 0), min(y + 2, shape[0]))
            for u in range(max(x - 1, 0), min(x + 2, shape[1]))
            if labels[v, u] == 0
        ]
        if not free:
            border.remove((y, x))
            continue
        chosen = free[rng.integers(len(free))]
        labels[chosen] = labels[y, x]
        border.append(chosen)
    return labels


def colour(labels: np.ndarray) -> np.ndarray:
    """Colour a label image as a map: objects that touch, at a corner too, get different colours."""
    neighbours: dict[int, set[int]] = {int(number): set() for number in np.unique(labels) if number}
    padded = np.pad(labels, 1)
    height, width = labels.shape
    for dy, dx in ((0, 1), (1, 0), (1, 1), (1, -1)):
        other = padded[1 + dy : 1 + dy + height, 1 + dx : 1 + dx + width]
        touching = (labels != other) & (labels > 0) & (other > 0)
        for one, two in set(zip(labels[touching].tolist(), other[touching].tolist(), strict=True)):
            neighbours[one].add(two)
            neighbours[two].add(one)
    colours: dict[int, int] = {0: 0}
    for number, beside in neighbours.items():
        taken = {colours.get(each) for each in beside}
        colours[number] = next(c for c in range(1, len(neighbours) + 1) if c not in taken)
    return np.vectorize(colours.__getitem__, otypes=[np.uint8])(labels)


def same_partition(one: np.ndarray, two: np.ndarray) -> bool:
    """Whether two label images differ at most in the numbers that they give to the same objects."""
    pairs = set(zip(one.ravel().tolist(), two.ravel().tolist(), strict=True))
    return (
        len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
        and ((one == 0) == (two == 0)).all()
    )


def image_bytes(array: np.ndarray) -> bytes:
    file = io.BytesIO()
    tifffile.imwrite(file, array)
    return file.getvalue()


def mask_bytes(labels: np.ndarray) -> bytes:
    """RGBA, as published; here green and blue are noise, so that only the red channel can give the truth."""
    rgba = np.random.default_rng(0).integers(0, 255, (*labels.shape, 4), dtype=np.uint8)
    rgba[..., 0] = colour(labels)
    rgba[..., 3] = 255
    file = io.BytesIO()
    Image.fromarray(rgba).save(file, "PNG")
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def picture(number: int) -> np.ndarray:
    return np.random.default_rng(number).integers(100, 4096, (20, 24)).astype(np.uint16)


def bbbc039_zips(splits: tuple[Split, ...] = SPLITS) -> dict[str, bytes]:
    names = {split.name: [f"IXM_{split.name}_{n}" for n in range(split.images)] for split in splits}
    stems = [stem for listed in names.values() for stem in listed]
    images = {f"images/{stem}.tif": image_bytes(picture(n)) for n, stem in enumerate(stems)}
    masks = {f"masks/{stem}.png": mask_bytes(partition(n)) for n, stem in enumerate(stems)}
    lists = {
        f"metadata/{LISTS[name]}": "".join(f"{stem}.png\r\n" for stem in listed).encode()
        for name, listed in names.items()
    }
    return {
        "images.zip": zipped(images),
        "masks.zip": zipped(masks),
        "metadata.zip": zipped(lists),
    }


def dsb2018_zip(counts: dict[str, int]) -> bytes:
    files = {
        f"dsb2018/{split}/{side}/{n}.tif": image_bytes(picture(n) if side == "images" else partition(n))
        for split, count in counts.items()
        for side in ("images", "masks")
        for n in range(count)
    }
    return zipped(files | {"__MACOSX/dsb2018/train/images/._0.tif": b"left by a Mac"})


# --- a web server with all the faults of web servers


@dataclass
class Server:
    """What it serves, how badly, and what it was asked."""

    files: dict[str, bytes]
    ranges: bool = True
    too_early: int = 0  # begins so many bytes before the range that was asked for
    version: str = '"v1"'
    cuts: list[int] = field(default_factory=list)  # bytes sent before each of the next answers breaks off
    asked: list[tuple[str, str]] = field(default_factory=list)  # file, Range
    address: str = ""

    def sample(self, sample: Sample = catalogue.BBBC039, splits: tuple[Split, ...] = SPLITS) -> Sample:
        archives = tuple(Archive(each.file, f"{self.address}/{each.file}") for each in sample.archives)
        return replace(sample, archives=archives, splits=splits)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "*")
    site = Server(bbbc039_zips())

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer(self, site)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        site.address = f"http://127.0.0.1:{listening.server_port}"
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield site
        listening.shutdown()
        thread.join()


def answer(request: BaseHTTPRequestHandler, site: Server) -> None:
    name = request.path.strip("/")
    site.asked.append((name, request.headers.get("Range", "")))
    if name not in site.files:
        request.send_error(404)
        return
    content = site.files[name]
    asked = re.fullmatch(r"bytes=(\d+)-", request.headers.get("Range", ""))
    mark = request.headers.get("If-Range")
    same = mark is None or (mark == site.version and not mark.startswith("W/"))
    start = int(asked[1]) - site.too_early if asked and site.ranges and same else 0
    if start >= len(content):
        request.send_response(416)
        request.send_header("Content-Range", f"bytes */{len(content)}")
        request.send_header("Content-Length", "0")
        request.end_headers()
        return
    request.send_response(206 if start else 200)
    if start:
        request.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
    request.send_header("ETag", site.version)
    request.send_header("Content-Length", str(len(content) - start))
    request.end_headers()
    end = start + site.cuts.pop(0) if site.cuts else len(content)
    request.wfile.write(content[start:end])


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


def run(steps: Iterator[Progress]) -> list[str]:
    """Walk to the end; what the person was told."""
    return [step.note for step in steps if step.note]


def files_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# --- arriving whole


def test_bbbc039_is_laid_out_by_split_with_images_untouched_and_masks_decoded(server, store, tmp_path):
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    numbers = iter(range(6))
    for split in SPLITS:
        for n in range(split.images):
            number, stem = next(numbers), f"IXM_{split.name}_{n}"
            folder = tmp_path / "nuclei" / split.name
            np.testing.assert_array_equal(tifffile.imread(folder / "images" / f"{stem}.tif"), picture(number))
            labels = tifffile.imread(folder / "masks" / f"{stem}.tif")
            assert labels.dtype == np.uint16
            assert same_partition(labels, partition(number))
    assert len(files_below(tmp_path / "nuclei")) == 12


def test_the_stardist_subset_is_laid_out_by_split_with_its_files_untouched(server, store, tmp_path):
    server.files["dsb2018.zip"] = dsb2018_zip({"train": 4, "test": 2})
    sample = server.sample(catalogue.DSB2018, (Split("train", 4), Split("test", 2)))
    run(fetch(sample, tmp_path / "dsb", store))
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "dsb/test/masks/1.tif"), partition(1))
    np.testing.assert_array_equal(tifffile.imread(tmp_path / "dsb/train/images/3.tif"), picture(3))
    assert len(files_below(tmp_path / "dsb")) == 12


def test_progress_counts_bytes_up_to_the_length_that_the_server_names(server, store, tmp_path):
    steps = list(fetch(server.sample(), tmp_path / "nuclei", store))
    fetched = [step for step in steps if step.doing == "fetching images.zip"]
    assert [step.done for step in fetched] == sorted(step.done for step in fetched)
    assert fetched[-1].done == fetched[-1].total == len(server.files["images.zip"])
    assert {step.doing.split()[0] for step in steps} == {"fetching", "unpacking", "decoding"}


def test_what_is_complete_is_not_fetched_again(server, store, tmp_path):
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    server.asked.clear()
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    run(fetch(server.sample(), tmp_path / "second copy", store))
    assert server.asked == []
    assert files_below(tmp_path / "second copy") == files_below(tmp_path / "nuclei")
    with pytest.raises(BadInput, match="is there already"):
        run(fetch(server.sample(), tmp_path / "nuclei", store, again=True))


# --- over a bad line


@pytest.mark.parametrize("version", ['"v1"', 'W/"v1"'])
def test_a_connection_that_is_cut_goes_on_with_the_rest_only(version, server, tmp_path):
    server.version, server.cuts = version, [100, 50]
    run(download(f"{server.address}/images.zip", tmp_path / "images.zip"))
    assert [asked for _, asked in server.asked] == ["", "bytes=100-", "bytes=150-"]
    assert (tmp_path / "images.zip").read_bytes() == server.files["images.zip"]
    assert files_below(tmp_path) == ["images.zip"]


def test_a_line_that_stays_bad_is_told_and_the_next_call_goes_on_where_it_stopped(server, store, tmp_path):
    server.cuts = [100, 50, 25]
    with pytest.raises(NotAvailable, match=r"broke off 3 times; 175 bytes of images.zip"):
        run(fetch(server.sample(), tmp_path / "nuclei", store))
    assert files_below(tmp_path / "store") == [
        "bbbc039/arriving/images.zip.part",
        "bbbc039/arriving/images.zip.part.version",
    ]
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    assert server.asked[3] == ("images.zip", "bytes=175-")
    assert (store.folder / "bbbc039/images.zip").read_bytes() == server.files["images.zip"]


def test_a_server_that_ignores_ranges_starts_again(server, tmp_path):
    server.ranges, server.cuts = False, [100]
    run(download(f"{server.address}/images.zip", tmp_path / "images.zip"))
    assert (tmp_path / "images.zip").read_bytes() == server.files["images.zip"]


def test_a_server_that_sends_another_range_than_was_asked_for_is_not_believed(server, tmp_path):
    server.too_early, server.cuts = 30, [100]
    run(download(f"{server.address}/images.zip", tmp_path / "images.zip"))
    assert (tmp_path / "images.zip").read_bytes() == server.files["images.zip"]


def test_a_file_that_changed_on_the_server_is_not_joined_to_the_half_of_the_old_one(server, tmp_path):
    server.cuts = [100] * 3
    with pytest.raises(NotAvailable):
        run(download(f"{server.address}/masks.zip", tmp_path / "masks.zip"))
    server.files["masks.zip"], server.version = server.files["images.zip"], '"v2"'
    run(download(f"{server.address}/masks.zip", tmp_path / "masks.zip"))
    assert (tmp_path / "masks.zip").read_bytes() == server.files["images.zip"]


@pytest.mark.parametrize("excess", [b"", b"of some longer file"])
def test_a_part_as_long_as_the_file_is_the_file_and_a_longer_one_is_thrown_away(server, tmp_path, excess):
    content = server.files["metadata.zip"]
    (tmp_path / "metadata.zip.part").write_bytes(content + excess)
    run(download(f"{server.address}/metadata.zip", tmp_path / "metadata.zip"))
    assert (tmp_path / "metadata.zip").read_bytes() == content
    assert len(server.asked) == (2 if excess else 1)


def test_zips_that_came_before_the_line_broke_do_not_come_again(server, store, tmp_path):
    masks = server.files.pop("masks.zip")
    with pytest.raises(NotAvailable, match="answers 404"):
        run(fetch(server.sample(), tmp_path / "nuclei", store))
    server.files["masks.zip"] = masks
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    assert [name for name, _ in server.asked].count("images.zip") == 1


def closed_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return opened.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where somebody listens and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.mark.parametrize("place", ["refused", "silent", "unknown"])
def test_offline_names_the_simulator_and_the_stick_and_leaves_nothing(
    place, silent_port, store, tmp_path, monkeypatch
):
    monkeypatch.setenv("no_proxy", "*")
    hosts = {
        "refused": f"127.0.0.1:{closed_port()}",
        "silent": f"127.0.0.1:{silent_port}",
        "unknown": "no.invalid",
    }
    sample = Server({}, address=f"http://{hosts[place]}").sample()
    began = time.monotonic()
    with pytest.raises(NotAvailable) as caught:
        run(fetch(sample, tmp_path / "nuclei", store, timeout=0.2))
    assert place == "unknown" or time.monotonic() - began < 10  # well below the timeout of the system
    assert caught.value.problem.startswith("offline: ")
    assert "convivo simulate" in caught.value.fix
    assert "--from" in caught.value.fix
    assert "\n" not in caught.value.problem + caught.value.fix
    assert files_below(tmp_path) == []


# --- checked


def test_a_wrong_count_is_named_and_nothing_is_kept(server, store, tmp_path):
    sample = server.sample(splits=(Split("train", 3), Split("validation", 4), Split("test", 1)))
    with pytest.raises(BadInput, match="validation holds 2 images and 2 masks, not 4 of each"):
        run(fetch(sample, tmp_path / "nuclei", store))
    assert files_below(tmp_path) == []
    assert [path.name for path in tmp_path.iterdir()] == ["store"]


def test_images_and_masks_of_different_names_are_refused(server, store, tmp_path):
    images, masks = (
        {f"dsb2018/train/{side}/{name}.tif": b"x"} for side, name in [("images", "a"), ("masks", "b")]
    )
    server.files["dsb2018.zip"] = zipped(images | masks)
    with pytest.raises(BadInput, match="train holds a, which has no partner"):
        run(fetch(server.sample(catalogue.DSB2018, (Split("train", 1),)), tmp_path / "dsb", store))


def test_a_field_in_two_splits_is_refused(server, store, tmp_path):
    lists = {f"metadata/{name}": b"IXM_train_0.png\nIXM_train_1.png\n" for name in LISTS.values()}
    server.files["metadata.zip"] = zipped(lists)
    with pytest.raises(BadInput, match=r"validation.txt names IXM_train_0"):
        run(fetch(server.sample(), tmp_path / "nuclei", store))


def test_the_checksum_of_the_first_time_is_recorded_and_an_equal_file_later_says_nothing(
    server, store, tmp_path
):
    assert run(fetch(server.sample(), tmp_path / "one", store)) == []
    assert run(fetch(server.sample(), tmp_path / "two", store, again=True)) == []
    record = json.loads((store.folder / "bbbc039/checksums.json").read_text())
    assert {name: entry["sha256"] for name, entry in record.items()} == {
        name: hashlib.sha256(content).hexdigest() for name, content in server.files.items()
    }
    assert record["masks.zip"]["origin"] == f"{server.address}/masks.zip"


def test_a_file_that_differs_from_the_first_time_is_taken_and_told(server, store, tmp_path):
    run(fetch(server.sample(), tmp_path / "one", store))
    first = hashlib.sha256(server.files["images.zip"]).hexdigest()
    with zipfile.ZipFile(io.BytesIO(server.files["images.zip"])) as archive:
        server.files["images.zip"] = zipped(
            {name: archive.read(name) for name in archive.namelist()} | {"images/README": b"version 2"}
        )
    [note] = run(fetch(server.sample(), tmp_path / "two", store, again=True))
    assert note.startswith("images.zip is not the file that was fetched on ")
    assert first in note
    assert hashlib.sha256(server.files["images.zip"]).hexdigest() in note
    assert json.loads((store.folder / "bbbc039/checksums.json").read_text())["images.zip"]["sha256"] == first


def test_a_page_instead_of_a_zip_is_refused_and_the_next_call_asks_afresh(server, store, tmp_path):
    good, server.files["masks.zip"] = (
        server.files["masks.zip"],
        b"<html>Please log in to the guest network</html>",
    )
    with pytest.raises(BadInput, match=r"masks.zip is no zip file, or a damaged one"):
        run(fetch(server.sample(), tmp_path / "nuclei", store))
    assert files_below(tmp_path) == []
    server.files["masks.zip"] = good
    run(fetch(server.sample(), tmp_path / "nuclei", store))


def test_a_folder_that_holds_something_else_is_left_alone(server, store, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("years of work")
    with pytest.raises(BadInput, match="is there already"):
        run(fetch(server.sample(), tmp_path / "mine", store))
    assert files_below(tmp_path) == ["mine/thesis.txt"]
    assert server.asked == []


def test_a_place_that_cannot_be_written_is_named_before_anything_is_fetched(server, store, tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(CannotWrite, match=r"cannot write .*file"):
        run(fetch(server.sample(), tmp_path / "file" / "nuclei", store))
    assert server.asked == []


# --- safely


def with_entry(name: str, content: bytes = b"x", mode: int = 0) -> bytes:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("images/good.tif", b"x")
        archive.writestr(entry, content)
    return file.getvalue()


TRICKS = {
    "parent": with_entry("../stolen"),
    "deep parent": with_entry("images/../../stolen"),
    "absolute": with_entry("/stolen"),
    "drive": with_entry("C:/stolen"),
    "backslash": with_entry("..\\stolen"),
    "link": with_entry("images/link", b"/etc", stat.S_IFLNK | 0o777),
    "pipe": with_entry("images/pipe", b"", stat.S_IFIFO | 0o666),
    "same name": with_entry("images/GOOD.tif"),
    "file as folder": with_entry("images/good.tif/inside"),
}


@pytest.mark.parametrize("trick", TRICKS)
def test_a_zip_with_a_trick_is_refused_before_anything_is_written(trick, tmp_path):
    (tmp_path / "bad.zip").write_bytes(TRICKS[trick])
    with pytest.raises(BadInput, match="not safe to unpack"):
        run(unpack(tmp_path / "bad.zip", tmp_path / "in" / "out"))
    assert files_below(tmp_path) == ["bad.zip"]


def test_a_zip_that_would_fill_the_disk_is_refused_before_anything_is_written(tmp_path):
    (tmp_path / "bomb.zip").write_bytes(zipped({"zeros": bytes(1_000_001)}))
    with pytest.raises(BadInput, match=r"would unpack to 1,000,001 bytes"):
        run(unpack(tmp_path / "bomb.zip", tmp_path / "out", largest=1_000_000))
    assert files_below(tmp_path) == ["bomb.zip"]


def test_a_zip_that_lies_about_its_size_writes_no_more_than_it_declared(tmp_path):
    honest = zipped({"zeros": bytes(1_000_000)})
    lie = honest.replace((1_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    (tmp_path / "lie.zip").write_bytes(lie)
    with pytest.raises(BadInput, match="damaged"):
        run(unpack(tmp_path / "lie.zip", tmp_path / "out", largest=1_000))
    assert (tmp_path / "out" / "zeros").stat().st_size <= 10


@given(where=st.integers(0, 10_000), bit=st.integers(0, 7), length=st.none() | st.integers(0, 10_000))
@settings(max_examples=150, deadline=None)
def test_a_damaged_zip_unpacks_right_or_is_refused(where, bit, length, tmp_path_factory):
    folder, content = (
        tmp_path_factory.mktemp("damaged"),
        {"images/a": bytes(range(256)) * 4, "masks/b": b"mask" * 99},
    )
    damaged = bytearray(zipped(content))
    damaged[where % len(damaged)] ^= 1 << bit
    (folder / "a.zip").write_bytes(damaged[: len(damaged) if length is None else length % len(damaged)])
    try:
        run(unpack(folder / "a.zip", folder / "out"))
    except BadInput:
        return
    arrived = [path.read_bytes() for path in sorted((folder / "out").rglob("*")) if path.is_file()]
    assert all(each in content.values() for each in arrived)


def test_a_damaged_mask_is_named_and_nothing_is_left(server, store, tmp_path):
    with zipfile.ZipFile(io.BytesIO(server.files["masks.zip"])) as archive:
        masks = {name: archive.read(name) for name in archive.namelist()}
    masks["masks/IXM_test_0.png"] = masks["masks/IXM_test_0.png"][:60]
    server.files["masks.zip"] = zipped(masks)
    with pytest.raises(BadInput, match=r"mask IXM_test_0.png cannot be read"):
        run(fetch(server.sample(), tmp_path / "nuclei", store))
    assert files_below(tmp_path) == []


# --- from a stick


UNREACHABLE = Server({}, address="http://127.0.0.1:9")


def test_a_packed_stick_brings_the_same_data_to_a_place_without_a_network(server, store, tmp_path):
    run(fetch(server.sample(), tmp_path / "here", store))
    steps = list(pack([server.sample()], tmp_path / "stick.zip", store))
    assert steps[-1].done == steps[-1].total == sum(map(len, server.files.values()))
    there = Store(tmp_path / "another machine")
    run(fetch(UNREACHABLE.sample(), tmp_path / "there", there, source=tmp_path / "stick.zip"))
    assert files_below(tmp_path / "there") == files_below(tmp_path / "here")
    for name, content in server.files.items():
        assert (there.folder / "bbbc039" / name).read_bytes() == content
    with zipfile.ZipFile(tmp_path / "stick.zip") as stick:
        assert "CC0 1.0" in stick.read("README.txt").decode()


def test_a_stick_goes_before_what_was_fetched_earlier(server, store, tmp_path):
    run(fetch(server.sample(), tmp_path / "one", store))
    server.files["masks.zip"] = zipped({"masks/README": b""})
    for name, content in server.files.items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match="lacks an image or a mask"):
        run(fetch(server.sample(), tmp_path / "two", store, source=tmp_path))
    run(fetch(server.sample(), tmp_path / "two", store))  # the proven zips are as they were


@pytest.mark.parametrize("below", ["", "bbbc039"])
def test_a_folder_with_the_three_zips_serves_as_a_stick(below, server, store, tmp_path):
    folder = tmp_path / "usb" / below
    folder.mkdir(parents=True)
    for name, content in server.files.items():
        (folder / name).write_bytes(content)
    run(fetch(UNREACHABLE.sample(), tmp_path / "nuclei", store, source=tmp_path / "usb"))
    assert len(files_below(tmp_path / "nuclei")) == 12


def test_a_data_set_of_one_zip_may_be_given_as_that_zip_under_any_name(store, tmp_path):
    (tmp_path / "from a friend.zip").write_bytes(dsb2018_zip({"train": 1, "test": 1}))
    sample = UNREACHABLE.sample(catalogue.DSB2018, (Split("train", 1), Split("test", 1)))
    run(fetch(sample, tmp_path / "dsb", store, source=tmp_path / "from a friend.zip"))
    assert len(files_below(tmp_path / "dsb")) == 4


def test_a_source_without_the_data_set_is_refused_and_says_what_to_give(server, store, tmp_path):
    (tmp_path / "usb").mkdir()
    (tmp_path / "usb" / "images.zip").write_bytes(server.files["images.zip"])
    for source, problem in {
        "usb": "holds no masks.zip",
        "usb/images.zip": "holds no bbbc039/",
        "gone": "no file",
    }.items():
        with pytest.raises(BadInput, match=problem):
            run(fetch(UNREACHABLE.sample(), tmp_path / "nuclei", store, source=tmp_path / source))
    assert not (tmp_path / "nuclei").exists()


def test_a_stick_of_another_data_set_does_not_pass_for_this_one(server, store, tmp_path):
    (tmp_path / "stick.zip").write_bytes(zipped({"bbbc039/images.zip": server.files["images.zip"]}))
    sample = UNREACHABLE.sample(catalogue.DSB2018, (Split("train", 4),))
    with pytest.raises(BadInput, match="train holds 0 images and 0 masks, not 4"):
        run(fetch(sample, tmp_path / "dsb", store, source=tmp_path / "stick.zip"))
    assert not store.holds(sample)


def test_only_what_has_been_fetched_can_be_packed(server, store, tmp_path):
    with pytest.raises(BadInput, match="bbbc039 has not been fetched yet"):
        run(pack([server.sample()], tmp_path / "stick.zip", store))
    with pytest.raises(BadInput, match="no data set has been fetched yet"):
        run(pack([], tmp_path / "stick.zip", store))
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    with pytest.raises(BadInput, match=r"cells.tif is no name for a packed stick"):
        run(pack([server.sample()], tmp_path / "cells.tif", store))
    assert not (tmp_path / "stick.zip").exists()


def test_packing_that_is_stopped_leaves_no_half_of_a_stick(server, store, tmp_path):
    run(fetch(server.sample(), tmp_path / "nuclei", store))
    packing = pack([server.sample()], tmp_path / "usb" / "stick.zip", store)
    next(packing)
    packing.close()
    assert files_below(tmp_path / "usb") == []


# --- decoding


@given(seed=st.integers(0, 2**32 - 1), objects=st.integers(0, 12), fill=st.floats(0.05, 1.0))
@settings(max_examples=60, deadline=None)
def test_decoding_a_coloured_map_gives_back_every_touching_object(seed, objects, fill):
    labels = partition(seed, (14, 15), objects, fill)
    assert same_partition(decode_colours(colour(labels)), labels)


@needs_shared
def test_decoding_gives_back_the_real_nuclei_of_bbbc039_when_they_are_coloured_anew():
    paths = sorted((SHARED / "data/bbbc039/validation/masks").glob("*.tif"))[::5]
    assert paths
    for path in paths:
        labels = tifffile.imread(path)
        assert same_partition(decode_colours(colour(labels)), labels)


def test_the_catalogue_names_the_published_counts_and_addresses():
    assert [(split.name, split.images) for split in catalogue.BBBC039.splits] == [
        ("train", 100),
        ("validation", 50),
        ("test", 50),
    ]
    assert catalogue.DSB2018.images == 497
    assert catalogue.find("BBBC039") is catalogue.BBBC039
    assert all(a.address.startswith("https://") for sample in catalogue.CATALOGUE for a in sample.archives)
    with pytest.raises(BadInput, match="no sample data set 'cells'"):
        catalogue.find("cells")
