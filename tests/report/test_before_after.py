"""The sheet of restored images: both halves can be seen, whatever the exposures were."""

import numpy as np

from convivo.report.before_after import LINE, BeforeAfter
from convivo.types import Image


def test_an_image_of_another_exposure_is_seen_beside_what_was_made_of_it():
    light = np.random.default_rng(0).gamma(2.0, 50.0, (1, 60, 80))
    sheet = BeforeAfter()
    sheet.add("dim", Image(light / 40), Image(light + 300))
    (tile,) = sheet.tiles
    before, after = tile.image[:, :80], tile.image[:, 80 + LINE :]
    assert np.abs(before.astype(int) - after).max() <= 1
    assert np.ptp(after) == 255
