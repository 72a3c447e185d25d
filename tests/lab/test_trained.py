"""A training in a job process: what is told of it, and how it ends when it is stopped, twice stopped, or left alone."""

import numpy as np
import pytest
import tifffile

from convivo.lab.jobs import trained
from convivo.lab.jobs.looked_at import MOST
from convivo.lab.jobs.told import Finishing, Row, Validated
from convivo.model import Model, ModelFolder
from convivo.run.train import TrainingRun
from convivo.work.events import ModelMade
from convivo.work.orders import TrainOrder
from simulated import nuclei


class Wished:
    """Wishes that come after so many steps."""

    def __init__(self, *, stop=10**9, gone=10**9):
        self._stop, self._gone, self.asked = stop, gone, 0

    @property
    def gone(self):
        self.asked += 1
        return self.asked >= self._gone

    @property
    def stop(self):
        return self.asked >= self._stop


@pytest.fixture
def order(tmp_path):
    for part in ("images", "masks"):
        (tmp_path / "data" / part).mkdir(parents=True)
    for each in nuclei(4, shape=(48, 48), objects=3):
        tifffile.imwrite(tmp_path / "data" / "images" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(tmp_path / "data" / "masks" / f"{each.name}.tif", each.labels.astype(np.uint16))
    return TrainOrder(
        method="unet",
        data=(str(tmp_path / "data"),),
        out=str(tmp_path / "model"),
        steps=60,
        patch=32,
        batch=1,
        size={"filters": 4, "depth": 1},
        precision="float32",
    )


def carried_out(order, folder, wishes):
    """Whether it was stopped, and what was told."""
    told = []
    return trained.train(order, folder, told.append, wishes), told


def of(kind, told):
    return [each for each in told if isinstance(each, kind)]


def test_a_curve_has_so_many_points_and_loses_no_step(order, tmp_path, monkeypatch):
    monkeypatch.setattr(trained, "ROWS", 6)
    losses = []
    saw = trained.Curve.saw
    monkeypatch.setattr(trained.Curve, "saw", lambda self, step: losses.append(step.loss) or saw(self, step))
    stopped, told = carried_out(order, tmp_path, Wished())
    rows, tried = of(Row, told), of(Validated, told)
    assert not stopped
    assert len(rows) <= 6 + len(tried) + 1
    steps = np.diff([0, *(row.step for row in rows)])
    assert rows[-1].step == 60
    assert steps @ [row.loss for row in rows] == pytest.approx(sum(losses))


def test_each_validation_has_pictures_that_are_there(order, tmp_path):
    _, told = carried_out(order, tmp_path, Wished())
    for each in of(Validated, told):
        assert 1 <= len(each.pictures) <= MOST
        assert all((tmp_path / "pictures" / name).is_file() for name in each.pictures)


def test_a_picture_that_cannot_be_kept_costs_no_training(order, tmp_path):
    (tmp_path / "pictures").write_text("a file where a folder should be")
    _, told = carried_out(order, tmp_path, Wished())
    assert all(each.pictures == () for each in of(Validated, told))
    assert of(ModelMade, told)[0].steps == 60


def test_stopped_once_the_model_is_finished_but_not_tried_for_minutes(order, tmp_path, monkeypatch):
    tried = []
    monkeypatch.setattr(TrainingRun, "_acquaint", lambda self: tried.append(self.state.step))
    stopped, told = carried_out(order, tmp_path, Wished(stop=7))
    assert stopped
    assert of(Finishing, told)
    assert of(ModelMade, told)[0].steps == 7
    assert Model.load(order.out).card.training.steps == 7
    assert tried == []
    carried_out(TrainOrder(**{**fields(order), "out": str(tmp_path / "whole")}), tmp_path, Wished())
    assert tried == [60]  # one that ends by itself is


def test_stopped_twice_what_was_saved_last_is_what_is_there(order, tmp_path, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(TrainingRun, "_record", interrupted)
    stopped, told = carried_out(order, tmp_path, Wished(stop=30))
    assert stopped
    assert of(ModelMade, told)[0].steps == 30
    assert Model.load(order.out).card.training is None
    assert ModelFolder(order.out).holds_state


def test_left_alone_it_saves_its_state_and_goes_on_as_if_nothing_had_been(order, tmp_path):
    whole = TrainOrder(**{**fields(order), "out": str(tmp_path / "whole")})
    carried_out(whole, tmp_path, Wished())
    stopped, told = carried_out(order, tmp_path, Wished(gone=23))
    assert not stopped
    assert of(ModelMade, told) == []
    assert ModelFolder(order.out).unfinished().state.step == 23
    carried_out(TrainOrder(**{**fields(order), "resume": True}), tmp_path, Wished())
    curves = [ModelFolder(each.out).curve() for each in (whole, order)]
    assert [(row.step, row.loss) for row in curves[0]] == [(row.step, row.loss) for row in curves[1]]


def fields(order):
    return {name: getattr(order, name) for name in order.__struct_fields__}
