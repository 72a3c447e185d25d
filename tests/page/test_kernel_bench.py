"""Kernel bench, driven by hand and by keys; its numbers against torch's and SciPy's."""

import numpy as np
import pytest
import torch
from playwright.sync_api import expect
from scipy import ndimage
from torch import nn
from torch.nn import functional as F

from convivo.lab import practice
from convivo.lab.questions.kernels import KernelsRequest, kernels
from convivo.model import Model
from convivo.model.find import SHIPPED
from page.looks import assert_accessible, open_screen
from page.node import run_node

SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]], float)
MODULE = "explorables/kernel-bench/convolution.ts"


def by_torch(pixels, kernel, padding, stride):
    reach = kernel.shape[0] // 2
    shown = torch.tensor(pixels, dtype=torch.float64)[None, None]
    if padding != "none":
        shown = F.pad(shown, (reach,) * 4, mode="constant" if padding == "zeros" else "reflect")
    return F.conv2d(shown, torch.tensor(kernel)[None, None], stride=stride)[0, 0].numpy()


@pytest.mark.parametrize("stride", [1, 2, 4])
@pytest.mark.parametrize("padding", ["zeros", "none", "reflect"])
@pytest.mark.parametrize("side", [3, 5])
def test_the_page_computes_what_torch_does(side, padding, stride):
    rng = np.random.default_rng(side + stride)
    pixels = rng.normal(size=(17, 22)).astype(np.float32)
    kernel = rng.normal(size=(side, side))
    layer = {"kernel": kernel.ravel().tolist(), "padding": padding, "stride": stride}
    answer = run_node(
        MODULE,
        "({ all: page.correlate(given.pixels, given.layer), rows: page.outputLength(17, given.layer), "
        "middle: [page.middleOf(1, given.layer), page.middleOf(2, given.layer)], "
        "patch: page.patch(given.pixels, given.layer, page.middleOf(1, given.layer), page.middleOf(2, given.layer)) })",
        pixels=pixels,
        layer=layer,
    )
    expected = by_torch(pixels, kernel, padding, stride)
    got = np.reshape(answer["all"]["data"], answer["all"]["shape"])
    np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-5)
    assert answer["rows"] == expected.shape[0]
    np.testing.assert_allclose(np.dot(answer["patch"], kernel.ravel()), expected[1, 2], rtol=1e-5, atol=1e-5)


def test_a_kept_sum_stays_whatever_weight_is_set():
    kernel = SOBEL.ravel().tolist()
    changed = run_node(MODULE, "page.withWeight(given.kernel, 4, 3, 1)", kernel=kernel)
    assert changed[4] == 3
    assert sum(changed) == pytest.approx(1)
    shifts = {round(after - before, 9) for after, before in zip(changed, kernel, strict=True)} - {3.0}
    assert len(shifts) == 1


@pytest.mark.parametrize(
    ("channels", "filters", "kernel", "side"), [(2, 16, 3, 8), (3, 5, 7, 12), (1, 1, 1, 4)]
)
def test_parameters_are_those_of_torch(channels, filters, kernel, side):
    stack = {"channels": channels, "filters": filters, "kernel": kernel, "side": side}
    costs = run_node(
        "explorables/kernel-bench/counts.ts",
        "[page.convolutional(given.stack), page.fullyConnected(given.stack)]",
        stack=stack,
    )
    layers = [
        nn.Conv2d(channels, filters, kernel, padding="same"),
        nn.Linear(channels * side**2, filters * side**2),
    ]
    for layer, cost in zip(layers, costs, strict=True):
        assert cost["weights"] == layer.weight.numel()
        assert cost["biases"] == layer.bias.numel()
        assert cost["parameters"] == sum(each.numel() for each in layer.parameters())
    assert costs[0]["multiplyAdds"] == layers[0].weight.numel() * side**2
    assert costs[1]["multiplyAdds"] == layers[1].weight.numel()


@pytest.mark.parametrize("name", ["nuclei", "nuclei-unet"])
def test_the_kernels_shown_are_the_first_of_the_shipped_net(name):
    state = Model.load(SHIPPED / name).net.state_dict()
    first = next(weight for key, weight in state.items() if key.endswith("weight"))
    np.testing.assert_array_equal(kernels(KernelsRequest(name)).weights, first[:, 0].numpy())


def sum_at(row, column, kernel=SOBEL, mode="constant"):
    pixels = practice.image("nuclei").image.astype(float)
    return f"{ndimage.correlate(pixels, kernel, mode=mode)[row, column]:.1f}"


def test_arrow_keys_move_the_patch_and_its_sum_is_scipys(page):
    open_screen(page, "kernel-bench?row=40&column=50")
    page.get_by_role("application").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowRight")
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60))


def test_the_mouse_drags_the_patch(page):
    open_screen(page, "kernel-bench")
    box = page.get_by_role("application").bounding_box()
    scale = box["width"] / 256
    page.mouse.move(box["x"] + 20 * scale, box["y"] + 20 * scale)
    page.mouse.down()
    page.mouse.move(box["x"] + 80.5 * scale, box["y"] + 70.5 * scale)
    page.mouse.up()
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(70, 80))


def test_a_weight_is_set_by_keys_and_by_dragging(page):
    open_screen(page, "kernel-bench?row=41&column=60")
    weight = page.get_by_label("weight in row 1, column 1")
    weight.focus()
    page.keyboard.press("ArrowUp")
    changed = SOBEL.copy()
    changed[0, 0] = -0.9
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60, changed))
    box = page.get_by_label("weight in row 2, column 2").bounding_box()
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.mouse.move(box["x"] + 10, box["y"] - 30, steps=4)
    page.mouse.up()
    changed[1, 1] = 0.5
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60, changed))


def test_turning_changes_sobels_sign_and_leaves_a_gaussian_alone(page):
    open_screen(page, "kernel-bench?row=41&column=60")
    page.get_by_text("convolution", exact=True).click()
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60, -SOBEL))
    expect(page.locator("[data-read=difference]")).not_to_have_text("0.0")
    page.get_by_role("button", name="Blur").click()
    expect(page.locator("[data-read=difference]")).to_have_text("0.0")


def test_padding_and_stride_set_the_size_of_the_output(page):
    open_screen(page, "kernel-bench?padding=none&stride=2")
    rows, columns = by_torch(practice.image("nuclei").image.astype(np.float32), SOBEL, "none", 2).shape
    expect(page.locator("[data-read=size]")).to_have_text(f"{columns} × {rows}")


def test_a_kernel_of_the_trained_net_is_put_on_the_bench(page):
    open_screen(page, "kernel-bench?row=41&column=60")
    page.get_by_role("button", name="put kernel 3 of nuclei-unet on the bench").click(timeout=60_000)
    rounded = np.round(kernels(KernelsRequest("nuclei-unet")).weights[2].astype(float), 3)
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60, rounded))


def test_sixteen_filters_on_two_channels_have_304_parameters(page):
    open_screen(page, "kernel-bench?tab=stack")
    expect(page.locator("[data-read=parameters]")).to_have_text("304")
    page.get_by_role("slider", name="Filters").focus()
    page.keyboard.press("ArrowRight")
    expected = sum(each.numel() for each in nn.Conv2d(2, 17, 3).parameters())
    expect(page.locator("[data-read=parameters]")).to_have_text(str(expected))


def test_predict_first_hides_the_output_until_a_commitment(page):
    page.get_by_label("Predict first").check()
    open_screen(page, "kernel-bench")
    expect(page.get_by_role("img", name="the output, signed")).to_have_count(0)
    page.get_by_label("Nothing.").check()
    page.get_by_role("button", name="That is what I expect").first.click()
    expect(page.get_by_role("img", name="the output, signed")).to_be_visible()
    expect(page.get_by_text("✓ right")).to_be_visible()


@pytest.mark.parametrize("tab", ["kernel", "stack"])
def test_kernel_bench_is_accessible_in_every_look(page, tab):
    open_screen(page, f"kernel-bench?tab={tab}")
    page.locator("[data-read=weights]").wait_for()
    assert_accessible(page)
