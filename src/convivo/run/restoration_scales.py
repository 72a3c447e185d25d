"""Scales of restoration: how images are shown to a net, what it should say, and how its answer comes back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from convivo.model import Model, TargetScale
from convivo.ops.fingerprint import fingerprint
from convivo.ops.normalisation import Normalisation
from convivo.ops.pair_fit import PairFit, common_fit, fit_pair
from convivo.types import AnyArray, Pixels, Restorable

FAR = 3.0  # spreads, or times a spread: beyond it a camera's values are others
LOW, HIGH = 2.0, 99.8  # percentiles that become 0 and 1, as CSBDeep predicts


def measure(model: Model, data: Sequence[Restorable]) -> None:
    """Describe the images that train on the card, and learn from them how images are scaled, there and back."""
    pages = [page for each in data for _, page in each.image.pages(model.dimensions)]
    how = model.card.normalisation
    if not model.restoration.has_targets:
        mean, spread = _mean_and_spread(pages)
        if not _is_near(how, mean, spread):
            how = replace(how, mean=mean, spread=spread)
    elif model.card.started_from is None:
        how = replace(how, low=LOW, high=HIGH)
    model.card = msgspec.structs.replace(
        model.card,
        normalisation=how,
        fingerprint=fingerprint(pages, []),
        target_scale=_target_scale(model, data),
    )


def _is_near(how: Normalisation, mean: Sequence[float], spread: Sequence[float]) -> bool:
    """Whether images of that mean and spread look to a net that goes on learning like those it knows.

    Of a camera with other bits or another offset they would lie a thousand times beyond what it ever saw.
    """
    return len(how.mean) == len(mean) and all(
        1 / FAR < there / here < FAR and abs(new - old) < FAR * here
        for old, new, here, there in zip(how.mean, mean, how.spread, spread, strict=True)
    )


def _mean_and_spread(pages: Sequence[AnyArray]) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel over all pixels of all pages."""
    counts = np.array([page[0].size for page in pages], float)
    means = np.array([[channel.mean(dtype=np.float64) for channel in page] for page in pages])
    squares = np.array([[np.square(channel, dtype=np.float64).mean() for channel in page] for page in pages])
    mean, square = (np.average(each, axis=0, weights=counts) for each in (means, squares))
    spread = np.sqrt(np.maximum(square - mean**2, 0))
    return tuple(map(float, mean)), tuple(float(each) or 1.0 for each in spread)


def _target_scale(model: Model, data: Sequence[Restorable]) -> TargetScale | None:
    """Median over the pairs of what leads from an image to its target, channel by channel."""
    pairs = [(image, target) for image, target in _page_pairs(model, data) if target is not None]
    if not pairs:
        return None
    sources = _sources(model, pairs)
    fits = zip(*(pair_fits(image, target, sources) for image, target in pairs), strict=True)
    common = [common_fit(of_channel) for of_channel in fits]
    return TargetScale(
        gain=tuple(each.gain for each in common),
        offset=tuple(each.offset for each in common),
        channels=sources,
        dtype=_wider_type(data),
    )


def _sources(model: Model, pairs: Sequence[tuple[AnyArray, AnyArray]]) -> tuple[int, ...]:
    """Of each channel of the targets the channel of the images that it follows from.

    Where there are as many, it is the one of its number, else the one that fits best; what a net has learned by stays.
    """
    by_number = model.sources
    channels = model.card.net.channels
    if channels in (1, len(by_number)) or model.card.started_from is not None:
        return by_number
    found = []
    for number in range(len(by_number)):
        alike = [
            [fit_pair(image[channel], target[number]).correlation for channel in range(channels)]
            for image, target in pairs
        ]
        found.append(int(np.median(alike, axis=0).argmax()))
    return tuple(found)


def _wider_type(data: Sequence[Restorable]) -> str | None:
    """A type for what targets hold, where that of the images does not: counts of 8 bits whose targets have 16."""
    own = np.result_type(*(each.image.array.dtype for each in data))
    wide = np.result_type(own, *(each.target.array.dtype for each in data if each.target is not None))
    return None if wide == own else wide.name


def pair_fits(image: AnyArray, target: AnyArray, sources: Sequence[int]) -> list[PairFit]:
    """How each channel of a target follows from the image's channel that `sources` names for it."""
    return [fit_pair(image[source], channel) for source, channel in zip(sources, target, strict=True)]


def _page_pairs(model: Model, data: Sequence[Restorable]) -> Iterator[tuple[AnyArray, AnyArray | None]]:
    """(C, ...) pages with those of the target, where there is one."""
    for each in data:
        pages = (page for _, page in each.image.pages(model.dimensions))
        if each.target is None:
            yield from ((page, None) for page in pages)
        else:
            targets = (page for _, page in each.target.pages(model.dimensions))
            yield from zip(pages, targets, strict=True)


def prepared_pages(model: Model, data: Sequence[Restorable]) -> Iterator[tuple[Pixels, Pixels]]:
    """Pages as the net is shown them, and what it should say, both scaled by the image's own scale.

    Each pair has its own fit: exposures differ from pair to pair, and the net should learn what they have in common.
    """
    for image, target in _page_pairs(model, data):
        scale = model.scale(image)
        shown = scale.apply(image)
        if target is None:
            yield shown, shown
            continue
        common = model.card.target_scale
        assert common is not None
        fits = [
            fit.or_else(PairFit(gain, offset))
            for fit, gain, offset in zip(
                pair_fits(image, target, model.sources), common.gain, common.offset, strict=True
            )
        ]
        in_units = np.stack([fit.undo(channel) for fit, channel in zip(fits, target, strict=True)])
        yield shown, scale.of(model.sources).apply(in_units)
