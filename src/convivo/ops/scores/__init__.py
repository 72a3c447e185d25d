"""How good a prediction is: objects matched, images pooled, pixels counted."""

from convivo.ops.scores.matching import Matching, Pair, match, match_many, matched_pairs
from convivo.ops.scores.mistakes import Mistakes, mistakes
from convivo.ops.scores.pixels import PixelScore, pixel_scores, pooled_pixels
from convivo.ops.scores.pooled import MEASURES, bootstrap_interval, pooled

__all__ = [
    "MEASURES",
    "Matching",
    "Mistakes",
    "Pair",
    "PixelScore",
    "bootstrap_interval",
    "match",
    "match_many",
    "matched_pairs",
    "mistakes",
    "pixel_scores",
    "pooled",
    "pooled_pixels",
]
