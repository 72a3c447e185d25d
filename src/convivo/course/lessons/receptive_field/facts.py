"""The numbers of the lesson on the receptive field, counted by the code that also cuts tiles."""

from __future__ import annotations

from functools import cache

import torch
from torch import Tensor, nn

from convivo.io.places import SHIPPED
from convivo.model import Model
from convivo.nets.living import living_field
from convivo.nets.receptive import sights
from convivo.nets.unet import UNet, UNetSize

SIZE = 512  # pixels, side of an image
UNTRAINED = 10  # nets over which influence is averaged
MIDDLE = 32  # of an image of 64 pixels


def _net(written: str) -> nn.Sequential:
    """A net as "c c p": convolutions of 3 x 3 and poolings of 2 x 2."""
    return nn.Sequential(
        *(nn.Conv2d(1, 1, 3) if layer == "c" else nn.MaxPool2d(2) for layer in written.split())
    )


def _field(written: str) -> int:
    return sights(_net(written))[0].field


def _by_wrong_rule(written: str) -> int:
    """Pooling doubles the field, a convolution adds two: the rule that one often reads."""
    field = 1
    for layer in written.split():
        field = field * 2 if layer == "p" else field + 2
    return field


TEN_LAYERS = "c c p c c p c c p c"


def conv_then_pool() -> int:
    """Field of a convolution and a pooling."""
    return _field("c p")


def pool_then_conv() -> int:
    """The other way round."""
    return _field("p c")


def conv_then_pool_by_wrong_rule() -> int:
    """What the rule says."""
    return _by_wrong_rule("c p")


def pool_then_conv_by_wrong_rule() -> int:
    """What it says of the other order."""
    return _by_wrong_rule("p c")


def two_convs() -> int:
    """Field of two convolutions."""
    return _field("c c")


def step_behind_a_pooling() -> int:
    """Pixels from one position to the next behind a pooling."""
    return int(sights(_net("p"))[0].step)


def step_behind_two_poolings() -> int:
    """The same behind two."""
    return int(sights(_net("p p"))[0].step)


def ten_layers() -> int:
    """Field of the ten layers of the question."""
    return _field(TEN_LAYERS)


def ten_layers_by_wrong_rule() -> int:
    """What the rule says of them."""
    return _by_wrong_rule(TEN_LAYERS)


def ten_layers_without_steps() -> int:
    """What comes out if every layer adds its size less one, wherever it stands."""
    return 1 + sum(2 if layer == "c" else 1 for layer in TEN_LAYERS.split())


def ten_layers_all_doubling() -> int:
    """What comes out if every convolution doubles the field."""
    return int(2 ** TEN_LAYERS.split().count("c"))


def where_the_rule_is_right() -> int:
    """Field behind two blocks, each of a pooling and two convolutions; the rule says the same."""
    written = "c c p c c p c c"
    assert _field(written) == _by_wrong_rule(written)
    return _field(written)


def next_pooling() -> int:
    """Field behind one more pooling."""
    return _field("c c p c c p c c p")


def next_pooling_by_wrong_rule() -> int:
    """What the rule says there."""
    return _by_wrong_rule("c c p c c p c c p")


def five_convolutions() -> int:
    """Field of five convolutions."""
    return _field("c c c c c")


def lost_by_five_convolutions() -> int:
    """Pixels by which an image gets narrower in five convolutions without padding."""
    return SIZE - side_after_five()


def side_after_five() -> int:
    """Side of a map behind five convolutions without padding."""
    with torch.device("meta"):
        return int(_net("c c c c c")(torch.zeros(1, 1, SIZE, SIZE)).shape[-1])


def side_after_one() -> int:
    """Behind one."""
    with torch.device("meta"):
        return int(_net("c")(torch.zeros(1, 1, SIZE, SIZE)).shape[-1])


def side_if_three_were_lost() -> int:
    """Behind five layers that lose three pixels each, as wide as their kernels."""
    return SIZE - 5 * nn.Conv2d(1, 1, 3).kernel_size[0]


def _unet_field(depth: int) -> int:
    return sights(UNet(UNetSize(depth=depth, filters=1)))[0].field


def unet_of_two() -> int:
    """Field of a U-Net with two poolings."""
    return _unet_field(2)


def unet_of_three() -> int:
    """With three, which is convivo's default."""
    return _unet_field(3)


def unet_of_four() -> int:
    """With four."""
    return _unet_field(4)


@cache
def _influence() -> Tensor:
    """How much each pixel moves the answer in the middle, (64, 64), mean over untrained U-Nets of two poolings."""
    total = torch.zeros(2 * MIDDLE, 2 * MIDDLE)
    for seed in range(UNTRAINED):
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            net = UNet(UNetSize(depth=2, filters=8))
            image = torch.rand(1, 1, 2 * MIDDLE, 2 * MIDDLE, requires_grad=True)
        (slope,) = torch.autograd.grad(net(image)[0, 0, MIDDLE, MIDDLE], image)
        total += slope[0, 0].abs()
    return total


def influence_of_the_middle() -> float:
    """Per cent of all influence that comes from the middle quarter of the field's area."""
    quarter = _unet_field(2) // 4
    inner = slice(MIDDLE - quarter, MIDDLE + quarter)
    return float(100 * _influence()[inner, inner].sum() / _influence().sum())


def middle_of_the_field() -> int:
    """Side of that quarter."""
    return _unet_field(2) // 4 * 2


def shipped_field() -> int:
    """What the layers of the shipped StarDist allow, in pixels across."""
    return sights(_nuclei())[-1].field


def shipped_living_field() -> int:
    """What is left where one of its rectifiers is silent."""
    return living_field(_nuclei(), ["unet.up.0.1.1"])


@cache
def _nuclei() -> nn.Module:
    return Model.load(SHIPPED / "nuclei").net
