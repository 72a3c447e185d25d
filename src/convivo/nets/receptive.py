"""What a net sees: receptive field, reach and step behind every layer (Araujo, Norris, Sim, Distill 2019).

Each position of a feature map sees the input pixels from a first to a last. Layer by layer that is counting:

    convolution, pooling   from the earliest first to the latest last in the window
    upsampling             each position several times
    concatenation          what either map sees

Pooling doubles the step (how many input pixels lie between neighbours of the map), not the field. A layer
widens the field by (kernel - 1) steps, so the same kernel adds more behind a pooling than before it.

Borders are left out: positions count as if the image went on forever. Batch normalisation counts as in
prediction, where it looks at each pixel alone.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from typing import TypeAlias

from torch import nn

from convivo.errors import BadInput
from convivo.nets.blur_pool import BINOMIAL, WINDOW, MaxBlurPool
from convivo.nets.restoration import Member, RestorationNet
from convivo.nets.sight import Sight
from convivo.nets.stardist import StarDistNet, StarHead
from convivo.nets.unet import UNet

CONVOLUTIONS = (nn.Conv1d, nn.Conv2d, nn.Conv3d)
MAX_POOLS = (nn.MaxPool1d, nn.MaxPool2d, nn.MaxPool3d)
AVERAGE_POOLS = (nn.AvgPool1d, nn.AvgPool2d, nn.AvgPool3d)
ONE_PIXEL = (  # layers that work on each pixel alone, or on its channels
    *(nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d),
    *(nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Dropout3d, nn.Identity),
    *(nn.ReLU, nn.LeakyReLU, nn.PReLU, nn.ELU, nn.GELU, nn.SiLU, nn.Sigmoid, nn.Tanh, nn.Softplus),
)


@dataclass(frozen=True, slots=True)
class LayerView:
    """What the map behind one layer sees of the input; one number for each spatial axis, in input pixels.

    A position has its place at index x step: the first pixel of the cell that it stands for. `field`,
    `before` and `after` are the largest over all positions; where a net pools and upsamples, positions
    differ, and the two sides may add up to more than the field.
    """

    name: str  # where in the net, such as "down.0.1.0"
    kind: str  # the layer's class, such as "Conv2d"
    step: tuple[Fraction, ...]  # from one position to the next; below 1 where the map is finer than the input
    field: tuple[int, ...]  # receptive field: from the first to the last pixel seen
    before: tuple[int, ...]  # how far it sees to the left of its place
    after: tuple[int, ...]  # how far it sees to the right


def views(net: nn.Module) -> tuple[LayerView, ...]:
    """Views after every convolution, pooling, upsampling and concatenation, in their order.

    `net` is a U-Net, a Sequential (of all these) or a single layer. Activations and batch normalisation see
    one pixel and have no row of their own. A layer of another class raises BadInput.
    """
    return tuple(
        LayerView(
            name=name,
            kind=kind,
            step=tuple(sight.step for sight in sights),
            field=tuple(sight.field for sight in sights),
            before=tuple(sight.before for sight in sights),
            after=tuple(sight.after for sight in sights),
        )
        for name, kind, sights in _rows(net, _pixel(net))
    )


def sights(net: nn.Module) -> tuple[Sight, ...]:
    """What every output position sees, along each spatial axis."""
    *_, (_, _, last) = _rows(net, _pixel(net))
    return last


def reach(net: nn.Module) -> tuple[int, ...]:
    """How far an output pixel sees to either side, for each spatial axis: the halo that a tile needs."""
    return tuple(max(0, sight.before, sight.after) for sight in sights(net))


def stride(net: nn.Module) -> tuple[int, ...]:
    """Shift of the input, for each spatial axis, under which the output moves along unchanged.

    It is the coarsest step (where no step is a multiple of all others, their least common multiple). Tiles
    start at its multiples, and the sizes of a U-Net's input are its multiples.
    """
    return tuple(sight.period for sight in sights(net))


Numbers: TypeAlias = int | tuple[int, ...]  # how torch writes a size: one for all axes, or one for each
Sights: TypeAlias = tuple[Sight, ...]  # one for each spatial axis
Rows: TypeAlias = Generator[tuple[str, str, Sights], None, Sights]  # (name, kind, sights); returns the last


def _pixel(net: nn.Module) -> Sights:
    """Sights of the input itself, on as many axes as the net's layers have."""
    for module, kinds in product(net.modules(), (CONVOLUTIONS, MAX_POOLS, AVERAGE_POOLS)):
        for axes, kind in enumerate(kinds, start=1):
            if isinstance(module, kind):
                return (Sight(),) * axes
    raise BadInput(
        f"{type(net).__name__} has no convolution and no pooling, so it has no receptive field",
        fix="give a net with at least one such layer of torch.nn",
    )


def _rows(net: nn.Module, sights: Sights, name: str = "") -> Rows:
    """Walk through the net in the order of its forward."""
    if isinstance(net, UNet):
        return (yield from _u_shape(net, sights, name))
    if isinstance(net, StarDistNet):
        sights = yield from _rows(net.stem, sights, f"{name}stem.")
        return (yield from _rows(net.unet, sights, f"{name}unet."))
    if isinstance(net, RestorationNet):  # its members and their U-Nets have the same windows
        first = net.members[0]
        assert isinstance(first, Member)
        return (yield from _rows(first.unet, sights, name))
    if isinstance(net, StarHead):  # its branches have the same windows, so one tells of all
        return (yield from _rows(nn.Sequential(net.features, net.star), sights, name))
    if isinstance(net, nn.Sequential):
        for child, layer in net.named_children():
            sights = yield from _rows(layer, sights, f"{name}{child}.")
        return sights
    if isinstance(net, ONE_PIXEL):
        return sights
    sights = _behind(net, sights)
    yield name.removesuffix("."), type(net).__name__, sights
    return sights


def _u_shape(net: UNet, sights: Sights, name: str) -> Rows:
    """Walk through a U-Net: down with a skip on each level, through the middle, and up again."""
    skips = []
    for level, (down, pool) in enumerate(zip(net.down, net.pools, strict=True)):
        sights = yield from _rows(down, sights, f"{name}down.{level}.")
        skips.append(sights)
        sights = yield from _rows(pool, sights, f"{name}pool.{level}.")
    sights = yield from _rows(net.middle, sights, f"{name}middle.")
    for step, up in enumerate(net.up):  # from the coarsest level
        sights = yield from _rows(
            nn.Upsample(scale_factor=(2,) * len(sights)), sights, f"{name}upsample.{step}."
        )
        # the way down and up has seen all that the skip sees: a skip adds detail, not width
        level, skip = len(skips) - 1, skips.pop()
        if level not in net.size.cut:
            sights = tuple(mine.beside(its) for mine, its in zip(sights, skip, strict=True))
            yield f"{name}concatenate.{step}", "cat", sights
        sights = yield from _rows(up, sights, f"{name}up.{step}.")
    return (yield from _rows(net.head, sights, f"{name}head."))


def _behind(layer: nn.Module, sights: Sights) -> Sights:
    """Sights behind one layer that looks at several positions, or repeats them."""
    axes = len(sights)
    if isinstance(layer, nn.Upsample):
        factors = _factors(layer, axes)
        return tuple(sight.repeat(factor) for sight, factor in zip(sights, factors, strict=True))
    if isinstance(layer, MaxBlurPool):  # both windows begin at their position
        maxima = (sight.window(WINDOW, 1, 0, 1) for sight in sights)
        return tuple(sight.window(len(BINOMIAL), layer.stride, 0, 1) for sight in maxima)
    if not isinstance(layer, (*CONVOLUTIONS, *MAX_POOLS, *AVERAGE_POOLS)):
        raise BadInput(
            f"no receptive field is known for a layer of class {type(layer).__name__}",
            fix="use UNet, Sequential, convolutions, max or average pooling, nearest upsampling, batch "
            "normalisation, dropout, and activations that look at each pixel alone",
        )
    kernels = _numbers(layer.kernel_size, axes)
    strides = _numbers(layer.stride, axes)
    dilations = (1,) * axes if isinstance(layer, AVERAGE_POOLS) else _numbers(layer.dilation, axes)
    paddings = _paddings(layer.padding, kernels, dilations)
    windows = zip(sights, kernels, strides, paddings, dilations, strict=True)
    return tuple(sight.window(*sizes) for sight, *sizes in windows)


def _factors(layer: nn.Upsample, axes: int) -> tuple[int, ...]:
    """Whole factors of nearest-neighbour upsampling."""
    scale = layer.scale_factor
    factors = scale if isinstance(scale, tuple) else (scale,) * axes
    if layer.mode not in ("nearest", "nearest-exact") or any(not factor or factor % 1 for factor in factors):
        raise BadInput(
            f"no receptive field is known for {layer}",
            fix='use Upsample(scale_factor=a whole number, mode="nearest")',
        )
    return tuple(int(factor) for factor in factors if factor)


def _paddings(
    padding: Numbers | str, kernels: tuple[int, ...], dilations: tuple[int, ...]
) -> tuple[int, ...]:
    """Positions added before the first; of an odd number of them torch's "same" adds fewer there."""
    if padding == "same":
        return tuple(gap * (size - 1) // 2 for size, gap in zip(kernels, dilations, strict=True))
    return (0,) * len(kernels) if isinstance(padding, str) else _numbers(padding, len(kernels))


def _numbers(value: Numbers, axes: int) -> tuple[int, ...]:
    """One number for each axis."""
    return (value,) * axes if isinstance(value, int) else tuple(value)
