"""The numbers of the lesson on convolution, computed."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

OFFSET = 100.0  # counts that a camera adds to every pixel
SIDE = 256  # pixels, of an image
SOBEL = torch.tensor([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])


def _change(kernel: torch.Tensor) -> float:
    """How much one value inside the output changes when the offset comes on top of an image."""
    image = torch.from_numpy(np.random.default_rng(0).uniform(0, 1000, (1, 1, 5, 5)))
    laid = [F.conv2d(each, kernel.double()[None, None]) for each in (image, image + OFFSET)]
    return float((laid[1] - laid[0])[0, 0, 1, 1])


def weights_of_a_kernel() -> int:
    """How many numbers a kernel of side 3 has."""
    return nn.Conv2d(1, 1, 3, bias=False).weight.numel()


def pixels_of_an_image() -> int:
    """How many pixels a square image has."""
    return SIDE**2


def weights_fully_connected() -> int:
    """Weights of a fully connected layer from such an image to a map of the same size; none of them is stored."""
    with torch.device("meta"):
        return nn.Linear(SIDE**2, SIDE**2, bias=False).weight.numel()


def gigabytes_fully_connected() -> float:
    """The same, in 10^9 bytes at single precision."""
    return weights_fully_connected() * torch.float32.itemsize / 1e9


def sum_of_sobel() -> int:
    """What its weights add up to."""
    return int(SOBEL.sum())


def offset_through_sobel() -> float:
    """What the offset changes in the output."""
    return _change(SOBEL)


def offset_through_a_mean() -> float:
    """The same for a kernel that takes the mean."""
    return _change(torch.full((3, 3), 1 / 9))


def offset_without_signs() -> float:
    """The same, were all weights of Sobel's kernel positive."""
    return _change(SOBEL.abs())


def sum_learned_from_an_even_image() -> float:
    """What the weights of a 3 x 3 kernel add up to after they learned to keep an even image of ones."""
    kernel = torch.randn(1, 1, 3, 3, generator=torch.Generator().manual_seed(1)).requires_grad_()
    image = torch.ones(1, 1, 6, 6)
    for _ in range(60):
        loss = F.mse_loss(F.conv2d(image, kernel), image[..., 1:-1, 1:-1])
        (slope,) = torch.autograd.grad(loss, kernel)
        kernel = (kernel - 0.05 * slope).detach().requires_grad_()
    return float(kernel.detach().sum())
