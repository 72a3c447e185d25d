"""The net of StarDist: its shapes, its weights, how it starts to learn, and how far it sees."""

from itertools import product

import numpy as np
import pytest
import torch
from torch import nn

from convivo.errors import BadInput
from convivo.nets.receptive import reach, sights, stride, views
from convivo.nets.stardist import StarDistNet, StarDistSize

GRIDS = [(1, 1), (2, 2), (4, 4), (1, 2)]
STEMS = ["strided", "pooled"]
BOTH = list(product(GRIDS, STEMS))


def net(**sizes) -> StarDistNet:
    return StarDistNet(StarDistSize(**{"filters": 2, "depth": 1, "features": 3, "rays": 8, **sizes}))


def weights(module: nn.Module) -> int:
    return sum(weight.numel() for weight in module.parameters())


# --- shapes


@pytest.mark.parametrize("grid", GRIDS)
@pytest.mark.parametrize("stem", STEMS)
@pytest.mark.parametrize("rays", [8, 32, 128])
@pytest.mark.parametrize("classes", [0, 1, 3])
def test_one_position_of_the_grid_has_a_probability_the_rays_and_the_classes(grid, stem, rays, classes):
    star = net(grid=grid, stem=stem, rays=rays, classes=classes, channels=2)
    maps = 1 + rays + (classes + 1 if classes else 0)
    assert star.size.outputs == maps
    output = star(torch.zeros(2, 2, 16, 24))
    assert output.shape == (2, maps, 16 // grid[0], 24 // grid[1])


@pytest.mark.parametrize(("grid", "stem"), BOTH)
@pytest.mark.parametrize("depth", [0, 2])
def test_encode_gives_a_map_for_each_level_the_finest_on_the_grid(grid, stem, depth):
    star = net(grid=grid, stem=stem, depth=depth, filters=4)
    found = [tuple(level.shape[1:]) for level in star.encode(torch.zeros(1, 1, 32, 48))]
    rows, columns = 32 // grid[0], 48 // grid[1]
    sides = [(rows >> level, columns >> level) for level in range(depth + 1)]
    widths = {0: [4], 2: [4, 8, 8]}[depth]  # the middle block already has the width above it
    assert found == [(width, *side) for width, side in zip(widths, sides, strict=True)]


def test_the_original_s_net_has_as_many_weights_as_the_original():
    assert weights(StarDistNet(StarDistSize(stem="pooled", filters=32, features=128, unit=1.0))) == 1_425_185


def test_the_default_net_is_a_quarter_of_it():
    assert weights(StarDistNet(StarDistSize())) == 355_729


@pytest.mark.parametrize(
    ("grid", "halvings"), [((1, 1), 0), ((2, 2), 1), ((4, 4), 2), ((1, 2), 1), ((2, 4), 2)]
)
def test_the_pooled_stem_is_a_block_and_a_pooling_for_each_halving(grid, halvings):
    kinds = [type(layer).__name__ for layer in net(grid=grid, stem="pooled").stem]
    assert kinds == ["Sequential", "MaxPool2d"] * halvings


def test_only_the_u_net_has_batch_normalisation():
    star = net(batch_norm=True, stem="pooled", classes=2)
    normalised = [name for name, layer in star.named_modules() if isinstance(layer, nn.BatchNorm2d)]
    assert normalised
    assert not [name for name in normalised if not name.startswith(("unet.down", "unet.middle", "unet.up"))]


# --- learning


@pytest.mark.parametrize(("grid", "stem"), BOTH)
@pytest.mark.parametrize("classes", [0, 3])
def test_every_weight_learns(grid, stem, classes):
    torch.manual_seed(0)
    star = net(grid=grid, stem=stem, classes=classes, filters=6, features=8, depth=2)
    star(torch.randn(2, 1, 32, 48)).square().mean().backward()
    for name, weight in star.named_parameters():
        assert weight.grad is not None, name
        assert weight.grad.isfinite().all(), name
        assert weight.grad.abs().max() > 0, name


@pytest.mark.parametrize(("classes", "batch_norm"), [(0, False), (3, False), (2, True)])
def test_distances_begin_at_one_unit_and_all_else_at_zero(classes, batch_norm):
    star = net(classes=classes, batch_norm=batch_norm, rays=12)
    output = star(torch.zeros(1, 1, 8, 8))
    assert (output[:, 1:13] == 1).all()
    assert not output[:, :1].any()
    assert not output[:, 13:].any()


def test_probability_comes_first_then_the_rays_then_the_classes():
    star = net(classes=2)
    with torch.no_grad():
        star.unet.head.star.bias.copy_(torch.arange(9.0))
        star.unet.head.classes.bias.copy_(torch.arange(9.0, 12.0))
    assert star(torch.zeros(1, 1, 4, 4))[0, :, 0, 0].tolist() == list(range(12))


def test_classes_are_read_from_features_of_their_own():
    torch.manual_seed(0)
    star, image = net(classes=2, features=8, filters=8), torch.randn(1, 1, 16, 16)
    before = star(image)
    nn.init.zeros_(star.unet.head.features[0].weight)
    after = star(image)
    assert not torch.equal(after[:, :9], before[:, :9])
    assert torch.equal(after[:, 9:], before[:, 9:])


# --- sizes


@pytest.mark.parametrize(
    ("sizes", "value", "fix"),
    [
        ({"dimensions": 3}, "3 dimensions", "2-D"),
        ({"rays": 7}, "7 rays", "8 to 128"),
        ({"rays": 129}, "129 rays", "8 to 128"),
        ({"grid": (3, 2)}, r"\(3, 2\)", "1, 2, 4"),
        ({"grid": (2, 8)}, r"\(2, 8\)", "1, 2, 4"),
        ({"grid": (0, 1)}, r"\(0, 1\)", "1, 2, 4"),
        ({"features": 0}, "features=0", "at least 1"),
        ({"classes": -1}, "classes=-1", "at least 0"),
        ({"filters": 0}, "filters=0", "at least 1"),
        ({"depth": -1}, "depth=-1", "at least 0"),
        ({"kernel": 4}, "kernel size 4", "3 or 5"),
        ({"unit": 0.0}, "unit", "8"),
        ({"unit": -8.0}, "unit", "8"),
        ({"unit": float("nan")}, "unit", "8"),
        ({"stem": "poled"}, "poled", "pooled"),
        ({"grid": (2,)}, r"\(2,\)", "1, 2, 4"),
        ({"grid": (2, 2, 2)}, r"\(2, 2, 2\)", "1, 2, 4"),
    ],
)
def test_impossible_sizes_are_named_with_what_would_do(sizes, value, fix):
    with pytest.raises(BadInput, match=value) as caught:
        StarDistSize(**sizes)
    assert fix in caught.value.fix


def test_a_list_for_the_grid_is_the_same_grid():
    assert StarDistSize(grid=[2, 2]).grid == (2, 2)  # with a list the pooled stem never ends


@pytest.mark.parametrize("rays", [8, 128])
def test_the_fewest_and_the_most_rays_are_allowed(rays):
    assert StarDistSize(rays=rays).outputs == 1 + rays


def test_outputs_follow_from_rays_and_classes_whatever_is_asked():
    assert StarDistSize(rays=16, classes=3, outputs=99).outputs == 1 + 16 + 4


# --- what it sees


def flooding(star: StarDistNet) -> StarDistNet:
    """The same windows, in double precision, all weights above 0 and none added: what is lit spreads undimmed."""
    for name, layer in list(star.named_modules()):
        if isinstance(layer, nn.MaxPool2d):
            star.set_submodule(name, nn.AvgPool2d(layer.kernel_size))
    star.double().eval()
    for name, weight in star.named_parameters():
        nn.init.zeros_(weight) if name.endswith("bias") else nn.init.uniform_(weight, 0.5, 1.0)
    return star


@pytest.mark.parametrize(("grid", "stem"), [*BOTH, ((4, 1), "strided"), ((4, 1), "pooled")])
@pytest.mark.parametrize("sizes", [{"depth": 1}, {"depth": 2, "convolutions": 1}, {"depth": 0, "kernel": 5}])
def test_one_lit_pixel_is_seen_by_exactly_the_positions_that_counting_says(grid, stem, sizes):
    star = flooding(net(grid=grid, stem=stem, filters=1, features=1, **sizes))
    period = stride(star)
    shape = [side * 2 * (halo // side + 2) for side, halo in zip(period, reach(star), strict=True)]
    for shift in range(max(period)):  # along the diagonal: every phase of every axis
        pixel = [side // 2 + shift % phases for side, phases in zip(shape, period, strict=True)]
        image = torch.zeros(1, 1, *shape, dtype=torch.float64)
        image[0, 0, pixel[0], pixel[1]] = 1
        with torch.no_grad():
            lit = (star(image)[0] > 0).numpy()
        rows, columns = (
            [first <= place <= last for first, last in map(sight.at, range(side // step))]
            for sight, place, side, step in zip(sights(star), pixel, shape, grid, strict=True)
        )
        assert (lit == np.outer(rows, columns)).all(), f"pixel {pixel} of {shape}"


@pytest.mark.parametrize(("grid", "stem"), BOTH)
def test_no_position_sees_further_than_the_reach_and_some_see_as_far(grid, stem):
    star = flooding(net(grid=grid, stem=stem, filters=1, features=1))
    periods, halos = stride(star), reach(star)
    middle = [side * (halo // side + 2) for side, halo in zip(periods, halos, strict=True)]
    far = [0, 0]
    for shift in range(max(periods)):
        pixel = [place + shift % side for place, side in zip(middle, periods, strict=True)]
        image = torch.zeros(1, 1, 2 * middle[0], 2 * middle[1], dtype=torch.float64)
        image[0, 0, pixel[0], pixel[1]] = 1
        with torch.no_grad():
            places = np.argwhere((star(image)[0, 0] > 0).numpy()) * grid
        far = np.maximum(far, np.abs(places - pixel).max(axis=0))
    assert tuple(far) == halos


@pytest.mark.parametrize(("grid", "stem"), BOTH)
def test_the_answer_moves_along_with_the_image_by_the_stride_and_by_nothing_less(grid, stem):
    torch.manual_seed(1)
    star = net(grid=grid, stem=stem, filters=4, features=4).double()
    assert stride(star) == (2 * grid[0], 2 * grid[1])
    (_, period), (_, halo) = stride(star), reach(star)
    length = period * (2 * (halo // period + 1) + 4)
    wide = torch.randn(1, 1, 2 * grid[0], length + 2 * period, dtype=torch.float64)

    def moved(shift: int) -> bool:
        here, there = star(wide[..., :length]), star(wide[..., shift : shift + length])
        step, first = shift // grid[1], -(-halo // grid[1])
        inner = length // grid[1] - 2 * first - step
        mine, its = here[..., first + step : first + step + inner], there[..., first : first + inner]
        return shift % grid[1] == 0 and torch.allclose(mine, its, atol=1e-9)

    assert [shift for shift in range(1, 2 * period + 1) if moved(shift)] == [period, 2 * period]


# by how many pixels the original overlaps its tiles, found with an impulse in the middle of an image
ORIGINAL_OVERLAP = {(1, 1): (47, 47), (2, 2): (94, 94), (4, 4): (189, 189), (1, 2): (54, 94)}


@pytest.mark.parametrize("grid", ORIGINAL_OVERLAP)
def test_an_impulse_in_the_middle_spreads_as_far_as_the_original_measured(grid):
    star = StarDistNet(StarDistSize(stem="pooled", grid=grid, filters=1, features=1))
    for sight, step, halo, overlap in zip(
        sights(star), grid, reach(star), ORIGINAL_OVERLAP[grid], strict=True
    ):
        pixels, middle = np.arange(128 * step), 64 * step
        # it enlarges the answer so that the first and the last position lie on the first and the last pixel
        positions = np.rint(pixels * (127 / (128 * step - 1))).astype(int)
        ends = [sight.at(position) for position in positions.tolist()]
        touched = [pixel for pixel, (first, last) in enumerate(ends) if first <= middle <= last]
        assert max(middle - touched[0], touched[-1] - middle) == overlap
        assert (
            halo >= overlap - 1
        )  # its enlargement shifts by less than one pixel; elsewhere impulses go further


def test_views_go_through_the_stem_the_u_net_and_the_head():
    names = [view.name for view in views(net(stem="pooled", convolutions=1))]
    assert names == [
        *("stem.0.0.0", "stem.1"),
        *("unet.down.0.0.0", "unet.pool.0", "unet.middle.0.0"),
        *("unet.upsample.0", "unet.concatenate.0", "unet.up.0.0.0"),
        *("unet.head.0.0", "unet.head.1"),
    ]


@pytest.mark.parametrize(("grid", "stem"), BOTH)
def test_the_last_view_stands_on_the_grid(grid, stem):
    assert views(net(grid=grid, stem=stem))[-1].step == grid
