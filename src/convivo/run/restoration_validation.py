"""Images that choose among the weights of a restoration net: what it says of them, and how near that is."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convivo.errors import ConvivoError
from convivo.methods.care import split
from convivo.model import Model, PartScore
from convivo.nets.restoration import RestorationSize
from convivo.ops.tiling import pad_to_stride
from convivo.run.asking import forward, within
from convivo.run.engines import TorchEngine
from convivo.run.memory import tile_sizes
from convivo.run.restoration_scales import prepared_pages
from convivo.types import Pixels, Restorable

LARGEST = 512  # pixels: so much of each side of an image chooses,
LARGEST_STACK = (16, 128, 128)  # and so much of a stack
MOST_PAGES = 16  # of all images that choose
MOST_EXAMPLES = 64  # masked pages: of tiny ones not even these hold so many hidden pixels
HIDDEN = 50_000  # pixels that are hidden in all: then the score is known to half a percent
EXACT = 1e-12  # mean squared error below which an answer counts as exact: 120 dB


class RestorationValidation:
    """Pages of images that did not train. Noise2Void's are masked in the same way each time, so that scores compare."""

    tolerance = 0.05  # dB

    def __init__(self, model: Model, data: Sequence[Restorable]) -> None:
        pages = [(middle(shown), middle(wanted)) for shown, wanted in prepared_pages(model, data)]
        pages = pages[:: max(1, -(-len(pages) // MOST_PAGES))]
        self._examples: list[tuple[Pixels, Pixels]] = []
        rng = np.random.default_rng(0)
        hidden = 0
        while pages and hidden < HIDDEN and len(self._examples) < MOST_EXAMPLES:
            for page in pages:
                shown, wanted = model.restoration.example(*page, model.card.settings, rng)
                hidden += int(np.isfinite(wanted).sum())
                self._examples.append((shown, wanted))
            if model.restoration.has_targets:
                break
        self.images = len(data)

    def __len__(self) -> int:
        return self.images

    def score(self, model: Model, precision: str) -> float:
        """How near the answers come, in dB below the scale of the images: -10 log10(mean squared error)."""
        squares, known = 0.0, 0
        for shown, wanted in self._examples:
            off = (answer_of(model, shown, precision) - wanted)[np.isfinite(wanted)]
            squares += float(np.square(off, dtype=np.float64).sum())
            known += off.size
        if not np.isfinite(squares):
            raise ConvivoError("the net answers with numbers that are not finite", fix="use a lower --rate")
        return float(-10 * np.log10(max(squares / max(1, known), EXACT)))

    def loss(self, model: Model) -> None:
        """The score is the error itself."""

    def part_score(self, model: Model) -> PartScore:
        """The score for the card, under a name that says what it is."""
        decibels = round(self.score(model, "float32"), 2)
        return PartScore(images=len(self), restoration={model.restoration.selection_score: decibels})


def middle(pixels: Pixels) -> Pixels:
    """The middle of a page, as large as is looked at; a copy, so that the rest can be let go."""
    largest = (LARGEST, LARGEST) if pixels.ndim == 3 else LARGEST_STACK
    parts = []
    for length, most in zip(pixels.shape[1:], largest, strict=True):
        start = max(0, (length - most) // 2)
        parts.append(slice(start, start + most))
    return pixels[:, *parts].copy()


def answer_of(model: Model, shown: Pixels, precision: str = "float32") -> Pixels:
    """The mean of the members' means for a prepared page, in the units of the net."""
    size = model.card.net
    assert isinstance(size, RestorationSize)
    engine = TorchEngine(model.net, str(next(model.net.parameters()).device.type), precision)
    padded = pad_to_stride(shown, model.strides)
    answer = np.empty((size.restored, *shown.shape[1:]), np.float32)
    sides = tile_sizes(model, padded.shape[1:])
    for tile, output in within(forward(model, padded, engine, sides), shown.shape[1:]):
        answer[:, *tile.core] = split(output[:, *tile.crop], size)[:, 0].mean(axis=0)
    return answer
