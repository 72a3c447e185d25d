"""CARE: from an image that is too dark to what a long exposure would have shown (Weigert et al., Nature Methods 2018).

The net learns from pairs of one field, low and high exposure. It can only say what is likely, so where the low image
leaves it open, it draws what its training images would have shown there. A probabilistic net says beside each value how
far off it may be (a Laplace distribution, equation 5 of the paper's supplement), and an ensemble shows where nets that
learned from the same images do not agree: the two doubts are not the same, and only the second one grows where an image
is unlike the training images.
"""

from __future__ import annotations

from functools import partial
from math import log

import numpy as np
import torch
from torch import Tensor

from convivo.errors import BadInput
from convivo.methods.method import Restoration, Restored, Settings, TileOutputs
from convivo.nets.restoration import RestorationNet, RestorationSize
from convivo.ops.disagreement import disagreement
from convivo.types import AnyArray, Pixels


def example(
    pixels: Pixels, wanted: Pixels, settings: Settings, rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """The net is shown the patch as it is."""
    return pixels, wanted


def loss(output: Tensor, wanted: Tensor) -> Tensor:
    """Mean absolute error; of a probabilistic net the negative logarithm of Laplace's likelihood.

    (B, maps, ...), (B, C, ...) -> one number, over the pixels whose target is known (not NaN).
    """
    known = torch.isfinite(wanted)
    wanted = torch.where(known, wanted, 0.0)  # chosen before any arithmetic: 0 x NaN is NaN
    channels = wanted.shape[1]
    off = (output[:, :channels].float() - wanted).abs()
    if output.shape[1] > channels:
        scale = output[:, channels:].float()
        off = off / scale + scale.log() + log(2)
    return torch.where(known, off, 0.0).sum() / known.sum().clamp_min(1)


def decode(outputs: TileOutputs, shape: tuple[int, ...], size: RestorationSize) -> Restored:
    """Assemble from the cores of the tiles the ensemble's mean, and what it does not know.

    Variances add up (law of total variance): `data` is the mean of the nets' own variances, `model` the variance
    between their means.
    """
    names = [*(["data"] if size.probabilistic else []), *(["model"] if size.members > 1 else [])]
    names += ["disagreement"] if size.probabilistic and size.members > 1 else []
    maps = {name: np.empty((size.restored, *shape), np.float32) for name in ["mean", *names]}
    for tile, output in outputs:
        answers = split(output[:, *tile.crop], size)
        for name, values in zip(maps, _summary(answers, size), strict=True):
            maps[name][:, *tile.core] = values
    return Restored(**maps)


def split(output: AnyArray, size: RestorationSize) -> AnyArray:
    """(outputs, ...) as (members, mean or scale, restored channels, ...)."""
    return output.reshape(size.members, -1, size.restored, *output.shape[1:])


def _summary(answers: AnyArray, size: RestorationSize) -> list[Pixels]:
    """Mean, then data, model and disagreement as far as they are known, each (restored channels, ...)."""
    means = answers[:, 0]
    found = [means.mean(axis=0)]
    if size.probabilistic:
        scales = answers[:, 1]
        found.append(
            np.sqrt(2 * (scales**2).mean(axis=0))
        )  # the variance of a Laplace distribution is 2 scale^2
    if size.members > 1:
        found.append(means.std(axis=0))
        if size.probabilistic:
            found.append(disagreement(means, answers[:, 1]))
    return found


def rule(settings: Settings) -> None:
    """There is nothing to set."""
    for name in settings:
        raise BadInput(f"CARE has no setting {name!r}", fix="leave it out")


METHOD = Restoration(
    name="care",
    title="low exposures restored by what high ones have shown (CARE, Weigert et al. 2018)",
    size=partial(RestorationSize, depth=2),
    net=RestorationNet,
    has_targets=True,
    selection_score="scaled_db",
    example=example,
    loss=loss,
    decode=decode,
    rule=rule,
    settings={},
    rate=3e-3,
    patch=64,
    batch=32,
)
