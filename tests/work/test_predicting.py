"""A prediction that is ended early: what was done until then has its table, its sheet and its findings."""

import csv

import numpy as np
import pytest
import tifffile

from convivo.io.images import read_labels
from convivo.run.predict import Predictor
from convivo.work.events import Begun, ImageBegun, ImageDone, ImageFailed, Predicted
from convivo.work.orders import PredictOrder
from convivo.work.predicting import predict
from simulated import nuclei


@pytest.fixture
def order(tmp_path, model_folder):
    """An order of three images."""
    (tmp_path / "images").mkdir()
    for each in nuclei(3):
        tifffile.imwrite(tmp_path / "images" / f"{each.name}.tif", each.image.array[0])
    return PredictOrder(
        images=(str(tmp_path / "images"),), model=str(model_folder), out=str(tmp_path / "out"), engine="torch"
    )


def is_whole(out, names):
    """The table holds every object of these images and no other, and sheet and findings are there."""
    with (out / "objects.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    for name in names:
        labels = read_labels(out / f"{name}_labels.tif")
        assert sum(row["image"] == name for row in rows) == len(np.unique(labels[labels > 0])) > 0
    assert {row["image"] for row in rows} == set(names)
    assert {"contact.png", "findings.json"} <= {path.name for path in out.iterdir()}
    assert not [path for path in out.iterdir() if ".part" in path.name]


def test_events_tell_each_image_and_the_sum(order, tmp_path):
    first, *events, last = predict(order)
    assert first == Begun(what="predicting", total=3, about="trained")
    assert [type(each) for each in events] == [ImageBegun, ImageDone] * 3
    assert isinstance(last, Predicted)
    assert last.objects == sum(each.objects for each in events[1::2])
    is_whole(tmp_path / "out", ["field0", "field1", "field2"])


def test_closed_after_an_image_its_results_are_whole(order, tmp_path):
    events = predict(order)
    for event in events:
        if isinstance(event, ImageDone):
            break
    events.close()
    is_whole(tmp_path / "out", ["field0"])


def test_interrupted_within_an_image_the_one_before_is_whole_and_it_says_so(order, tmp_path, monkeypatch):
    answer = Predictor.predict

    def interrupted(self, image):
        if image.name == "field1":
            raise KeyboardInterrupt
        return answer(self, image)

    monkeypatch.setattr(Predictor, "predict", interrupted)
    *_, last = predict(order)
    assert isinstance(last, Predicted)
    assert (last.stopped, last.done, last.total) == (True, 1, 3)
    is_whole(tmp_path / "out", ["field0"])


def test_what_nobody_foresaw_fails_one_image_or_is_raised_where_asked(order, monkeypatch):
    answer = Predictor.predict

    def broken(self, image):
        if image.name == "field1":
            raise ZeroDivisionError("a fault")
        return answer(self, image)

    monkeypatch.setattr(Predictor, "predict", broken)
    (failed,) = [each for each in predict(order) if isinstance(each, ImageFailed)]
    assert (failed.image, failed.number) == ("field1", 2)
    assert "ZeroDivisionError: a fault" in failed.problem
    with pytest.raises(ZeroDivisionError):
        list(predict(order, strict=True))
