"""Each piece of the finder by itself, with quick inputs; how well the whole does is measured in benchmarks/."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from convivo.course.checks import Answer, Check, Held, Learner, LearnerFailed, Panel, Unfinished, said
from convivo.ops.scores import match
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.types import Annotated, Image

LabelImage = NDArray[np.integer[Any]]
FEATURES = (4, 8, 16, 32)
PARTS = ("training", "validation", "test")
STEPS = 8
LONGEST = 120.0  # seconds that these steps may take on a busy machine
SIDE = 48
FAINT = 120  # counts where there is nothing
FEW = 3  # nuclei in an image


def split(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    count = int(rng.integers(9, 17))
    fields = [f"field {number}" for number in range(count) for _ in range(int(rng.integers(2, 5)))]
    fields = [fields[index] for index in rng.permutation(len(fields))]
    seed = int(rng.integers(1000))
    draws = [yours.call("split", fields, seed + draw) for draw in range(4)]
    given = Panel("asked", f"{count} fields, {len(fields)} images")
    for each in draws:
        if not isinstance(each, list | tuple) or len(each) != len(fields) or set(each) - set(PARTS):
            sentence = (
                f'{len(fields)} times "training", "validation" or "test" was expected, one for each image.'
            )
            return Answer(False, sentence, (given, Panel("yours", str(each)[:300])))
    first = parts_of(fields, draws[0])
    aim = parts_of(fields, ours.call("split", fields, seed))
    panels = (
        given,
        Panel("yours: a row for each field; training, validation, test", first),
        Panel("expected: such as", aim),
        Panel("fields in several parts", first * (np.count_nonzero(first, axis=1) > 1)[:, None]),
    )
    torn = max(int((np.count_nonzero(parts_of(fields, each), axis=1) > 1).sum()) for each in draws)
    sizes = [int(np.count_nonzero(first[:, column])) for column in range(len(PARTS))]
    fifth = max(1, round(count / 5))
    if torn:
        sentence = (
            f"Images of one field are in several parts, in {torn} of {count} fields: mix fields, not images."
        )
    elif sizes != [count - 2 * fifth, fifth, fifth]:
        sentence = (
            f"{sizes[0]}, {sizes[1]} and {sizes[2]} fields are for training, validation and test; "
            f"{count - 2 * fifth}, {fifth} and {fifth} were expected."
        )
    elif all(list(each) == list(draws[0]) for each in draws):
        sentence = "Every seed gives the same split: mix the fields with the seed."
    else:
        return Answer(True, "No field is in two parts, and each part has its share.", panels)
    return Answer(False, sentence, panels)


def parts_of(fields: list[str], parts: list[str]) -> NDArray[np.float64]:
    """(fields, parts): how many images of a field are in each part."""
    known = sorted(set(fields))
    table = np.zeros((len(known), len(PARTS)))
    for field, part in zip(fields, parts, strict=True):
        table[known.index(field), PARTS.index(part)] += 1
    return table


def features(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    images, masks = nuclei(2, rng)
    asked = [
        (method, number) for method in ("unet", "stardist") for number in (4, int(rng.choice([6, 8, 10])))
    ]
    counts, arrays = [], []
    for method, number in asked:
        sizes = layers(method, number, images[0], masks[0])
        counts.append(sum(sizes))
        arrays.append(len(sizes))
    pairs = as_pairs(yours, images, masks)
    found = [yours.call("count_weights", yours.call("new_model", *each, pairs, 0)) for each in asked]
    same = isinstance(found[0], int) and found[0] == found[1] and found[2] == found[3]
    wrong = "The number of features changes nothing in your net: give it on to convivo.new as filters."
    return said(
        found,
        counts,
        given=Panel("asked", "\n".join(f"{method}, {number} features" for method, number in asked)),
        right="More features, more weights, for both kinds of nets.",
        wrong=wrong if same and found != arrays else "This is not how many numbers the net learns.",
        mistakes=[(arrays, "You count the arrays of weights; add up how many numbers each of them holds.")],
    )


def layers(method: str, filters: int, image: NDArray[np.uint16], mask: LabelImage) -> list[int]:
    """How many numbers each array of such a net holds."""
    from convivo.model import Model

    data = [Annotated(Image(image[None]), mask, "field")]
    model = Model.new(method, data, name="counted", seed=0, filters=filters)
    return [int(np.prod(weights.shape)) for weights in model.net.parameters()]


def pooled(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    _, truths = nuclei(4, rng)
    truths[0] = np.where(truths[0] == 1, 1, 0)  # one nucleus, found
    found = [
        truths[0],
        *(mostly(truth, share) for truth, share in zip(truths[1:], (1.0, 0.5, 0.0), strict=True)),
    ]
    results = [match(truth, labels, 0.5) for truth, labels in zip(truths, found, strict=True)]
    right = sum(each.true_positives for each in results)
    wrong = sum(each.false_positives + each.false_negatives for each in results)
    pixels = [
        float(((truth > 0) == (labels > 0)).mean()) for truth, labels in zip(truths, found, strict=True)
    ]
    return said(
        yours.call("average_precision", truths, found),
        right / (right + wrong),
        given=Panel(
            "true nuclei above, found below", np.vstack([np.hstack(truths), np.hstack(found)]), integer=True
        ),
        right="All nuclei of all images count alike.",
        wrong="AP is TP / (TP + FP + FN) at an IoU of 0.5, with the counts of all images added first.",
        mistakes=[
            (
                float(np.mean([each.accuracy for each in results])),
                "This is the mean over images: the one nucleus of the first counts as much as all of another.",
            ),
            (float(np.mean(pixels)), "You count pixels that are right; count nuclei."),
            (
                right / (right + sum(each.false_positives for each in results)),
                "You leave out the missed nuclei.",
            ),
        ],
    )


def validation(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    """A few steps teach a net to leave empty fields empty, which scores 1, and not to find nuclei, which scores 0."""
    images, masks = nuclei(4, rng)
    noise = [rng.poisson(FAINT, (SIDE, SIDE)).astype(np.uint16) for _ in range(2)]
    score = scored(yours, images, masks, noise)
    panels = (
        Panel("2 of 4 images that train", np.hstack(images[:2]).astype(float)),
        Panel("2 images that choose: nothing but noise", np.hstack(noise).astype(float)),
        Panel("yours", f"{score:.3f}" if isinstance(score, float) else str(score)[:100]),
        Panel("expected", "1.000"),
    )
    if not isinstance(score, int | float):
        return Answer(False, "One number was expected, the average precision on validation.", panels)
    if score == 1:
        return Answer(True, "The net learned from one part and was scored on the other.", panels)
    # where there is not even noise, a net that learned nothing finds nothing either
    flat = scored(yours, images, masks, [np.full((SIDE, SIDE), FAINT, np.uint16)] * 2)
    if flat == 1:
        return Answer(False, "The net finds nuclei in noise: was it trained before it was asked?", panels)
    sentence = "Validation fields are empty here, and left empty they score 1: were those that train scored?"
    return Answer(False, sentence, panels)


def scored(
    yours: Learner, images: list[NDArray[np.uint16]], masks: list[LabelImage], empty: list[NDArray[np.uint16]]
) -> object:
    """Their validation score, where the images that choose hold nothing."""
    nothing = [np.zeros((SIDE, SIDE), np.int64) for _ in empty]
    learn = as_pairs(yours, images, masks, "learn")
    choose = as_pairs(yours, empty, nothing, "choose")
    return yours.call("validation_score", "unet", 4, learn, choose, 0.0, STEPS, seconds=LONGEST)


def tune(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    best = int(rng.choice(FEATURES))
    trials = int(rng.integers(3, len(FEATURES) + 1))
    answer = yours.call("tune", yours.call("stand_in", best), trials, int(rng.integers(1000)))
    truth = {each: 1 - 0.2 * abs(float(np.log2(each / best))) for each in FEATURES}
    lines = "\n".join(f"{each}: {score:.1f}" for each, score in truth.items())
    given = Panel("score of each number of features", lines)
    panels = (
        given,
        Panel("yours", tune_told(answer)),
        Panel("expected", f"{best} chosen, of {trials} tries"),
    )
    if not (isinstance(answer, list | tuple) and len(answer) == 2 and isinstance(answer[1], list | tuple)):
        return Answer(
            False, "Two things were expected: the best number, and the list of what was tried.", panels
        )
    chosen, tried = answer
    if any(not isinstance(each, list | tuple) or len(each) != 2 or each[0] not in truth for each in tried):
        return Answer(False, "What was tried is a list of pairs: features, and the score for them.", panels)
    if len(tried) != trials:
        return Answer(False, f"{len(tried)} values were tried, and {trials} were asked for.", panels)
    if any(abs(score - truth[number]) > 1e-9 for number, score in tried):
        return Answer(False, "The scores are not those that score(features) gives.", panels)
    values = dict(tried)
    if chosen not in values:
        return Answer(
            False, "What you give back as the best was never tried; is it the score, not the number?", panels
        )
    if values[chosen] == min(values.values()) < max(values.values()):
        return Answer(
            False, "Your study looks for the lowest score: it chose the worst number of features.", panels
        )
    if values[chosen] < max(values.values()):
        return Answer(False, "A number of features with a better score was tried.", panels)
    return Answer(True, f"{chosen} features are best of what was tried.", panels)


def tune_told(answer: Any) -> str:
    """What was chosen, and what was tried."""
    try:
        chosen, tried = answer
        return f"{chosen} chosen, of\n" + "\n".join(f"{number}: {score:.1f}" for number, score in tried)
    except (TypeError, ValueError):
        return str(answer)[:300]


def sealed(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    _, truths = nuclei(2, rng)
    found = [mostly(truth, 0.5) for truth in truths]
    results = [match(truth, labels, 0.5) for truth, labels in zip(truths, found, strict=True)]
    right = sum(each.true_positives for each in results)
    expected = right / (right + sum(each.false_positives + each.false_negatives for each in results))
    test = yours.call("SealedTest", truths)
    first = yours.call("reveal", test, found)
    given = Panel(
        "true nuclei above, found below", np.vstack([np.hstack(truths), np.hstack(found)]), integer=True
    )
    try:
        second: object = yours.call("reveal", test, truths)
    except Unfinished:
        raise
    except LearnerFailed:
        second = None
    once = said(
        first, expected, given=given, right="", wrong="The first call has to give the average precision."
    )
    if not once.passed:
        return once
    told = "refused" if second is None else f"{second}"
    panels = (given, Panel("yours: a second call", told), Panel("expected", "refused"))
    if second is not None:
        sentence = "The test was revealed a second time: whoever can look again will choose by it."
        return Answer(False, sentence, panels)
    again = yours.call("reveal", yours.call("SealedTest", truths), truths)
    if not isinstance(again, float | int) or abs(again - 1) > 1e-9:
        return Answer(False, "Another test, which is still sealed, cannot be revealed.", panels)
    return Answer(True, "Revealed once, and refused from then on.", panels)


def nuclei(count: int, rng: np.random.Generator) -> tuple[list[NDArray[np.uint16]], list[LabelImage]]:
    """Round nuclei that lie apart."""
    scene = Scene(
        shape=(SIDE, SIDE), nuclei=FEW, diameter=16, crowding=0, texture=0.05, brightness_spread=0.05
    )
    seeds = rng.integers(2**31, size=count)
    drawn = [simulate(scene, Microscope(glow=0, unevenness=0), seed=int(seed)) for seed in seeds]
    return [each.image for each in drawn], [np.asarray(each.labels, np.int64) for each in drawn]


def mostly(truth: LabelImage, share: float) -> LabelImage:
    """The same nuclei, of which so many are found; the others are missed, and something is invented."""
    kept = round(share * int(truth.max()))
    found = np.where(truth <= kept, truth, 0)
    y, x = np.argwhere(truth == 0)[0]
    found[y : y + 2, x : x + 2] = truth.max() + 1
    return found


def as_pairs(learner: Learner, images: list[Any], masks: list[Any], name: str = "field") -> Held:
    pairs = learner.call("as_pairs", images, masks, [f"{name} {number}" for number in range(len(images))])
    assert isinstance(pairs, Held)
    return pairs


CHECKS = [
    Check("split", "no field is in two parts", split, points=2),
    Check("features", "the number of features makes the net", features),
    Check("pooled", "average precision of many images", pooled, points=2),
    Check("validation", "trained on one part, scored on the other", validation, points=2),
    Check("tune", "the study maximises the score", tune, points=2),
    Check("sealed", "the test is revealed once", sealed, points=2),
]
