"""`convivo check` looks at what is there, says the worst first, and exits by it."""

import json
import shutil

import numpy as np
import pytest
import tifffile

import convivo
from convivo.doubt import findings_from_json
from convivo.io.images import read_labels
from convivo.io.what_is_there import look_at_pairs
from simulated import nuclei


@pytest.fixture
def six(folder):
    """Six fields of different groups, on disk."""
    for each in nuclei(6)[4:]:
        tifffile.imwrite(folder / "images" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(folder / "masks" / f"{each.name}.tif", each.labels.astype(np.uint16))
    return folder


def copied(folder, name, new):
    for part in ("images", "masks"):
        shutil.copy(folder / part / f"{name}.tif", folder / part / f"{new}.tif")


def table(folder, *rows):
    (folder / "groups.csv").write_text("\n".join(rows) + "\n")


def test_a_good_data_set_exits_with_0(convivo, six):
    code, out, err = convivo("check", six)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1].startswith(
        "looked at 6 images of 6 groups, for unet: balance, field, labels, leak"
    )


def test_a_copy_exits_with_1_and_writes_the_groups(convivo, six, tmp_path):
    copied(six, "field1", "other")
    code, out, _ = convivo("check", six, "--out", tmp_path / "out")
    assert code == 1
    first, do, *_ = out.splitlines()
    assert first.startswith("warn  leak")
    assert do == "      do: groups.csv: image,group"
    found = findings_from_json((tmp_path / "out" / "findings.json").read_bytes())
    assert [each.level for each in found][:1] == ["warn"]
    shutil.copy(tmp_path / "out" / "groups.csv", six / "groups.csv")
    code, out, _ = convivo("check", six)
    assert code == 0
    assert "of 6 groups" in out


def test_a_copy_on_both_sides_exits_with_3(convivo, six):
    copied(six, "field1", "other")
    table(six, "image,group,part", "other,b,validation")
    code, out, _ = convivo("check", six)
    assert code == 3
    assert out.startswith("stop  leak")


def test_what_cannot_be_used_is_told_and_the_rest_is_looked_at(convivo, six):
    (six / "images" / "field0.tif").write_bytes(b"no image")
    (six / "masks" / "field1.tif").unlink()
    tifffile.imwrite(six / "masks" / "field2.tif", np.full((96, 96), 0.5, np.float32))
    tifffile.imwrite(six / "masks" / "field3.tif", np.ones((9, 9), np.uint8))
    table(six, "image,group", "no such image,a")
    code, out, err = convivo("check", six, "--json")
    assert (code, err) == (3, "")
    stops = {each["image"]: each["evidence"] for each in json.loads(out) if each["level"] == "stop"}
    assert {each["id"] for each in json.loads(out) if each["level"] == "stop"} == {"labels"}
    assert set(stops) == {"field0", "field1.tif", "field2", "field3", "groups.csv"}
    assert "no partner in masks" in stops["field1.tif"]
    assert "whole numbers" in stops["field2"]
    assert "9 x 9" in stops["field3"]
    assert [each.name for each in look_at_pairs(six).data] == ["field4", "field5"]


def test_many_alike_are_counted(convivo, six):
    for number in range(8):
        tifffile.imwrite(six / "images" / f"lonely{number}.tif", np.zeros((9, 9), np.uint8))
    code, out, _ = convivo("check", six)
    assert code == 3
    assert out.count("has no partner") == 5
    assert "and 3 more" in out


def test_binary_masks_are_noted(convivo, six):
    mask = read_labels(six / "masks" / "field0.tif")
    tifffile.imwrite(six / "masks" / "field0.tif", np.where(mask > 0, 255, 0).astype(np.uint8))
    code, out, _ = convivo("check", six)
    assert code == 0
    assert "note  labels    field0.tif holds only the value 255" in out


def test_subgroups_are_looked_at_by_a_column(convivo, six):
    table(
        six,
        "image,group,day",
        *(f"field{number},{number},{'Mon' if number else 'Tue'}" for number in range(6)),
    )
    code, out, _ = convivo("check", six, "--by", "day")
    assert code == 1
    assert "day Tue" in out
    code, _, err = convivo("check", six, "--by", "microscope")
    assert code == 2
    assert "image, group, day" in err


def test_a_model_says_method_and_net(convivo, six, model_folder):
    code, out, _ = convivo("check", six, "--model", model_folder)
    assert "model 'trained' sees" in out


def test_restoration_is_looked_at_too(convivo, six, tmp_path):
    for part in ("low", "high"):
        shutil.copytree(six / "images", tmp_path / "pairs" / part)
    (tmp_path / "pairs" / "high" / "field0.tif").unlink()
    code, out, _ = convivo("check", tmp_path / "pairs", "--method", "care")
    assert code == 3
    assert "no partner in high" in out
    assert "looked at 5 images of 5 groups, for care" in out
    code, out, _ = convivo("check", six / "images", "--method", "n2v")
    assert code == 0
    assert "looked at 6 images of 6 groups, for n2v" in out


def test_nothing_to_look_at_is_bad_input(convivo, tmp_path):
    code, _, err = convivo("check", tmp_path)
    assert code == 2
    assert "there is no folder" in err


def test_python_says_the_same(six):
    copied(six, "field1", "other")
    found = convivo.check_data(convivo.open_pairs(six))
    assert (found[0].id, found[0].level) == ("leak", "warn")
    assert [each.level.rank for each in found] == sorted((each.level.rank for each in found), reverse=True)
    assert convivo.check_data(convivo.open_pairs(six).data, method="stardist")[-1].level == "fine"
