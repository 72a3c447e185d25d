"""The small explorables, driven by hand and by keys, each with a number that Python knows too."""

from __future__ import annotations

import re

import numpy as np
from playwright.sync_api import Page, expect

from convivo.lab.filaments import filaments
from convivo.lab.questions.picture import picture
from convivo.lab.questions.two_microscopes import Exposed, Misaligned, misaligned
from convivo.lab.window import Window
from convivo.nets import receptive
from convivo.nets.unet import UNet, UNetSize
from convivo.ops import tiling
from convivo.ops.scores import restoration_score
from convivo.ops.simulate import low_exposure
from page.looks import open_screen, violations
from page.node import run_node


def read(page: Page, name: str) -> str:
    return page.locator(f"[data-read={name}]").inner_text()


def expect_read(page: Page, name: str, said: str) -> None:
    expect(page.locator(f"[data-read={name}]")).to_have_text(said)


def press(page: Page, slider: str, *keys: str) -> None:
    """Press keys on a slider."""
    page.get_by_role("slider", name=slider).focus()
    for key in keys:
        page.keyboard.press(key)


def drag_to_end(page: Page, slider: str) -> None:
    """Take a slider by the mouse and let it go at its right end."""
    box = page.get_by_role("slider", name=slider).bounding_box()
    assert box is not None
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] / 2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 1, middle, steps=3)
    page.mouse.up()


def assert_fit(page: Page, width: int, theme: str) -> None:
    """No violation in one look, and nothing wider than the window."""
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=theme)
    page.wait_for_timeout(50)
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.set_viewport_size({"width": 1440, "height": 900})


def needle_field(percent: float, border: int) -> tuple[np.ndarray, np.ndarray]:
    field = run_node(
        "explorables/needle-field/field.ts",
        "page.fieldOf(page.sampleOf(3), given.percent / 100, given.border)",
        percent=percent,
        border=border,
    )
    return np.array(field["truth"], bool), np.array(field["values"])


def test_needle_field_scores_as_numpy_does(page):
    open_screen(page, "needle-field?foreground=5&border=28")
    press(page, "Foreground, of the sample", "ArrowRight")
    truth, values = needle_field(3, 28)
    called = values > 2.5
    expect_read(page, "accuracy-good", f"{100 * (called == truth).mean():.1f} %")
    dice = f"{200 * (called & truth).sum() / (called.sum() + truth.sum()):.1f} %"
    expect_read(page, "dice-good", dice)
    before = read(page, "accuracy-good")
    press(page, "Empty border around it", "Home")  # cropped away
    expect(page.locator("[data-read=accuracy-good]")).not_to_have_text(before)
    expect_read(page, "dice-good", dice)
    assert_fit(page, 390, "dark")
    page.get_by_role("tab", name="A class weight").click()
    recall = float(read(page, "weighted-recall").split()[0])
    drag_to_end(page, "Loss of foreground counts")
    expect_read(page, "meaning", "1.0 %")
    assert float(read(page, "weighted-recall").split()[0]) > recall
    assert_fit(page, 1440, "light")


def test_shift_test_leaves_what_numpy_finds(page):
    open_screen(page, "shift-test?shift=3&row=60&column=70")
    press(page, "Move the image right", "ArrowLeft")
    expect_read(page, "left-pooled", "0.0 %")  # two pixels are one step of the map
    press(page, "Move the image right", "ArrowLeft")
    expect_read(page, "left-convolved", "0.0 %")
    frame = page.get_by_role("application", name="frame")
    box = frame.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.4)
    row, column = round(0.4 * 256) - 24, 104
    expect(frame).to_have_accessible_name(re.compile(f"row {row}, column {column}"))
    pixels = picture(Window("nuclei")).pixels.astype(float)
    square = [pixels[row : row + 48, column - by : column - by + 48] for by in (0, 1)]
    before, after = (each.reshape(24, 2, 24, 2).max(axis=(1, 3)) for each in square)
    tries = [
        (after, before),
        (after[:, 1:], before[:, :-1]),
        ((after[:, :-1] + after[:, 1:]) / 2, before[:, :-1]),
    ]
    left = min(np.sqrt(((moved - was) ** 2).mean()) / was.std() for moved, was in tries)
    expect_read(page, "left-pooled", f"{100 * left:.1f} %")
    assert_fit(page, 390, "dark")


def test_teach_the_kernel_leaves_open_what_a_white_image_does_not_tell(page):
    page.emulate_media(reduced_motion="reduce")
    open_screen(page, "teach-the-kernel?learn-from=stripes&seed=4")
    expect_read(page, "open", "6")
    page.get_by_role("radio", name="stripes").focus()
    page.keyboard.press("ArrowLeft")
    expect_read(page, "open", "8")
    page.get_by_role("button", name="Train").click()
    expect_read(page, "loss", "0")
    start = np.array(run_node("explorables/teach-the-kernel/images.ts", "page.startOf(4)"))
    error = start - np.outer([1, 2, 1], [1, 2, 1]).ravel() / 16
    expect_read(page, "off", f"{abs(error - error.mean()).max():.3f}")  # all but the mean stays
    page.get_by_role("radio", name="a face").check()
    expect_read(page, "off", "0.000")
    press(page, "Steps of learning", "Home")
    expect_read(page, "off", f"{abs(error).max():.3f}")
    assert_fit(page, 390, "dark")


def test_memory_budget_has_no_seam_from_convivos_halo_on(page):
    open_screen(page, "memory-budget?halo=20")
    net = UNet(UNetSize(filters=1, depth=2))
    halo = tiling.round_up(receptive.reach(net)[0], receptive.stride(net)[0])
    expect_read(page, "exact-halo", str(halo))
    expect(page.locator("[data-read=seam]")).not_to_have_text("0")
    press(page, "Halo around it", "ArrowRight")
    refused = page.get_by_text(f"A halo of {halo - 2} is refused")
    expect(refused).to_contain_text(f"Use {halo - 4} or {halo}.")
    expect_read(page, "seam", "–")
    press(page, "Halo around it", "ArrowRight")
    expect_read(page, "seam", "0")
    page.get_by_text("each tile", exact=True).click()
    expect(page.locator("[data-read=seam]")).not_to_have_text("0")
    assert_fit(page, 390, "dark")
    page.get_by_role("tab", name="Memory").click()
    drag_to_end(page, "Side of a tile")
    expect_read(page, "fits", "✗ It does not fit")
    weights = sum(each.numel() for each in UNet(UNetSize(filters=32)).parameters())
    expect_read(page, "weights", f"{4 * weights / 1e6:.3g} MB")


def split_machine(letters: str) -> dict[str, float]:
    """What numpy's nearest neighbours score where images are dealt so: t(raining), v(alidation), e(nd)."""
    patches = run_node("explorables/split-machine/specimens.ts", "page.patchesOf(4, 2)")
    at = np.array([patch["at"] for patch in patches])
    treated = np.array([patch["treated"] for patch in patches])
    sets = np.array([letters[patch["image"]] for patch in patches])
    away = ((at[:, None] - at[None, sets == "t"]) ** 2).sum(axis=2)
    right = treated[sets == "t"][away.argmin(axis=1)] == treated
    return {name: right[sets == letter].mean() for name, letter in (("validation", "v"), ("test", "e"))}


def test_split_machine_deals_by_mouse_and_keys_and_scores_as_numpy_does(page):
    open_screen(page, "split-machine?rule=hand&draw=2&hand=vttttttttttttttt")
    expect_read(page, "test", "–")
    card = page.get_by_role("listitem").filter(has_text="day 2, image 2")
    card.locator(".split-machine-name").drag_to(
        page.get_by_role("region", name="test"), target_position={"x": 40, "y": 40}
    )
    expect_read(page, "test", f"{split_machine('vttttetttttttttt')['test']:.2f}")
    page.get_by_role("combobox", name="day 1, image 4: put it into").focus()
    page.keyboard.press("ArrowDown")
    expect_read(page, "count-validation", "12 patches")
    scores = split_machine("vttvtetttttttttt")
    expect_read(page, "validation", f"{scores['validation']:.2f}")
    page.get_by_role("radio", name="patches at random").check()
    average = float(read(page, "average-validation"))
    assert average - float(read(page, "average-unseen")) > 0.2
    assert_fit(page, 390, "dark")
    page.get_by_role("tab", name="Team race").click()
    expect_read(page, "best-hidden", "–")
    press(page, "Tries of each team", "End")
    page.get_by_role("button", name="Open the hidden test set").click()
    teams = run_node("explorables/split-machine/race.ts", "page.race(100, 100, 1)")
    bias = np.mean([team["shown"] - team["hidden"] for team in teams])
    expect_read(page, "bias", f"{bias:.2f}")
    assert_fit(page, 1440, "light")


def test_two_microscopes_tell_what_python_measures(page):
    open_screen(page, "two-microscopes?tab=registration&offset=1&photons=20")
    press(page, "The bright image is shifted by", "ArrowRight", "ArrowRight")
    learned = misaligned(Misaligned(Exposed(Window("nuclei"), "picture", 20.0), 3))
    expect_read(page, "moved", f"{learned.moved:.1f} pixels")
    expect_read(page, "psnr-there", f"{learned.psnr:.2f} dB")
    assert_fit(page, 390, "dark")
    page.get_by_text("filaments", exact=True).click()  # before the net is asked, which is asked once then
    page.get_by_role("tab", name="Little light").click()
    truth = filaments(256, 0)
    low = low_exposure(truth, 20.0, np.random.default_rng(0))
    expect_read(page, "psnr-low", f"{restoration_score(low, truth).psnr:.2f} dB")
    handle = page.get_by_role("application", name="split and profile")
    box = handle.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.25, box["y"] + box["height"] * (100.5 / 256))
    page.keyboard.press("ArrowDown")
    expect(handle).to_have_accessible_name(re.compile("row 101, column 64"))
    assert_fit(page, 1440, "light")


def test_scrambler_harms_the_convolutional_net_alone(page):
    open_screen(page, "scrambler?seed=4")
    page.get_by_role("button", name="Other images").click()
    reached = run_node(
        "explorables/scrambler/learning.ts",
        "Object.fromEntries(['full', 'conv'].map((kind) => [kind, [false, true].map((mixed) =>"
        " [...page.learning(kind, mixed, 5)].at(-1).at(-1)[1])]))",
    )
    for kind in ("full", "conv"):
        expect_read(page, f"{kind}-plain", f"{100 * reached[kind][0]:.1f} %")
    page.get_by_label("Scramble all images").focus()
    page.keyboard.press("Space")
    for kind in ("full", "conv"):
        expect_read(page, f"{kind}-scrambled", f"{100 * reached[kind][1]:.1f} %")
    assert reached["conv"][0] - reached["conv"][1] > 0.3
    assert abs(reached["full"][0] - reached["full"][1]) < 0.1
    assert_fit(page, 390, "dark")
