"""Held against the answer for the whole image, by tiles laid once more. All numbers are whole."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import numpy as np
from numpy.typing import NDArray

from convivo.course.checks import Answer, Check, Held, Learner, Panel, compared, said

Floats = NDArray[np.float64]
NETS = ((1, 1), (1, 3), (2, 2))  # poolings and convolutions in a block; their halos are 6, 14 and 24
READ, CORE = 1, 2


def rounding(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    asked = [(int(rng.integers(1, 12)) * factor - less, factor) for factor in (2, 4, 8) for less in (0, 1)]
    expected = [next(halo for halo in range(0, 200, factor) if halo >= reach) for reach, factor in asked]
    return said(
        [yours.call("round_up", reach, factor) for reach, factor in asked],
        expected,
        given=Panel("reach and factor", "\n".join(f"{reach}, {factor}" for reach, factor in asked)),
        right="The halo covers the reach, is a multiple of the factor, and no larger than needed.",
        wrong="This is not the smallest multiple of the factor that covers the reach.",
        mistakes=[
            ([reach for reach, _ in asked], "Your halo is not rounded: poolings would group other pixels."),
            ([2 * reach for reach, _ in asked], "You count the reach twice; each side needs it once."),
            (
                [reach // factor * factor for reach, factor in asked],
                "You round down: the halo misses pixels.",
            ),
            (
                [reach // factor * factor + factor for reach, factor in asked],
                "A reach that is a multiple of the factor already needs no further step.",
            ),
        ],
    )


def cover(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    factor = int(rng.choice([2, 4]))
    tile, halo = factor * int(rng.integers(3, 5)), factor * int(rng.integers(1, 3))
    length = 3 * tile + factor * int(rng.integers(1, 3))
    expected = []
    for number in range(4):
        core = [place for place in range(length) if place // tile == number]
        read = [place for place in range(length) if core[0] - halo <= place <= core[-1] + halo]
        expected.append([read[0], read[-1] + 1, core[0], core[-1] + 1])
    found = yours.call("spans", length, tile, halo)
    given = Panel("asked", f"length {length}, tiles of {tile}, halo {halo}")
    table = np.asarray(found, object)
    if table.shape != (4, 4):
        sentence = "Expected were 4 tiles with 4 numbers each: read_first, read_last, core_first, core_last."
        return Answer(False, sentence, (given, Panel("yours", str(found)), Panel("expected", str(expected))))
    numbers = np.asarray(table, float)
    panels = (
        given,
        Panel("yours: a row for each tile; read grey, core white", painted(numbers, length)),
        Panel("expected", painted(np.asarray(expected, float), length)),
        Panel("difference", painted(numbers, length) - painted(np.asarray(expected, float), length), True),
    )
    if numbers.tolist() == np.asarray(expected, float).tolist():
        return Answer(True, "Cores cover every pixel once, and each is read with its halo.", panels)
    return Answer(False, span_fault(numbers, length, tile, halo), panels)


def span_fault(numbers: Floats, length: int, tile: int, halo: int) -> str:
    """The likeliest mistake in where tiles lie."""
    first, last, core_first, core_last = numbers.T
    if (first < 0).any() or (last > length).any():
        return (
            "A tile reads beyond the image; -4 would count from the other end. Stop at 0 and at the length."
        )
    if (core_last > length).any():
        return "The last core ends behind the image."
    if np.array_equal(first, core_first) and np.array_equal(last, core_last):
        return "Your tiles have no halo: they read no more than their core."
    if (last - first <= tile).all():
        return "Your tiles are cut smaller by the halo; the halo is read in addition to the core."
    cores = painted(np.stack([core_first, core_last, core_first, core_last], axis=1), length) == CORE
    if (cores.sum(axis=0) != 1).any():
        return "Some pixel lies in no core, or in two: cores must follow one another without a gap."
    if np.array_equal(last, core_last) or np.array_equal(first, core_first):
        return "The halo is read on one side alone; a tile needs it on both."
    if (core_first[1:] - first[1:] != np.minimum(halo, core_first[1:])).any():
        return "What is read before a core is not as wide as the halo."
    return "What is read behind a core is not as wide as the halo, or it does not stop at the image's end."


def painted(numbers: Floats, length: int) -> Floats:
    """A row for each tile: what it reads, and its core."""
    picture = np.zeros((len(numbers), length))
    for row, (first, last, core_first, core_last) in zip(
        picture, np.clip(np.nan_to_num(numbers), 0, length).astype(int), strict=True
    ):
        row[first:last] = READ
        row[core_first:core_last] = CORE
    return picture


def exact(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    seed, tile, halo = int(rng.integers(1000)), 24, 24
    image = picture(rng, 96)
    net, reference = (each.call("small_unet", 2, 2, seed) for each in (yours, ours))
    whole = answer(ours, reference, image - image.min())
    found = yours.call("tiled", net, image, tile, halo)

    def per_tile(part: Floats) -> Floats:
        return answer(ours, reference, part - part.min())

    def asked(part: Floats) -> Floats:
        return answer(ours, reference, part)

    normalised = image - image.min()
    return compared(
        found,
        whole,
        given=Panel("image", image),
        right=f"Tiles of {tile} with a halo of {halo}: the difference is exactly 0, everywhere.",
        wrong="The cores are not those of the whole image: look where they lie inside what was read.",
        tolerance=0.0,
        mistakes=[
            (assembled(image, tile, halo, per_tile), "Each tile is normalised with its own darkest pixel."),
            (
                blended(normalised, tile, halo, asked),
                "Overlapping answers are averaged, also the wrong halos.",
            ),
            (assembled(normalised, tile, 0, asked), "The halo is not read: nuclei at the borders are cut."),
            (assembled(image, tile, halo, asked), "The image was not normalised."),
        ],
    )


def smallest(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    found, expected, told = [], [], []
    for depth, convolutions in NETS:
        seed, factor = int(rng.integers(1000)), 2**depth
        image = picture(rng, 64)
        net, reference = (each.call("small_unet", depth, convolutions, seed) for each in (yours, ours))
        found.append(yours.call("smallest_halo", net, image, 16, factor))
        expected.append(searched(ours, reference, image - image.min(), factor))
        told.append(f"{depth} poolings, {convolutions} convolutions in a block: factor {factor}")
    return said(
        found,
        expected,
        given=Panel("nets", "\n".join(told)),
        right="For each net this is the smallest halo without any difference.",
        wrong=halo_fault(found, expected),
    )


def halo_fault(found: list[object], expected: list[int]) -> str:
    """Too narrow, too wide, or neither for all nets."""
    if any(type(each) is not int for each in found):
        return "For some net no number came back: return the first halo that leaves no difference."
    if any(int(str(mine)) < halo for mine, halo in zip(found, expected, strict=True)):
        return "With one of your halos a few pixels are still wrong: the largest difference must be 0."
    return "A smaller halo would do: begin with 0 and return at the first without any difference."


def searched(ours: Learner, net: Held, normalised: Floats, factor: int) -> int:
    """The smallest halo that changes nothing."""
    whole = answer(ours, net, normalised)
    halos = range(0, 64, factor)
    return next(
        halo
        for halo in halos
        if np.array_equal(
            assembled(normalised, 16, halo, lambda part: answer(ours, net, part)),
            whole,
        )
    )


def picture(rng: np.random.Generator, side: int) -> Floats:
    """Whole numbers, brighter towards one corner, so that no two tiles have the same darkest pixel."""
    slope = (np.arange(side)[:, None] + np.arange(side)) // 6
    return np.asarray(rng.integers(10, 13, (side, side)) + slope, float)


def answer(ours: Learner, net: Held, normalised: Floats) -> Floats:
    return np.asarray(ours.call("ask", net, normalised), float)


def assembled(image: Floats, tile: int, halo: int, ask: Callable[[Floats], Floats]) -> Floats:
    """Tile by tile; reading ends with the image."""
    result = np.zeros(image.shape)
    for y, x in product(*(range(0, length, tile) for length in image.shape)):
        top, left = max(0, y - halo), max(0, x - halo)
        found = ask(image[top : y + tile + halo, left : x + tile + halo])
        result[y : y + tile, x : x + tile] = found[y - top : y - top + tile, x - left : x - left + tile]
    return result


def blended(image: Floats, tile: int, halo: int, ask: Callable[[Floats], Floats]) -> Floats:
    """What comes out where all that was read is averaged."""
    total, count = np.zeros(image.shape), np.zeros(image.shape)
    for corner in product(*(range(0, length, tile) for length in image.shape)):
        read = tuple(slice(max(0, first - halo), first + tile + halo) for first in corner)
        total[read] += ask(image[read])
        count[read] += 1
    return total / count


CHECKS = [
    Check("rounding", "from reach to halo", rounding),
    Check("cover", "where tiles lie", cover, points=2),
    Check("exact", "no difference at all", exact, points=2),
    Check("smallest", "the smallest halo", smallest),
]
