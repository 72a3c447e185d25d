"""How strong the noise of Noise2Void's training images is, from what the net says of pixels it cannot see."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convivo.model import Model
from convivo.ops.normalisation import Scale
from convivo.ops.second_look import NoiseLine, noise_line
from convivo.run.restoration_validation import answer_of, middle
from convivo.types import Pixels

PAGES, HIDINGS = 12, 6  # pages from which the noise is read, and how often pixels are hidden in each
STACKS, STACK_HIDINGS = 4, 3  # the same for stacks, of which each takes so much longer


def noise_of_training(model: Model, prepared: Sequence[Pixels]) -> tuple[NoiseLine, ...]:
    """The noise of each channel in the images' own units, from what the net says of pixels that are hidden from it.

    Noise that runs along lines is not each pixel's own: a second look at the pixel would bring it back.
    """
    if model.restoration.has_targets or model.card.settings.get("axes"):
        return ()
    scale = Scale(model.card.normalisation.mean, model.card.normalisation.spread)
    pages = PAGES if model.dimensions == 2 else STACKS
    parts = [middle(pixels) for pixels in prepared[:: -(-len(prepared) // pages)]]
    rng = np.random.default_rng(0)
    guesses = [scale.undo(answer_of(model, part)) for part in parts]
    squares = [_blind_squares(model, part, scale, rng) for part in parts]
    lines = [
        noise_line([guess[channel] for guess in guesses], [square[channel] for square in squares])
        for channel in range(model.card.net.channels)
    ]
    return tuple(line for line in lines if line is not None) if None not in lines else ()


def _blind_squares(model: Model, part: Pixels, scale: Scale, rng: np.random.Generator) -> Pixels:
    """Squared differences at pixels that were hidden, in squared units of the image; NaN at the others."""
    squares = np.full_like(part, np.nan)
    for _ in range(HIDINGS if model.dimensions == 2 else STACK_HIDINGS):
        shown, wanted = model.restoration.example(part, part, model.card.settings, rng)
        off = scale.undo_difference(answer_of(model, shown) - wanted)
        squares = np.where(np.isfinite(off), off**2, squares)
    return squares
