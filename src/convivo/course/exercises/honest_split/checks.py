"""Held against counting: plates on both sides, draws of each class, Bayes' rule on counted patches."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from convivo.course.checks import Answer, Check, Learner, Panel, compared, said

Floats = NDArray[np.float64]
WELLS = ("A01", "B07", "C11")
FIELDS = (1, 2)
NUMBERS = range(4)


def plate(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    plates = [f"{'PQR'[int(rng.integers(3))]}{int(rng.integers(1, 120))}" for _ in range(4)]
    names = [
        f"{each}-B{int(rng.integers(10, 13))}-f{int(rng.integers(9))}-{int(rng.integers(50))}"
        for each in plates
    ]
    return said(
        [yours.call("plate_of", name) for name in names],
        plates,
        given=Panel("names", "\n".join(names)),
        right="The plate of each patch.",
        wrong="This is not what stands before the first -.",
        mistakes=[
            ([name[:2] for name in names], "The name of a plate can be longer than two signs."),
            (
                [name.split("-")[1] for name in names],
                "This is the well; wells of one plate resemble each other.",
            ),
            (
                ["-".join(name.split("-")[:3]) for name in names],
                "This is the field; other fields of the plate would be on both sides.",
            ),
        ],
    )


def leaks(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    plates = int(rng.integers(6, 10))
    names, order = patches(plates, rng)
    seed = int(rng.integers(1000))
    sides = [asked(yours, names, 0.35, seed + draw) for draw in range(6)]
    wrong_size = next((each for each in sides if len(each) != len(names)), None)
    if wrong_size is not None:
        sentence = f"{len(names)} times True or False was expected, one for each name, and {len(wrong_size)} came back."
        return Answer(False, sentence)
    pictures = [table(each, order, plates) for each in sides]
    worst = max(pictures, key=lambda each: int(divided(each).sum()))
    whole = table(asked(ours, names, 0.35, seed), order, plates)
    panels = (
        Panel("asked", f"{plates} plates, {len(names)} patches in mixed order"),
        Panel("yours: a row for each plate, white validates", worst),
        Panel("expected: such as", whole),
        Panel(
            "plates on both sides", np.repeat(divided(worst)[:, None].astype(float), worst.shape[1], axis=1)
        ),
    )
    if divided(worst).any():
        return Answer(False, leak_fault(worst), panels)
    if all(np.array_equal(each, pictures[0]) for each in pictures):
        return Answer(False, "Every seed gives the same plates: mix them by rng.permutation.", panels)
    if all(each.all() or not each.any() for each in pictures):
        return Answer(
            False, "All patches are on one side: nothing is left to train, or nothing to choose.", panels
        )
    return Answer(True, "No plate is on both sides.", panels)


def leak_fault(picture: Floats) -> str:
    """What was kept together instead of plates, if anything."""
    wells = picture.reshape(len(picture), len(WELLS), -1)
    fields = picture.reshape(len(picture), len(WELLS) * len(FIELDS), -1)
    count = int(divided(picture).sum())
    if not divided(wells.reshape(-1, wells.shape[-1])).any():
        return f"Wells are kept whole, but {count} plates are on both sides: same day, same staining."
    if not divided(fields.reshape(-1, fields.shape[-1])).any():
        return f"Fields are kept whole, but {count} plates are on both sides: same day, same staining."
    return f"Single patches were mixed: {count} plates are on both sides, and validation shows cells of training."


def share(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    cases = [(8, 0.25), (10, 0.3), (3, 0.1), (int(rng.integers(11, 15)), 0.5)]
    found, expected, by_patches = [], [], []
    for plates, part in cases:
        # the first plate has five times as many patches, so that a share of patches is another one
        names, order = patches(plates, rng, extra=48)
        side = asked(yours, names, part, int(rng.integers(1000)))
        found.append(len({order[index][0] for index in range(min(len(side), len(names))) if side[index]}))
        expected.append(max(1, round(part * plates)))
        by_patches.append(int(part * plates))
    return said(
        found,
        expected,
        given=Panel(
            "plates and share", "\n".join(f"{plates} plates, share {part}" for plates, part in cases)
        ),
        right="So many plates validate as were asked for, and never none.",
        wrong="The number of plates that validate is not the share of all plates, rounded, at least one.",
        mistakes=[(by_patches, "You round down, so that of few plates none is left to validate.")],
    )


def weighing(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    classes = np.repeat([0, 1, 2], [int(rng.integers(30, 50)), int(rng.integers(3, 6)), 9])
    counts = {number: int((classes == number).sum()) for number in (0, 1, 2)}
    exact = np.array([float(Fraction(1, 3 * counts[int(number)])) for number in classes])
    often = np.array([counts[int(number)] for number in classes], float)
    return compared(
        yours.call("weights", classes),
        exact,
        given=Panel("classes", classes.astype(float)),
        right="Each class has a third of all the weight, and each of its patches an equal part of that.",
        wrong="The weights of one class do not add up to those of another.",
        mistakes=[
            (
                often / often.sum(),
                "You weigh by how frequent a class is, which makes the rare one rarer still.",
            ),
            (exact / exact[0] * 1 / often[0], "Your weights do not add up to 1: divide by their sum."),
            (
                np.full(len(classes), 1 / len(classes)),
                "All patches weigh the same: they are drawn as they come.",
            ),
            (1 / often, "Your weights do not add up to 1: divide by their sum."),
        ],
    )


def drawing(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    rare = int(rng.integers(5, 10))
    classes = np.repeat([0, 1], [200 - rare, rare])
    seed, count = int(rng.integers(1000)), 1000
    drawn = np.asarray(yours.call("draw", classes, count, seed))
    given = Panel("asked", f"{count} draws from 200 patches, of which {rare} divide")
    fits = drawn.shape == (count,) and drawn.dtype.kind in "iu" and ((drawn >= 0) & (drawn < 200)).all()
    if not fits:
        return Answer(
            False, f"{count} indices below 200 were expected.", (given, Panel("yours", str(drawn)[:200]))
        )
    times = np.bincount(drawn, minlength=200)
    part = float(classes[drawn].mean())
    even = np.where(classes == 1, count / 2 / rare, count / 2 / (200 - rare))
    panels = (
        given,
        Panel("yours: how often each patch was drawn", times.astype(float)),
        Panel("expected: about", even),
        Panel("difference", times - even, signed=True),
    )
    # 1000 draws at 1/2 stay within 0.08 of it, but for one time in a million
    if abs(part - 0.5) > 0.08:
        sentence = f"{part:.0%} of what you drew divides, and half was expected: give the weights as p."
        return Answer(False, sentence, panels)
    if (times[classes == 1] == 0).any():
        return Answer(False, "Some dividing patch was never drawn in 1000 draws.", panels)
    if np.array_equal(drawn, np.asarray(yours.call("draw", classes, count, seed + 1))):
        return Answer(False, "Every seed draws the same patches.", panels)
    return Answer(True, f"{part:.0%} of what you drew divides, out of {rare / 200:.0%} that do.", panels)


def bias(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    part = Fraction(1, int(rng.integers(8, 60)))
    probabilities = [Fraction(int(rng.integers(1, 100)), 100) for _ in range(4)] + [Fraction(1, 2)]
    odds = [each / (1 - each) * part / (1 - part) for each in probabilities]
    numbers = [float(each) for each in probabilities]
    return said(
        [yours.call("unbiased", each, float(part)) for each in numbers],
        [float(each / (1 + each)) for each in odds],
        given=Panel("the net says", f"{numbers}\n1 in {part.denominator} divides"),
        right="Where the net is undecided you say the true share, and all else follows.",
        wrong="A net that says 0.5 knows nothing more than the share, so 0.5 has to become the share.",
        mistakes=[
            (
                numbers,
                "The probabilities are given back as they are: too high, as dividing ones were shown often.",
            ),
            (
                [each * float(part) for each in numbers],
                "You weigh dividing alone; divide by the sum of both, so that dividing and not add up to 1.",
            ),
            (
                [float(1 / (1 + (1 - each) / each * part / (1 - part))) for each in probabilities],
                "The share was exchanged with its rest: this makes what is rare still likelier.",
            ),
        ],
    )


def choosing(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    validation, test = (
        rng.permutation(np.linspace(0.7, 0.9, 12)),
        rng.permutation(np.linspace(0.65, 0.88, 12)),
    )
    best = max(range(12), key=lambda team: float(validation[team]))
    lucky = max(range(12), key=lambda team: float(test[team]))
    if best == lucky:
        test[[best, (best + 1) % 12]] = test[[(best + 1) % 12, best]]
        lucky = (best + 1) % 12
    rows = [
        f"{team}: {one:.3f}, {two:.3f}" for team, (one, two) in enumerate(zip(validation, test, strict=True))
    ]
    return said(
        yours.call("choose", validation, test),
        [best, float(test[best])],
        given=Panel("team: validation, test", "\n".join(rows)),
        right="Validation has chosen, and the test was only read.",
        wrong="Choose the team with the best validation score, and give back its number and its test score.",
        mistakes=[
            (
                [lucky, float(test[lucky])],
                "You let the test choose: part of the winner's score is luck, on new data less.",
            ),
            (
                [best, float(validation[best])],
                "You report the score that chose: it is too good. Report the test score.",
            ),
            ([best, float(test[lucky])], "You report the best test score, which is another team's."),
        ],
    )


def patches(plates: int, rng: np.random.Generator, extra: int = 0) -> tuple[list[str], list[tuple[int, int]]]:
    """Names in mixed order, and for each its plate and its place among the plate's patches."""
    named = [
        (f"P{plate}-{well}-f{field}-{number}", plate)
        for plate in range(plates)
        for well in WELLS
        for field in FIELDS
        for number in NUMBERS
    ]
    places = [(plate, index % (len(named) // plates)) for index, (_, plate) in enumerate(named)]
    more = [(f"P0-D05-f1-{number}", 0) for number in range(extra)]
    every, where = named + more, places + [(0, -1)] * extra
    mixed = [int(index) for index in rng.permutation(len(every))]
    return [every[index][0] for index in mixed], [where[index] for index in mixed]


def asked(learner: Learner, names: list[str], part: float, seed: int) -> list[bool]:
    """Which patches validate."""
    answer = learner.call("is_validation", names, part, seed)
    return [bool(each) for each in np.ravel(np.asarray(answer, float))]


def table(side: list[bool], order: list[tuple[int, int]], plates: int) -> Floats:
    """(plates, patches): 1 where a patch validates, wells and fields side by side."""
    picture = np.zeros((plates, len(side) // plates))
    for validates, place in zip(side, order, strict=True):
        picture[place] = validates
    return picture


def divided(picture: Floats) -> NDArray[np.bool_]:
    """Rows that are neither all black nor all white."""
    return np.asarray(picture.any(axis=1) & ~picture.astype(bool).all(axis=1))


CHECKS = [
    Check("plate", "the plate of a patch", plate),
    Check("leaks", "no plate is on both sides", leaks, points=2),
    Check("share", "how many plates validate", share),
    Check("weights", "each class is drawn equally often", weighing, points=2),
    Check("draw", "draws with these weights", drawing),
    Check("bias", "probabilities mean what they say", bias),
    Check("choose", "the test chooses nothing", choosing),
]
