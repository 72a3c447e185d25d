"""Pull the string: its arithmetic against `convivo.nets.receptive`, its influence against torch's own gradients."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import expect
from torch import nn

from convivo.lab import practice
from convivo.model import Model
from convivo.model.find import SHIPPED
from convivo.nets.receptive import sights, views
from convivo.run.influence import influence
from page.looks import assert_accessible, open_screen
from page.node import run_node

READ = {"also": {"read": "explorables/pull-the-string/layers.ts"}}
E1 = "c3 c3 p2 c3 c3 p2 c3 c3 p2 c3"
convolutions = st.builds(
    "c{}s{}d{}".format, st.sampled_from([1, 3, 5, 7]), st.integers(1, 2), st.sampled_from([1, 2, 4])
)
nets = st.lists(st.one_of(convolutions, st.just("p2"), st.just("u2")), min_size=1, max_size=8).filter(
    lambda layers: any(layer != "u2" for layer in layers)
)


def as_torch(layer):
    if layer == "p2":
        return nn.MaxPool1d(2)
    if layer == "u2":
        return nn.Upsample(scale_factor=2)
    size, stride, dilation = int(layer[1]), int(layer[3]), int(layer[5])
    return nn.Conv1d(1, 1, size, stride, dilation * (size // 2), dilation)


@settings(max_examples=1, deadline=None)
@given(st.lists(nets, min_size=60, max_size=60))
def test_fields_and_steps_are_those_of_convivo(many):
    seen = run_node(
        "explorables/pull-the-string/sight.ts",
        "given.nets.map((text) => page.views(read(text)))",
        **READ,
        nets=[" ".join(layers) for layers in many],
    )
    for layers, rows in zip(many, seen, strict=True):
        expected = views(nn.Sequential(*map(as_torch, layers)))
        assert [(row["step"], row["field"]) for row in rows] == [
            (float(view.step[0]), view.field[0]) for view in expected
        ], layers


def test_the_span_of_every_position_is_that_of_convivo():
    layers = ["c3s1d1", "p2", "c5s1d2", "u2", "c3s1d1"]
    (sight,) = sights(nn.Sequential(*map(as_torch, layers)))
    spans = run_node(
        "explorables/pull-the-string/sight.ts",
        "[-3, -2, -1, 0, 1, 2, 3].map((at) => page.span(read(given.net), at))",
        **READ,
        net=" ".join(layers),
    )
    assert [tuple(span) for span in spans] == [sight.at(position) for position in range(-3, 4)]


@pytest.mark.parametrize("name", ["nuclei", "nuclei-unet", "nuclei-care"])
def test_influence_of_the_part_is_the_gradient_of_the_whole(name):
    model = Model.load(SHIPPED / name)
    prepared = model.prepare(practice.image("nuclei").image[None])[:, :160, :160]
    at = (70, 91)
    seen = influence(model, prepared, at)
    shown = torch.from_numpy(prepared)[None].requires_grad_()
    answer = model.net(shown)[0]
    asked = {
        "nuclei": lambda: answer[0, at[0] // 2, at[1] // 2],
        "nuclei-unet": lambda: answer[1, at[0], at[1]] - answer[0, at[0], at[1]],
        "nuclei-care": lambda: answer[0::2, at[0], at[1]].mean(),
    }[name]()
    asked.backward()
    whole = shown.grad[0, 0].abs().numpy()
    part = np.zeros_like(whole)
    rows, columns = seen.shares.shape
    part[seen.top : seen.top + rows, seen.left : seen.left + columns] = seen.shares
    np.testing.assert_allclose(part, whole / whole.sum(), atol=1e-6)
    (first_y, last_y), (first_x, last_x) = seen.field
    outside = np.ones(whole.shape, bool)
    outside[max(0, first_y) : last_y + 1, max(0, first_x) : last_x + 1] = False
    assert not whole[outside].any()


def test_the_string_is_pulled_by_keys_and_by_mouse(page):
    open_screen(page, "pull-the-string")
    (sight,) = sights(
        nn.Sequential(*[as_torch("c3s1d1" if layer == "c3" else layer) for layer in E1.split()])
    )
    strip = page.get_by_role("slider", name="position of the answer")
    strip.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-read=span]")).to_have_text("{} to {}".format(*sight.at(1)))
    expect(page.locator("[data-read=field]")).to_have_text("52")
    box = strip.bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + 20)
    at = int(strip.get_attribute("aria-valuenow"))
    assert at < 0
    expect(page.locator("[data-read=span]")).to_have_text("{} to {}".format(*sight.at(at)))


def test_a_net_is_built_by_keys_and_says_whether_the_border_is_seen(page):
    open_screen(page, "pull-the-string?net=c3&diameter=10")
    expect(page.locator("[data-read=border]")).to_have_text("no")
    page.get_by_role("button", name="+ pool").press("Enter")
    page.get_by_role("button", name="+ conv").press("Enter")
    page.get_by_role("button", name="move layer 2, pool 2 towards the image").press("Enter")
    expect(page.locator("[data-read=field]")).to_have_text(
        str(views(nn.Sequential(nn.MaxPool1d(2), nn.Conv1d(1, 1, 3), nn.Conv1d(1, 1, 3)))[-1].field[0])
    )
    page.get_by_label("size of layer 3, conv 3").select_option("7")
    expect(page.locator("[data-read=border]")).to_have_text("yes")


def test_a_layer_is_dragged_to_another_place(page):
    open_screen(page, "pull-the-string?net=c3+p2")
    expect(page.locator("[data-read=field]")).to_have_text("4")
    rows = page.get_by_role("listitem").filter(has=page.get_by_role("button", name="take layer"))
    rows.nth(0).drag_to(rows.nth(1))
    expect(page.locator("[data-read=field]")).to_have_text("6")


def test_the_wrong_rule_is_shown_beside_the_truth(page):
    open_screen(page, f"pull-the-string?net={E1.replace(' ', '+')}")
    page.get_by_label("Compare with the rule").check()
    expect(page.get_by_role("row").last).to_have_text("conv 385266 ✗")


def test_the_influence_on_screen_is_pythons(page):
    open_screen(page, "pull-the-string?tab=nets&model=nuclei-unet&row=70&column=90")
    frame = page.get_by_role("application")
    frame.focus()
    page.keyboard.press("ArrowRight")
    model = Model.load(SHIPPED / "nuclei-unet")
    seen = influence(model, model.prepare(practice.image("nuclei").image[None]), (70, 91))
    expect(page.locator("[data-read=half]")).to_have_text(across(seen, 0.5), timeout=60_000)
    expect(page.locator("[data-read=nine-tenths]")).to_have_text(across(seen, 0.9))
    expect(page.locator("[data-read=most]")).to_have_text(across(seen, 0.95))
    expect(page.locator("[data-read=living]")).to_have_count(0)
    expect(page.locator("[data-read=field]")).to_have_text("100")


def across(seen, share):
    """The width of the circle, in whole pixels; a half is rounded up, as the page does."""
    return str(2 * int(seen.radii[share] + 0.5) + 1)


def test_the_silent_layer_of_the_shipped_stardist_is_told(page):
    open_screen(page, "pull-the-string?tab=nets&model=nuclei")
    expect(page.locator("[data-read=living]")).to_have_text("59", timeout=60_000)
    expect(page.locator("[data-read=field]")).to_have_text("203")
    expect(page.get_by_text("unet.up.0.1.1")).to_have_count(1)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/api/ask/string", hold)  # the next answer is late
    with page.expect_request("**/api/ask/string"):
        page.get_by_label("nuclei-care").check()
    # and nothing is said of the wrong net meanwhile
    expect(page.get_by_text("unet.up.0.1.1")).to_have_count(0)
    held[0].continue_()
    expect(page.locator("[data-read=field]")).to_have_text("44", timeout=60_000)
    expect(page.get_by_text("unet.up.0.1.1")).to_have_count(0)


def test_the_presets_of_shipped_nets_are_those_nets():
    presets = dict(run_node("explorables/pull-the-string/presets.ts", "page.PRESETS"))
    for name in ("nuclei", "nuclei-unet", "nuclei-care"):
        rows = run_node(
            "explorables/pull-the-string/sight.ts",
            "page.views(read(given.net))",
            **READ,
            net=presets[f"Shipped: {name}"],
        )
        # a skip has a row of its own in Python, and changes nothing
        expected = [view for view in views(Model.load(SHIPPED / name).net) if view.kind != "cat"]
        assert [(row["step"], row["field"]) for row in rows] == [
            (float(view.step[0]), view.field[0]) for view in expected
        ]


@pytest.mark.parametrize("tab", ["layers", "nets"])
def test_pull_the_string_is_accessible_in_every_look(page, tab):
    open_screen(page, f"pull-the-string?tab={tab}")
    page.locator("[data-read=field]").wait_for(timeout=60_000)
    assert_accessible(page)
