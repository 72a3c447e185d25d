"""What goes and what comes between answers to the same question."""

import numpy as np

from convivo.ops.coming_and_going import coming_and_going


def picture(*boxes):
    labels = np.zeros((40, 40), np.int32)
    for number, (row, column) in enumerate(boxes, start=1):
        labels[row : row + 8, column : column + 8] = number
    return labels


ANSWER = picture((2, 2), (2, 20), (20, 2))


def test_the_same_objects_under_other_numbers_stay():
    moves = coming_and_going(ANSWER, [picture((20, 2), (2, 2), (2, 20)), picture((2, 3), (3, 20), (20, 2))])
    assert moves.goes.tolist() == []
    assert moves.coming == 0


def test_what_one_answer_lacks_goes():
    moves = coming_and_going(ANSWER, [ANSWER, picture((2, 2), (20, 2)), picture((2, 2), (2, 20), (30, 30))])
    assert moves.goes.tolist() == [2, 3]
    assert moves.coming == 1
    assert (moves.comes == picture((30, 30))).all()


def test_what_comes_in_several_answers_counts_once():
    moves = coming_and_going(
        ANSWER, [picture((2, 2), (2, 20), (20, 2), (30, 30 + shift)) for shift in (0, 2)]
    )
    assert moves.goes.tolist() == []
    assert moves.coming == 1


def test_without_other_answers_everything_stays():
    moves = coming_and_going(ANSWER, [])
    assert (moves.goes.size, moves.coming) == (0, 0)


def test_nothing_found_anywhere():
    empty = np.zeros((5, 6), np.int32)
    assert coming_and_going(empty, [empty]).coming == 0
