"""Holds the learner's sums against those of scipy, on pieces of simulated images and kernels drawn anew."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from convivo.course.checks import (
    Answer,
    Check,
    Learner,
    LearnerFailed,
    Mistakes,
    Panel,
    Unfinished,
    array_of,
    compared,
)
from convivo.ops.simulate import Microscope, Scene, simulate

Array = NDArray[np.float64]


def sums(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image, kernel = _nucleus(rng), _kernel(rng, 3, 3)
    truth = signal.correlate2d(image, kernel, mode="valid")
    answer = compared(
        yours.call("correlate", image, kernel),
        truth,
        given=Panel("input", image),
        right="Each value of your map is the sum of patch times kernel, at its own place.",
        wrong="The map has the right size, but not the right sums: look where the difference begins, and compute "
        "the value at (0, 0) on paper.",
        signed=True,
        mistakes=_mistakes_of_a_sum(image, kernel, truth),
    )
    return _showing(kernel, answer)


def _mistakes_of_a_sum(image: Array, kernel: Array, truth: Array) -> Mistakes:
    rows, columns = kernel.shape
    return [
        (
            signal.convolve2d(image, kernel, mode="valid"),
            "Your kernel is turned by half a turn: the first weight belongs to the first pixel of the patch, "
            "as a layer does it.",
        ),
        (truth / kernel.size, "You took the mean of the products; a layer adds them up."),
        (
            truth[:-1, :-1],
            "One row and one column are missing: there are image size - kernel size + 1 places, because the place 0 "
            "counts too.",
        ),
        (
            np.full_like(truth, truth[0, 0]),
            "All your values are the one at (0, 0): the patch must move on with y and x.",
        ),
        (
            truth[::rows, ::columns],
            "Your kernel jumps by its own size, like a stamp; it must move on by one pixel, so that patches overlap.",
        ),
        (
            signal.correlate2d(image, kernel, mode="same"),
            "Your map is as large as the image: the sums are right, but at the border there were pixels that do "
            "not exist.",
        ),
        (
            truth[0, 0] if truth.size else 0.0,
            "You return one number, the sum at (0, 0); is the return inside the loop?",
        ),
    ]


def sizes(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image = _nucleus(rng)
    rows, columns = [(1, 4), (5, 2), (2, 5), (4, 1)][rng.integers(4)]
    kernel = _kernel(rng, rows, columns)
    truth = signal.correlate2d(image, kernel, mode="valid")
    height, width = image.shape
    given = Panel(f"input, {height} x {width}", image)
    try:
        found = yours.call("correlate", image, kernel)
    except Unfinished:
        raise
    except LearnerFailed as failed:
        sentence = (
            f"With a kernel of {rows} x {columns} your program stops ({failed}): does the height of the map go with "
            "the kernel's rows, and the width with its columns?"
        )
        return _showing(kernel, Answer(False, sentence, (given, Panel("expected", truth, signed=True))))
    answer = compared(
        found,
        truth,
        given=given,
        right="The size of your map is right along both axes, also for a kernel that is no square.",
        wrong=f"The size is right, but under this kernel of {rows} x {columns} the sums are others.",
        signed=True,
    )
    return _showing(kernel, answer)


def knobs(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image, kernel = _nucleus(rng), _kernel(rng, 3, 3)
    padding, stride = int(rng.integers(1, 3)), int(rng.integers(2, 4))
    truth = layer_of(image, kernel, padding, stride)
    padded = np.pad(image, padding)
    bare = signal.correlate2d(padded, kernel, mode="valid")
    answer = compared(
        yours.call("layer", image, kernel, padding, stride),
        truth,
        given=Panel(f"input; padding {padding}, stride {stride}", image),
        right="With padding and stride your layer gives what torch's gives.",
        wrong="The size is right, but not the sums: first the zeros around the image, then the sums, then every "
        "stride-th of them.",
        signed=True,
        mistakes=[
            (bare, "The stride is missing: keep every stride-th row and column of the map."),
            (
                signal.correlate2d(image, kernel, mode="valid")[::stride, ::stride],
                "The padding is missing: put zeros around the image before the sums.",
            ),
            (bare[::stride], "The stride counts for both axes, and you used it for rows alone."),
            (
                signal.correlate2d(padded[::stride, ::stride], kernel, mode="valid"),
                "You threw pixels away before the sums: a stride leaves out places of the kernel, not pixels of "
                "the image.",
            ),
            (
                signal.correlate2d(np.pad(image, padding, mode="edge"), kernel, mode="valid")[
                    ::stride, ::stride
                ],
                "You repeated the border's pixels; the padding of this layer is zeros.",
            ),
            (
                signal.correlate2d(np.pad(image, (0, padding)), kernel, mode="valid")[::stride, ::stride],
                "The zeros stand below and on the right only; they belong on all four sides.",
            ),
        ],
    )
    return _showing(kernel, _mended_first(answer, yours, image, kernel))


def turned(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image, kernel = _nucleus(rng), _kernel(rng, 3, 3)
    half = "Your kernel is turned over along one axis only; half a turn reverses rows and columns."

    def with_kernel(other: Array) -> Array:
        return np.asarray(signal.correlate2d(image, other, mode="valid"))

    answer = compared(
        yours.call("convolve", image, kernel),
        signal.convolve2d(image, kernel, mode="valid"),
        given=Panel("input", image),
        right="That is the convolution of mathematics: the kernel turned by half a turn, then the same sums.",
        wrong="These are not the sums under the turned kernel: reverse its rows and its columns, nothing else.",
        signed=True,
        mistakes=[
            (
                with_kernel(kernel),
                "This is cross-correlation: the kernel still lies on the image as it is, and is not turned.",
            ),
            (with_kernel(kernel[::-1]), half),
            (with_kernel(kernel[:, ::-1]), half),
            (with_kernel(kernel.T), "You swapped rows and columns (transposed); that is no turn."),
            (with_kernel(np.rot90(kernel)), "That is a quarter turn; it takes half a turn."),
            (with_kernel(np.rot90(kernel, 3)), "That is a quarter turn; it takes half a turn."),
            (
                with_kernel(kernel)[::-1, ::-1],
                "You turned the map; it is the kernel that has to be turned, before the sums.",
            ),
            (
                signal.correlate2d(image[::-1, ::-1], kernel, mode="valid"),
                "You turned the image, so the map stands on its head; turn the kernel.",
            ),
        ],
    )
    return _showing(kernel, _mended_first(answer, yours, image, kernel))


def _mended_first(answer: Answer, yours: Learner, image: Array, kernel: Array) -> Answer:
    """Where the sums themselves are wrong, what builds on them cannot be right, and nothing else should be said."""
    if answer.passed:
        return answer
    try:
        found = yours.call("correlate", image, kernel)
    except LearnerFailed:
        return answer
    truth = signal.correlate2d(image, kernel, mode="valid")
    if compared(found, truth, given=None, right="", wrong="").passed:
        return answer
    return replace(answer, sentence="This builds on your correlate, which is not right yet: mend that first.")


def edges(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    kernel = array_of(yours.call("vertical_edges"))
    image = np.full((15, 17), 20.0)
    image[4:11, 5:13] += float(rng.integers(50, 200))  # its sides are edges of both kinds
    given = Panel("input: a bright box", image)
    aim = signal.correlate2d(image, [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], mode="valid")
    if kernel is None or kernel.shape != (3, 3) or not np.isfinite(kernel).all():
        had = "is no array of numbers" if kernel is None else f"has the shape {kernel.shape}"
        sentence = f"A kernel of the shape (3, 3), with finite weights, was expected, and yours {had}."
        return Answer(False, sentence, (given, Panel("expected, for example", aim, signed=True)))
    found = signal.correlate2d(image, kernel, mode="valid")
    # the answers in the middle of a side, seen by a kernel that stands across it
    at_sides, at_top = float(np.abs(found[6, 2:5]).max()), float(np.abs(found[1:4, 7]).max())
    if aim[6, 3] * found[6, 3] < 0:
        aim = -aim  # whether dark to bright counts up or down is free
    panels = (
        Panel("your kernel", kernel, signed=True),
        given,
        Panel("yours", found, signed=True),
        Panel("expected, for example", aim, signed=True),
    )
    passed, sentence = _about_edges(float(kernel.sum()), at_sides, at_top)
    return Answer(passed, sentence, panels)


def _about_edges(total: float, at_sides: float, at_top: float) -> tuple[bool, str]:
    silent = 1e-6
    if abs(total) > silent:
        return (
            False,
            f"Your kernel answers even where nothing changes, because its weights sum to {total:g}, not 0.",
        )
    if at_top > silent and at_sides <= silent:
        return False, (
            "Your kernel finds horizontal edges: its weights change from top to bottom, and at a vertical edge the "
            "brightness changes from left to right."
        )
    if at_top > silent:
        return (
            False,
            "Your kernel answers at vertical edges, and at horizontal ones too.",
        )
    if at_sides <= silent:
        return False, "Your kernel answers nowhere: a left and a right weight must differ."
    return True, "Your kernel answers at the left and right side, and is silent above, below and inside."


def _nucleus(rng: np.random.Generator) -> Array:
    """A piece of an image with one nucleus, in counts above the darkest pixel, its sides drawn anew."""
    shape = (int(rng.integers(16, 20)), int(rng.integers(22, 27)))
    scene = Scene(shape=shape, nuclei=1, diameter=10)
    counts = simulate(scene, Microscope(), seed=int(rng.integers(10**6))).image.astype(np.float64)
    return np.asarray(counts - counts.min())


def _kernel(rng: np.random.Generator, rows: int, columns: int) -> Array:
    """Whole weights, no two alike, so that every turn of the kernel is seen."""
    return rng.choice(np.arange(-12, 13), (rows, columns), replace=False).astype(np.float64)


def layer_of(image: Array, kernel: Array, padding: int, stride: int) -> Array:
    """What torch's layer gives, without torch: importing it would take longer than the learner's program may."""
    return np.asarray(signal.correlate2d(np.pad(image, padding), kernel, mode="valid")[::stride, ::stride])


def _showing(kernel: NDArray[Any], answer: Answer) -> Answer:
    return replace(answer, panels=(Panel("kernel", kernel, signed=True), *answer.panels))


CHECKS = [
    Check("sums", "a sum of products at every place", sums, 2),
    Check("sizes", "the size of the map, for a kernel that is no square", sizes),
    Check("knobs", "padding and stride, as torch does them", knobs, 2),
    Check("turned", "the kernel turned by half a turn", turned),
    Check("edges", "a kernel for vertical edges", edges),
]
