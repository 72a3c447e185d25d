"""What exercises hold to be true, against another way to find it; and that their predictions say the same."""

from __future__ import annotations

import re
import sys
import time
from importlib import import_module
from itertools import product
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch

from convivo.course.exercise.folder import Exercise, find
from convivo.course.exercise.loading import checks_of, solved
from convivo.ops.stars.distances import star_distances


def truths(name: str) -> dict[str, Any]:
    """All that an exercise's checks.py defines."""
    return checks_of(find(name))[0].ask.__globals__


def foretold(exercise: Exercise) -> str:
    """The right answer of the rung "predict"."""
    assert exercise.predict
    (right,) = (option for option in exercise.predict.options if option.right)
    return f"{right.text} {right.because}"


def cheapest_by_counting(least: int) -> int:
    """Parameters of the cheapest net: how far the convolutions between two poolings reach is tried out, level by level.

    Their order within a level changes nothing, so a level is what it adds in steps, and the least that this costs.
    """
    costs = {0: 0}
    for steps in range(2, least + 8, 2):
        costs[steps] = min(
            costs[steps - kernel + 1] + kernel * kernel * 256 + 16
            for kernel in (3, 5, 7)
            if steps >= kernel - 1
        )
    best = []
    for poolings in range(4):
        levels = [
            range(2 if level < poolings else 0, least // 2**level + 8, 2) for level in range(poolings + 1)
        ]
        best += [
            sum(costs[steps] for steps in added)
            for added in product(*levels)
            if 2**poolings + sum(steps * 2**level for level, steps in enumerate(added)) >= least
        ]
    return min(best)


@pytest.mark.parametrize("least", [3, 9, 22, 23, 40])
def test_no_net_is_cheaper_than_the_one_that_the_search_finds(least: int) -> None:
    assert truths("receptive_field")["fewest"](least) == cheapest_by_counting(least)


def test_the_cheapest_net_with_a_field_of_128_is_the_one_of_the_solution() -> None:
    solution = solved(find("receptive_field"))
    net = solution["smallest_net"]
    assert solution["receptive_field"](net) >= 128
    assert (
        solution["parameters"](net) == truths("receptive_field")["fewest"](128) == cheapest_by_counting(128)
    )


@pytest.mark.parametrize("seed", range(3))
def test_rays_end_where_those_of_stardist_end(seed: int) -> None:
    stars = truths("star_distances")
    labels = stars["_scene"](np.random.default_rng(seed))
    distances = star_distances(labels, stars["RAYS"])
    for y, x in np.argwhere(labels > 0)[::9]:
        walked = stars["_star"](labels == labels[y, x], y, x)
        np.testing.assert_allclose(walked, distances[:, y, x], atol=1e-4)


@pytest.mark.parametrize(("padding", "stride"), [(0, 1), (1, 2), (2, 3)])
def test_a_layer_by_hand_is_the_layer_of_torch(padding: int, stride: int) -> None:
    rng = np.random.default_rng(0)
    image, kernel = rng.random((17, 23)), rng.random((3, 5))
    page, weights = torch.from_numpy(image)[None, None], torch.from_numpy(kernel)[None, None]
    given = torch.nn.functional.conv2d(page, weights, stride=stride, padding=padding)[0, 0].numpy()
    found = truths("convolution_by_hand")["layer_of"](image, kernel, padding, stride)
    np.testing.assert_allclose(found, given, rtol=1e-12)


def test_the_prediction_of_the_size_of_a_map_is_what_the_solution_gives() -> None:
    exercise = find("convolution_by_hand")
    rows, columns = solved(exercise)["correlate"](np.ones((40, 48)), np.ones((5, 5))).shape
    assert foretold(exercise).startswith(f"{rows} x {columns} ")


def test_the_prediction_of_two_fields_is_what_the_solution_gives() -> None:
    exercise = find("receptive_field")
    field = solved(exercise)["receptive_field"]
    first, second = field([(3, 1), (2, 2)]), field([(2, 2), (3, 1)])
    assert foretold(exercise).startswith(f"A sees {first}, B sees {second} ")


def test_the_prediction_of_what_stripes_teach_is_what_the_solution_gives() -> None:
    exercise = find("learn_a_kernel")
    stripes = np.tile(np.random.default_rng(0).random(30), (30, 1))
    assert solved(exercise)["taught"](stripes, 3) == 3
    assert "Three numbers of nine" in foretold(exercise)


def test_the_prediction_of_a_pooled_map_after_a_shift_is_what_the_solution_gives() -> None:
    exercise = find("pooling_and_the_shift")
    pool = solved(exercise)["max_pool"]
    image = np.random.default_rng(0).random((16, 16))
    before, after = pool(image), pool(np.roll(image, 1, axis=1))
    assert not any(np.array_equal(np.roll(before, by, axis=1), after) for by in range(8))
    assert "is no shift" in foretold(exercise)


def test_the_prediction_of_a_star_within_a_star_is_what_the_solution_gives() -> None:
    exercise = find("star_distances")
    solution = solved(exercise)
    large, small = np.zeros((2, 20, 20), bool)
    large[:, 2:17], small[6:12, 5:10] = True, True
    iou = (large & small).sum() / (large | small).sum()
    assert iou == float(re.search(r"is ([\d.]+), and", exercise.predict.question)[1])  # type: ignore[index, union-attr]
    assert solution["overlap"](large, small) == 1
    assert solution["suppress"](np.array([small, large]), [0.6, 0.9], 0.4) == [1]
    assert foretold(exercise).startswith("The small one goes")


def test_an_exercise_that_is_opened_while_torch_is_still_loaded_waits_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = "import time\nseeds = []\ntime.sleep(0.3)\nmanual_seed = seeds.append\n"
    (tmp_path / "torch.py").write_text(slow)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "torch")
    loading = Thread(target=import_module, args=("torch",))
    loading.start()
    while "torch" not in sys.modules:
        time.sleep(0.001)
    solved(find("receptive_field"), seed=7)
    loading.join()
    assert sys.modules["torch"].seeds == [7]
