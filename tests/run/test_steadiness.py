"""Changes that should not matter: there and back again leaves labels where they were."""

import numpy as np
import pytest

from convivo.run.steadiness import CHANGES, agreement, answered, answers, disagreements


def scene(shape=(60, 84)):
    labels = np.zeros(shape, np.int32)
    labels[5:25, 8:30], labels[30:52, 4:34] = 1, 2
    rng = np.random.default_rng(0)
    return (100.0 * (labels > 0) + rng.normal(0, 3, shape)).astype(np.float32)[None], labels


def bright(pixels, scale):
    """An honest answer: bright parts, as components, on a grid that is so much finer."""
    from scipy import ndimage

    found = ndimage.label(ndimage.gaussian_filter(pixels[0], 1) > 50)[0]
    rows, columns = (max(1, round(length * scale)) for length in found.shape)
    picked = np.ix_(
        (np.arange(rows) * found.shape[0] / rows).astype(int),
        (np.arange(columns) * found.shape[1] / columns).astype(int),
    )
    return found[picked]


@pytest.mark.parametrize("name", CHANGES)
def test_an_honest_answer_stays(name):
    pixels, labels = scene()
    assert agreement(labels, answered(CHANGES[name], pixels, bright)) == 1


@pytest.mark.parametrize("name", CHANGES)
def test_every_change_changes_what_is_shown(name):
    pixels, _ = scene()
    change = CHANGES[name]
    there = change.there(pixels)
    assert change.scale != 1 or there.shape != pixels.shape or not np.array_equal(there, pixels)


def test_the_noise_that_is_added_is_the_same_each_time():
    pixels, _ = scene()
    one, other = (CHANGES["noisier"].there(pixels) for _ in range(2))
    np.testing.assert_array_equal(one, other)


def test_what_was_found_by_accident_comes_and_goes():
    pixels, labels = scene()
    found = disagreements(labels, answers(pixels, lambda shown, scale: labels))  # the same whatever is shown
    assert found["not_as_mirrored"] == 1
    assert found["not_as_noisier"] == 0
    assert found.keys() == {f"not_as_{name}" for name in CHANGES}


def test_nothing_agrees_with_nothing():
    empty, _ = np.zeros((9, 9), np.int32), None
    full = np.ones((9, 9), np.int32)
    assert agreement(empty, empty) == 1
    assert agreement(empty, full) == agreement(full, empty) == 0
