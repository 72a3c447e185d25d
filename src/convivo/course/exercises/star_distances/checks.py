"""Holds distances against a walk by masks, and who stays against a search through all subsets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray
from skimage.draw import disk, polygon2mask

from convivo.course.checks import Answer, Check, Learner, LearnerFailed, Panel, array_of, compared, said

Labels = NDArray[np.int32]
Masks = NDArray[np.bool_]  # (number, Y, X)
Table = NDArray[np.float64]  # (number, number)

RAYS = 32
SHAPE = (44, 52)
MOST = 0.3
CANDIDATES = 8
CLEAR = 0.03  # no overlap of a drawn example is nearer to the threshold


def distances(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    labels = _scene(rng)
    for number, where in ((1, "beside a neighbour that it touches"), (3, "in a nucleus with a dent")):
        mask = labels == number
        y, x = _telling(mask, labels > 0, rng)
        truth = _star(mask, y, x)
        found = yours.call("star", labels, y, x, RAYS)
        answer = compared(
            found,
            truth,
            given=Panel(f"input; from the pixel ({y}, {x}), {where}", _marked(labels, y, x), integer=True),
            right="Your rays end where the nucleus ends, at neighbours and at dents too.",
            wrong=f"Some rays end at a wrong distance, {where}: look at the picture of the difference.",
            tolerance=1e-6,
            mistakes=[
                (
                    _star(labels > 0, y, x),
                    "Your rays run on into the neighbour: outside is wherever the label is another one, not only where "
                    "it is 0.",
                ),
                (
                    truth - 1,
                    "Your distances are one short: count until you stand outside for the first time.",
                ),
                (truth + 1, "Your distances are one too long: the first place outside ends the walk."),
                (
                    _star(mask, y, x, at_last=True),
                    "Your rays jump over the dent: the first place outside ends the walk, whatever comes behind it.",
                ),
                (np.floor(truth), "You rounded the distances; half pixels count."),
            ],
        )
        numbers = array_of(found)
        if numbers is not None and numbers.shape == truth.shape and np.isfinite(numbers).all():
            answer = Answer(answer.passed, answer.sentence, (answer.panels[0], *_stars(y, x, numbers, truth)))
        if not answer.passed:
            return answer
    return answer


def _scene(rng: np.random.Generator) -> Labels:
    """Two round nuclei that touch (1 and 2), and one with a dent (3)."""
    labels = np.zeros(SHAPE, np.int32)
    row, radius = int(rng.integers(12, 15)), int(rng.integers(8, 10))
    labels[disk((row, 12), radius, shape=SHAPE)] = 1
    second = disk((row + int(rng.integers(-3, 4)), 12 + 2 * radius - 2), radius, shape=SHAPE)
    labels[second] = np.where(labels[second] == 0, 2, labels[second])
    labels[disk((32, 38), 9, shape=SHAPE)] = 3
    labels[disk((32 - 8, 38 + int(rng.integers(-3, 4))), 4, shape=SHAPE)] = 0
    return labels


def _telling(
    mask: NDArray[np.bool_], any_nucleus: NDArray[np.bool_], rng: np.random.Generator
) -> tuple[int, int]:
    """A pixel of a nucleus from which a neighbour or a dent lies ahead, so that going on too far is seen."""
    places = [(int(y), int(x)) for y, x in rng.permutation(np.argwhere(mask))]
    for y, x in places:
        star = _star(mask, y, x)
        further = _star(any_nucleus, y, x), _star(mask, y, x, at_last=True)
        if star.min() > 2 and any((each > star + 1).any() for each in further):
            return y, x
    raise AssertionError("a nucleus that touches another, or has a dent, has such pixels")


def _star(mask: NDArray[np.bool_], y: int, x: int, *, at_last: bool = False) -> NDArray[np.float64]:
    """All places of all rays at once, and then the first one outside (or the one behind the last inside)."""
    angles = 2 * np.pi * np.arange(RAYS) / RAYS
    down, right = np.sin(angles)[:, None], np.cos(angles)[:, None]
    steps = np.arange(sum(mask.shape))
    rows, columns = np.rint(y + steps * down).astype(int), np.rint(x + steps * right).astype(int)
    framed = np.pad(mask, 1)
    inside = framed[np.clip(rows + 1, 0, mask.shape[0] + 1), np.clip(columns + 1, 0, mask.shape[1] + 1)]
    count = len(steps) - np.argmax(inside[:, ::-1], axis=1) if at_last else np.argmin(inside, axis=1)
    back = 1 - 0.5 / np.maximum(np.abs(down), np.abs(right))[:, 0]
    return np.asarray(count - back)


def _marked(labels: Labels, y: int, x: int) -> Labels:
    shown = labels.copy()
    shown[y, x] = 9
    return shown


def _stars(y: int, x: int, found: NDArray[np.float64], truth: NDArray[np.float64]) -> tuple[Panel, ...]:
    mine, aim = (_drawn(y, x, each).astype(np.float64) for each in (found, truth))
    return (
        Panel("your star", mine),
        Panel("expected", aim),
        Panel("difference", mine - aim, signed=True),
        Panel("difference in pixels, ray by ray", found - truth),
    )


def _drawn(y: int, x: int, star: NDArray[np.float64]) -> NDArray[np.bool_]:
    angles = 2 * np.pi * np.arange(RAYS) / RAYS
    reach = np.clip(star, 0, sum(SHAPE))
    corners = np.stack([y + reach * np.sin(angles), x + reach * np.cos(angles)], axis=1)
    return np.asarray(polygon2mask(SHAPE, corners), np.bool_)


def shared(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    for turn, (one, other) in enumerate(_pairs(rng)):
        common, first, second = int((one & other).sum()), int(one.sum()), int(other.sum())
        union, smaller, larger = first + second - common, min(first, second), max(first, second)
        # who was right while the first mask was the smaller one, and no longer is, divides by the first
        by_larger = (
            f"You divided by {larger}, the larger area; the smaller one counts."
            if turn == 0
            else "You divide by the area of the first mask, even where the other one is smaller."
        )
        answer = said(
            yours.call("overlap", one, other),
            common / smaller,
            given=Panel("input: one, the other, and both", one + 2 * other.astype(np.int32), integer=True),
            right="That is the share of the smaller star that lies in the other.",
            wrong=f"They have {first} and {second} pixels, and {common} in common: {common} / {smaller} was expected.",
            mistakes=[
                (common / union, "That is IoU; StarDist divides by the smaller area, not by the union."),
                (common / larger, by_larger),
                (2 * common / (first + second), "That is the Dice score; divide by the smaller area."),
                (common, "That is the number of common pixels; divide by the smaller area."),
            ],
        )
        if not answer.passed:
            return answer
    return answer


def _pairs(rng: np.random.Generator) -> list[tuple[NDArray[np.bool_], NDArray[np.bool_]]]:
    """A small and a large star that share a part, the same the other way round, one in the other, and two apart."""
    large, small = _disc(20, 20, rng.uniform(12, 15)), _disc(20, rng.uniform(33, 35), 6)
    within, apart = _disc(18, 20, rng.uniform(4, 6)), _disc(36, 44, 5)
    return [(small, large), (large, small), (large, within), (large, apart)]


def _disc(y: float, x: float, radius: float) -> NDArray[np.bool_]:
    mask = np.zeros(SHAPE, np.bool_)
    mask[disk((y, x), radius, shape=SHAPE)] = True
    return mask


def stays(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    masks, probabilities = _example(rng)
    truth = _who_stays(_overlaps(masks), probabilities)
    found = yours.call("suppress", masks, [float(each) for each in probabilities], MOST)
    numbers = array_of(found)
    given = Panel("candidates, the likelier on top", _painted(masks, np.argsort(probabilities)), integer=True)
    names = "\n".join(f"{number}: {each:.2f}" for number, each in enumerate(probabilities))
    if numbers is None or numbers.ndim != 1 or not set(numbers.tolist()) <= set(range(CANDIDATES)):
        sentence = (
            "The numbers of those that stay were expected, such as [2, 0]; nothing is drawn anew or merged."
        )
        return Answer(False, sentence, (given, Panel("probabilities", names), Panel("expected", str(truth))))
    mine = [int(number) for number in numbers]
    wrongs = [(rule(masks, probabilities), sentence) for rule, sentence in MISCONCEPTIONS]
    known = next((sentence for kept, sentence in wrongs if kept == mine), None)
    right = "The likelier ones stay, and nobody is removed by one that has gone."
    if mine == truth:
        sentence = right
    elif not _overlap_is_right(yours, masks):
        sentence = "This builds on your overlap, which is not right yet: mend that first."
    elif known:
        sentence = known
    elif sorted(mine) == sorted(truth):
        sentence = "The right ones stay, but the likeliest comes first."
    else:
        sentence = _first_dispute(mine, truth, probabilities)
    mine_drawn, aim = (_painted(masks, kept[::-1]) for kept in (mine, truth))
    panels = (
        given,
        Panel("probabilities", names),
        Panel(f"yours: {mine}", mine_drawn, integer=True),
        Panel(f"expected: {truth}", aim, integer=True),
        Panel("difference", (mine_drawn > 0).astype(float) - (aim > 0), signed=True),
    )
    return Answer(mine == truth, sentence, panels)


def _first_dispute(mine: Sequence[int], truth: Sequence[int], probabilities: NDArray[np.float64]) -> str:
    disputed = set(mine) ^ set(truth)
    if not disputed:
        return "Somebody stands in your list twice."
    likeliest = max(disputed, key=lambda number: float(probabilities[number]))
    limit = f"more than {MOST} with a likelier one that stays"
    if likeliest in truth:
        return f"Candidate {likeliest} has gone in yours, but it does not share {limit}."
    return f"Candidate {likeliest} stays in yours, but it shares {limit}."


def _overlap_is_right(yours: Learner, masks: Masks) -> bool:
    try:
        table = [[array_of(yours.call("overlap", one, other)) for other in masks[:3]] for one in masks[:3]]
    except LearnerFailed:
        return False
    found = array_of(table)
    return found is not None and found.shape == (3, 3) and bool(np.allclose(found, _overlaps(masks)[:3, :3]))


def _example(rng: np.random.Generator) -> tuple[Masks, NDArray[np.float64]]:
    """Candidates for which the right way and every misconception lead to answers that all differ."""
    for _ in range(5000):
        masks = _candidates(rng)
        table = _overlaps(masks)
        pairs = table[np.triu_indices(CANDIDATES, 1)]
        probabilities = rng.permutation(np.linspace(0.35, 0.95, CANDIDATES)).round(2)
        if np.abs(pairs - MOST).min() >= CLEAR and _tells_apart(masks, table, probabilities):
            return masks, probabilities
    raise AssertionError("such candidates are not rare")


def _tells_apart(masks: Masks, table: Table, probabilities: NDArray[np.float64]) -> bool:
    answers = [_in_turn(table, probabilities)]
    for rule, _ in MISCONCEPTIONS:
        answer = rule(masks, probabilities)
        if answer in answers:
            return False
        answers.append(answer)
    return True


def _candidates(rng: np.random.Generator) -> Masks:
    return np.array(
        [_disc(rng.uniform(12, 32), rng.uniform(10, 42), rng.uniform(5, 11)) for _ in range(CANDIDATES)]
    )


def _overlaps(masks: Masks) -> Table:
    flat = masks.reshape(len(masks), -1).astype(np.float64)
    areas = flat.sum(axis=1)
    return np.asarray(flat @ flat.T / np.minimum(areas[:, None], areas))


def _who_stays(table: Table, probabilities: NDArray[np.float64], most: float = MOST) -> list[int]:
    """The one set in which exactly those stay that share too much with no likelier one in the set."""
    numbers = range(len(table))
    for chosen in product((False, True), repeat=len(table)):
        inside = [number for number in numbers if chosen[number]]
        if all(
            chosen[each]
            == all(
                table[each, other] <= most or probabilities[other] <= probabilities[each] for other in inside
            )
            for each in numbers
        ):
            return sorted(inside, key=lambda number: -probabilities[number])
    raise AssertionError("there is always one")


def _in_turn(table: Table, turns: NDArray[np.float64]) -> list[int]:
    """Who stays if those with the highest number have their turn first."""
    kept: list[int] = []
    for each in np.argsort(-turns):
        if (table[each, kept] <= MOST).all():
            kept.append(int(each))
    return kept


Rule = Callable[[Masks, NDArray[np.float64]], list[int]]


def _by_iou(masks: Masks, probabilities: NDArray[np.float64]) -> list[int]:
    flat = masks.reshape(len(masks), -1).astype(np.float64)
    common, areas = flat @ flat.T, flat.sum(axis=1)
    return _in_turn(common / (areas[:, None] + areas - common), probabilities)


def _as_they_come(masks: Masks, probabilities: NDArray[np.float64]) -> list[int]:
    return _in_turn(_overlaps(masks), -np.arange(len(masks), dtype=np.float64))


def _least_likely_first(masks: Masks, probabilities: NDArray[np.float64]) -> list[int]:
    return _in_turn(_overlaps(masks), -probabilities)


def _gone_remove_too(masks: Masks, probabilities: NDArray[np.float64]) -> list[int]:
    order, table = np.argsort(-probabilities), _overlaps(masks)
    return [int(each) for turn, each in enumerate(order) if (table[each, order[:turn]] <= MOST).all()]


def _only_the_best(masks: Masks, probabilities: NDArray[np.float64]) -> list[int]:
    order, table = np.argsort(-probabilities), _overlaps(masks)
    return [int(each) for each in order if each == order[0] or table[each, order[0]] <= MOST]


def _winners_grow(masks: Masks, probabilities: NDArray[np.float64]) -> list[int]:
    kept: list[int] = []
    grown: dict[int, NDArray[np.bool_]] = {}
    for each in (int(number) for number in np.argsort(-probabilities)):
        eater = next(
            (other for other in kept if _overlaps(np.array([masks[each], grown[other]]))[0, 1] > MOST), None
        )
        if eater is None:
            kept.append(each)
            grown[each] = masks[each]
        else:
            grown[eater] = grown[eater] | masks[each]
    return kept


MISCONCEPTIONS: list[tuple[Rule, str]] = [
    (_by_iou, "That is what comes out with IoU; StarDist divides by the smaller area."),
    (
        _as_they_come,
        "You take the candidates as they come; the likeliest must have its turn first.",
    ),
    (_least_likely_first, "You begin with the least likely; turn the order round."),
    (
        _gone_remove_too,
        "With you a candidate that has gone still removes others; only those that stay do that.",
    ),
    (_only_the_best, "You compare with the likeliest alone; each one that stays counts."),
    (
        _winners_grow,
        "With you a winner grows by those that it removes; nothing is merged, and its outline stays as it is.",
    ),
]


def _painted(masks: Masks, order: Sequence[int] | NDArray[np.intp]) -> Labels:
    """Numbers + 1, each painted over those before it."""
    shown = np.zeros(SHAPE, np.int32)
    for number in order:
        shown[masks[number]] = number + 1
    return shown


CHECKS = [
    Check("distances", "how far the border is along each ray", distances, 2),
    Check("shared", "the share of the smaller star", shared),
    Check("stays", "who stays, from the likeliest on", stays, 2),
]
