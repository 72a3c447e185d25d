"""Matching against a dense definition written out here, and against pictures whose answer one can see."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linear_sum_assignment

from convivo.errors import BadInput
from convivo.ops.scores import Matching, Pair, match, match_many, matched_pairs
from convivo.types import Labels

THRESHOLDS = (0.1, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.75, 0.9, 0.95)
MEASURES = ("accuracy", "precision", "recall", "f1", "panoptic_quality", "mean_matched_iou")

shapes = st.sampled_from([(3, 4), (6, 7), (1, 9), (2, 3, 4)])
truths = shapes.flatmap(lambda shape: arrays(np.int32, shape, elements=st.integers(0, 6)))


@st.composite
def couples(draw: st.DrawFn, lowest: int = 0) -> tuple[Labels, Labels]:
    """Two crowded label images of one shape; the first may be made of unknown pixels too."""
    shape = draw(shapes)
    truth = draw(arrays(np.int32, shape, elements=st.integers(lowest, 6)))
    return truth, draw(arrays(np.int32, shape, elements=st.integers(0, 6)))


@st.composite
def quilts(draw: st.DrawFn) -> tuple[Labels, Labels]:
    """Two images of touching patches, each patch cut by several of the other image: hard to assign."""
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    columns = [random.integers(1, 7, 5).repeat(random.integers(1, 6, 5))[:12] for _ in range(4)]
    first, second, third, fourth = (np.resize(column, 12) for column in columns)
    return first[:, None] * 7 + second, third * 7 + fourth[:, None]


either = st.one_of(couples(), quilts())


def dense_iou(truth: Labels, labels: Labels) -> np.ndarray:
    """IoU of every object with every object, one pixel set at a time; unknown pixels taken out."""
    known = truth >= 0
    rows = [truth == i for i in np.unique(truth[truth > 0])]
    columns = [(labels == j) & known for j in np.unique(labels[labels > 0])]
    iou = [[(a & b).sum() / max((a | b).sum(), 1) for b in columns] for a in rows]
    return np.array(iou).reshape(len(rows), len(columns))


def dense_counts(iou: np.ndarray, threshold: float) -> tuple[int, float]:
    """True positives, and the total that the assignment of Schmidt et al. maximises (see its cost)."""
    if not iou.size:
        return 0, 0.0
    worth = (iou >= threshold) + iou / (2 * min(iou.shape))
    rows, columns = linear_sum_assignment(worth, maximize=True)
    return int((iou[rows, columns] >= threshold).sum()), float(worth[rows, columns].sum())


@settings(max_examples=150, deadline=None)
@given(either)
def test_counts_equal_the_dense_hungarian_assignment(images: tuple[Labels, Labels]) -> None:
    truth, labels = images
    iou = dense_iou(truth, labels)
    for matching in match_many(truth, labels, THRESHOLDS):
        hits, _ = dense_counts(iou, matching.iou)
        assert matching.true_positives == hits
        assert matching.false_negatives == iou.shape[0] - hits
        assert matching.false_positives == iou.shape[1] - hits


@settings(max_examples=150, deadline=None)
@given(either, st.sampled_from(THRESHOLDS))
def test_the_chosen_pairs_belong_to_a_best_dense_assignment(
    images: tuple[Labels, Labels], threshold: float
) -> None:
    truth, labels = images
    iou = dense_iou(truth, labels)
    pairs = matched_pairs(truth, labels, threshold)
    rows = np.searchsorted(np.unique(truth[truth > 0]), [pair.truth_id for pair in pairs])
    columns = np.searchsorted(np.unique(labels[labels > 0]), [pair.label_id for pair in pairs])
    assert len(set(rows)) == len(set(columns)) == len(pairs)
    assert np.allclose(iou[rows, columns], [pair.iou for pair in pairs])
    assert np.isclose(match(truth, labels, threshold).matched_iou, iou[rows, columns].sum())

    # forced to hold these pairs, with the others free to share what is left, the total is still the best
    _, best = dense_counts(iou, threshold)
    rest = np.delete(np.delete(iou, rows, axis=0), columns, axis=1)
    scale = 2 * max(min(iou.shape), 1)
    left = rest[linear_sum_assignment(rest, maximize=True)].sum() / scale if rest.size else 0.0
    assert np.isclose(len(pairs) + iou[rows, columns].sum() / scale + left, best)


@settings(max_examples=60, deadline=None)
@given(either, st.sampled_from(THRESHOLDS))
def test_swapping_truth_and_prediction_swaps_misses_and_inventions(
    images: tuple[Labels, Labels], threshold: float
) -> None:
    forth, back = match(*images, threshold), match(*reversed(images), threshold)
    assert (forth.true_positives, forth.false_positives) == (back.true_positives, back.false_negatives)
    assert np.isclose(forth.matched_iou, back.matched_iou)


@settings(max_examples=60, deadline=None)
@given(couples(lowest=-1), st.sampled_from(THRESHOLDS), st.permutations(range(1, 7)))
def test_numbering_objects_otherwise_changes_nothing(
    images: tuple[Labels, Labels], threshold: float, order: list[int]
) -> None:
    truth, labels = images
    names = np.array([0, *order, -1])
    sparse_names = np.array([0, *(700_000_001 * np.array(order))], np.uint64).astype(np.uint32)
    before, after = match(truth, labels, threshold), match(names[truth], sparse_names[labels], threshold)
    assert counts(before) == counts(after)
    assert np.isclose(before.matched_iou, after.matched_iou)


@pytest.mark.parametrize("numbers", [(1, 4), (4, 1)])
def test_of_two_labels_that_fit_alike_the_one_that_would_be_invented_is_the_partner(numbers) -> None:
    wide, small = numbers  # the wide one lies mostly in the unknown, so alone it is no false positive
    truth = np.full((3, 4), -1)
    truth[0, :2] = 1
    labels = np.full((3, 4), wide)
    labels[0, 0] = small
    assert counts(match(truth, labels, 0.1)) == (1, 0, 0)


@settings(max_examples=60, deadline=None)
@given(truths)
def test_a_truth_matches_itself_perfectly_at_every_threshold(truth: Labels) -> None:
    for matching in match_many(truth, truth, [*THRESHOLDS, 1.0]):
        assert [getattr(matching, measure) for measure in MEASURES] == [1.0] * 6


@settings(max_examples=60, deadline=None)
@given(couples(lowest=-1), st.sampled_from(THRESHOLDS))
def test_what_is_predicted_in_the_unknown_cannot_change_pairs(
    images: tuple[Labels, Labels], threshold: float
) -> None:
    truth, labels = images
    cleared = np.where(truth < 0, 0, labels)
    assert matched_iou(truth, labels, threshold) == pytest.approx(matched_iou(truth, cleared, threshold))
    assert matched_iou(truth, labels, threshold) == pytest.approx(
        matched_iou(np.maximum(truth, 0), cleared, threshold)
    )


def matched_iou(truth: Labels, labels: Labels, threshold: float) -> float:
    return match(truth, labels, threshold).matched_iou


def counts(matching: Matching) -> tuple[int, int, int]:
    return matching.true_positives, matching.false_positives, matching.false_negatives


def rows(*lines: str) -> Labels:
    """A label image drawn with digits; a dot is background, a question mark unknown."""
    return np.array([[{".": 0, "?": -1}.get(c) if c in ".?" else int(c) for c in line] for line in lines])


def test_a_drawn_picture_has_the_scores_one_can_count() -> None:
    truth = rows(
        "1111..22",
        "1111..22",
        "........",
        "33......",
    )
    labels = rows(
        ".777..88",
        ".777..88",
        "........",
        "......99",
    )
    matching = match(truth, labels, iou=0.5)
    assert counts(matching) == (2, 1, 1)  # 1 with 7 (6 of 8 pixels), 2 with 8 (all); 9 invented, 3 missed
    assert matching.matched_iou == 0.75 + 1
    assert matching.accuracy == 2 / 4
    assert matching.precision == matching.recall == matching.f1 == 2 / 3
    assert matching.panoptic_quality == 1.75 / 3
    assert matching.mean_matched_iou == 0.875
    assert matched_pairs(truth, labels) == (Pair(1, 7, 0.75), Pair(2, 8, 1.0))
    assert counts(match(truth, labels, iou=0.8)) == (1, 2, 2)


def test_precision_and_recall_are_not_each_other() -> None:
    matching = match(rows("1.2.3.4"), rows("5.6.7.."))
    assert (matching.precision, matching.recall) == (1.0, 0.75)
    assert matching.f1 == pytest.approx(6 / 7)


def test_an_iou_exactly_at_the_threshold_counts_even_if_the_threshold_was_computed() -> None:
    truth, labels = rows("1111111111"), rows("222.......")
    assert match(truth, labels, 3 * 0.1).true_positives == 1  # 0.30000000000000004
    assert match(truth, labels, 0.31).true_positives == 0


def test_two_halves_compete_for_one_truth_and_one_of_them_wins() -> None:
    assert counts(match(rows("111111"), rows("222333"))) == (1, 1, 0)


def test_more_pairs_come_before_a_better_pair() -> None:
    # 1 agrees best with 5 (4/8), but then 2 goes without; 1 with 4 (2/8) and 2 with 5 (2/10) are two pairs
    truth, labels = rows("11111122.."), rows("4455555555")
    pairs = matched_pairs(truth, labels, 0.2)
    assert [(pair.truth_id, pair.label_id) for pair in pairs] == [(1, 4), (2, 5)]
    assert [(p.truth_id, p.label_id) for p in matched_pairs(truth, labels, 0.34)] == [(1, 5)]


def test_an_object_with_a_certain_partner_takes_no_part_in_other_choices() -> None:
    truth, labels = rows("2..", "12.", "1.1"), rows("2.2", "244", "2.5")
    # 2 and 4 have only each other (1/3). Left are 1 with 2 (2/5) or with 5 (1/3): the better one wins, and the
    # pixel that 2 shares with label 2 (1/6, no pair at 0.25) speaks for neither.
    assert [(p.truth_id, p.label_id) for p in matched_pairs(truth, labels, 0.25)] == [(1, 2), (2, 4)]


def test_a_tie_is_settled_by_the_pairs_and_not_by_the_numbering() -> None:
    truth = rows("323243", "44..43", "433..2", "212242", ".43344")
    labels = rows("2.3142", "12524.", "435552", "221242", "4.3441")
    renumbered = np.where(truth, 9 - truth, 0), np.where(labels, 9 - labels, 0)
    for images in ((truth, labels), renumbered):
        assert match(*images, 0.2).matched_iou == pytest.approx(307 / 264)  # the other choice has 1.05


def test_runs_that_cross_rows_blocks_and_memory_orders_are_counted_right() -> None:
    truth = np.zeros((3, 200_000), np.uint16)
    truth[:, 60_000:70_000] = 65_535
    truth[1:, 199_990:] = 7
    labels = np.asfortranarray(truth[:, ::-1])[:, ::-1].astype(np.int64)
    assert matched_pairs(truth, labels, 1.0) == (Pair(7, 7, 1.0), Pair(65_535, 65_535, 1.0))
    labels[0, 60_000:70_000] = 0
    assert match(truth, labels).matched_iou == pytest.approx(1 + 2 / 3)


def test_a_stack_is_matched_in_three_dimensions() -> None:
    truth = np.stack([rows("11..", "11.."), rows("11..", "11.."), rows("....", "..22")])
    labels = np.stack([rows("33..", "33.."), rows("....", "...."), rows("....", "..44")])
    assert matched_pairs(truth, labels) == (Pair(1, 3, 0.5), Pair(2, 4, 1.0))


@pytest.mark.parametrize("dtype", [np.uint8, np.int8, np.uint16, np.uint32, np.int64, np.uint64, ">u2"])
def test_every_integer_type_is_accepted(dtype: str) -> None:
    truth, labels = rows("11.22", "11.22").astype(dtype), rows("55..6", "55..6").astype(dtype)
    assert counts(match(truth, labels)) == (2, 0, 0)


def test_the_largest_ids_survive() -> None:
    top = np.array([[2**64 - 1, 0, 2**63]], np.uint64)
    assert matched_pairs(top, top) == (Pair(2**63, 2**63, 1.0), Pair(2**64 - 1, 2**64 - 1, 1.0))


def test_labels_are_judged_by_their_known_part_and_forgiven_in_the_unknown() -> None:
    half_known = rows("1111????")
    assert matched_pairs(half_known, rows("55555555")) == (Pair(1, 5, 1.0),)
    assert counts(match(rows("????...."), rows("5555...."))) == (0, 0, 0)  # wholly unknown
    assert counts(match(rows("????...."), rows("55555..."))) == (0, 0, 0)  # mostly unknown
    assert counts(match(rows("????...."), rows("55555555"))) == (0, 1, 0)  # half of it is known, and wrong
    assert counts(match(rows("111?????"), rows("11166666"))) == (1, 0, 0)
    assert counts(match(rows("1???????"), rows("55555555"))) == (1, 0, 0)  # mostly unknown, yet right


def test_nothing_found_where_nothing_is_scores_one() -> None:
    for shape in [(4, 5), (0, 5), (2, 3, 4)]:
        empty = np.zeros(shape, np.uint16)
        matching = match(empty, empty)
        assert counts(matching) == (0, 0, 0)
        assert [getattr(matching, measure) for measure in MEASURES] == [1.0] * 6
        assert matched_pairs(empty, empty) == ()


def test_all_missed_or_all_invented_scores_zero() -> None:
    empty, full = rows("...."), rows("1.2.")
    for matching, expected in [(match(full, empty), (0, 0, 2)), (match(empty, full), (0, 2, 0))]:
        assert counts(matching) == expected
        assert [getattr(matching, measure) for measure in MEASURES] == [0.0] * 6


def test_many_thresholds_give_what_one_at_a_time_gives() -> None:
    random = np.random.default_rng(0)
    truth, labels = random.integers(0, 9, (2, 20, 20))
    expected = tuple(match(truth, labels, threshold) for threshold in THRESHOLDS)
    assert match_many(truth, labels, THRESHOLDS) == expected
    assert match_many(truth, labels, []) == ()


def test_shapes_that_differ_are_both_named() -> None:
    with pytest.raises(BadInput, match=r"\(4, 5\).*\(4, 6\)"):
        match(np.zeros((4, 5), int), np.zeros((4, 6), int))


@pytest.mark.parametrize("dtype", [np.float32, bool])
def test_label_images_without_integers_are_refused(dtype: type) -> None:
    ids, others = np.zeros((4, 5), int), np.zeros((4, 5), dtype)
    with pytest.raises(BadInput, match=f"truth label image holds {others.dtype}"):
        match(others, ids)
    with pytest.raises(BadInput, match=f"predicted label image holds {others.dtype}"):
        match(ids, others)


def test_unknown_pixels_in_a_prediction_are_refused() -> None:
    with pytest.raises(BadInput, match="-1"):
        match(rows("11.."), rows("11?."))


@pytest.mark.parametrize("iou", [0.0, -0.1, 1.01, 50, float("nan")])
def test_a_threshold_out_of_range_is_named(iou: float) -> None:
    for ask in (match, matched_pairs):
        with pytest.raises(BadInput, match=f"threshold is {iou}"):
            ask(rows("1"), rows("1"), iou)
