"""How good a prediction is: objects matched, images pooled, pixels counted, restored values compared."""

from convivo.ops.scores.calibration import Calibration, Judged, calibration, judged
from convivo.ops.scores.matching import Matching, Pair, match, match_many, matched_pairs
from convivo.ops.scores.mistakes import Mistakes, mistakes
from convivo.ops.scores.outlines import outline_distances
from convivo.ops.scores.pixels import PixelScore, pixel_scores, pooled_pixels
from convivo.ops.scores.pooled import MEASURES, bootstrap_interval, pooled
from convivo.ops.scores.restoration import (
    MeanAndDeviation,
    MeanScores,
    RestorationScore,
    mean_scores,
    restoration_score,
)

__all__ = [
    "MEASURES",
    "Calibration",
    "Judged",
    "Matching",
    "MeanAndDeviation",
    "MeanScores",
    "Mistakes",
    "Pair",
    "PixelScore",
    "RestorationScore",
    "bootstrap_interval",
    "calibration",
    "judged",
    "match",
    "match_many",
    "matched_pairs",
    "mean_scores",
    "mistakes",
    "outline_distances",
    "pixel_scores",
    "pooled",
    "pooled_pixels",
    "restoration_score",
]
