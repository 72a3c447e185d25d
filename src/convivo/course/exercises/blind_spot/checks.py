"""An image whose values are all different tells for each shown value from which pixel it came."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convivo.course.checks import Answer, Check, Learner, Panel, compared, said
from convivo.ops.simulate import Microscope, Scene, simulate

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
NOISE = 0.2  # standard deviation
COPIED = 0.6  # weight of the kernel's middle from which on it is a copy rather than an estimate


def choose(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    shape = (int(rng.integers(6, 10)), int(rng.integers(11, 15)))
    count, seed = int(rng.integers(30, 40)), int(rng.integers(1000))
    masks = [np.asarray(yours.call("choose", shape, count, seed + draw)) for draw in range(40)]
    first = masks[0]
    if first.shape != shape:
        sentence = f"An array of shape {shape} was expected, with True where a pixel is hidden; yours is {first.shape}."
        return Answer(False, sentence)
    often = np.sum([each.astype(float) for each in masks], axis=0)
    panels = (
        Panel("asked", f"{count} of {first.size} pixels"),
        Panel("yours: one draw", first.astype(float)),
        Panel("yours: how often each pixel was hidden in 40 draws", often),
        Panel("expected", f"{count} each time; every pixel about {40 * count / first.size:.0f} times in 40"),
    )
    counts = {int(np.count_nonzero(each)) for each in masks}
    again = np.asarray(yours.call("choose", shape, count, seed))
    if min(counts) < count >= max(counts):
        sentence = (
            f"Only {min(counts)} of {count} pixels are hidden: the same pixel was drawn more than once."
        )
    elif counts != {count}:
        sentence = f"{max(counts)} pixels are hidden in one draw, and {count} were asked for."
    elif not np.array_equal(again, first):
        sentence = "The same seed gives other pixels: draw from np.random.default_rng(seed) alone."
    elif all(np.array_equal(each, first) for each in masks):
        sentence = "Every seed gives the same pixels; the net would never be asked for the others."
    elif (often == 0).any():
        sentence = "Some pixels are never hidden in 40 draws, so the net is never asked there."
    else:
        return Answer(True, "Exactly as many pixels as asked for, and every pixel has its turn.", panels)
    return Answer(False, sentence, panels)


def neighbours(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    shape = (int(rng.integers(7, 10)), int(rng.integers(10, 13)))
    image = rng.permutation(np.arange(1.0, shape[0] * shape[1] + 1)).reshape(shape)
    mask = rng.random(shape) < 0.5
    mask[0, 0] = mask[-1, -1] = mask[0, -1] = True
    seed = int(rng.integers(1000))
    draws = [np.asarray(yours.call("hide", image, mask, seed + draw), float) for draw in range(20)]
    if draws[0].shape != shape:
        return compared(draws[0], image, given=Panel("noisy", image), right="", wrong="")
    panels = (
        Panel("noisy: every value is different", image),
        Panel("hidden", mask.astype(float)),
        Panel("yours", draws[0]),
        Panel("yours - noisy", draws[0] - image, signed=True),
        Panel("expected", np.asarray(ours.call("hide", image, mask, seed), float)),
        Panel("where yours came from, of all draws", steps_seen(draws, image, mask)),
    )
    sentence = fault(draws, image, mask)
    right = "Each hidden pixel shows one of its neighbours, all of them in turn, and never itself."
    return Answer(sentence is None, sentence or right, panels)


def fault(draws: list[Floats], image: Floats, mask: Flags) -> str | None:
    """The likeliest mistake, or None."""
    if any((each[~mask] != image[~mask]).any() for each in draws):
        return "A pixel that is not hidden has changed: the net must see all others as they are."
    if not all(np.isin(each[mask], image).all() for each in draws):
        return "A hidden pixel shows a value that is nowhere in the image; a net can see where that is."
    if all((each[mask] == image[mask]).all() for each in draws):
        return "Nothing is hidden: every pixel shows its own value, and a net can simply copy it."
    rows, columns = np.concatenate([distances(each, image, mask) for each in draws], axis=1)
    farthest = np.maximum(np.abs(rows), np.abs(columns))
    opposite = np.maximum(np.abs(rows) - image.shape[0], np.abs(columns) - image.shape[1]) == -1
    if opposite.any():
        return "At the edge you take a pixel from the other side of the image: index -1 counts from the end."
    if (farthest == 2).any():
        return "You take a neighbour after it was replaced itself: read from the noisy image, write into the copy."
    if (farthest > 1).any():
        return "A hidden pixel shows a value from farther away than one pixel."
    if (farthest == 0).any():
        return "A hidden pixel shows itself now and then: the step (0, 0) must not be among the choices."
    if len(set(zip(rows.tolist(), columns.tolist(), strict=True))) < 8:
        return "Not all 8 neighbours are ever shown: draw among all of them."
    if all(np.array_equal(each, draws[0]) for each in draws):
        return "Every seed gives the same neighbours: draw with the seed."
    return None


def distances(shown: Floats, image: Floats, mask: Flags) -> NDArray[np.int64]:
    """(2, hidden): how far from each hidden pixel, along rows and columns, its value comes."""
    place = {value: index for index, value in np.ndenumerate(image)}
    came = np.array([place[value] for value in shown[mask]]).T
    return np.asarray(came - np.array(np.nonzero(mask)), np.int64)


def steps_seen(draws: list[Floats], image: Floats, mask: Flags) -> Floats:
    """(5, 5): how often a value came from each place around the hidden pixel; what came from farther is left out."""
    seen = np.zeros((5, 5))
    for each in draws:
        if np.isin(each[mask], image).all():
            rows, columns = distances(each, image, mask)
            near = np.maximum(np.abs(rows), np.abs(columns)) <= 2
            np.add.at(seen, (rows[near] + 2, columns[near] + 2), 1)
    return seen


def target(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    image = rng.normal(size=(9, 12))
    shown, wanted, _ = yours.call("training_pair", image, 20, int(rng.integers(1000)))
    return compared(
        wanted,
        image,
        given=Panel("noisy", image),
        right="The net is asked for the value that was there before.",
        wrong="The target is not the noisy image.",
        mistakes=[
            (shown, "The target was taken after replacing: hide has written into the noisy image itself."),
        ],
    )


def loss(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    predicted, wanted = rng.normal(size=(2, 8, 10))
    mask = rng.random((8, 10)) < 0.2
    mask[:, 0] = True
    squares = (predicted - wanted) ** 2
    picked = [squares[y, x] for y, x in np.argwhere(mask)]
    return said(
        yours.call("blind_loss", predicted, wanted, mask),
        sum(picked) / len(picked),
        given=Panel("squared differences, 0 where nothing is hidden", np.where(mask, squares, 0.0)),
        right="Only hidden pixels count.",
        wrong="This is not the mean squared difference at the hidden pixels.",
        mistakes=[
            (
                squares.mean(),
                "Every pixel counts in your loss; at those not hidden the net only has to copy.",
            ),
            (np.where(mask, squares, 0).mean(), "You divide by all pixels; divide by the hidden ones alone."),
            (squares[~mask].mean(), "Your loss is taken where nothing is hidden."),
            (
                sum(picked),
                "This is the sum; take the mean, so that the number of hidden pixels does not matter.",
            ),
            (np.sqrt(squares)[mask].mean(), "These are absolute differences; square them."),
        ],
    )


def sees(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    scene = Scene(shape=(48, 48), nuclei=3, diameter=20, texture=0.05)
    picture = simulate(scene, Microscope(), seed=int(rng.integers(2**31))).clean.astype(float)
    clean = (picture - picture.min()) / (picture.max() - picture.min())
    noisy = clean + rng.normal(0, NOISE, clean.shape)
    kernel, losses = (np.asarray(each, float) for each in yours.call("learn", noisy, 80, 0))
    restored = filtered(noisy, kernel)
    left = float(((restored - clean) ** 2).mean())
    panels = (
        Panel("noisy", noisy),
        Panel("yours: restored", restored),
        Panel("expected: clean", clean),
        Panel("difference", restored - clean, signed=True),
        Panel("yours: the learned kernel", kernel, signed=True),
        Panel("yours: loss", losses),
    )
    if kernel[2, 2] > COPIED:
        sentence = (
            f"The middle of your kernel weighs {kernel[2, 2]:.2f}: the net copies the pixel it is asked for."
        )
    elif left > NOISE**2 / 2:
        sentence = "Less than half of the noise is gone: the net did not learn from the neighbours."
    else:
        sentence = f"The net removes {1 - left / NOISE**2:.0%} of the noise and has never seen a clean image."
        return Answer(True, sentence, panels)
    return Answer(False, sentence, panels)


def filtered(noisy: Floats, kernel: Floats) -> Floats:
    """What the net with this kernel makes of an image: products, summed shift by shift."""
    padded = np.pad(noisy, 2, mode="reflect")
    height, width = noisy.shape
    shifted = (
        weight * padded[dy : dy + height, dx : dx + width] for (dy, dx), weight in np.ndenumerate(kernel)
    )
    return np.asarray(sum(shifted), float)


CHECKS = [
    Check("choose", "so many pixels, each as likely as any other", choose),
    Check("neighbours", "a neighbour is shown, never the pixel itself", neighbours, points=2),
    Check("target", "what is asked for is what was there", target),
    Check("loss", "only hidden pixels count", loss),
    Check("sees", "the net learns the signal", sees, points=2),
]
