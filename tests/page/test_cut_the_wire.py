"""Cut the wire, driven by hand and by keys; its numbers against Python's."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import expect

from convivo.lab import shelf, wires
from convivo.lab.questions.unet_maps import passes
from convivo.lab.window import Window
from convivo.ops.scores import match, outline_distances
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import predict
from page.looks import assert_accessible, open_screen

WINDOW = Window("small")


def wait_until(page, name: str, expected: str) -> None:
    page.wait_for_function(
        "([name, expected]) => document.querySelector(`[data-read='${name}']`)?.textContent === expected",
        arg=[name, expected],
    )


def found_by(cut: tuple[int, ...]):
    """The truth, and what the net finds that was trained without these skips."""
    seen = shelf.cut(WINDOW)
    exact = PredictOptions(engine=Wanted(engine="torch", precision="float32"))
    return seen.truth, predict(wires.load(cut), seen.as_image(), exact).labels


def outlines_off(cut: tuple[int, ...]) -> str:
    return f"{outline_distances(*found_by(cut), 0.75).mean():.2f} px"


def right(cut: tuple[int, ...]) -> str:
    return f"{match(*found_by(cut), 0.5).true_positives} of 50"


def test_a_click_on_a_skip_and_a_key_on_another_are_answered_by_the_nets_without_them(page):
    open_screen(page, "cut-the-wire")
    wait_until(page, "off-whole", outlines_off(()))
    wait_until(page, "off-cut", outlines_off(()))
    page.get_by_role("button", name="cut the skip of level 1").click()
    wait_until(page, "off-cut", outlines_off((0,)))
    page.get_by_role("button", name="cut the skip of level 2").focus()
    page.keyboard.press("Enter")
    wait_until(page, "off-cut", outlines_off((0, 1)))
    wait_until(page, "right-cut", right((0, 1)))
    page.get_by_role("button", name="cut the skip of level 3").click()
    wait_until(page, "off-cut", outlines_off((0, 1, 2)))
    wait_until(page, "off-whole", outlines_off(()))


def test_outlines_are_less_exact_the_more_skips_are_missing():
    off = [float(outlines_off(cut).split()[0]) for cut in ((), (0,), (0, 1), (0, 1, 2))]
    assert off == sorted(off)
    assert off[-1] > 1.5 * off[0]


def strongest_map(stage: int):
    """The map of a block that varies most, as the net makes it."""
    model = shelf.shipped("nuclei-unet")
    maps = passes(model, model.prepare(shelf.cut(WINDOW).pixels[None]))[stage].maps
    return maps[np.argmax(maps.std(axis=(1, 2)))]


def read_value(page, stage: int) -> float:
    return float(page.locator(f"[data-read=value-{stage}]").inner_text())


@pytest.mark.parametrize("stage", [0, 3, 6])
def test_the_followed_pixel_goes_through_all_levels_by_hand_and_by_keys(page, stage):
    open_screen(page, "cut-the-wire")
    picture = page.get_by_role("application", name="pixel that is followed")
    page.locator(f"[data-read=value-{stage}]").wait_for()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 3, box["y"] + 3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 70.5 / 256, box["y"] + box["height"] * 78.5 / 256, steps=4)
    page.mouse.up()
    for key in ("ArrowRight", "ArrowRight", "ArrowUp"):
        page.keyboard.press(key)
    side = {0: 1, 3: 8, 6: 1}[stage]
    page.wait_for_timeout(100)
    exact = strongest_map(stage)
    # maps travel in 255 steps, and two digits are shown
    near = pytest.approx(float(exact[77 // side, 72 // side]), abs=float(exact.max()) / 500 + 0.005)
    assert read_value(page, stage) == near


def test_the_gate_says_where_a_size_stops(page):
    open_screen(page, "cut-the-wire")
    page.get_by_label("height").fill("104")
    wait_until(page, "gate", "Stops at level 3. The nearest that go through: 104 × 96 and 104 × 104.")
    page.get_by_label("width").fill("104")
    wait_until(page, "gate", "104 × 104 goes through unchanged.")
    page.get_by_label("width").focus()
    page.keyboard.press("ArrowUp")
    wait_until(page, "gate", "Stops at level 1. The nearest that go through: 104 × 104 and 104 × 112.")


def test_channels_of_the_skip_and_from_below_add_up_to_what_the_net_reads(page):
    open_screen(page, "cut-the-wire")
    up = shelf.shipped("nuclei-unet").net.up
    for level, block in zip((2, 1, 0), up, strict=True):
        wait_until(page, f"reads-{level}", f"= {block[0][0].in_channels}")


def test_predict_first_hides_the_answers(page):
    open_screen(page, "cut-the-wire")
    page.get_by_label("Predict first").check()
    page.get_by_text("outlines are less exact").click()
    assert page.locator("[data-read=off-cut]").count() == 0
    page.get_by_role("button", name="That is what I expect").first.click()
    page.locator("[data-read=off-cut]").wait_for()


@pytest.mark.parametrize("view", ["", "?cut-1=yes&cut-2=yes&cut-3=yes&tall=101"])
def test_cut_the_wire_is_accessible_in_every_look(page, view):
    open_screen(page, f"cut-the-wire{view}")
    page.locator("[data-read=value-0]").wait_for()
    assert_accessible(page)


def test_what_a_cut_did_is_told_beside_the_arrows(page):
    open_screen(page, "cut-the-wire")
    page.get_by_text("Click on an arrow.").wait_for()
    page.get_by_role("button", name="level 1, the finest").click()
    told = page.locator(".cut-the-wire-told")
    expect(told).to_contain_text("Cut: level 1.")
    whole, cut = (page.locator(f"[data-read=found-{each}]") for each in ("whole", "cut"))
    expect(cut).to_have_text(re.compile(r"\d"), timeout=30_000)
    expect(told).to_contain_text(f"Nuclei found: {whole.text_content()} → {cut.text_content()}")
    expect(told).to_be_in_viewport(ratio=1)
    told.get_by_role("button", name="See the answers").click()
    expect(page.get_by_role("heading", name="What the nets answer")).to_be_in_viewport()


def test_what_a_cut_did_waits_for_the_prediction(page):
    open_screen(page, "cut-the-wire")
    page.get_by_text("Click on an arrow.").wait_for()
    page.get_by_label("Predict first").check()
    page.get_by_role("button", name="level 1, the finest").click()
    told = page.locator(".cut-the-wire-told")
    expect(told).to_contain_text("What changes?")
    expect(told).not_to_contain_text("Nuclei found")
