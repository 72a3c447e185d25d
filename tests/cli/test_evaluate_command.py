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


def calibrated(result):
    code, out, err = result
    assert code == 0, err
    return json.loads(out[: out.rindex("}") + 1])["calibration"]


def test_probabilities_are_judged_alike_by_model_and_by_what_it_wrote(
    convivo, folder, model_folder, tmp_path
):
    out = tmp_path / "out"
    assert convivo("predict", folder / "images", "--model", model_folder, "--out", out)[0] == 0
    by_model = calibrated(convivo("evaluate", "--model", model_folder, folder, "--json"))
    by_labels = calibrated(convivo("evaluate", "--labels", out, "--truth", folder / "masks", "--json"))
    assert by_model["error"] == pytest.approx(by_labels["error"], abs=1e-5)
    assert (
        sum(each["objects"] for each in by_model["bins"])
        == len((out / "objects.csv").read_text().splitlines()) - 1
    )
    assert by_model["findings"][0]["id"] == "calibration"
    _, said, _ = convivo("evaluate", "--labels", out, "--truth", folder / "masks")
    assert f"calibration: {by_labels['findings'][0]['evidence'][:40]}" in " ".join(said.split())


def test_labels_without_probabilities_are_scored_all_the_same(convivo, stack, tmp_path):
    for part in ("found", "truth"):
        put(tmp_path / part, "cell.tif", stack[0])
    arguments = ["evaluate", "--labels", tmp_path / "found", "--truth", tmp_path / "truth", "--json"]
    assert calibrated(convivo(*arguments)) is None
    (tmp_path / "found" / "objects.csv").write_text("image,page,label,probability\ncell,,1,high\n")
    assert calibrated(convivo(*arguments)) is None
    (tmp_path / "found" / "objects.csv").write_text("image,page,label,probability\ncell,,1,0.5\n")
    assert calibrated(convivo(*arguments)) is None  # of one object only
    rows = "".join(f"cell,,{label},0.9\n" for label in range(1, stack[0].max() + 1))
    (tmp_path / "found" / "objects.csv").write_text("image,page,label,probability\n" + rows)
    assert calibrated(convivo(*arguments))["error"] == pytest.approx(0.1)
