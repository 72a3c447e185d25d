"""The colours in which numbers are shown."""

import re

from page.node import run_node


def test_negative_is_purple_and_positive_orange():
    negative, zero, positive = (
        [int(part) for part in re.findall(r"\d+", colour)]
        for colour in run_node(
            "parts/colour-maps.ts", "[-0.8, 0, 0.8].map((v) => page.colour(v, -1, 1, 'signed'))"
        )
    )
    assert negative[2] > negative[0] > negative[1]
    assert positive[0] > positive[1] > positive[2]
    assert min(zero) > 230
    assert max(zero) - min(zero) < 12
