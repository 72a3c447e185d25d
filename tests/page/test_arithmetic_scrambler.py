"""The arithmetic of Scrambler against torch: the nets, their gradients, Adam's steps; and what scrambling does."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional as F

from page.node import SOURCES, run_node

FOLDER = "explorables/scrambler"
SIDE, PIXELS, UNITS = 12, 144, 8


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    addresses = ", ".join(
        f"import({(SOURCES / FOLDER / name).as_uri()!r})" for name in ("images.ts", "learning.ts")
    )
    return run_node(
        f"{FOLDER}/nets.ts",
        f"await Promise.all([{addresses}]).then(([images, learning]) => {{"
        " const some = images.imagesOf(20, 5); const order = images.mixture(5);"
        " const three = (kind) => { const nets = [page.begun(kind, 5)]; const told = [];"
        " for (let i = 0; i < 3; i++) { told.push(page.told(nets[i], some));"
        " nets.push(page.stepped(nets[i], told[i].gradient)); }"
        " return { parameters: nets.map((net) => net.parameters), told }; };"
        " const last = (...how) => [...learning.learning(...how)].at(-1).at(-1)[1];"
        " return { some, order, mixed: images.scrambled(some, order), full: three('full'), conv: three('conv'),"
        " reached: [1, 2].map((seed) => Object.fromEntries(['full', 'conv'].map((kind) =>"
        " [kind, [false, true].map((mixed) => last(kind, mixed, seed))]))) }; })",
    )


def logits(kind: str, parameters: torch.Tensor, images: torch.Tensor) -> torch.Tensor:
    inputs = PIXELS if kind == "full" else 9
    weights, biases, head, bias = parameters.split([UNITS * inputs, UNITS, UNITS, 1])
    if kind == "full":
        hidden = F.relu(F.linear(images, weights.reshape(UNITS, PIXELS), biases))
    else:
        maps = F.conv2d(images.reshape(-1, 1, SIDE, SIDE), weights.reshape(UNITS, 1, 3, 3), biases)
        hidden = F.relu(maps).mean(dim=(2, 3))
    return hidden @ head + bias


@pytest.mark.parametrize("kind", ["full", "conv"])
def test_loss_gradient_and_steps_are_torchs(said, kind):
    images = torch.tensor(said["some"]["pixels"], dtype=torch.float64).reshape(-1, PIXELS)
    labels = torch.tensor(said["some"]["labels"], dtype=torch.float64)
    parameters = nn.Parameter(torch.tensor(said[kind]["parameters"][0], dtype=torch.float64))
    adam = torch.optim.Adam([parameters], lr=0.02)
    for step in range(3):
        told = said[kind]["told"][step]
        answer = logits(kind, parameters, images)
        loss = F.binary_cross_entropy_with_logits(answer, labels)
        adam.zero_grad()
        loss.backward()
        assert told["loss"] == pytest.approx(loss.item())
        assert told["accuracy"] == pytest.approx(((answer > 0) == (labels > 0)).double().mean().item())
        np.testing.assert_allclose(told["gradient"], parameters.grad.numpy(), atol=1e-10)
        adam.step()
        np.testing.assert_allclose(said[kind]["parameters"][step + 1], parameters.detach().numpy(), atol=1e-7)


def test_scrambling_moves_every_pixel_of_every_image_alike_and_loses_none(said):
    plain = np.reshape(said["some"]["pixels"], (-1, PIXELS))
    assert sorted(said["order"]) == list(range(PIXELS))
    np.testing.assert_array_equal(said["mixed"]["pixels"], plain[:, said["order"]].ravel())
    assert said["mixed"]["labels"] == said["some"]["labels"] == [0, 1] * 10


def test_bars_lie_and_stand(said):
    images = np.reshape(said["some"]["pixels"], (-1, SIDE, SIDE))
    along_rows = (images[:, :, 1:] * images[:, :, :-1]).sum(axis=(1, 2))
    along_columns = (images[:, 1:] * images[:, :-1]).sum(axis=(1, 2))
    assert ((along_columns > along_rows) == np.array(said["some"]["labels"], bool)).all()


def test_scrambling_harms_the_convolutional_net_alone(said):
    for reached in said["reached"]:
        plain, scrambled = reached["conv"]
        assert plain > 0.95
        assert scrambled < 0.65
        plain, scrambled = reached["full"]
        assert plain > 0.65
        assert abs(plain - scrambled) < 0.06
