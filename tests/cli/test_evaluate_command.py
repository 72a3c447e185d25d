"""`convivo evaluate` on label images, whoever made them."""

import json

import numpy as np
import pytest
import tifffile

from convivo.io.images import write_labels
from simulated import nuclei


@pytest.fixture
def stack():
    """Planes of other nuclei, each numbered from 1."""
    return np.stack([each.labels for each in nuclei(3)]).astype(np.uint16)


def put(folder, name, labels, page_axes=""):
    folder.mkdir(exist_ok=True)
    write_labels(folder / name, labels, page_axes=page_axes)


def first(result):
    code, out, err = result
    assert code == 0, err
    return json.loads(out[: out.rindex("}") + 1])["scores"][0], err


def test_planes_numbered_one_by_one_are_compared_one_by_one(convivo, stack, tmp_path):
    put(tmp_path / "found", "cell_labels.tif", stack, "Z")
    put(tmp_path / "truth", "cell.tif", np.where(stack > 0, 9 - stack, 0), "Z")
    report = tmp_path / "report"
    arguments = ["--labels", tmp_path / "found", "--truth", tmp_path / "truth", "--json", "--report", report]
    row, _ = first(convivo("evaluate", *arguments))
    objects = sum(int(plane.max()) for plane in stack)
    assert (row["accuracy"], row["true_positives"]) == (1, objects)
    assert f"all {objects} objects matched" in (report / "report.html").read_text()


def test_axes_are_said_where_files_do_not(convivo, stack, tmp_path):
    for part in ("found", "truth"):
        (tmp_path / part).mkdir()
        tifffile.imwrite(tmp_path / part / "cell.tif", stack, photometric="minisblack")
    arguments = ["--labels", tmp_path / "found", "--truth", tmp_path / "truth", "--json", "--axes", "TYX"]
    row, _ = first(convivo("evaluate", *arguments))
    assert row["true_positives"] == sum(int(plane.max()) for plane in stack)


def test_binary_truth_is_numbered_by_its_parts_and_convivo_says_so(convivo, tmp_path):
    labels = np.zeros((20, 20), np.uint16)
    labels[2:8, 2:8], labels[2:8, 12:18] = 1, 2
    put(tmp_path / "found", "cell.tif", labels)
    put(tmp_path / "truth", "cell.tif", (labels > 0) * np.uint16(255))
    row, err = first(
        convivo("evaluate", "--labels", tmp_path / "found", "--truth", tmp_path / "truth", "--json")
    )
    assert (row["true_positives"], row["accuracy"]) == (2, 1)
    assert "2 connected parts" in err
