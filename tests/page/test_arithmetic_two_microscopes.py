"""The arithmetic of Two microscopes against numpy."""

from __future__ import annotations

import numpy as np

from page.node import run_node


def test_pictures_are_split_compared_and_cut_along_a_row_as_numpy_does():
    one, other = np.random.default_rng(0).random((2, 12, 9)).astype(np.float32)
    said = run_node(
        "explorables/two-microscopes/split.ts",
        "({ split: page.splitAt(given.one.data, given.other.data, 9, 4), range: page.range(given.one.data, 0.1),"
        " difference: page.difference(given.one.data, given.other.data), row: page.profile(given.one.data, 9, 5) })",
        one=one,
        other=other,
    )
    np.testing.assert_array_equal(np.reshape(said["split"], one.shape), np.hstack([one[:, :4], other[:, 4:]]))
    np.testing.assert_allclose(said["difference"], (one - other).ravel(), atol=1e-7)
    np.testing.assert_allclose(said["row"], np.column_stack([np.arange(9), one[5]]), atol=1e-7)
    expected = np.percentile(one, (5, 95), method="nearest")
    np.testing.assert_allclose([said["range"]["low"], said["range"]["high"]], expected, atol=1e-7)
