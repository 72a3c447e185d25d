"""Pooling that smooths before it leaves positions out (Zhang, ICML 2019), as Noise2Void 2 uses it (Höck et al. 2022).

A plain pooling keeps one value of four, and which one depends on where the grid happens to lie: an image shifted by a
pixel gives another map. In restoration this shows as a checkerboard. Here the largest of each neighbourhood is taken at
every position, the map is smoothed by [1 2 1] / 4 along each axis, and then every second position is kept.

Borders are those of Keras with "same" padding: windows begin at the position itself, and what is missing is added at
the end.
"""

from __future__ import annotations

from functools import reduce

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MAXIMA = {2: F.max_pool2d, 3: F.max_pool3d}
CONVOLVE = {2: F.conv2d, 3: F.conv3d}
WINDOW = 2  # of the maximum
BINOMIAL = (0.25, 0.5, 0.25)


class MaxBlurPool(nn.Module):
    """Halves each side, (B, C, Y, X) -> (B, C, Y / 2, X / 2); in 3-D Z too. Sides are even."""

    smoothing: Tensor

    def __init__(self, dimensions: int, channels: int) -> None:
        super().__init__()
        self.dimensions, self.channels = dimensions, channels
        self.stride = 2  # of the smoothing, which keeps every second position
        line = torch.tensor(BINOMIAL)
        kernel = reduce(lambda product, _: product[..., None] * line, range(dimensions - 1), line)
        # a buffer, because nothing of it is learned; a kernel for each channel, as Keras' files have it
        self.register_buffer("smoothing", kernel.repeat(channels, 1, *(1,) * dimensions))

    def forward(self, x: Tensor) -> Tensor:
        """The smoothed maxima at every second position."""
        end = (0, 1) * self.dimensions
        x = F.pad(x, end, mode="replicate")  # what is missing is never larger than what is there
        x = MAXIMA[self.dimensions](x, WINDOW, stride=1)
        kernels = self.smoothing.to(x.dtype)
        return CONVOLVE[self.dimensions](F.pad(x, end), kernels, stride=self.stride, groups=self.channels)
