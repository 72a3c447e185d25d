"""The arithmetic of Teach the kernel against numpy: the patches one by one, and learning step by step."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from page.node import SOURCES, run_node

FOLDER = "explorables/teach-the-kernel"
STEPS = [0, 1, 7, 400]
OPEN = {"flat": 8, "stripes": 6, "face": 0, "picture": 0}
Values = NDArray[np.float64]


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    """By image: its pixels, its directions, and what was learned after some steps."""
    addresses = ", ".join(
        f"import({(SOURCES / FOLDER / name).as_uri()!r})" for name in ("patches.ts", "learning.ts")
    )
    pixels = np.random.default_rng(0).random((60, 70)).astype(np.float32)
    return run_node(
        f"{FOLDER}/images.ts",
        f"await Promise.all([{addresses}]).then(([patches, learning]) =>"
        " Object.fromEntries(page.IMAGES.map((kind) => {"
        " const pixels = page.imageOf(kind, { pixels: given.pixels, low: 0, high: 1 }, 12, 20);"
        " const directions = patches.directionsOf(patches.meanProducts(pixels));"
        " const lesson = { directions, start: page.startOf(4), target: page.TRUE_KERNELS.edge };"
        " const open = patches.openDirections(directions);"
        " return [kind, { pixels, lesson, open, made: patches.correlated(pixels, lesson.target),"
        " learned: given.steps.map((steps) => learning.learned(lesson, steps)),"
        " needed: directions.values.map((_, i) => learning.stepsToLearn(directions, i, i >= 9 - open)) }]; })))",
        pixels=pixels,
        steps=STEPS,
    )


def patches(image: dict[str, Any]) -> Values:
    """(places, 9)."""
    pixels = np.reshape(image["pixels"], (32, 32))
    return np.lib.stride_tricks.sliding_window_view(pixels, (3, 3)).reshape(-1, 9)


@pytest.mark.parametrize("kind", OPEN)
def test_directions_are_numpys_eigenvectors_and_the_open_ones_its_missing_rank(said, kind):
    seen = patches(said[kind])
    matrix = seen.T @ seen / len(seen)
    directions = said[kind]["lesson"]["directions"]
    values, vectors = np.array(directions["values"]), np.array(directions["vectors"])
    np.testing.assert_allclose(values, np.linalg.eigvalsh(matrix)[::-1], atol=1e-12)
    np.testing.assert_allclose(vectors @ vectors.T, np.eye(9), atol=1e-12)
    np.testing.assert_allclose(matrix @ vectors.T, vectors.T * values, atol=1e-12)
    assert said[kind]["open"] == OPEN[kind] == 9 - np.linalg.matrix_rank(seen)


@pytest.mark.parametrize("kind", OPEN)
def test_what_is_learned_is_what_steps_of_gradient_descent_give(said, kind):
    seen, lesson = patches(said[kind]), said[kind]["lesson"]
    wanted = seen @ np.array(lesson["target"])
    np.testing.assert_allclose(said[kind]["made"], wanted, atol=1e-12)
    weights = np.array(lesson["start"])
    step = 1 / np.linalg.eigvalsh(seen.T @ seen / len(seen))[-1]
    for number in range(max(STEPS) + 1):
        if number in STEPS:
            learned = said[kind]["learned"][STEPS.index(number)]
            np.testing.assert_allclose(learned["weights"], weights, atol=1e-9)
            assert learned["loss"] == pytest.approx(((seen @ weights - wanted) ** 2).mean(), abs=1e-12)
            assert learned["off"] == pytest.approx(abs(weights - lesson["target"]).max(), abs=1e-9)
        weights -= step * seen.T @ (seen @ weights - wanted) / len(seen)


@pytest.mark.parametrize("kind", OPEN)
def test_an_error_is_a_hundredth_after_as_many_steps_as_it_says(said, kind):
    values = np.array(said[kind]["lesson"]["directions"]["values"])
    for value, needed in zip(values / values[0], said[kind]["needed"], strict=True):
        if needed is None:  # infinitely many
            assert value < 1e-10
        else:
            assert (1 - value) ** needed <= 0.01 < (1 - value) ** (needed - 1) + (needed == 1)


def test_of_a_white_image_only_the_sum_of_the_weights_is_learned(said):
    learned, lesson = said["flat"]["learned"][-1], said["flat"]["lesson"]
    assert learned["loss"] == pytest.approx(0, abs=1e-12)
    assert sum(learned["weights"]) == pytest.approx(sum(lesson["target"]))
    changes = np.subtract(learned["weights"], lesson["start"])
    np.testing.assert_allclose(changes, changes[0], atol=1e-12)
