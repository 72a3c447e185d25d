"""Where stars cannot describe the objects, it is told before StarDist is trained, with what helps."""

import numpy as np
import pytest

from convivo.doubt import DataSet, Level
from convivo.doubt.checks import convexity as check
from convivo.model import Model
from convivo.types import Annotated, Image, Restorable
from simulated import nuclei

FIELDS = nuclei(3)
Y, X = np.indices((48, 48)) - 24
DISC = Y**2 + X**2 <= 20**2
HORSESHOE = DISC & (Y**2 + X**2 >= 14**2) & ~((X > 0) & (abs(Y) < 8))


def field(*shapes, name="field"):
    labels = np.concatenate([np.where(shape, number, 0) for number, shape in enumerate(shapes, 1)], axis=-1)
    image = Image(np.zeros((1, *labels.shape), np.uint8), "CZYX"[-labels.ndim - 1 :], name)
    return Annotated(Image(image.array, "C" + "ZYX"[-labels.ndim :], name), labels, name)


def asked(*data, **more):
    return list(check.ask(DataSet(data=data, **({"method": "stardist"} | more))))


def test_nuclei_are_stars():
    (found,) = asked(*FIELDS)
    assert (found.id, found.level, found.measured, found.advice) == ("convexity", Level.fine, 0, "")
    assert "of 32 rays" in found.evidence


@pytest.mark.parametrize(("horseshoes", "level"), [(0, "fine"), (1, "note"), (2, "warn"), (4, "stop")])
def test_the_share_that_no_star_describes_decides(horseshoes, level):
    (found,) = asked(field(*[HORSESHOE] * horseshoes, *[DISC] * (16 - horseshoes)))
    assert (found.level, found.measured) == (level, horseshoes / 16)
    assert f"{horseshoes / 16:.1%} and" in found.evidence


def test_outlines_that_only_a_high_iou_asks_for_raise_no_doubt():
    cut = DISC & ~((X > -4) & (abs(Y) < 4))  # a slit: some star holds nearly all
    (found,) = asked(field(DISC, cut))
    assert (found.level, found.measured) == (Level.fine, 0)
    assert "0.0% and 50.0% of 2 objects" in found.evidence


def test_the_worst_object_is_named_and_what_helps_is_tried():
    (found,) = asked(field(DISC, DISC, name="good"), field(DISC, HORSESHOE, name="bad"))
    assert "the worst is object 2 of bad, 0." in found.evidence
    assert found.advice.startswith(
        "convivo train unet DATA --out MODEL; more rays do not help: with 128 25.0%"
    )


def test_more_rays_are_advised_where_they_help():
    star = np.hypot(Y, X) <= 13 + 7 * np.cos(16 * np.arctan2(Y, X))
    model = Model.new("stardist", FIELDS, name="coarse", rays=8, filters=4)
    (found,) = asked(field(star), model=model)
    assert (found.level, found.measured) == (Level.stop, 1)
    assert "stars of 8 rays" in found.evidence
    assert "--rays 64; with them 0.0% cannot" in found.advice


def test_stacks_are_asked_too():
    z = np.indices((24, 1, 1))[0] - 12
    ball, shell = z**2 + Y**2 + X**2 <= 12**2, z**2 + Y**2 + X**2 <= 20**2
    shell &= z**2 + Y**2 + X**2 >= 15**2
    (fine,) = asked(field(ball))
    (lost,) = asked(field(shell))
    assert (fine.level, lost.level) == (Level.fine, Level.stop)
    assert "of 96 rays" in fine.evidence
    assert lost.advice == "convivo train unet DATA --out MODEL"


def test_of_many_objects_some_of_every_image_are_looked_at(monkeypatch):
    monkeypatch.setattr(check, "LOOKED_AT", 5)
    (found,) = asked(*[field(DISC, DISC, DISC, name=str(number)) for number in range(6)])
    assert "of 6 objects" in found.evidence


def test_nothing_is_said_to_others_and_of_nothing():
    image = Image(np.zeros((1, 40, 40), np.uint8), "CYX", "dark")
    assert asked(field(HORSESHOE), method="unet") == []
    assert asked(Restorable(image, None, "a")) == []
    assert asked(Annotated(image, np.zeros((40, 40), int), "a")) == []
    assert asked(Annotated(image, np.full((40, 40), -1), "a")) == []
    assert asked() == []
