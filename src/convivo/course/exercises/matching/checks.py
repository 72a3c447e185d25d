"""Held against convivo's own matching, which was tested against the field's, and against counting pixel by pixel."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from convivo.course.checks import Answer, Check, Learner, Panel, compared, said
from convivo.ops.scores import match
from convivo.ops.simulate import Microscope, Scene, simulate

SIDE = 48
LINE = 30  # no nucleus has this number
THRESHOLDS = (0.25, 0.5, 0.6, 0.75)

LabelImage = NDArray[np.int64]
Table = NDArray[np.float64]


def table(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    truth, found = scene(rng)
    reference, shared, larger = counted(truth, found)
    return compared(
        yours.call("iou_table", truth, found),
        reference,
        given=both(truth, found),
        right="Every true nucleus has its row, every found one its column, and their IoU is right.",
        wrong="Somewhere the IoU is not that of the nucleus of this row with the nucleus of this column.",
        mistakes=[
            (shared, "You divide by the sum of both areas: pixels that belong to both count twice there."),
            (larger, "You divide by the area of the smaller object; IoU divides by the union of both."),
            (reference.T, "Rows and columns are exchanged: true nuclei are the rows."),
            (same_number(truth, found), "You compare nuclei of the same number, but numbers mean nothing."),
        ],
    )


def once(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    pairs, extra, alone = (int(rng.integers(low, low + 3)) for low in (2, 2, 1))
    values = np.zeros((pairs + 2 + alone, pairs + extra))
    values[range(pairs), range(pairs)] = rng.uniform(0.6, 0.95, pairs)
    values[0, pairs:] = rng.uniform(0.35, 0.5, extra)  # further pieces of the first true nucleus
    values[[pairs, pairs + 1], [0, 1]] = rng.uniform(0.35, 0.5, 2)  # melted with the first, the second
    values = values[rng.permutation(len(values))][:, rng.permutation(values.shape[1])]
    # most pairs: the first takes one of its pieces and leaves its partner; the second has nothing else to take
    reached = int((values >= 0.3).sum())
    greedy, rows = pairs, int((values >= 0.3).any(axis=1).sum())
    columns = int((values >= 0.3).any(axis=0).sum())
    found = yours.call("count_matches", values, 0.3)
    level = np.diag([0.5, 0.75])
    if str(yours.call("count_matches", level, 0.5)) == "1":
        panels = (Panel("IoU, the threshold is 0.5", level), Panel("yours", "1"), Panel("expected", "2"))
        return Answer(False, "An IoU that equals the threshold reaches it: compare by >=.", panels)
    return said(
        found,
        pairs + 1,
        given=Panel("IoU, rows true and columns found; the threshold is 0.3", values),
        right="Each nucleus has at most one partner, and as many as possible have one.",
        wrong="This is not the largest number of pairs in which nobody appears twice.",
        mistakes=[
            (reached, "You count every pair that reaches the threshold, so a nucleus can count twice."),
            (min(values.shape), "You count every pair of the assignment, also those below the threshold."),
            (columns, "You count found nuclei that have a partner; two of them may have the same one."),
            (
                greedy,
                "You take the best pair first; giving that up would let one more nucleus have a partner.",
            ),
            (rows, "You count true nuclei that have a partner; two of them may have the same one."),
        ],
    )


def score(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    truth, found = scene(rng)
    results = [match(truth, found, threshold) for threshold in THRESHOLDS]
    pixels = float(((truth > 0) == (found > 0)).mean())
    cover = float(((truth > 0) & (found > 0)).sum() / ((truth > 0) | (found > 0)).sum())
    return said(
        [yours.call("average_precision", truth, found, threshold) for threshold in THRESHOLDS],
        [each.accuracy for each in results],
        given=both(truth, found),
        right=f"This is the field's average precision, at the thresholds {', '.join(map(str, THRESHOLDS))}.",
        wrong="AP is matched / (matched + invented + missed), and one of these is not right here.",
        mistakes=[
            ([pixels] * 4, "You count right pixels, and nearly all of them are background: count nuclei."),
            (
                [cover] * 4,
                "You compare the foreground as a whole: nuclei that melted together look right there.",
            ),
            (
                [each.precision for each in results],
                "You divide by TP + FP alone: nuclei that were missed are free.",
            ),
            (
                [each.recall for each in results],
                "You divide by TP + FN alone: nuclei that were invented are free.",
            ),
            ([each.f1 for each in results], "This is F1, which counts matched nuclei twice; AP is stricter."),
        ],
    )


def empty(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    nothing = np.zeros((SIDE, SIDE), np.int64)
    _, some = scene(rng)
    asked = ((nothing, nothing), (nothing, some), (some, nothing))
    return said(
        [yours.call("average_precision", truth, found, 0.5) for truth, found in asked],
        [match(truth, found).accuracy for truth, found in asked],
        given=Panel(
            "asked", "nothing there, nothing found\nnothing there, some found\nsome there, nothing found"
        ),
        right="An empty field left empty is perfect; one that was filled, or nuclei all missed, are 0.",
        wrong="An empty field that is left empty is a perfect answer: 1. In the two other cases nothing is right: 0.",
    )


def scene(rng: np.random.Generator) -> tuple[LabelImage, LabelImage]:
    """Simulated nuclei, and an answer with shifted, halved, melted, missed and invented ones; numbers have gaps."""
    drawn = simulate(
        Scene(shape=(SIDE, SIDE), nuclei=8, diameter=11), Microscope(), seed=int(rng.integers(2**31))
    )
    truth = renumbered(drawn.labels.astype(np.int64), rng)
    found = np.zeros_like(truth)
    columns = np.arange(SIDE)[None, :]
    fates = rng.permutation(["kept", "kept", "kept", "shifted", "shifted", "halved", "missed", "melted"])
    for fate, number in zip(fates, np.unique(truth[truth > 0]), strict=True):
        mask = truth == number
        if fate == "shifted":
            mask = np.roll(mask, int(rng.integers(1, 4)), axis=int(rng.integers(2)))
        if fate == "missed":
            continue
        found[mask] = 0 if fate == "kept" else found[mask]
        found[mask] = found.max() + 1
        if fate == "halved":
            found[mask & (columns < np.median(np.nonzero(mask)[1]))] = found.max() + 1
        if fate == "melted":
            found[found == found.max()] = max(1, found.max() - 1)
    free = np.argwhere((truth == 0) & (found == 0))
    y, x = free[rng.integers(len(free))]
    found[y : y + 4, x : x + 4] = found.max() + 1
    return truth, renumbered(found, rng)


def renumbered(labels: LabelImage, rng: np.random.Generator) -> LabelImage:
    """The same objects with other numbers."""
    known = np.unique(labels[labels > 0])
    chosen = rng.choice(np.arange(1, LINE), len(known), replace=False)
    table = np.zeros(int(labels.max()) + 1, np.int64)
    table[known] = chosen
    return table[labels]


def counted(truth: LabelImage, found: LabelImage) -> tuple[Table, Table, Table]:
    """Intersections over the union, over both areas, and over the smaller area, counted in sets of pixels."""
    mine, theirs = pixel_sets(truth), pixel_sets(found)
    shape = (len(mine), len(theirs))
    union, both_areas, smaller = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    for row, one in enumerate(mine):
        for column, other in enumerate(theirs):
            shared = len(one & other)
            union[row, column] = shared / len(one | other)
            both_areas[row, column] = shared / (len(one) + len(other))
            smaller[row, column] = shared / min(len(one), len(other))
    return union, both_areas, smaller


def pixel_sets(labels: LabelImage) -> list[set[tuple[int, int]]]:
    """The places of each object, in the order of their numbers."""
    places: dict[int, set[tuple[int, int]]] = {}
    for (y, x), number in np.ndenumerate(labels):
        if number:
            places.setdefault(int(number), set()).add((y, x))
    return [places[number] for number in sorted(places)]


def same_number(truth: LabelImage, found: LabelImage) -> Table:
    """What comes out where number k of the truth is thought to be number k of the answer."""
    table = np.zeros((len(np.unique(truth[truth > 0])), len(np.unique(found[found > 0]))))
    for row, number in enumerate(np.unique(truth[truth > 0])):
        mask = truth == number
        other = found == number
        table[row, :] = np.sum(mask & other) / np.sum(mask | other)
    return table


def both(truth: LabelImage, found: LabelImage) -> Panel:
    """Truth on the left, what was found on the right."""
    return Panel("truth | found", np.hstack([truth, np.full((SIDE, 1), LINE), found]), integer=True)


CHECKS = [
    Check("table", "the IoU of every true with every found nucleus", table, points=2),
    Check("once", "nobody has two partners", once, points=2),
    Check("score", "average precision at several thresholds", score, points=2),
    Check("empty", "empty fields", empty),
]
