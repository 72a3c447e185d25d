"""Kernel bench, driven by hand and by keys; its numbers against SciPy's."""

import numpy as np
from scipy import ndimage

from convivo.lab import practice
from page.looks import assert_accessible, open_screen
from page.node import run_node


def test_the_page_correlates_as_scipy_does():
    rng = np.random.default_rng(0)
    pixels = rng.normal(size=(17, 23)).astype(np.float32)
    for side in (3, 5):
        kernel = rng.normal(size=(side, side))
        answer = run_node(
            "explorables/kernel-bench/convolution.ts",
            "page.correlate(given.pixels, given.kernel)",
            pixels=pixels,
            kernel=kernel.ravel().tolist(),
        )
        expected = ndimage.correlate(pixels.astype(float), kernel, mode="constant")
        np.testing.assert_allclose(
            np.reshape(answer["data"], answer["shape"]), expected, rtol=1e-5, atol=1e-5
        )


def test_arrow_keys_move_the_patch_and_its_sum_is_scipys(page):
    open_screen(page, "kernel-bench?row=40&column=50")
    frame = page.get_by_role("application")
    frame.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    kernel = [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]
    expected = ndimage.correlate(practice.image("nuclei").image.astype(float), kernel, mode="constant")[
        41, 60
    ]
    page.wait_for_function(
        "expected => document.querySelector('[data-read=sum]').textContent == expected", arg=f"{expected:.1f}"
    )


def test_kernel_bench_is_accessible_in_every_look(page):
    open_screen(page, "kernel-bench")
    page.get_by_role("application").wait_for()
    assert_accessible(page)
