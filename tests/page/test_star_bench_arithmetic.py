"""Star bench: what the page computes by itself, held against convivo's own answer for the same pictures."""

from __future__ import annotations

from copy import copy
from functools import cache
from typing import Any

import msgspec
import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from convivo.lab import shelf
from convivo.lab.questions.stars import Candidates, proposed, stars
from convivo.lab.window import Window
from convivo.methods.stardist import next_to_edge
from convivo.ops.scores.matching import match, matched_pairs
from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.clipping import clipped_area
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.overlap import outline
from convivo.ops.stars.paint import paint
from convivo.ops.stars.rays import directions
from convivo.ops.stars.suppress import survivors
from convivo.run.asking import PredictOptions
from page.node import run_node

FOLDER = "explorables/star-bench"
SIZE = {"height": 256, "width": 256}
THRESHOLDS = [(0.1, 0.8), (0.3, 0.4), (0.35, 0.05), (0.5, 0.4), (0.7, 0.1), (0.9, 0.6)]


@cache
def answer(image: str) -> Candidates:
    return stars(Window(image))


def sent(image: str) -> dict[str, Any]:
    """The answer as the page gets it."""
    fields = msgspec.structs.asdict(answer(image))
    return {**fields, "asked_last": fields["asked_last"].astype(np.uint8)}


def truth_of(image: str) -> np.ndarray:
    truth = shelf.cut(Window(image)).truth
    assert truth is not None
    return truth.astype(np.int32)


@pytest.mark.parametrize("image", ["crowded", "noisy", "mixed"])
def test_the_page_keeps_the_stars_that_suppression_keeps(image: str):
    kept = run_node(
        f"{FOLDER}/suppression.ts",
        "given.at.map(([least, most]) => page.suppress(given.stars, least, most, 'smaller').stays)",
        stars=sent(image),
        at=THRESHOLDS,
    )
    every, _ = proposed(Window(image))
    for (prob, most), stays in zip(THRESHOLDS, kept, strict=True):
        likely = every[every.probabilities > np.float32(prob)]
        order = survivors(likely, most, last=next_to_edge(likely, (256, 256), (2, 2)))
        assert answer(image).points[stays].tolist() == likely.points[order].tolist(), (prob, most)


@pytest.mark.parametrize("image", ["crowded", "mixed"])
def test_the_pages_objects_and_counts_are_those_of_predict(image: str):
    outcomes = run_node(
        f"{FOLDER}/outcome.ts",
        "given.at.map(([least, most]) => {"
        " const { labels, counts } ="
        " page.outcome(given.stars, given.size, given.truth.data, least, most, 'smaller');"
        " return { labels, counts }; })",
        stars=sent(image),
        size=SIZE,
        truth=truth_of(image),
        at=THRESHOLDS,
    )
    for (prob, most), outcome in zip(THRESHOLDS, outcomes, strict=True):
        predictor = copy(shelf.predictor("nuclei"))  # it keeps the engine that was asked for the stars
        predictor.options = PredictOptions(settings={"prob": prob, "nms": most})
        labels = predictor.predict(shelf.cut(Window(image)).as_image()).labels
        np.testing.assert_array_equal(np.reshape(outcome["labels"], (256, 256)), labels)
        expected = match(truth_of(image), labels)
        counts = outcome["counts"]
        assert (counts["right"], counts["wrong"], counts["missed"]) == (
            expected.true_positives,
            expected.false_positives,
            expected.false_negatives,
        )
        right = {pair.label_id for pair in matched_pairs(truth_of(image), labels)}
        assert {number + 1 for number, is_right in enumerate(counts["isRight"]) if is_right} == right


@pytest.mark.parametrize(("prob", "most"), [(0.5, 0.3), (0.7, 0.6)])
def test_by_iou_the_page_keeps_what_a_plain_search_keeps(prob: float, most: float):
    given = answer("nuclei")
    stays = run_node(
        f"{FOLDER}/suppression.ts",
        "page.suppress(given.stars, given.least, given.most, 'union').stays",
        stars=sent("nuclei"),
        least=prob,
        most=most,
    )
    steps = directions(given.distances.shape[1])
    outlines = [
        outline(point, distances, steps)
        for point, distances in zip(given.points, given.distances, strict=True)
    ]
    kept: list[int] = []
    for star in np.flatnonzero(given.probabilities > np.float32(prob)):
        for likelier in kept:
            shared = clipped_area(outlines[likelier], outlines[star])
            if shared > most * (float(given.areas[likelier]) + float(given.areas[star]) - shared):
                break
        else:
            kept.append(int(star))
    assert stays == kept


@pytest.mark.parametrize("rays", [8, 16, 32, 64])
@pytest.mark.parametrize("kind", ["ellipse", "bean", "ring", "branched"])
def test_rays_and_what_a_star_covers_are_as_in_python(kind: str, rays: int):
    shape = run_node(
        f"{FOLDER}/shapes.ts",
        "(() => { const mask = page.drawn(given.shape); return { ...mask, at: page.middleOf(mask) }; })()",
        shape=kind,
    )
    found = run_node(
        f"{FOLDER}/rays.ts",
        "(() => { const lengths = page.rayLengths(given.mask, given.at, given.rays);"
        " return { lengths, ...page.reach(given.mask, given.at, lengths) }; })()",
        mask=shape,
        at=shape["at"],
        rays=rays,
    )
    mask = np.reshape(shape["inside"], (64, 64)) > 0
    point = np.array([[shape["at"]["y"], shape["at"]["x"]]], np.int32)
    lengths = star_distances(mask.astype(np.int32), rays)[:, point[0, 0], point[0, 1]]
    np.testing.assert_allclose(found["lengths"], lengths, rtol=1e-5)
    star = paint(Stars(point, lengths[None], np.ones(1, np.float32)), (64, 64))[0] > 0
    assert (found["shape"], found["star"], found["both"]) == (mask.sum(), star.sum(), (mask & star).sum())
    np.testing.assert_array_equal(
        np.reshape(found["wrong"], (64, 64)), np.where(mask & ~star, 1, np.where(star & ~mask, 2, 0))
    )


def test_boxes_are_suppressed_and_counted_as_by_numpy():
    given, truth = answer("crowded"), truth_of("crowded")
    prob, most = 0.5, 0.4
    found = run_node(
        f"{FOLDER}/boxes.ts",
        "(() => { const boxes = page.boxesOf(given.stars, given.size);"
        " const stays = page.suppressBoxes(boxes, given.stars, given.least, given.most);"
        " const counts ="
        " page.countBoxes(stays.map((star) => boxes[star]), page.trueBoxes(given.truth.data, 256));"
        " return { stays, counts }; })()",
        stars=sent("crowded"),
        size=SIZE,
        truth=truth,
        least=prob,
        most=most,
    )
    ends = Stars(given.points, given.distances, given.probabilities).corners.astype(float)
    boxes = np.concatenate([ends.min(axis=2).clip(0), (ends.max(axis=2) + 1).clip(None, 256)], axis=1)
    kept: list[int] = []
    for star in np.flatnonzero(given.probabilities > np.float32(prob)):
        if not kept or box_ious(boxes[[star]], boxes[kept]).max() <= most:
            kept.append(int(star))
    assert found["stays"] == kept
    true = np.array(
        [
            [rows.min(), columns.min(), rows.max() + 1, columns.max() + 1]
            for rows, columns in (np.nonzero(truth == number) for number in np.unique(truth[truth > 0]))
        ]
    )
    # here no box has two true ones to choose from, so that the best assignment finds as many
    enough = box_ious(boxes[kept], true) >= 0.5
    right = enough[linear_sum_assignment(enough, maximize=True)].sum()
    counts = found["counts"]
    assert (counts["right"], counts["wrong"], counts["missed"]) == (
        right,
        len(kept) - right,
        len(true) - right,
    )


def box_ious(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    low = np.maximum(boxes[:, None, :2], others[None, :, :2])
    high = np.minimum(boxes[:, None, 2:], others[None, :, 2:])
    both = (high - low).clip(0).prod(axis=2)
    areas = [(each[:, 2:] - each[:, :2]).prod(axis=1) for each in (boxes, others)]
    return np.asarray(both / (areas[0][:, None] + areas[1][None] - both))
