"""A learning curve in a sentence and as a picture."""

from types import SimpleNamespace

import pytest
from PIL import Image as Pillow

from convivo.ops.power_law import PowerLaw
from convivo.report.learning import draw, verdict
from convivo.run.curve import Conclusion, Gain


def gain(size, half=0.01):
    return Gain(size, size - half, size + half)


def standings(*images):
    trials = [SimpleNamespace(images=count, filters=16) for count in images]
    trials.append(SimpleNamespace(images=images[-1], filters=32))
    return [SimpleNamespace(trial=trial) for trial in trials]


def conclusion(data, net, *, law=None, over=None):
    gap = data.size - net.size
    return Conclusion(
        accuracy=tuple(gain(0.5 + 0.05 * number, 0.03) for number in range(5)),
        data=data,
        net=net,
        data_over_net=over or gain(gap),
        law=law,
        doubled=gain(0.03) if law else None,
        why_no_law="" if law else "there is a reason",
    )


FIVE = standings(5, 10, 20, 40)


@pytest.mark.parametrize(
    ("data", "net", "over", "words"),
    [
        (gain(0.05), gain(0.02), None, "Data helps more than the net: "),
        (gain(0.02), gain(0.05), None, "The net helps more than data: "),
        (gain(0.03), gain(0.03), None, "Data and net help alike, as far as these images tell: "),
        (gain(0.0), gain(-0.03), None, "Neither more data nor a larger net helps for sure: "),
        (
            gain(0.03),
            gain(0.02, 0.05),
            gain(0.01, 0.04),
            "Data helps, and whether the net does is not sure: ",
        ),
        (
            gain(0.02, 0.05),
            gain(0.03),
            gain(-0.01, 0.04),
            "The net helps, and whether data does is not sure: ",
        ),
    ],
)
def test_it_is_said_which_helps_more(data, net, over, words):
    assert verdict(FIVE, conclusion(data, net, over=over)).startswith(words)


def test_numbers_stand_with_what_chance_leaves():
    words = verdict(FIVE, conclusion(gain(0.05), gain(-0.02)))
    assert "40 images instead of 20 raise the accuracy by 0.050 (+0.040 to +0.060)" in words
    assert "a net of 32 filters instead of 16 lowers the accuracy by 0.020 (-0.030 to -0.010)" in words
    assert words.endswith(", which may need more --minutes. There is a reason")


def test_more_images_are_promised_where_a_law_was_fitted():
    words = verdict(FIVE, conclusion(gain(0.05), gain(0.02), law=PowerLaw(0.1, 1, 0.5)))
    assert words.endswith("80 images would raise it by 0.030 more (0.020 to 0.040)")


def test_one_part_alone_tells_of_the_net():
    found = Conclusion((gain(0.5), gain(0.6)), None, gain(0.1), None, None, None, "too few")
    assert verdict(standings(3), found).startswith("There are too few groups")


@pytest.mark.parametrize("law", [None, PowerLaw(0.1, 1, 0.5)])
def test_the_picture_is_one(tmp_path, law):
    path = tmp_path / "curve.png"
    draw(path, FIVE, conclusion(gain(0.05), gain(0.02), law=law))
    with Pillow.open(path) as picture:
        assert picture.size == (900, 540)
        assert len(picture.convert("RGB").getcolors(500_000)) > 50
