"""Holds the learner's pooling against scikit-image's, and what is left over against pooling and shifting anew."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from skimage.measure import block_reduce

from convivo.course.checks import Answer, Check, Learner, LearnerFailed, Panel, array_of, compared, said

Array = NDArray[np.float64]


def pooling(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    # the map of a layer has values below zero too, and odd sides happen
    image = _nuclei(rng, int(rng.integers(8, 11)) * 2 + 1, int(rng.integers(10, 14)) * 2)
    image -= np.quantile(image, 0.8)
    rows, columns = image.shape[0] // 2, image.shape[1] // 2
    even = image[: 2 * rows, : 2 * columns]
    truth = block_reduce(even, (2, 2), np.max)
    windows = np.lib.stride_tricks.sliding_window_view(image, (2, 2))
    return compared(
        yours.call("max_pool", image),
        truth,
        given=Panel("input", image, signed=True),
        right="Each value is the largest of its block of four.",
        wrong="The size is right, but some values are not the largest of their block.",
        signed=True,
        mistakes=[
            (
                block_reduce(even, (2, 2), np.mean),
                "You took the mean of each block; max pooling keeps the largest.",
            ),
            (
                block_reduce(even, (2, 2), np.min),
                "You took the smallest of each block; max pooling keeps the largest.",
            ),
            (
                block_reduce(even, (2, 2), np.sum),
                "You took the sum of each block; max pooling keeps the largest.",
            ),
            (
                windows.max(axis=(2, 3))[:rows, :columns],
                "Your blocks overlap, and cover a quarter of the image only: the block of the map's pixel (y, x) "
                "begins at (2 y, 2 x).",
            ),
            (
                windows.max(axis=(2, 3)),
                "Your window moves on by one pixel; blocks of pooling do not overlap, so it must move on by two.",
            ),
            (even[::2, ::2], "You keep the first pixel of each block, not the largest."),
            (
                np.maximum(truth, 0),
                "Values below 0 became 0: begin with the first pixel of the block, not with 0.",
            ),
            (
                np.kron(truth, np.ones((2, 2))),
                "The values are right, but each stands there four times; the map has half as many rows and columns.",
            ),
            (
                block_reduce(image, (2, 2), np.max, cval=image.min()),
                "The odd last row became a row of the map; leave it out.",
            ),
        ],
    )


def leftover(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image = _nuclei(rng, 24, 32)
    shift = int(rng.choice([3, 5]))
    before, small = _pooled(image), block_reduce(np.roll(image, shift, axis=1), (2, 2), np.max)
    after = _enlarged(small)
    undone = np.roll(after, -shift, axis=1)
    halves = [_enlarged(np.roll(small, -way, axis=1)) for way in (shift // 2, shift // 2 + 1)]
    half = (
        f"You moved the small map back by half the shift; but {shift} pixels are {shift / 2:g} pixels there, and no "
        "whole shift undoes that. Move the enlarged map back, by the whole shift."
    )
    answer = compared(
        yours.call("left_over", "pooling", image, shift),
        undone - before,
        given=Panel(f"input, to be shifted by {shift}", image),
        right=f"After a shift of {shift} and back, pooling leaves this over: it does not move along.",
        wrong="This is not undone minus before: the order is shift, answer, shift back, subtract.",
        signed=True,
        mistakes=[
            (
                np.zeros_like(image),
                "You say that nothing is left over, as if pooling did not care for shifts; but the image moves, and "
                "the blocks stay.",
            ),
            (after - before, "The second answer is not shifted back, so you see the shift itself."),
            (
                np.roll(after, shift, axis=1) - before,
                "You shifted on, not back: the way back is a negative shift.",
            ),
            (before - undone, "The sign is turned round: undone minus before was asked for."),
            (np.abs(undone - before), "You took the magnitude; the difference has a sign."),
            *((each - before, half) for each in halves),
            (
                (halves[0] + halves[1]) / 2 - before,
                "You moved the map back by half a pixel, as a mean of two; pooling did not move it by half a pixel, "
                "it made another map.",
            ),
            (
                np.roll(_pooled(np.roll(image, shift, axis=0)), -shift, axis=0) - before,
                "You shifted down; to the right is along the columns, axis=1.",
            ),
        ],
    )
    return _mended_first(answer, yours, image)


def _mended_first(answer: Answer, yours: Learner, image: Array) -> Answer:
    """Where pooling itself is wrong, what is left over cannot be right, and nothing else should be said."""
    if answer.passed:
        return answer
    try:
        found = yours.call("max_pool", image)
    except LearnerFailed:
        return answer
    if compared(found, block_reduce(image, (2, 2), np.max), given=None, right="", wrong="").passed:
        return answer
    return replace(answer, sentence="This builds on your max_pool, which is not right yet: mend that first.")


def moves_along(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image = _nuclei(rng, 24, 32)
    odd, even = int(rng.choice([1, 3, 5])), int(rng.choice([2, 4, 6]))
    answer = compared(
        yours.call("left_over", "convolution", image, odd),
        np.zeros_like(image),
        given=Panel(f"input, to be shifted by {odd}", image),
        right=f"The convolution leaves nothing over. Pooling leaves something after {odd}, and nothing after {even}.",
        wrong="A convolution moves along with the image, so nothing should be left over; is the shift undone fully?",
        tolerance=1e3,  # of next to nothing: rounding
        signed=True,
    )
    if not answer.passed:
        return answer
    second = compared(
        yours.call("left_over", "pooling", image, even),
        np.zeros_like(image),
        given=Panel(f"input, to be shifted by {even}", image),
        right=answer.sentence,
        wrong=f"A shift by {even} moves whole blocks, so the map moves along, and nothing should be left over.",
        tolerance=1e3,
        signed=True,
    )
    if not second.passed:
        return second
    left = array_of(yours.call("left_over", "pooling", image, odd))
    if left is not None and np.any(left):
        return answer
    return Answer(
        False, "You say 0 whatever the layer and the shift: is the layer asked at all?", answer.panels
    )


def steps(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image = rng.random((4, 64))
    counts = [int(count) for count in rng.permutation([1, 3, 4])]
    curves = {count: np.array([_left(image, count, shift) for shift in range(33)]) for count in counts}
    found = [yours.call("smallest_exact_shift", count) for count in counts]
    answer = said(
        found,
        [int(np.flatnonzero(curves[count][1:] == 0)[0]) + 1 for count in counts],
        given=Panel("poolings", ", ".join(str(count) for count in counts)),
        right="With every pooling the step doubles, and only whole steps are followed exactly.",
        wrong="Each pooling doubles the distance between neighbours of the map, and a shift must be that long, or a "
        "multiple of it.",
        mistakes=[
            (
                [2 * count for count in counts],
                "You add two pixels for each pooling; the second pooling doubles what the first one doubled.",
            ),
            (
                [1] * len(counts),
                "You say that any shift is followed; a shift by 1 changes which pixels share a block.",
            ),
            ([2] * len(counts), "That is right for one pooling; each further one doubles it again."),
            (
                [2 ** (count - 1) for count in counts],
                "That is one pooling short: already the first one follows only every second pixel.",
            ),
        ],
    )
    shown = tuple(
        Panel(f"{count} poolings: left over after shifts 0 to 32", curves[count]) for count in counts
    )
    return Answer(answer.passed, answer.sentence, (*answer.panels, *shown))


def _left(image: Array, poolings: int, shift: int) -> float:
    """How much so many poolings leave over after a shift, on the columns alone."""
    before, after = image, np.roll(image, shift, axis=1)
    for _ in range(poolings):
        before, after = (block_reduce(each, (1, 2), np.max) for each in (before, after))
    size = (1, 2**poolings)
    undone = np.roll(np.kron(after, np.ones(size)), -shift, axis=1)
    return float(np.abs(undone - np.kron(before, np.ones(size))).mean())


def _pooled(image: Array) -> Array:
    return _enlarged(block_reduce(image, (2, 2), np.max))


def _enlarged(small: Array) -> Array:
    return np.asarray(np.repeat(np.repeat(small, 2, axis=0), 2, axis=1))


def _nuclei(rng: np.random.Generator, height: int, width: int) -> Array:
    """Two soft discs inside the image, so that going round at its borders shows nothing, and noise."""
    y, x = np.indices((height, width))
    image = rng.poisson(20, (height, width)).astype(np.float64)
    for middle in (width * 0.3, width * 0.7):
        at_y, at_x = height / 2 + rng.uniform(-2, 2), middle + rng.uniform(-1, 1)
        away = np.hypot(y - at_y, x - at_x) - rng.uniform(3.5, 5)
        image += rng.uniform(200, 400) / (1 + np.exp(away / 0.6))
    return image


CHECKS = [
    Check("pooling", "the largest of each block of four", pooling, 2),
    Check("leftover", "what pooling leaves over", leftover, 2),
    Check("moves_along", "which layer moves along, and when", moves_along),
    Check("steps", "the shift that several poolings follow", steps),
]
