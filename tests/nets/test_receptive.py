"""The receptive field by counting, held against what gradients say on the nets themselves."""

from dataclasses import replace
from itertools import pairwise, product

import numpy as np
import pytest
import torch
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from torch import nn
from torch.nn import functional as F

from convivo.errors import BadInput
from convivo.nets.blur_pool import CONVOLVE, MaxBlurPool
from convivo.nets.receptive import reach, sights, stride, views
from convivo.nets.restoration import RestorationNet, RestorationSize
from convivo.nets.sight import Sight
from convivo.nets.unet import UNet, UNetSize

# by how many pixels CSBDeep overlaps its tiles, found with an impulse in the middle of an image
CSBDEEP_OVERLAP = {  # kernel: for depth 1, 2, ...
    3: (9, 22, 46, 94, 190),
    5: (17, 43, 92, 188, 380),
    7: (25, 62, 138, 282, 570),
}


def convolution(**sizes) -> nn.Conv2d:
    return nn.Conv2d(1, 1, **{"kernel_size": 3, "padding": 1, **sizes})


def unet(**sizes) -> UNet:
    return UNet(UNetSize(filters=1, **sizes))


def restoring(**sizes) -> RestorationNet:
    return RestorationNet(RestorationSize(filters=1, **sizes))


class MeanBlurPool(MaxBlurPool):
    """The same windows, with the mean instead of the largest: every pixel of a window has a slope."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        average = {2: F.avg_pool2d, 3: F.avg_pool3d}[self.dimensions]
        end = (0, 1) * self.dimensions
        x = average(F.pad(x, end), 2, stride=1)
        return CONVOLVE[self.dimensions](F.pad(x, end), self.smoothing, stride=2, groups=x.shape[1])


def averaging(net: nn.Module) -> nn.Module:
    """The same windows in double precision, with no path from input to output cut or cancelled."""
    for name, layer in list(net.named_modules()):
        if isinstance(layer, nn.MaxPool1d | nn.MaxPool2d | nn.MaxPool3d):
            assert layer.dilation == 1, "average pooling has no dilation"
            average = getattr(nn, type(layer).__name__.replace("Max", "Avg"))
            net.set_submodule(name, average(layer.kernel_size, layer.stride, layer.padding))
        elif isinstance(layer, MaxBlurPool):
            net.set_submodule(name, MeanBlurPool(layer.dimensions, len(layer.smoothing)))
    net.double().eval()
    for weights in net.parameters():
        nn.init.uniform_(weights, 0.5, 1.0)
    return net


def gradient(net: nn.Module, pixels: torch.Tensor, positions: list[tuple[int, ...]]) -> np.ndarray:
    """Whether each output position (one for each image of the batch) depends on each input pixel."""
    pixels = pixels.requires_grad_()
    output = net(pixels)
    chosen = [output[(i, slice(None), *position)].sum() for i, position in enumerate(positions)]
    (slopes,) = torch.autograd.grad(sum(chosen), pixels)
    return (slopes != 0).any(dim=1).numpy()


def phases_in_the_middle(net: nn.Module) -> tuple[tuple[int, ...], list[tuple[int, ...]]]:
    """An input shape, and the output positions of one period in it that see no border."""
    shape, starts, counts = [], [], []
    for sight in sights(net):
        periods = max(sight.before, sight.after) // sight.period + 1
        shape.append((2 * periods + 1) * sight.period)
        starts.append(periods * len(sight.first))
        counts.append(len(sight.first))
    steps = range(max(counts))  # along the diagonal: every phase of every axis, not every pair of phases
    return tuple(shape), [
        tuple(start + i % n for start, n in zip(starts, counts, strict=True)) for i in steps
    ]


def box(net: nn.Module, shape: tuple[int, ...], position: tuple[int, ...]) -> np.ndarray:
    """Input pixels that the position sees, by counting."""
    seen = np.zeros(shape, bool)
    ends = [sight.at(i) for sight, i in zip(sights(net), position, strict=True)]
    seen[tuple(slice(first, last + 1) for first, last in ends)] = True
    return seen


CUTS = [(1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)]
BLURRED = [(1, 3), (1, 5), (2, 3), (3, 3)]
NETS = {
    "two convolutions around a pooling": nn.Sequential(convolution(), nn.MaxPool2d(2), convolution()),
    "strides": nn.Sequential(convolution(stride=2), nn.ReLU(), convolution(stride=3, kernel_size=5)),
    "anisotropic": nn.Sequential(
        convolution(kernel_size=(3, 5), padding=(1, 2)),
        nn.BatchNorm2d(1),
        nn.MaxPool2d((1, 2)),
        nn.Sequential(convolution(kernel_size=(1, 3), padding="same"), nn.ReLU()),
        nn.Upsample(scale_factor=(1, 2)),
        convolution(padding="valid"),
    ),
    "pools that overlap": nn.Sequential(
        nn.MaxPool2d(3, 2, 1), convolution(kernel_size=4), nn.MaxPool2d(3, 1)
    ),
    "finer than the input": nn.Sequential(nn.Upsample(scale_factor=2), convolution(), nn.MaxPool2d(3)),
    "no pooling": unet(depth=0),
    **{f"U-Net of depth {d}, kernel {k}": unet(depth=d, kernel=k) for d, k in product((1, 2, 3), (3, 5))},
    "one convolution a level": unet(depth=2, convolutions=1),
    "three, with batch norm": unet(depth=1, convolutions=3, batch_norm=True),
    "behind a U-Net": nn.Sequential(unet(depth=2), convolution()),
    "3-D": unet(dimensions=3, depth=1),
    "3-D, deeper": unet(dimensions=3, depth=2, convolutions=1),
    **{f"blurred pools, depth {d}, kernel {k}": unet(depth=d, kernel=k, pooling="blur") for d, k in BLURRED},
    "blurred pools in 3-D": unet(dimensions=3, depth=1, pooling="blur"),
    "without the finest skip": unet(depth=2, cut=(0,)),
    "one level, without its skip": unet(depth=1, cut=(0,)),
    **{f"three levels, skips {cut} cut": unet(depth=3, cut=cut) for cut in CUTS},
    **{f"blurred pools, skips {cut} cut": unet(depth=2, cut=cut, pooling="blur") for cut in [(0,), (0, 1)]},
    "narrow on the way up": unet(depth=2, narrow_up=True),
    "Noise2Void 2": restoring(depth=2, pooling="blur", cut=(0,), residual=False, batch_norm=True),
    "CARE": restoring(depth=2),
    "CARE, two channels apart, three members": restoring(
        depth=1, channels=2, restored=2, separate=True, probabilistic=True, members=3
    ),
    "CARE in 3-D": restoring(dimensions=3, depth=1, kernel=3),
    "3-D, anisotropic": nn.Sequential(
        nn.Conv3d(1, 1, (1, 3, 3), padding=(0, 1, 1)),
        nn.MaxPool3d((1, 2, 2)),
        nn.Conv3d(1, 1, 3, padding=1),
        nn.Upsample(scale_factor=(1.0, 2.0, 2.0)),
    ),
}


@pytest.mark.parametrize("name", NETS)
def test_gradient_reaches_exactly_the_pixels_that_counting_says(name):
    net = averaging(NETS[name])
    shape, positions = phases_in_the_middle(net)
    channels = getattr(getattr(net, "size", None), "channels", 1)
    seen = gradient(net, torch.rand(len(positions), channels, *shape, dtype=torch.float64) + 0.5, positions)
    for position, pixels in zip(positions, seen, strict=True):
        np.testing.assert_array_equal(pixels, box(net, shape, position), err_msg=f"{name} at {position}")


@pytest.mark.parametrize("net", [unet(depth=1), unet(depth=1, kernel=5), unet(dimensions=3, depth=1)])
def test_every_pair_of_phases_sees_its_box(net):
    shape, diagonal = phases_in_the_middle(averaging(net))
    positions = list(product(*({position[axis] for position in diagonal} for axis in range(len(shape)))))
    seen = gradient(net, torch.rand(len(positions), 1, *shape, dtype=torch.float64) + 0.5, positions)
    for position, pixels in zip(positions, seen, strict=True):
        np.testing.assert_array_equal(pixels, box(net, shape, position), err_msg=str(position))


@pytest.mark.parametrize(
    "net",
    [
        UNet(UNetSize(filters=8, depth=2)),
        UNet(UNetSize(filters=8, depth=1, kernel=5, batch_norm=True)),
        nn.Sequential(nn.Conv2d(1, 8, 3, padding=1), nn.MaxPool2d((1, 2)), nn.Conv2d(8, 8, 5, padding=2)),
    ],
)
def test_max_pooling_sees_as_far_over_many_images_and_never_further(net):
    torch.manual_seed(1)
    net.double().eval()
    shape, positions = phases_in_the_middle(net)
    for position in positions:
        pixels = torch.randn(24, 1, *shape, dtype=torch.float64)
        seen = gradient(net, pixels, [position] * len(pixels)).any(axis=0)
        allowed = box(net, shape, position)
        assert not (seen & ~allowed).any()
        for axis in range(len(shape)):
            across = tuple(other for other in range(len(shape)) if other != axis)
            np.testing.assert_array_equal(
                np.flatnonzero(seen.any(axis=across))[[0, -1]],
                np.flatnonzero(allowed.any(axis=across))[[0, -1]],
            )


small = st.integers(1, 3)
convolutions = st.builds(
    lambda kernel, stride, padding, dilation: nn.Conv1d(1, 1, kernel, stride, padding, dilation),
    *(st.integers(1, 5), small, st.integers(0, 4), st.integers(1, 2)),
)
pools = st.builds(lambda kernel, stride: nn.MaxPool1d(kernel, stride, kernel // 2), small, small)
upsamplings = st.builds(lambda factor: nn.Upsample(scale_factor=factor), small)


@given(layers=st.lists(convolutions | pools | upsamplings | st.builds(nn.ReLU), min_size=1, max_size=6))
@settings(max_examples=100, deadline=None)
def test_any_sequence_of_layers_sees_from_the_first_to_the_last_pixel_counted(layers):
    assume(any(isinstance(layer, nn.Conv1d | nn.MaxPool1d) for layer in layers))
    net = averaging(nn.Sequential(*layers))
    sight, length = sights(net)[0], 600
    start = next(i for i in range(length) if min(sight.at(j)[0] for j in range(i, i + len(sight.first))) >= 0)
    positions = range(start, start + len(sight.first))
    assume(max(sight.at(i)[1] for i in positions) < length)
    pixels = torch.ones(len(positions), 1, length, dtype=torch.float64)
    for i, seen in zip(positions, gradient(net, pixels, [(i,) for i in positions]), strict=True):
        assert tuple(np.flatnonzero(seen)[[0, -1]]) == sight.at(i)


def test_pooling_doubles_the_step_and_not_the_field():
    layers = [layer for _ in range(3) for layer in (convolution(), convolution(), nn.MaxPool2d(2))]
    seen = views(nn.Sequential(*layers, convolution()))
    assert [view.field[0] for view in seen] == [3, 5, 6, 10, 14, 16, 24, 32, 36, 52]
    assert [view.step[0] for view in seen] == [1, 1, 2, 2, 2, 4, 4, 4, 8, 8]


def test_a_kernel_adds_more_behind_a_pooling_than_before_it():
    assert views(nn.Sequential(convolution(), nn.MaxPool2d(2)))[-1].field == (4, 4)
    assert views(nn.Sequential(nn.MaxPool2d(2), convolution()))[-1].field == (6, 6)


def test_views_follow_the_order_of_the_forward():
    names = [view.name for view in views(unet(depth=1, convolutions=1))]
    assert names == ["down.0.0.0", "pool.0", "middle.0.0", "upsample.0", "concatenate.0", "up.0.0.0", "head"]


def test_only_the_skips_that_are_not_cut_are_joined():
    joined = [view for view in views(unet(depth=3, cut=(0, 1))) if view.kind == "cat"]
    assert [(view.name, view.step[0]) for view in joined] == [("concatenate.0", 4)]


def test_a_skip_brings_detail_and_no_wider_view():
    for upsampled, joined in pairwise(views(unet(depth=3))):
        if joined.kind == "cat":
            assert replace(joined, name=upsampled.name, kind=upsampled.kind) == upsampled


def test_maps_beside_each_other_see_what_either_sees():
    left, right = Sight().window(3, 1, 2, 1), Sight().window(3, 1, 0, 1)  # i - 2 to i, i to i + 2
    assert left.beside(right) == Sight(1, (-2,), (2,))
    pooled = Sight().window(2, 2, 0, 1).repeat(2)  # 0 to 1, 0 to 1, 2 to 3, ...
    assert pooled.beside(left) == Sight(2, (-2, -1), (1, 1))


@pytest.mark.parametrize(("kernel", "depth"), list(product(CSBDEEP_OVERLAP, range(1, 6))))
def test_an_impulse_on_a_multiple_of_the_stride_spreads_as_far_as_csbdeep_measured(kernel, depth):
    net = unet(depth=depth, kernel=kernel)
    sight, halo = sights(net)[0], reach(net)[0]
    touched = [i for i in range(-halo, halo + 1) if sight.at(i)[0] <= 0 <= sight.at(i)[1]]
    assert max(-touched[0], touched[-1]) == CSBDEEP_OVERLAP[kernel][depth - 1]
    assert halo >= CSBDEEP_OVERLAP[kernel][depth - 1]  # on other pixels an impulse spreads further


@pytest.mark.parametrize(("kernel", "depth"), list(product(CSBDEEP_OVERLAP, range(1, 6))))
def test_what_is_asked_of_a_restoring_net_changes_nothing_of_what_it_sees(kernel, depth):
    plain = unet(depth=depth, kernel=kernel)
    for net in (
        restoring(depth=depth, kernel=kernel),
        restoring(depth=depth, kernel=kernel, channels=2, restored=2, members=2, probabilistic=True),
    ):
        assert sights(net) == sights(plain)
        assert reach(net)[0] >= CSBDEEP_OVERLAP[kernel][depth - 1]
        assert stride(net) == (2**depth,) * 2


def test_output_moves_along_with_the_input_by_the_stride_and_by_nothing_less():
    torch.manual_seed(1)
    net = UNet(UNetSize(filters=4, depth=2)).double()
    (stride_y, stride_x), (halo, _) = stride(net), reach(net)
    assert (stride_y, stride_x) == (4, 4)
    wide = torch.randn(1, 1, 4, 160, dtype=torch.float64)

    def moved(shift: int) -> bool:
        here, there = net(wide[..., :120]), net(wide[..., shift : shift + 120])
        inside = slice(halo, 120 - halo - shift)
        return torch.allclose(here[..., halo + shift : 120 - halo], there[..., inside], atol=1e-12)

    assert [shift for shift in range(1, 9) if moved(shift)] == [4, 8]


def test_strides_that_do_not_divide_each_other_need_their_common_multiple():
    net = nn.Sequential(
        *(convolution(), nn.MaxPool2d((2, 1)), nn.Upsample(scale_factor=(2, 1))),
        *(convolution(), nn.MaxPool2d((3, 1)), nn.Upsample(scale_factor=(3, 1))),
    )
    assert stride(net) == (6, 1)


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        (nn.ConvTranspose2d(1, 1, 2, 2), "ConvTranspose2d"),
        (nn.GroupNorm(1, 1), "GroupNorm"),
        (nn.AdaptiveAvgPool2d(1), "AdaptiveAvgPool2d"),
        (nn.Upsample(scale_factor=2, mode="bilinear"), "bilinear"),
        (nn.Upsample(size=(8, 8)), "size"),
        (nn.Upsample(scale_factor=1.5), "1.5"),
    ],
)
def test_an_unknown_layer_is_named_with_what_is_known(layer, named):
    with pytest.raises(BadInput, match=named) as caught:
        reach(nn.Sequential(convolution(), layer))
    assert "nearest" in caught.value.fix or "mode" in caught.value.fix


def test_a_net_that_only_looks_at_single_pixels_without_axes_is_refused():
    with pytest.raises(BadInput, match="Sequential has no convolution"):
        views(nn.Sequential(nn.ReLU()))
