"""Noise2Void: a denoiser that learns from noisy images alone (Krull, Buchholz, Jug, CVPR 2019).

A pixel's neighbours say something about what it shows and nothing about its noise. So a net that must guess a pixel
from its neighbours learns the signal: the noise cannot be guessed. In training some pixels are hidden, each behind the
value of a neighbour, and only there the guess counts. This holds where noise is independent from pixel to pixel; where
it runs along lines, whole lines are hidden (structN2V, Broaddus et al., ISBI 2020). The median of the neighbourhood
instead of one neighbour leaves fewer checkerboards (Noise2Void 2, Höck et al., ECCV workshops 2022).
"""

from __future__ import annotations

from functools import partial

import numpy as np
import torch
from torch import Tensor

from convivo.methods.care import decode
from convivo.methods.method import Restoration, Settings, rule_from
from convivo.nets.restoration import RestorationNet, RestorationSize
from convivo.ops.blind_spots import BlindSpot, hide
from convivo.types import Pixels


def example(
    pixels: Pixels, wanted: Pixels, settings: Settings, rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """The patch with some pixels hidden, and what they were; NaN where nothing was hidden."""
    return hide(pixels, rule(settings), rng)


def loss(output: Tensor, wanted: Tensor) -> Tensor:
    """Mean squared error at the hidden pixels, (B, C, ...), (B, C, ...) -> one number.

    Squared, because the mean of many noisy values is the signal, also where noise is as skewed as Poisson's.
    """
    known = torch.isfinite(wanted)
    off = torch.where(known, output.float() - torch.where(known, wanted, 0.0), 0.0)
    return (off**2).sum() / known.sum().clamp_min(1)


def rule(settings: Settings) -> BlindSpot:
    """How the settings of a card hide pixels."""
    return rule_from(settings, BlindSpot, "Noise2Void")


METHOD = Restoration(
    name="n2v",
    title="noise that differs from pixel to pixel, learned from noisy images alone (Noise2Void, Krull et al. 2019)",
    size=partial(RestorationSize, depth=2, batch_norm=True),
    net=RestorationNet,
    has_targets=False,
    selection_score="hidden_db",  # of pixels that were hidden, and are noisy themselves
    example=example,
    loss=loss,
    decode=decode,
    rule=rule,
    settings={"share": 0.12, "manipulator": "uniform", "radius": 2},
    rate=8e-3,
    patch=64,
    batch=32,
)
