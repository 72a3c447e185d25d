"""What Python tells the star bench."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import ndimage

from convivo.lab import shelf
from convivo.lab.questions import crowd, stars
from convivo.lab.window import Window
from convivo.methods.stardist import next_to_edge
from convivo.ops.stars.suppress import survivors
from convivo.run.predict import predict


def test_stars_come_in_the_order_of_their_turns_those_at_the_edge_last():
    answer = stars.stars(Window("mixed"))
    keys = answer.probabilities - answer.asked_last.astype(float)
    assert (np.diff(keys) <= 0).all()
    near = ((answer.points < 4) | (answer.points >= 252)).any(axis=1)
    np.testing.assert_array_equal(answer.asked_last, near)
    assert answer.proposed == len(answer.points)


def test_where_too_many_are_proposed_the_page_gets_the_likeliest_and_is_told(monkeypatch):
    every, _ = stars.proposed(Window("mixed"))
    monkeypatch.setattr(stars, "MOST", 1000)
    answer = stars.stars(Window("mixed"))
    assert answer.proposed == len(every) > 1000
    assert 0 < len(answer.points) <= 1000
    assert len(answer.points) == np.count_nonzero(every.probabilities > np.float32(answer.least))
    assert np.count_nonzero(every.probabilities > np.float32(answer.least - 0.05)) > 1000


def test_where_stars_meet_too_often_fewer_are_taken(monkeypatch):
    whole = stars.stars(Window("mixed"))
    limit = len(whole.others) // 3
    monkeypatch.setattr(stars, "MOST_PAIRS", limit)
    answer = stars.stars(Window("mixed"))
    assert 0 < len(answer.others) <= limit
    assert answer.least > whole.least == 0.1
    assert answer.proposed == whole.proposed
    np.testing.assert_array_equal(
        np.sort(answer.probabilities), np.sort(whole.probabilities[whole.probabilities > answer.least])
    )


def test_an_image_without_contrast_proposes_nothing(monkeypatch):
    flat = shelf.Shelved("flat", np.full((64, 80), 7, np.uint8))
    monkeypatch.setattr(shelf, "image", lambda _: flat)
    answer = stars.stars(Window("flat"))
    assert answer.proposed == len(answer.points) == len(answer.others) == 0
    assert answer.starts.tolist() == [0]


def test_stars_of_a_small_image_stay_as_the_model_itself_decides(monkeypatch):
    # neither side is a multiple of the net's grid or of its strides
    small = shelf.Shelved("small", shelf.image("crowded").pixels[40:141, 60:187])
    monkeypatch.setattr(shelf, "image", lambda _: small)
    window = Window("small", side=127)
    answer, (every, how) = stars.stars(window), stars.proposed(window)
    labels = predict(shelf.shipped(shelf.NUCLEI), shelf.cut(window).as_image()).labels
    likely = every[every.probabilities > np.float32(how.prob)]
    kept = survivors(likely, how.nms, last=next_to_edge(likely, (101, 127), (2, 2)))
    assert labels.shape == (101, 127)
    assert labels.max() == len(kept) > 5
    assert (answer.prob, answer.nms) == (how.prob, how.nms)


@pytest.mark.parametrize("threshold", [0.3, 0.8])
def test_pieces_of_foreground_are_what_hangs_together(threshold: float):
    window = Window("crowded")
    labels = crowd.crowd(crowd.Asked(window, threshold)).labels
    image = shelf.cut(window).as_image()
    foreground = predict(shelf.shipped(crowd.MODEL), image).probability > threshold
    pieces, _ = ndimage.label(foreground)
    for number in range(1, labels.max() + 1):  # the small ones are dropped
        inside = labels == number
        assert len(np.unique(pieces[inside])) == 1
        assert (pieces == pieces[inside][0]).sum() == inside.sum()
    assert 0 < labels.max() <= pieces.max()


def test_seeds_give_the_objects_of_predict():
    window = Window("crowded")
    labels = crowd.crowd(crowd.Asked(window, read="seeds")).labels
    expected = predict(shelf.shipped(crowd.MODEL), shelf.cut(window).as_image()).labels
    np.testing.assert_array_equal(labels, expected)
