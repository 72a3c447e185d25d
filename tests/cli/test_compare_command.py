"""`convivo compare` as a person types it."""

import csv
import json
import re

import numpy as np
import pytest
import tifffile

from convivo.run.scenes import STAGED


@pytest.fixture(scope="module")
def models(trained, star_trained, tmp_path_factory):
    folder = tmp_path_factory.mktemp("compared")
    trained.save(folder / "cells")
    star_trained.save(folder / "stars")
    return "--model", folder / "cells", "--model", folder / "stars", "--engine", "torch"


def test_every_scene_and_the_folder_stand_in_table_page_and_json(
    convivo, models, folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("convivo.run.scenes.STAGED", STAGED[1:2])
    out = tmp_path / "out"
    code, printed, err = convivo("compare", folder, "--out", out, *models, "--images", 2, "--json")
    assert code == 0, err
    scenes = json.loads(printed)["scenes"]
    assert [(scene["scene"], scene["images"]) for scene in scenes] == [("touching", 2), ("your images", 4)]
    with (out / "comparison.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    told = [(scene["scene"], way) for scene in scenes for way in scene["contenders"]]
    assert len(rows) == len(told) == 6
    for row, (scene, way) in zip(rows, told, strict=True):
        assert (row["scene"], row["contender"]) == (scene, way["contender"])
        assert float(row["accuracy_0.7"]) == pytest.approx(way["scores"][2]["accuracy"], abs=1e-4)
        assert [int(row[kind]) for kind in KINDS] == [way[kind] for kind in KINDS]
    page = (out / "report.html").read_text(encoding="utf-8")
    assert page.count('<section class="trial"') == 2
    assert page.count("<img ") == 2 * 4  # the truth and three contenders
    assert page.count("<svg role") == 2
    assert re.findall(r'(?:src|href)="(?!data:|#)', page) == []  # nothing from outside
    assert str(tmp_path) not in page  # names, never paths


KINDS = ("missed", "invented", "merged", "divided")


def test_the_table_ends_with_its_verdict(convivo, models, tmp_path, monkeypatch):
    monkeypatch.setattr("convivo.run.scenes.STAGED", STAGED[:1])
    code, printed, err = convivo("compare", "--out", tmp_path / "out", *models, "--images", 1)
    assert code == 0, err
    assert re.search(r"spread out: 1 image, 16 objects", printed)
    assert re.search(r"U-Net with watershed +\d\.\d{3}", printed)
    assert "At IoU 0.5 " in printed


def test_names_from_outside_are_escaped(convivo, models, folder, tmp_path, monkeypatch):
    monkeypatch.setattr("convivo.run.scenes.STAGED", ())
    wild = folder.rename(folder.parent / "<b>wild")
    code, _, err = convivo("compare", wild, "--out", tmp_path / "out", *models)
    assert code == 0, err
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "<b>wild" not in page
    assert "&lt;b&gt;wild" in page


def test_an_image_that_does_not_fit_is_named_before_the_first_scene(
    convivo, models, folder, tmp_path, monkeypatch
):
    monkeypatch.setattr("convivo.run.scenes.STAGED", STAGED[:1])
    last = max((folder / "images").iterdir())
    grey = tifffile.imread(last)
    tifffile.imwrite(last, np.stack([grey, grey // 2, grey // 3], axis=-1), photometric="rgb")
    code, _, err = convivo("compare", folder, "--out", tmp_path / "out", *models, "--images", 1)
    assert code == 2
    assert f"{last.stem}: the image has 3 channels" in err
    assert "comparing" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--model", "no-such-model"], "there is no model 'no-such-model'"),
        (["--images", 0], "0 images of each scene"),
        (["no-such-folder"], "no-such-folder"),
        (["--seed", -200_000], "seed"),
    ],
)
def test_what_is_wrong_is_said_with_its_fix(convivo, models, tmp_path, arguments, problem):
    code, _, err = convivo("compare", *arguments, "--out", tmp_path / "out", *models)
    assert code == 2
    assert problem in err
    assert "fix: " in err
