"""The same field under two microscopes: one with much light, one with few photons; and what restoring makes of it.

"two-microscopes" asks the shipped restoration net, as `convivo restore` does. "misaligned" fits the simplest learner
that there is, one weight for each of 9 x 9 pixels, to pairs whose two images do not lie on each other.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import msgspec
import numpy as np

from convivo.lab import practice, shelf
from convivo.lab.filaments import filaments
from convivo.lab.questions.question import Question
from convivo.lab.window import Window
from convivo.model import Model
from convivo.model.find import find_model
from convivo.ops.scores import restoration_score
from convivo.ops.simulate import low_exposure
from convivo.run.restore import Restorer
from convivo.types import Image, Pixels

RESTORES = "nuclei-care"
SEED = 0  # of photons and filaments
MOST_SIDE = 512  # pixels of a drawn picture
REACH = 4  # pixels to each side that the fit looks at
BAND = 32  # rows that are shifted alike, where the shift varies
EVERY = 2  # of the pixels along each axis the fit learns from every second one: enough, and quick

Structure = Literal["picture", "filaments"]


class Exposed(msgspec.Struct, frozen=True):
    """Which field, and how little light."""

    window: Window
    structure: Structure = "picture"
    photons: float = 10.0  # at the brightest, from 1 to 1000


class Pair(msgspec.Struct, frozen=True, kw_only=True):
    """Both images and what the net makes of the dark one; (Y, X), all in the image's own units."""

    truth: Pixels  # with much light; of practice images without any noise
    low: Pixels
    restored: Pixels
    low_psnr: float  # against the truth
    restored_psnr: float
    is_known: bool  # whether the truth is really free of noise


class Misaligned(msgspec.Struct, frozen=True):
    """A pair whose bright image is shifted to the right against the dark one."""

    exposed: Exposed
    shift: int = 2  # pixels, from 0 to 3
    varies: bool = False  # to the right and to the left in turn


class Learned(msgspec.Struct, frozen=True, kw_only=True):
    """What a fit to that pair does."""

    target: Pixels  # (Y, X) the shifted bright image
    weights: Pixels  # (9, 9), laid on as nets do
    answer: Pixels  # (Y, X) what the fit makes of the dark image
    moved: float  # pixels by which the weights move what they see to the right: their centre of mass
    psnr: float  # against the bright image where it belongs
    target_psnr: float  # against the shifted one, which it learned from


def two_microscopes(asked: Exposed) -> Pair:
    """The pair of a window, and the net's answer."""
    truth, low, known = _seen(asked.window, asked.structure, _photons(asked))
    restored = _restored(asked.window, asked.structure, _photons(asked))
    return Pair(
        truth=truth,
        low=low,
        restored=restored,
        low_psnr=_psnr(low, truth),
        restored_psnr=_psnr(restored, truth),
        is_known=known,
    )


def misaligned(asked: Misaligned) -> Learned:
    """The best 9 x 9 weights for the shifted pair, by least squares."""
    exposed = asked.exposed
    truth, low, _ = _seen(exposed.window, exposed.structure, _photons(exposed))
    target = shifted(truth, min(3, max(0, asked.shift)), asked.varies)
    level = float(low.mean())
    windows = _windows(low - level)
    wanted = (target - level)[::EVERY, ::EVERY].ravel()
    seen = windows[::EVERY, ::EVERY].reshape(-1, windows.shape[-2] * windows.shape[-1])
    weights = np.linalg.lstsq(seen.T @ seen, seen.T @ wanted, rcond=None)[0].reshape(windows.shape[-2:])
    answer = np.asarray(np.tensordot(windows, weights, 2) + level, np.float32)
    columns = np.arange(-REACH, REACH + 1)
    return Learned(
        target=target,
        weights=np.asarray(weights, np.float32),
        answer=answer,
        moved=-float((weights.sum(axis=0) * columns).sum() / weights.sum()),
        psnr=_psnr(answer, truth),
        target_psnr=_psnr(answer, target),
    )


def shifted(truth: Pixels, shift: int, varies: bool) -> Pixels:
    """The image moved to the right, or band by band to the right and to the left; mirrored at its border."""
    width = truth.shape[1]
    padded = np.pad(truth, ((0, 0), (shift, shift)), mode="symmetric")
    right, left = padded[:, :width], padded[:, 2 * shift :]
    if not varies:
        return right
    bands = (np.arange(len(truth)) // BAND % 2 == 0)[:, None]
    return np.where(bands, right, left)


@lru_cache(maxsize=8)
def _seen(window: Window, structure: Structure, photons: float) -> tuple[Pixels, Pixels, bool]:
    """Truth and low exposure; and whether the truth is known."""
    truth, known = _truth(window, structure)
    return truth, low_exposure(truth, photons, np.random.default_rng(SEED)), known


@lru_cache(maxsize=8)
def _restored(window: Window, structure: Structure, photons: float) -> Pixels:
    _, low, _ = _seen(window, structure, photons)
    image = Image(low[None], "CYX", "low exposure")
    return np.asarray(_restorer().restore(image).image.array[0], np.float32)


def _truth(window: Window, structure: Structure) -> tuple[Pixels, bool]:
    if structure == "filaments":
        return filaments(min(MOST_SIDE, max(64, window.side)), SEED), True
    cut = shelf.cut(window)
    if window.image not in practice.IMAGES:
        return cut.pixels, False
    height, width = cut.pixels.shape
    known = practice.image(window.image).clean[cut.top : cut.top + height, cut.left : cut.left + width]
    return np.asarray(known, np.float32), True


@lru_cache(maxsize=1)
def _restorer() -> Restorer:
    return Restorer(Model.load(find_model(RESTORES)))


def _windows(values: Pixels) -> Pixels:
    """(Y, X, 9, 9); mirrored at the border."""
    padded = np.pad(values.astype(np.float64), REACH, mode="symmetric")
    return np.lib.stride_tricks.sliding_window_view(padded, (2 * REACH + 1,) * 2)


def _photons(asked: Exposed) -> float:
    return min(1000.0, max(1.0, asked.photons))


def _psnr(image: Pixels, truth: Pixels) -> float:
    return restoration_score(image, truth).psnr


QUESTIONS = [
    Question("two-microscopes", Exposed, two_microscopes),
    Question("misaligned", Misaligned, misaligned),
]
