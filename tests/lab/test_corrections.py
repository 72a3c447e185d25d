"""Corrected label images come back as data to train on: paired by name, refused in words, half-annotated ones too."""

import io
from pathlib import Path

import numpy as np
import pytest
import tifffile

from convivo.errors import BadInput, CannotWrite
from convivo.io.images import read_labels
from convivo.lab import shelf
from convivo.lab.corrected import belongs_to
from convivo.lab.folders import Place, open_folders
from convivo.lab.jobs.asked import Predicted
from convivo.lab.questions import corrections
from convivo.lab.returned import ASIDE, Returned
from convivo.methods import stardist, unet
from served import RefusedError

SIZE = (40, 50)
TINY = {"size": {"filters": 4, "depth": 1}, "patch": 32, "batch": 1, "precision": "float32"}
PREDICTED = [Predicted("cell_1", None), Predicted("b_labels", None)]


@pytest.fixture
def own(tmp_path):
    """A lab's folders with one image; a file that comes back is given to `back`."""
    folders = open_folders(tmp_path / "lab", [tmp_path])
    tifffile.imwrite(tmp_path / "cell.tif", np.arange(2000, dtype=np.uint16).reshape(SIZE))
    shelf.open_at(tmp_path / "lab", folders.roots)
    return tmp_path


def back(own, pixels, name="cell_labels.tif", **changes):
    kept = own / "lab" / ASIDE / "x" / "dropped" / "own-0123456789abcdef"
    kept.mkdir(parents=True, exist_ok=True)
    for each in kept.iterdir():
        each.unlink()
    tifffile.imwrite(kept / name, pixels)
    asked = {"image": "cell", "source": Place(1, "cell.tif"), "into": "mine", "aside": "x", "file": kept.name}
    return corrections.take_back(Returned(**(asked | changes)))


def files_of(own):
    folder = own / "lab" / "files" / "data"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def two_objects(dtype=np.uint16):
    labels = np.zeros(SIZE, dtype)
    labels[5:12, 5:12], labels[20:30, 20:33] = 3, 8
    return labels


@pytest.mark.parametrize(
    ("name", "image"),
    [
        ("cell_1_labels.tif", "cell_1"),
        ("cell_1.tif", "cell_1"),
        ("cell_1.png", "cell_1"),
        ("b_labels.tif", "b_labels"),
        ("b_labels_labels.tif", "b_labels"),
    ],
)
def test_a_file_belongs_to_the_image_whose_name_it_has(name, image):
    assert belongs_to(name, PREDICTED).image == image


def test_a_file_of_no_image_is_told_the_nearest_name():
    with pytest.raises(BadInput, match="no image 'cell_2'") as refused:
        belongs_to("cell_2_labels.tif", PREDICTED)
    assert "did you mean cell_1?" in refused.value.fix


def test_image_and_labels_stand_side_by_side_unchanged(own):
    taken = back(own, two_objects())
    assert (taken.objects, taken.unknown, taken.marked) == (2, 0.0, False)
    assert set(files_of(own)) == {"mine/images/cell.tif", "mine/masks/cell.tif"}
    assert files_of(own)["mine/images/cell.tif"] == (own / "cell.tif").read_bytes()
    np.testing.assert_array_equal(
        read_labels(own / "lab" / "files" / "data" / "mine" / "masks" / "cell.tif"), two_objects()
    )


@pytest.mark.parametrize(
    ("pixels", "said"),
    [
        (np.zeros((40, 49), np.uint16), "40 x 49 pixels, and cell is 40 x 50"),
        (np.full(SIZE, 1.5, np.float32), "whole numbers"),
        (np.random.default_rng(0).integers(0, 255, (*SIZE, 3), np.uint8), "colour"),
        (np.full(SIZE, -1, np.int16), "nobody looked at a single pixel"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_and_the_earlier_correction_stays(own, pixels, said):
    back(own, two_objects())
    before = files_of(own)
    with pytest.raises(BadInput, match=said) as refused:
        back(own, pixels)
    assert str(own) not in refused.value.problem + refused.value.fix
    assert files_of(own) == before


def test_a_second_correction_replaces_the_first_and_a_full_disk_leaves_it(own, monkeypatch):
    back(own, two_objects())
    back(own, np.ones(SIZE, np.uint16))
    before = files_of(own)

    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(corrections, "write_mask", full)
    with pytest.raises(CannotWrite, match="disk is full"):
        back(own, two_objects())
    assert files_of(own) == before
    mask = own / "lab" / "files" / "data" / "mine" / "masks" / "cell.tif"
    assert read_labels(mask).max() == 1


def test_where_a_mask_cannot_be_written_no_image_stays_behind(own, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(corrections, "write_mask", full)
    with pytest.raises(CannotWrite):
        back(own, two_objects())
    assert files_of(own) == {}


@pytest.mark.parametrize(
    "changes",
    [
        {"image": "../out"},
        {"image": "a/b"},
        {"into": "../out"},
        {"aside": ".."},
        {"source": Place(1, "../cell.tif")},
    ],
)
def test_no_name_leads_out_of_the_lab(own, changes):
    with pytest.raises(BadInput):
        back(own, two_objects(), **changes)
    assert files_of(own) == {}


@pytest.mark.parametrize("targets", [unet.targets, stardist.targets])
def test_65535_is_unknown_where_that_is_said_and_teaches_nothing(own, targets):
    labels = two_objects()
    labels[:, 35:] = 65535
    assert back(own, labels).marked
    taken = back(own, labels, unknown=True)
    assert (taken.objects, taken.marked) == (2, False)
    assert taken.unknown == pytest.approx(15 / 50)
    target = targets(read_labels(own / "lab" / "files" / "data" / "mine" / "masks" / "cell.tif"))
    np.testing.assert_array_equal(np.isnan(target[0]), labels == 65535)  # class, or probability


def test_65535_is_an_object_where_there_are_more(own):
    labels = two_objects(np.int32)
    labels[0, 0], labels[1, 1] = 65535, 65536
    taken = back(own, labels, unknown=True)
    assert (taken.objects, taken.unknown) == (4, 0.0)


def test_corrected_predictions_are_taken_back_and_a_model_learns_from_them(lab):
    def send(job, name, labels, unknown=0):
        file = io.BytesIO()
        tifffile.imwrite(file, labels)
        path = f"/api/jobs/{job}/corrections/{name}?unknown={unknown}"
        status, _, text = lab.ask("PUT", path, file.getvalue())
        return status, text.decode()

    data = {"root": 1, "path": "data"}
    first = lab.start_job(type="train", method="unet", data=data, name="first", steps=10, **TINY)
    lab.until(first, "done")
    job = lab.start_job(type="predict", images=[{"root": 1, "path": "data/images"}], model="lab:first")
    done = lab.until(job, "done")
    waits = lab.get(f"jobs/{job}/corrections")
    assert (len(waits["images"]), waits["taken"]) == (4, [])
    results = lab.home / "lab" / "files" / done["out"]["path"]
    for number, name in enumerate(waits["images"]):
        labels = tifffile.imread(results / f"{name}_labels.tif")
        labels[4:14, 4:14] = labels.max() + 1  # a missed one is drawn
        labels[-8:] = 65535
        status, said = send(job, f"{name}_labels.tif", labels, unknown=1)
        assert status == 201, said
        assert len(lab.get(f"jobs/{job}/corrections")["taken"]) == number + 1
    assert send(job, "other_labels.tif", labels)[0] == 400
    assert list((lab.home / "lab" / ASIDE).iterdir()) == []
    with pytest.raises(RefusedError, match="no prediction"):
        lab.get(f"jobs/{first}/corrections")
    mask = lab.home / "lab" / "files" / waits["data"]["path"] / "masks" / f"{waits['images'][0]}.tif"
    assert (read_labels(mask)[-8:] == -1).all()
    again = lab.start_job(
        type="train", method="unet", data=waits["data"], name="second", source="lab:first", steps=5, patch=32
    )
    tuned = lab.until(again, "done")
    assert tuned["result"]["steps"] == 5
    (card,) = (each for each in lab.get("models") if each["id"] == "lab:second")
    assert Path(card["started_from"]).name == "first"
