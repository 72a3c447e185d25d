"""Does the answer stay when the image is changed in ways that should not matter? Each change asks the net once more.

An answer that is right for good reasons survives a mirror. How much of it comes and goes is the best that can be known
of an answer without the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from scipy import ndimage

from convivo.ops.normalisation import noise_level
from convivo.ops.resize import resize_labels
from convivo.ops.scores import match_many
from convivo.types import AnyArray, Labels

IOU = 0.5  # from which an object is the same
LITTLE = 0.02  # of the image's range: noise that is added where there is hardly any
Answer = Callable[[AnyArray, float], Labels]  # labels of (C, ...) pixels that are shown at a scale


@dataclass(frozen=True, slots=True)
class Change:
    """One way to change (C, ..., Y, X) pixels, and the way back for labels."""

    there: Callable[[AnyArray], AnyArray]
    back: Callable[[Labels], Labels]
    scale: float = 1.0


def _same(values: AnyArray) -> AnyArray:
    return values


def _mirrored(values: AnyArray) -> AnyArray:
    return np.ascontiguousarray(values[..., ::-1])


def _turned(values: AnyArray) -> AnyArray:
    return np.ascontiguousarray(np.rot90(values, 1, (-2, -1)))


def _turned_back(values: AnyArray) -> AnyArray:
    return np.rot90(values, -1, (-2, -1))


def _noisier(pixels: AnyArray) -> AnyArray:
    """As much noise again as there is, the same each time."""
    rng = np.random.default_rng(0)
    return np.stack([_with_noise(channel, rng) for channel in pixels])


def _with_noise(channel: AnyArray, rng: np.random.Generator) -> AnyArray:
    low, high = np.percentile(channel, (1, 99.8))
    strength = max(noise_level(channel), LITTLE * float(high - low))
    return np.asarray(channel + strength * rng.normal(size=channel.shape), np.float32)


def _softer(pixels: AnyArray) -> AnyArray:
    return np.stack([ndimage.gaussian_filter(np.asarray(channel, np.float32), 1) for channel in pixels])


CHANGES: Mapping[str, Change] = MappingProxyType(
    {
        "mirrored": Change(_mirrored, _mirrored),
        "turned": Change(_turned, _turned_back),
        "smaller": Change(_same, _same, 0.8),
        "larger": Change(_same, _same, 1.25),
        "noisier": Change(_noisier, _same),
        "softer": Change(_softer, _same),
    }
)


def answers(pixels: AnyArray, answer: Answer) -> dict[str, Labels]:
    """What the model says of the image under each change, by its name and back on the grid of the image."""
    return {name: answered(change, pixels, answer) for name, change in CHANGES.items()}


def answered(change: Change, pixels: AnyArray, answer: Answer) -> Labels:
    """The labels of a changed image, back on the grid of the image."""
    return resize_labels(change.back(answer(change.there(pixels), change.scale)), pixels.shape[1:])


def disagreements(labels: Labels, changed: Mapping[str, Labels]) -> dict[str, float]:
    """What comes and goes with each change, from 0 to 1, as traits `not_as_mirrored` and so on.

    labels   what the model says of the image as it is
    changed  what it says under each change
    """
    return {f"not_as_{name}": 1 - agreement(labels, other) for name, other in changed.items()}


def agreement(one: Labels, other: Labels) -> float:
    """Accuracy of one label image as if the other were the truth, 1 where both are empty."""
    if not (one > 0).any() and not (other > 0).any():
        return 1.0
    return match_many(one, other, (IOU,))[0].accuracy
