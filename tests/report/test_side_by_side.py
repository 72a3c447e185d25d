"""What is shown of restored images: the piece and the row with most to see, on one brightness, and the profile."""

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from convivo.report.brightness import on_scale_of
from convivo.report.contrast import most_contrasted_piece, most_contrasted_row
from convivo.report.profile import profile


def field(seed=0, shape=(60, 80)):
    return np.random.default_rng(seed).gamma(2.0, 50.0, shape)


@given(gain=st.floats(0.01, 100), offset=st.floats(-1000, 1000))
def test_whatever_the_exposure_was_the_image_is_near_the_reference(gain, offset):
    reference = field()
    shown = on_scale_of(reference, gain * reference + offset)
    near = 1e-3 if shown.changed else 0.25 * np.ptp(reference) + 0.1 * np.ptp(reference)
    assert np.abs(shown.pixels - reference).max() <= near


def test_noise_does_not_pull_the_gain_down():
    reference = field()
    noisy = 0.2 * reference + np.random.default_rng(1).normal(0, 30, reference.shape)
    shown = on_scale_of(reference, noisy)
    assert shown.changed
    slope = np.polyfit(reference.ravel(), shown.pixels.ravel(), 1)[0]
    assert slope == pytest.approx(1, abs=1e-3)


def test_an_image_near_the_scale_or_unrelated_stays_as_it_is():
    reference = field()
    for image in (1.1 * reference, np.full(reference.shape, 3.0), 0.01 * field(seed=9)):
        shown = on_scale_of(reference, image)
        assert not shown.changed
        assert shown.pixels is image


def test_small_images_are_shown_whole_and_one_hot_pixel_chooses_nothing():
    assert most_contrasted_piece(field(shape=(320, 200))) == (slice(0, 320), slice(0, 200))
    page = np.zeros((600, 700))
    page[10, 10] = 1e9
    page[400:500, 500:600] += field(shape=(100, 100))
    rows, columns = most_contrasted_piece(page)
    assert (rows.stop - rows.start, columns.stop - columns.start) == (256, 256)
    assert rows.start <= 400
    assert rows.stop >= 500
    assert columns.start <= 500
    assert columns.stop >= 600


def test_a_narrow_image_keeps_its_narrow_side():
    rows, columns = most_contrasted_piece(field(shape=(100, 900)))
    assert rows == slice(0, 100)
    assert columns.stop - columns.start == 256


def test_the_row_leads_through_the_contrast():
    page = np.zeros((100, 120))
    page[70:76, 40:46] = 1
    assert 66 <= most_contrasted_row(page) <= 79


def test_the_profile_says_what_it_draws_and_takes_the_ink_of_the_page():
    row = field()[0]
    drawing = profile(row, [("Net", row), ("_Other", row)], row, 300)
    element = ElementTree.fromstring(drawing)
    words = " ".join(element.itertext())
    assert all(
        word in words for word in ("as it came", "truth", "Net", "_Other", "x in pixels", "grey value")
    )
    assert "320" in words.split()
    assert element.attrib["aria-label"].endswith("the image as it came, Net, _Other, the truth")
    assert "stroke: currentColor; stroke-width: 2.6" in drawing  # the truth
    assert "truth" not in profile(row, [("Net", row)], None)
