"""The arithmetic of Shift test against torch, and against convivo's own pooling that blurs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch.nn import functional as F

from convivo.nets.blur_pool import MaxBlurPool
from page.node import SOURCES, run_node

FOLDER = "explorables/shift-test"
SIDE, ROW, COLUMN = 48, 20, 30
SOBEL = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=torch.float64)[None, None]


def picture() -> np.ndarray:
    return np.random.default_rng(0).normal(size=(100, 110)).astype(np.float32)


def at(shift: int) -> torch.Tensor:
    """What the layers see, (1, 1, 48, 48)."""
    seen = picture()[ROW : ROW + SIDE, COLUMN - shift : COLUMN - shift + SIDE]
    return torch.tensor(seen, dtype=torch.float64)[None, None]


def by_torch(layer: str, image: torch.Tensor) -> np.ndarray:
    made = {
        "convolved": lambda: F.conv2d(image, SOBEL),
        "steady": lambda: F.max_pool2d(image, 2, stride=1),
        "pooled": lambda: F.max_pool2d(image, 2),
        "blurred": lambda: MaxBlurPool(2, 1).double()(image)[..., :-1, :-1],  # the last looks over the border
    }
    return made[layer]()[0, 0].numpy()


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """Maps by layer and shift, and what is left of their change."""
    undone = (SOURCES / FOLDER / "undone.ts").as_uri()
    return run_node(
        f"{FOLDER}/maps.ts",
        f"await import({undone!r}).then(({{ undone }}) => Object.fromEntries(Object.entries(page.LAYERS).map("
        "([name, { stride, of }]) => [name, [0, 1, 2, 3].map((shift) => {"
        f" const [before, after] = [0, shift].map((by) => of(page.cut(given.pixels, {ROW}, {COLUMN}, by)));"
        " return { map: after, undone: undone(before, after, shift, stride) }; })])))",
        pixels=picture(),
    )


def array(feature_map: dict[str, Any]) -> np.ndarray:
    values = np.array(feature_map["values"], float)  # None, where there is no value, becomes nan
    return values.reshape(feature_map["height"], feature_map["width"])


@pytest.mark.parametrize("layer", ["convolved", "steady", "pooled", "blurred"])
def test_maps_are_those_of_torch(said, layer):
    for shift in range(4):
        np.testing.assert_allclose(array(said[layer][shift]["map"]), by_torch(layer, at(shift)), atol=1e-12)


@pytest.mark.parametrize("layer", ["convolved", "steady"])
def test_with_stride_one_a_shift_is_undone_to_the_bit(said, layer):
    assert [each["undone"]["share"] for each in said[layer]] == [0, 0, 0, 0]


def test_with_stride_two_only_even_shifts_are_undone(said):
    for layer in ("pooled", "blurred"):
        shares = [each["undone"]["share"] for each in said[layer]]
        assert (shares[0], shares[2]) == (0, 0)
        assert min(shares[1], shares[3]) > 0.2  # of white noise
    for shift in (1, 3):
        assert said["blurred"][shift]["undone"]["share"] < said["pooled"][shift]["undone"]["share"]


@pytest.mark.parametrize("layer", ["pooled", "blurred"])
def test_what_differs_is_the_least_that_whole_and_half_steps_leave(said, layer):
    before, after = by_torch(layer, at(0)), by_torch(layer, at(3))
    width = before.shape[1]
    tried = {
        1: (after[:, 1:], before[:, : width - 1]),
        1.5: ((after[:, 1:-1] + after[:, 2:]) / 2, before[:, : width - 2]),
        2: (after[:, 2:], before[:, : width - 2]),
    }
    left = {by: np.sqrt(((moved - was) ** 2).mean()) / was.std() for by, (moved, was) in tried.items()}
    best = min(left, key=left.__getitem__)
    undone = said[layer][3]["undone"]
    assert undone["by"] == best
    assert undone["share"] == pytest.approx(left[best])
    moved, was = tried[best]
    difference = array(undone["difference"])
    np.testing.assert_allclose(difference[:, : was.shape[1]], moved - was, atol=1e-12)
    assert np.isnan(difference[:, was.shape[1] :]).all()


def test_beyond_its_border_the_picture_is_mirrored():
    small = picture()[:20, :30]
    seen = run_node(f"{FOLDER}/maps.ts", "page.cut(given.pixels, 0, 0, 5)", pixels=small)
    expected = np.pad(small, ((0, 60), (5, 60)), mode="reflect")[:SIDE, :SIDE]
    np.testing.assert_array_equal(array(seen), expected)


def test_stripes_vanish_behind_pooling_when_they_move_by_one_pixel():
    flat = run_node(
        f"{FOLDER}/maps.ts", "[0, 1].map((shift) => page.LAYERS.pooled.of(page.stripes(shift)).values)"
    )
    assert [sorted(set(values)) for values in flat] == [[0, 1], [1]]


@pytest.mark.parametrize(("stands", "by"), [(4, 0), (5, 1)])
def test_a_map_that_stood_still_or_jumped_by_a_whole_value_is_found_out(stands, by):
    def line(place: int) -> dict[str, Any]:
        return {"height": 1, "width": 9, "values": [float(i == place) for i in range(9)]}

    said = run_node(
        f"{FOLDER}/undone.ts",
        "page.undone(given.before, given.after, 1, 2)",
        before=line(4),
        after=line(stands),
    )
    assert (said["by"], said["share"]) == (by, 0)
