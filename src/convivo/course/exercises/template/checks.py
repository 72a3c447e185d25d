"""What is asked of the learner's program. One check, one question.

`yours` asks the learner's program, which runs in another process; `ours` asks the solution. Draw inputs from `rng`, so
that no answer can be learned by heart. Ask `yours` before all else, and let its exceptions pass: they become "not
written yet", or the words of the error.

`compared` (arrays) and `said` (numbers, texts, lists) hold both against each other and make the picture: input, yours,
expected, difference. `wrong` is the sentence for any wrong answer. `mistakes` are the answers of known misconceptions:
whoever gives one is told which it is. The folder wrong/ holds a program for each, which proves that.
"""

from __future__ import annotations

import numpy as np

from convivo.course.checks import Answer, Check, Learner, Panel, compared


def ends(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    """On an image with an offset, as of a camera."""
    image = 100 + rng.poisson(40, size=(24, 32)).astype(float)
    return compared(
        yours.call("stretch", image),
        ours.call("stretch", image),
        given=Panel("input", image),
        right="The darkest pixel is 0 and the brightest is 1.",
        wrong="The values do not go from 0 to 1, each in its place between.",
        mistakes=[
            (
                image / image.max(),
                "You divided by the brightest value, and the camera's offset is still there.",
            ),
            (
                image - image.min(),
                "You took the offset away; now divide by what is left of the brightest value.",
            ),
        ],
    )


def negative(yours: Learner, ours: Learner, rng: np.random.Generator) -> Answer:
    """Values below zero occur, for instance after a background was subtracted."""
    image = rng.normal(0, 20, size=(24, 32))
    return compared(
        yours.call("stretch", image),
        ours.call("stretch", image),
        given=Panel("input, with values below 0", image, signed=True),
        right="Values below 0 are no exception.",
        wrong="With values below 0 the result does not go from 0 to 1.",
    )


# name (small letters; hints.md and wrong/ use it), what the learner reads, the function, points
CHECKS = [
    Check("ends", "the darkest pixel is 0, the brightest 1", ends, points=2),
    Check("negative", "values below 0", negative),
]
