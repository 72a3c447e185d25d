"""The arithmetic of looking at a prediction and of curves, held against numpy."""

import math

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from page.node import run_node

LABELS = np.array(
    [[1, 1, 0, 2], [1, 0, 0, 2], [3, 3, 3, 3], [0, 3, 0, 3]],
    np.int32,
)
SIZE = {"width": 300, "height": 200}
FRAME = {"width": 640, "height": 480}


def edges(labels, label):
    """The sides of pixels that part a label from all else, (x0, y0, x1, y1), found by shifting a padded mask."""
    mask = np.pad(labels == label, 1)
    across = {(x, y, x + 1, y) for y, x in np.argwhere(np.diff(mask[:, 1:-1], axis=0)).tolist()}
    along = {(x, y, x, y + 1) for y, x in np.argwhere(np.diff(mask[1:-1], axis=1)).tolist()}
    return across | along


def sides(lines):
    """The same of lines that may be as long as many pixels."""
    found = []
    for x0, y0, x1, y1 in np.array(lines).reshape(-1, 4).tolist():
        found += [(x, y0, x + 1, y0) for x in range(x0, x1)] + [(x0, y, x0, y + 1) for y in range(y0, y1)]
    assert len(found) == len(set(found)), "a side is drawn twice"
    return set(found)


@settings(max_examples=8, deadline=None)
@given(arrays(np.int32, (7, 9), elements=st.integers(0, 3)))
def test_outlines_run_along_every_side_that_parts_an_object_from_all_else(labels):
    found = run_node("work/look/outlines.ts", "page.outlines(given.labels.data, 7, 9)", labels=labels)
    assert {label: sides(lines) for label, lines in found} == {
        int(label): edges(labels, label) for label in np.unique(labels) if label
    }


def test_a_box_holds_the_object_and_nothing_more():
    found = run_node(
        "work/look/outlines.ts",
        "[...page.outlines(given.labels.data, 4, 4)].map(([label, lines]) => [label, page.boxOf(lines)])",
        labels=LABELS,
    )
    for label, box in found:
        rows, columns = np.nonzero(np.equal(LABELS, label))
        assert box == {
            "left": columns.min(),
            "top": rows.min(),
            "right": columns.max() + 1,
            "bottom": rows.max() + 1,
        }


def test_zooming_holds_the_place_under_the_hand_still():
    view = {"scale": 4, "left": 60, "top": 40}
    found = run_node(
        "work/look/view.ts",
        "page.zoomed(given.view, 1.7, 250, 130, given.size, given.frame)",
        view=view,
        size=SIZE,
        frame=FRAME,
    )
    assert math.isclose(found["scale"], 6.8)
    for axis, at in (("left", 250), ("top", 130)):
        assert math.isclose(view[axis] + at / view["scale"], found[axis] + at / found["scale"])


def test_no_view_leaves_the_picture():
    found = run_node(
        "work/look/view.ts",
        "page.moved({ scale: 4, left: 60, top: 40 }, -9999, 9999, given.size, given.frame)",
        size=SIZE,
        frame=FRAME,
    )
    assert found == {"scale": 4, "left": 300 - 640 / 4, "top": 0}


def test_an_object_is_brought_into_view_and_one_that_is_seen_moves_nothing():
    view = {"scale": 8, "left": 0, "top": 0}
    box = {"left": 200, "top": 150, "right": 220, "bottom": 170}
    ask = "page.showing(given.view, given.box, given.size, given.frame)"
    found = run_node("work/look/view.ts", ask, view=view, box=box, size=SIZE, frame=FRAME)
    assert found["left"] <= 200
    assert found["left"] + 640 / 8 >= 220
    assert found["top"] <= 150
    assert found["top"] + 480 / 8 >= 170
    again = run_node("work/look/view.ts", ask, view=found, box=box, size=SIZE, frame=FRAME)
    assert again == found


def test_rows_are_sorted_as_numpy_sorts_them():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 6, 40).astype(np.float32)
    table = {"label": np.arange(1, 41, dtype=np.int32), "area": values}
    ask = "page.sorted(given.table, { by: 'area', isDown: given.down })"
    for down, wanted in (
        (False, np.argsort(values, kind="stable")),
        (True, np.argsort(-values, kind="stable")),
    ):
        assert run_node("work/look/objects.ts", ask, table=table, down=down) == wanted.tolist()


def test_the_axis_of_a_loss_is_logarithmic_and_its_ticks_lie_on_it():
    scale = {"low": 0.012, "high": 3.4, "isLog": True}
    ticks = run_node("work/train/curve.ts", "page.ticks(given.scale)", scale=scale)
    assert len(ticks) >= 2
    assert all(scale["low"] <= tick <= scale["high"] for tick in ticks)
    shares = run_node(
        "work/train/curve.ts",
        "given.ticks.map((tick) => page.share(tick, given.scale))",
        scale=scale,
        ticks=ticks,
    )
    wanted = (np.log(ticks) - np.log(0.012)) / (np.log(3.4) - np.log(0.012))
    np.testing.assert_allclose(shares, wanted, rtol=1e-9)


def test_a_curve_of_many_points_is_drawn_by_means_of_neighbours():
    points = [[step, float(step % 7)] for step in range(1000)]
    found = np.array(run_node("work/train/curve.ts", "page.fewer(given.points, 100)", points=points))
    wanted = np.array(points).reshape(100, 10, 2).mean(axis=1)
    np.testing.assert_allclose(found, wanted)
