"""The nets that restore: who sees which channel, who learns from which part of a batch, and sizes that cannot be."""

import pytest
import torch

from convivo.errors import BadInput
from convivo.nets.restoration import SMALLEST_SCALE, RestorationNet, RestorationSize
from convivo.nets.unet import UNet, UNetSize, initialise


def small(**sizes):
    """A net whose last layers say something; a residual one would begin as the image itself."""
    torch.manual_seed(0)
    net = RestorationNet(RestorationSize(**{"filters": 4, "depth": 1, **sizes}))
    for member in net.members:
        for unet in member.unets:
            initialise(unet.head)
    return net


def images(count=2, channels=1, seed=1):
    return torch.randn(count, channels, 8, 12, generator=torch.manual_seed(seed))


def muted(net):
    """The same net, whose U-Nets say nothing."""
    for parameter in net.parameters():
        torch.nn.init.zeros_(parameter)
    return net.eval()


@pytest.mark.parametrize(
    ("sizes", "words"),
    [
        ({"members": 0}, "below one"),
        ({"restored": 0}, "below one"),
        ({"channels": 2}, "2 channels cannot become 1 channel by channel"),
        ({"channels": 1, "restored": 2, "residual": False, "separate": True}, "1 channels cannot become 2"),
        ({"kernel": 4}, "kernel size 4 is even"),
        ({"pooling": "mean"}, "pooling 'mean' is not known"),
    ],
)
def test_a_size_that_cannot_be_is_named(sizes, words):
    with pytest.raises(BadInput, match=words):
        RestorationSize(**sizes)


@pytest.mark.parametrize("members", [1, 3])
@pytest.mark.parametrize("probabilistic", [False, True])
def test_the_number_of_maps_follows_from_what_is_asked_for(members, probabilistic):
    size = RestorationSize(channels=2, restored=2, members=members, probabilistic=probabilistic, depth=1)
    assert size.outputs == members * 2 * (1 + probabilistic)
    assert RestorationNet(size).eval()(images(1, 2)).shape == (1, size.outputs, 8, 12)


def test_a_residual_net_that_says_nothing_changes_nothing():
    x = images()
    assert torch.equal(muted(small())(x), x)
    assert not muted(small(residual=False))(x).any()


def test_two_channels_become_one_without_a_residual():
    net = small(channels=2, residual=False).eval()
    assert net(images(1, 2)).shape == (1, 1, 8, 12)


@pytest.mark.parametrize("separate", [True, False])
def test_only_a_separate_net_keeps_channels_apart(separate):
    net = small(channels=2, restored=2, separate=separate, probabilistic=True).eval()
    before = images(1, 2)
    after = before.clone()
    after[:, 1] += 1
    changed = (net(after) - net(before)).abs().amax(dim=(0, 2, 3)) > 0  # mean 0, mean 1, scale 0, scale 1
    assert changed.tolist() == ([False, True, False, True] if separate else [True] * 4)


def test_means_come_first_then_scales_that_are_above_zero():
    net = small(channels=2, restored=2, separate=True, probabilistic=True)
    x = images(1, 2)
    output = net.eval()(x)
    assert (output[:, 2:] >= SMALLEST_SCALE).all()
    silent = muted(net)(x)
    assert torch.equal(silent[:, :2], x)
    torch.testing.assert_close(silent[:, 2:], torch.full_like(x, 2.0).log() + SMALLEST_SCALE)  # softplus of 0
    for unet in net.members[0].unets:
        torch.nn.init.constant_(unet.head.bias, -100.0)
    assert torch.equal(net(x)[:, 2:], torch.full_like(x, SMALLEST_SCALE))


def test_in_training_each_member_has_a_part_of_the_batch_of_its_own():
    net = small(members=3)
    x = images(6)
    together = net.train()(x)
    assert together.shape == (6, 1, 8, 12)
    alone = [member(part) for member, part in zip(net.members, x.split(2), strict=True)]
    assert torch.equal(together, torch.cat(alone))
    asked = net.eval()(x)
    assert torch.equal(asked, torch.cat([member(x) for member in net.members], dim=1))
    assert not torch.equal(asked[:, 0], asked[:, 1])  # members do not start alike


@pytest.mark.parametrize("dimensions", [2, 3])
@pytest.mark.parametrize(
    "sizes",
    [
        {"members": 2, "probabilistic": True},
        {"channels": 2, "restored": 2, "separate": True},
        {"pooling": "blur", "cut": (0,), "residual": False, "batch_norm": True},
    ],
)
def test_every_weight_of_every_member_learns(sizes, dimensions):
    net = small(dimensions=dimensions, depth=2, **sizes).train()
    shape = (4, 8, 12)[-dimensions:]
    x = torch.randn(4, net.size.channels, *shape, generator=torch.manual_seed(1))
    net(x).square().sum().backward()
    for name, parameter in net.named_parameters():
        cancelled = net.size.batch_norm and name.endswith("0.bias")  # a norm takes any constant out again
        assert parameter.grad is not None, name
        assert cancelled or parameter.grad.any(), name


def test_the_maps_to_look_at_are_those_of_the_first_member():
    net = small(channels=2, restored=2, separate=True, members=2).eval()
    x = images(1, 2)
    maps = net.encode(x)
    assert [tuple(each.shape) for each in maps] == [(1, 4, 8, 12), (1, 4, 4, 6)]
    x[:, 1] += 1
    assert all(torch.equal(one, other) for one, other in zip(maps, net.encode(x), strict=True))


def _convolutions(net):
    return [
        (each.in_channels, each.out_channels) for each in net.modules() if isinstance(each, torch.nn.Conv2d)
    ]


def test_channels_are_those_of_the_originals():
    """Of CSBDeep, of n2v 0.3.2 (narrow on the way up), and of Noise2Void 2 (no finest skip)."""
    down = [(1, 8), (8, 8), (8, 16), (16, 16), (16, 32), (32, 16)]
    sizes = {"filters": 8, "depth": 2}
    plain, narrow, open_top = (
        _convolutions(UNet(UNetSize(**sizes, **more)))
        for more in ({}, {"narrow_up": True}, {"cut": (0,), "pooling": "blur"})
    )
    assert plain == [*down, (32, 16), (16, 8), (16, 8), (8, 8), (8, 1)]
    assert narrow == [*down, (32, 8), (8, 8), (16, 8), (8, 8), (8, 1)]
    assert open_top == [*down, (32, 16), (16, 8), (8, 8), (8, 8), (8, 1)]


@pytest.mark.parametrize(
    "sizes", [{}, {"probabilistic": True}, {"channels": 2, "restored": 2, "separate": True}]
)
def test_a_residual_net_begins_as_the_image_itself(sizes):
    net = RestorationNet(RestorationSize(filters=4, depth=1, **sizes)).eval()
    x = images(channels=net.size.channels)
    assert torch.equal(net(x)[:, : net.size.restored], x)
    other = RestorationNet(RestorationSize(filters=4, depth=1, residual=False)).eval()
    assert other(images()).any()
