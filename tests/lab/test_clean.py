"""What the lab says of a practice picture without noise."""

import msgspec
import numpy as np

from convivo.lab.answering import answer
from convivo.lab.questions.clean import clean
from convivo.lab.questions.picture import picture
from convivo.lab.window import Window


def test_the_clean_picture_is_the_same_part_of_the_same_field():
    window = Window("nuclei", y=40, x=90, side=100)
    seen, known = picture(window).pixels, clean(window).pixels
    assert known.shape == seen.shape == (100, 100)

    def off(other):
        return float(np.square(seen - other)[5:-5, 5:-5].mean())

    assert abs((seen - known).mean()) < 1  # grey value: noise has no mean
    for axis in (0, 1):
        for step in (-1, 1):
            assert off(known) < 0.5 * off(np.roll(known, step, axis))


def test_of_an_image_of_ones_own_nobody_knows_the_clean_one():
    assert clean(Window("own-0123456789abcdef")).pixels is None
    status, body = answer("clean", msgspec.json.encode(Window("own-0123456789abcdef")))
    assert (status, msgspec.msgpack.decode(body)) == (200, {"pixels": None})
