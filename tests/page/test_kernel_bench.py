"""Kernel bench, driven by hand and by keys; its numbers against torch's and SciPy's."""

import subprocess
import sys

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
    first = next(each for each in Model.load(SHIPPED / name).net.modules() if isinstance(each, nn.Conv2d))
    shown = kernels(KernelsRequest(name))
    np.testing.assert_array_equal(shown.weights, first.weight.detach()[:, 0].numpy())
    assert (shown.stride, shown.stride) == first.stride


def test_kernels_are_shown_before_torch_is_there():
    script = (
        "import sys; from convivo.lab.questions.kernels import KernelsRequest, kernels; "
        "kernels(KernelsRequest('nuclei')); print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


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


def test_a_weight_is_typed_figure_by_figure(page):
    open_screen(page, "kernel-bench?row=41&column=60")
    weight = page.get_by_label("weight in row 3, column 2")
    weight.fill("")
    weight.press_sequentially("-0.25")
    changed = SOBEL.copy()
    changed[2, 1] = -0.25
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60, changed))
    expect(weight).to_have_value("-0.25")


def test_turning_changes_sobels_sign_and_leaves_a_gaussian_alone(page):
    open_screen(page, "kernel-bench?row=41&column=60&padding=reflect")
    pixels = practice.image("nuclei").image.astype(float)
    correlated = ndimage.correlate(pixels, SOBEL, mode="mirror")
    convolved = ndimage.convolve(pixels, SOBEL, mode="mirror")
    page.get_by_text("convolution", exact=True).click()
    expect(page.locator("[data-read=sum]")).to_have_text(f"{convolved[41, 60]:.1f}")
    expect(page.locator("[data-read=correlated]")).to_have_text(f"{correlated[41, 60]:.1f}")
    expect(page.locator("[data-read=convolved]")).to_have_text(f"{convolved[41, 60]:.1f}")
    apart = np.abs(correlated - convolved).max()
    expect(page.locator("[data-read=difference]")).to_have_text(f"{apart:.1f}")
    page.get_by_role("button", name="Blur").click()
    expect(page.locator("[data-read=difference]")).to_have_text("0.0")
    blurred = pixels
    for axis in (0, 1):
        blurred = ndimage.convolve1d(blurred, [0.25, 0.5, 0.25], axis=axis, mode="mirror")
    expect(page.locator("[data-read=sum]")).to_have_text(f"{blurred[41, 60]:.1f}")


def test_padding_and_stride_set_the_size_of_the_output(page):
    open_screen(page, "kernel-bench?padding=none&stride=2")
    rows, columns = by_torch(practice.image("nuclei").image.astype(np.float32), SOBEL, "none", 2).shape
    expect(page.locator("[data-read=size]")).to_have_text(f"{columns} × {rows}")


@pytest.mark.parametrize("padding", ["zeros", "none"])
@pytest.mark.parametrize(("side", "stride"), [(3, 1), (5, 2), (3, 4)])
def test_what_five_layers_leave_is_what_torch_leaves(side, stride, padding):
    layer = {"kernel": [0.0] * side**2, "padding": padding, "stride": stride}
    shown = torch.zeros(1, 1, 512, 512)
    conv = nn.Conv2d(1, 1, side, stride=stride, padding=side // 2 if padding == "zeros" else 0)
    for layers in range(1, 6):
        if shown.shape[-1] < side and padding == "none":
            break
        shown = conv(shown)
        assert (
            run_node(MODULE, f"page.lengthAfter(512, given.layer, {layers})", layer=layer) == shown.shape[-1]
        )
    assert layers > 3


@pytest.mark.parametrize(
    ("kernel", "most"),
    [
        (np.full((3, 3), 1 / 9), 900),  # an even area of the brightest grey
        (-np.ones((3, 3)), 9 * 900),
        (SOBEL, 4 * (900 - 100) / 3),  # a third of the steepest edge
    ],
)
def test_full_colour_is_an_even_bright_area_or_a_third_of_the_most(kernel, most):
    bar = run_node(
        "explorables/kernel-bench/view.ts",
        "page.fullColour(given.kernel, 100, 900)",
        kernel=kernel.ravel().tolist(),
    )
    assert bar == pytest.approx(most)


def test_five_layers_without_padding_take_ten_pixels_off(page):
    open_screen(page, "kernel-bench?padding=none")
    left = torch.zeros(1, 1, *practice.image("nuclei").image.shape)
    for _ in range(5):
        left = F.conv2d(left, torch.ones(1, 1, 3, 3))
    rows, columns = left.shape[-2:]
    expect(page.locator("[data-read=size-after-five]")).to_have_text(f"{columns} × {rows}")


@pytest.mark.parametrize(
    ("name", "kernel"),
    [
        ("Sobel x", ndimage.sobel(np.eye(1, 9, 4).reshape(3, 3), axis=1, mode="constant")[::-1, ::-1]),
        ("Sobel y", ndimage.sobel(np.eye(1, 9, 4).reshape(3, 3), axis=0, mode="constant")[::-1, ::-1]),
        ("Laplace", ndimage.laplace(np.eye(1, 9, 4).reshape(3, 3), mode="constant")),
    ],
)
def test_presets_are_what_scipy_calls_so(page, name, kernel):
    open_screen(page, "kernel-bench?row=41&column=60&kernel=0_0_0_0_1_0_0_0_0")
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(41, 60, kernel))


def test_the_net_of_stars_brings_its_stride(page):
    open_screen(page, "kernel-bench?model=nuclei&row=40&column=60")
    page.get_by_role("button", name="put kernel 7 of nuclei on the bench").click()
    rounded = np.round(kernels(KernelsRequest("nuclei")).weights[6].astype(float), 3)
    rows, columns = by_torch(practice.image("nuclei").image.astype(np.float32), rounded, "zeros", 2).shape
    expect(page.locator("[data-read=size]")).to_have_text(f"{columns} × {rows}")
    expect(page.locator("[data-read=sum]")).to_have_text(sum_at(40, 60, rounded))


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
    expect(page.locator("[data-read=seen]")).to_have_text(str(nn.Conv2d(2, 17, 3).weight[0].numel()))


def test_a_third_channel_is_counted_beside_a_fully_connected_layer(page):
    open_screen(page, "kernel-bench?tab=stack&image-side=64")
    page.get_by_text("+ brightfield").click()
    layer, side = nn.Conv2d(3, 16, 3), 64
    full = nn.Linear(3 * side**2, 16 * side**2, device="meta")  # no memory is taken
    parameters = [sum(each.numel() for each in net.parameters()) for net in (layer, full)]
    expect(page.locator("[data-read=parameters-conv]")).to_have_text(f"{parameters[0]:,}")
    expect(page.locator("[data-read=parameters-full]")).to_have_text(f"{parameters[1]:,}")
    expect(page.locator("[data-read=multiply-adds]")).to_have_text(f"{layer.weight.numel() * side**2:,}")


def test_predict_first_hides_the_output_until_a_commitment(page):
    page.get_by_label("Predict first").check()
    open_screen(page, "kernel-bench")
    expect(page.get_by_role("img", name="the output, signed")).to_have_count(0)
    expect(page.locator("[data-read=difference]")).to_have_count(0)
    page.get_by_label("Nothing.").check()
    page.get_by_role("button", name="That is what I expect").first.click()
    expect(page.get_by_role("img", name="the output, signed")).to_be_visible()
    expect(page.get_by_text("✓ right")).to_be_visible()


@pytest.mark.parametrize("tab", ["kernel", "stack"])
def test_questions_of_both_tabs_come_one_after_the_other_and_are_accessible(page, tab):
    page.get_by_label("Predict first").check()
    open_screen(page, f"kernel-bench?tab={tab}")
    page.get_by_role("radio", name="It depends on").wait_for()
    expect(page.get_by_role("radiogroup")).to_have_count(1)
    assert_accessible(page)


@pytest.mark.parametrize("width", [390, 800])
def test_the_largest_layer_fits_every_window(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    open_screen(page, "kernel-bench?tab=stack&channels=3&filters=64&side=7&image-side=1024")
    page.locator("[data-read=parameters]").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    tracks = page.locator(".kernel-bench-track")
    for track in tracks.all():
        assert track.locator("span").bounding_box()["width"] <= track.bounding_box()["width"]


@pytest.mark.parametrize("tab", ["kernel", "stack"])
def test_kernel_bench_is_accessible_in_every_look(page, tab):
    open_screen(page, f"kernel-bench?tab={tab}")
    page.locator("[data-read=weights]").wait_for()
    assert_accessible(page)
