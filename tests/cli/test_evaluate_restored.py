"""`convivo evaluate` for a model that restores images, and the page that it writes."""

import json

import numpy as np
import pytest

from convivo.cli.restored_report import TITLE, Gallery
from convivo.io.images import write_map
from convivo.model import Model
from convivo.ops.scores import restoration_score
from convivo.report import restoration
from convivo.run.config import TrainConfig
from convivo.run.evaluate_restored import RestoredScore
from convivo.run.train import train
from convivo.types import Image, Restorable, Restoration
from simulated import nuclei


def pair(number, noise=30.0):
    target = nuclei(1, seed=number)[0].image.array.astype(np.float32)
    noisy = target + np.random.default_rng(number).normal(0, noise, target.shape).astype(np.float32)
    name = f"field{number}"
    return Restorable(Image(noisy, "CYX", name), Image(target, "CYX", name), name)


@pytest.fixture(scope="module")
def restorer(tmp_path_factory):
    """A Noise2Void net that has seen next to nothing."""
    data = [pair(number) for number in range(4)]
    noisy = [Restorable(each.image, None, each.group) for each in data]
    model = Model.new("n2v", noisy, name="small", filters=4, depth=1)
    for _ in train(model, noisy, TrainConfig(steps=3, patch=32, batch=2, precision="float32")):
        pass
    folder = tmp_path_factory.mktemp("models") / "small"
    model.save(folder)
    return folder


@pytest.fixture
def pairs(tmp_path):
    for number in range(2):
        each = pair(number)
        for part, image in (("low", each.image), ("high", each.target)):
            (tmp_path / "pairs" / part).mkdir(parents=True, exist_ok=True)
            write_map(tmp_path / "pairs" / part / f"{each.name}.tif", image.array[0])
    return tmp_path / "pairs"


def test_a_truth_that_cannot_be_compared_with_is_named(convivo, restorer, pairs):
    write_map(pairs / "high" / "field1.tif", np.full((96, 96), 3, np.float32))
    code, _, err = convivo("evaluate", "--model", restorer, pairs)
    assert code == 2
    assert "field1: the truth is 3.0 everywhere" in err


def test_the_report_shows_what_the_numbers_are_of(convivo, restorer, pairs, tmp_path):
    arguments = ["--model", restorer, pairs, "--json", "--report", tmp_path / "report"]
    code, out, err = convivo("evaluate", *arguments)
    assert code == 0, err
    said = json.loads(out)
    html = (tmp_path / "report" / "report.html").read_text()
    assert said["images"] == 2
    for row in said["per_image"]:
        assert row["image"] in html
        assert f"{row['restored']['scale_invariant_psnr']:.2f} dB" in html
        assert f"{row['as_it_came']['scale_invariant_psnr']:.2f} dB" in html
    assert "small against the truth" in html
    assert "report.html" in err


def test_without_report_nothing_is_written(convivo, restorer, pairs, tmp_path):
    code, out, _ = convivo("evaluate", "--model", restorer, pairs)
    assert code == 0
    assert "report" not in out
    assert {path.name for path in tmp_path.iterdir()} == {"pairs"}


def test_only_the_worst_are_drawn_and_their_arrays_kept(monkeypatch):
    monkeypatch.setattr(restoration, "PICTURED", 2)
    gallery = Gallery()
    for number, noise in enumerate([5, 80, 20, 200]):
        each = pair(number, noise)
        found = Restoration(each.image, "torch")
        score = restoration_score(each.image.array[0], each.target.array[0])
        gallery.keep(each, [RestoredScore(each.name, score, score)], found)
    cases = gallery.cases()
    assert [case.name for case in cases] == [f"field{number}" for number in range(4)]
    assert [bool(case.figures) for case in cases] == [False, True, False, True]
    assert cases[0].sides[1].title == TITLE
    assert cases[0].sides[1].score.psnr > cases[3].sides[1].score.psnr
    assert gallery.engines == "torch"
