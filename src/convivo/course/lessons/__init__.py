"""The lessons, a folder each: what one reads (`en.md`), its questions, and the facts that its numbers are."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).parent

# in the order in which they are taught
LESSONS = (
    "convolution",
    "channels",
    "receptive_field",
    "unet",
    "stardist",
    "care",
    "noise2void",
    "tiling",
    "imbalance",
    "misfit",
    "validation",
)
