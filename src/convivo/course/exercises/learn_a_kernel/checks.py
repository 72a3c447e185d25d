"""Lets the learner's layer learn hidden kernels, and holds ranks against elimination in whole fractions."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.course.checks import Answer, Check, Learner, Panel, Value, array_of, said
from convivo.ops.simulate import Microscope, Scene, simulate

Array = NDArray[np.float64]

NEAR = 0.05  # of the largest weight: this near, a kernel is found
CLEARLY = (
    1e-3  # of the strongest direction: what an image teaches less clearly, nobody learns in reasonable time
)
LARGEST = 64  # pixels, the side of a teaching image


@dataclass(frozen=True, slots=True)
class Lesson:
    """A pair of images and the kernel behind it."""

    image: Array
    target: Array
    kernel: Array


def gaussian(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    size, sigma = int(rng.choice([3, 5])), float(rng.uniform(0.7, 1.1))
    away = np.arange(size) - size // 2
    line = np.exp(-(away**2) / (2 * sigma**2))
    return _learned(yours, _lesson(np.outer(line, line) / line.sum() ** 2, rng), "the Gaussian")


def laplacian(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    kernel = np.array([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]]) * float(rng.uniform(0.5, 1))
    return _learned(yours, _lesson(kernel, rng), "the Laplacian")


def _lesson(kernel: Array, rng: np.random.Generator) -> Lesson:
    scene = Scene(shape=(32, 32), nuclei=3, diameter=12)
    seed = int(rng.integers(10**6))
    image = simulate(scene, Microscope(blur=0.5, photons=15), seed=seed).image.astype(np.float64)
    image = (image - image.mean()) / image.std()
    return Lesson(image, ndimage.correlate(image, kernel, mode="reflect"), kernel)


def _learned(yours: Learner, lesson: Lesson, name: str) -> Answer:
    given = (Panel("goes in", lesson.image), Panel("shall come out", lesson.target))
    aim = Panel("expected kernel", lesson.kernel, signed=True)
    answer = yours.call("learn", lesson.image, lesson.target, len(lesson.kernel))
    parts = answer if isinstance(answer, (list, tuple)) and len(answer) == 2 else (None, None)
    found, losses = (array_of(each) for each in parts)
    if found is None or losses is None or found.shape != lesson.kernel.shape or losses.ndim != 1:
        sentence = f"learn gives back a kernel of shape {lesson.kernel.shape} and the list of losses; yours does not."
        return Answer(False, sentence, (*given, aim))
    panels = (
        *given,
        Panel("your kernel", found, signed=True),
        aim,
        Panel("difference", found - lesson.kernel, signed=True),
        Panel("your loss, step by step", losses),
    )
    if np.abs(found - lesson.kernel).max() <= NEAR * np.abs(lesson.kernel).max():
        return Answer(True, f"Your layer found {name}, from one pair of images.", panels)
    return Answer(False, _of_training(losses) or _of_kernel(found, lesson) or _UNKNOWN, panels)


_UNKNOWN = (
    "Your layer settled on another kernel than the one that made the target: is the loss the mean of the squared "
    "differences, and the target cut to the pixels that the map stands for?"
)


def _of_training(losses: Array) -> str | None:
    """What the curve of the loss tells; None where it fell and settled."""
    if losses.size < 2:
        return f"Your list holds {losses.size} losses; write down the loss of every step."
    if (losses < 0).any():
        return (
            "Your loss falls below 0: too much and too little cancel in a mean of differences; square them."
        )
    if not np.isfinite(losses).all() or losses[-1] > 1e6 * losses[0]:
        return "Your loss grows beyond all bounds: the learning rate is far too high, every step jumps over the valley."
    later = losses[losses.size // 3 :]
    if later.max() > 20 * max(float(losses.min()), 1e-4 * float(losses[0])) and _turns(later) >= 2:
        return (
            "Your loss swings up and down and does not come to rest: gradients of earlier steps are still added up, "
            "if zero_grad is not called in every step; or the learning rate is too high."
        )
    if 1e-6 * losses[0] < losses[-1] < 0.95 * losses[losses.size // 2]:
        return "Your loss still falls when you stop: take more steps, or a higher learning rate."
    return None


def _turns(losses: Array) -> int:
    """How often a curve goes up by more than half of where it stood, and comes down again."""
    low, high, turns, rising = losses[0], losses[0], 0, False
    for loss in losses:
        if rising:
            high = max(high, loss)
            if loss < high / 1.5:
                rising, low, turns = False, loss, turns + 1
        else:
            low = min(low, loss)
            if loss > low * 1.5:
                rising, high = True, loss
    return turns


def _of_kernel(found: Array, lesson: Lesson) -> str | None:
    """Which known mistake leads to just this kernel, by least squares."""
    size = len(lesson.kernel)
    half = size // 2
    patches = _patches(lesson.image, size)
    inside = lesson.target[half:-half, half:-half]
    height, width = inside.shape
    corner = lesson.target[:height, :width]
    at_end = lesson.target[2 * half :, 2 * half :]
    mistakes = [
        (
            _fitted(_patches(np.pad(lesson.image, half), size), lesson.target),
            "Your layer pads with zeros, and the target's border was not made so: outside the image the two disagree, "
            "and the kernel bends to please the border. Compare the interior alone.",
        ),
        *(
            (
                _fitted(patches, part),
                "Your kernel sits off its middle: the map's pixel (0, 0) belongs to the target's pixel (half, half), "
                "so cut half from every side.",
            )
            for part in (corner, at_end)
        ),
        (
            _fitted(patches, inside)[::-1, ::-1],
            "Your kernel is turned by half a turn: give it back as the layer holds it.",
        ),
    ]
    away, sentence = min(
        ((float(np.abs(found - kernel).max()), sentence) for kernel, sentence in mistakes),
        key=lambda pair: pair[0],
    )
    return sentence if away <= NEAR * np.abs(lesson.kernel).max() else None


def _patches(image: Array, size: int) -> Array:
    return np.lib.stride_tricks.sliding_window_view(image, (size, size)).reshape(-1, size * size)


def _fitted(patches: Array, target: Array, least: float | None = None) -> Array:
    """The kernel with the least squared differences; of several, the smallest."""
    kernel = np.linalg.lstsq(patches, target.ravel(), rcond=least)[0]
    size = round(len(kernel) ** 0.5)
    return np.asarray(kernel.reshape(size, size))


def directions(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    images = _examples(rng)
    for name, image in images:
        truth = _rank(_patches(image.astype(np.float64), 3))
        patches = _patches(image.astype(np.float64), 3)
        answer = said(
            yours.call("taught", image, 3),
            truth,
            given=Panel(f"input: {name}", image),
            right="You say of every image how much it teaches: of flat ones nearly nothing, of nuclei all.",
            wrong=f"This image ({name}) teaches {truth} of 9 directions: the rank of the table with one patch a row.",
            mistakes=[
                (
                    len(np.unique(patches, axis=0)),
                    "You count how many patches differ; one that is a sum or a multiple of others says nothing new.",
                ),
                (len(patches), "You count all patches; most of them repeat what others say."),
                (
                    int(np.linalg.matrix_rank(image)),
                    "That is the rank of the image itself; the table has one patch a row.",
                ),
                (9, f"A kernel has 9 weights, but this image ({name}) does not teach all of them."),
            ],
        )
        if not answer.passed:
            return answer
    return answer


def _examples(rng: np.random.Generator) -> list[tuple[str, NDArray[np.int64]]]:
    """Whole numbers, so that ranks are exact."""
    side = int(rng.integers(14, 18))
    y, x = np.indices((side, side))
    line = rng.integers(0, 9, side)
    spot = np.zeros((side, side), np.int64)
    spot[side // 2, side // 2] = int(rng.integers(1, 9))
    examples = [
        ("flat", np.full((side, side), int(rng.integers(1, 9)))),
        ("stripes", np.tile(line, (side, 1))),
        ("a slope of brightness", int(rng.integers(1, 4)) * x + int(rng.integers(1, 4)) * y),
        ("one bright pixel", spot),
        ("noise", rng.integers(0, 50, (side, side))),
    ]
    return [(name, np.asarray(image, np.int64)) for name, image in examples]


def _rank(patches: Array) -> int:
    """By elimination in fractions, of the products of the columns: they have the same rank, and are fewer."""
    whole = patches.astype(np.int64)
    rows = [[Fraction(int(value)) for value in row] for row in whole.T @ whole]
    rank = 0
    for column in range(len(rows)):
        pivot = next((row for row in range(rank, len(rows)) if rows[row][column]), None)
        if pivot is None:
            continue
        rows[rank], rows[pivot] = rows[pivot], rows[rank]
        for row in range(rank + 1, len(rows)):
            share = rows[row][column] / rows[rank][column]
            rows[row] = [value - share * above for value, above in zip(rows[row], rows[rank], strict=True)]
        rank += 1
    return rank


def teacher(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    secret = rng.normal(size=(3, 3))
    image = array_of(yours.call("teaching_image"))
    fault = _unfit(image)
    if fault or image is None:
        return Answer(False, fault, () if image is None or image.ndim != 2 else (Panel("your image", image),))
    patches = _patches(image, 3)
    kernel = _fitted(patches, patches @ secret.ravel(), CLEARLY)
    strengths = np.linalg.svd(patches, compute_uv=False)
    clear = int((strengths > CLEARLY * strengths[0]).sum()) if strengths[0] > 0 else 0
    panels = (
        Panel("your image", image),
        Panel("learned from it", kernel, signed=True),
        Panel("the secret kernel", secret, signed=True),
        Panel("difference", kernel - secret, signed=True),
    )
    return Answer(clear == 9, _of_teaching(clear), panels)


def _unfit(image: Value) -> str:
    if image is None or image.ndim != 2 or min(image.shape) < 3 or max(image.shape) > LARGEST:
        return f"An image (Y, X) from 3 to {LARGEST} pixels a side was expected."
    if not np.isfinite(image).all() or image.min() < 0 or image.max() > 1:
        return "The values of your image leave the range from 0 to 1."
    return ""


def _of_teaching(clear: int) -> str:
    if clear == 9:
        return "Your image teaches all nine weights: the kernel learned from it is the secret one."
    if clear == 0:
        return "Your image is black: whatever the kernel, the output is 0, and nothing is taught."
    if clear == 1:
        return (
            "All patches of your image are the same but for their brightness, so only one number is taught, such as "
            "the sum of the weights: a loss of 0, and the wrong kernel."
        )
    return (
        f"Your image teaches {clear} of 9 directions clearly; along the others the kernel may be anything, and the "
        "loss stays 0. It needs patches that differ more."
    )


CHECKS = [
    Check("gaussian", "the layer finds a Gaussian", gaussian, 2),
    Check("laplacian", "the same code finds a Laplacian", laplacian),
    Check("directions", "how much an image teaches", directions, 2),
    Check("teacher", "an image that teaches everything", teacher),
]
