"""Six cases and six causes: whoever plays sees all causes at every case."""

from __future__ import annotations

from convivo.lab.detective import by_heart, invention, one_scale, rare_kind, small_field, stripes
from convivo.lab.detective.values import Cause

CAUSES = (
    Cause(
        "field",
        "It sees too little",
        "The objects are wider than the part of the image that decides about a pixel.",
    ),
    Cause("scale", "Wrong resolution", "It learned such objects at another size in pixels."),
    Cause("overfit", "Learned by heart", "It knows the images that trained it, and little else."),
    Cause("imbalance", "A rare kind", "It hardly ever met this kind of object in training."),
    Cause(
        "correlated-noise", "Correlated noise", "Neighbouring pixels share their noise, so it can be guessed."
    ),
    Cause("invention", "Invention", "It draws what it was trained on where the image says too little."),
)

CASES = (stripes.CASE, one_scale.CASE, rare_kind.CASE, small_field.CASE, by_heart.CASE, invention.CASE)
