"""Blind spot, driven by hand and by keys; its numbers against numpy's least squares on the same picture."""

from __future__ import annotations

import numpy as np
import pytest

from convivo.lab import practice
from convivo.lab.questions.picture import picture
from convivo.lab.window import Window
from convivo.ops.scores import restoration_score
from page.looks import assert_accessible, open_screen
from page.node import run_node

SIDE, MIDDLE = 9, 40
SHAPE = (256, 256)
INNER = (slice(4, -4), slice(4, -4))


def read(page, name: str) -> str:
    return page.locator(f"[data-read={name}]").inner_text()


def wait_until(page, name: str, expected: str) -> None:
    page.wait_for_function(
        "([name, expected]) => document.querySelector(`[data-read=${name}]`)?.textContent === expected",
        arg=[name, expected],
    )


def shares(values):
    seen = picture(Window("nuclei"))
    return (values.astype(float) - seen.low) / (seen.high - seen.low)


def noisy(deviation: float, share: float):
    """The practice picture with the noise that the page draws."""
    module = "explorables/blind-spot/noise.ts"
    own = np.reshape(run_node(module, "page.ownNoise(256, 256, 0)"), SHAPE)
    rows = np.reshape(run_node(module, "page.rowNoise('streaks', 256, 256, 0)"), SHAPE)
    added = deviation * (np.sqrt(1 - share) * own + np.sqrt(share) * rows)
    return shares(practice.image("nuclei").image) + added


def fitted(values, hidden):
    """What numpy guesses of every pixel, and the mean squared error."""
    mean = values.mean()
    windows = np.lib.stride_tricks.sliding_window_view(values - mean, (SIDE, SIDE)).reshape(-1, SIDE * SIDE)
    places = [place for place in range(SIDE * SIDE) if place not in hidden]
    weights = np.linalg.lstsq(windows[:, places], windows[:, MIDDLE], rcond=None)[0]
    guesses = windows[:, places] @ weights
    return guesses.reshape(248, 248) + mean, float(((guesses - windows[:, MIDDLE]) ** 2).mean())


def test_a_key_on_the_slider_gives_numpys_loss_and_convivos_psnr(page):
    open_screen(page, "blind-spot?noise=0.2&along=0.25")
    page.get_by_role("slider", name="Noise added").focus()
    page.keyboard.press("ArrowRight")
    values = noisy(0.21, 0.25)
    restored, loss = fitted(values, {MIDDLE})
    wait_until(page, "loss", f"{loss:.4f}")
    clean = shares(practice.image("nuclei").clean)[INNER]
    score = restoration_score(restored, clean, data_range=1)
    wait_until(page, "psnr-result", f"{score.psnr:.2f} dB")
    assert read(page, "noise") == f"{np.square(values[INNER] - clean).mean():.4f}"


def test_the_frame_is_dragged_and_the_guess_is_numpys(page):
    open_screen(page, "blind-spot")
    frame = page.get_by_role("application", name="window in the noisy picture")
    box = frame.bounding_box()
    page.mouse.move(box["x"] + 5, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * (100.5 / 248), box["y"] + box["height"] * (60.5 / 248), steps=4)
    page.mouse.up()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    restored, _ = fitted(noisy(0.2, 0), {MIDDLE})
    wait_until(page, "guess", f"{restored[61, 110]:.3f}".replace("-", "−"))


def test_an_open_spot_gives_the_pixel_itself(page):
    open_screen(page, "blind-spot")
    page.get_by_role("radio", name="open").focus()
    page.keyboard.press("ArrowLeft")  # round the group, to its last: the row
    wait_until(page, "row-weights", "0.000")
    page.keyboard.press("ArrowRight")
    wait_until(page, "middle", "+1.000")
    assert read(page, "guess") == read(page, "measured")
    assert read(page, "psnr-result") == read(page, "psnr-noisy")
    assert read(page, "loss") == "0.0000"


def test_streaks_come_through_a_hidden_pixel_and_not_through_a_hidden_row(page):
    open_screen(page, "blind-spot?along=1")
    wait_until(page, "middle", "0.000")
    through = {}
    for name in ("pixel hidden", "row hidden"):
        page.get_by_text(name, exact=True).first.click()
        page.wait_for_timeout(100)
        through[name] = float(read(page, "row-through").split()[0])
    assert through["pixel hidden"] > 80
    assert through["row hidden"] < 20


def test_predict_first_hides_what_is_asked_for(page):
    open_screen(page, "blind-spot")
    page.get_by_label("Predict first").check()
    result = page.get_by_role("img", name="what the fit guesses of every pixel")
    page.get_by_text("the noisy picture again").wait_for()
    assert result.count() == 0
    page.get_by_text("the noisy picture again").click()
    page.get_by_role("button", name="That is what I expect").first.click()
    result.wait_for()


@pytest.mark.parametrize("view", ["", "?spot=row&lines=stripes&along=0.5&show=noise"])
def test_blind_spot_is_accessible_in_every_look(page, view):
    open_screen(page, f"blind-spot{view}")
    page.locator("[data-read=loss]").wait_for()
    assert_accessible(page)
