"""What a training of CARE or Noise2Void looks at: scales, patches, and images that choose."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import msgspec
import numpy as np

from convivo.errors import ConvivoError
from convivo.methods.care import split
from convivo.model import Model, PartScore, Scores, TargetScale, Training
from convivo.nets.restoration import RestorationSize
from convivo.ops.augment import Augmentation, patch
from convivo.ops.content import ContentPlaces
from convivo.ops.fingerprint import fingerprint
from convivo.ops.normalisation import Normalisation, Scale
from convivo.ops.pair_fit import PairFit, common_fit, fit_pair
from convivo.ops.second_look import NoiseLine, noise_line
from convivo.ops.tiling import pad_to_stride
from convivo.run.asking import forward, within
from convivo.run.batches import Batches
from convivo.run.config import TrainConfig
from convivo.run.engines import TorchEngine
from convivo.run.labelled_patches import patch_size
from convivo.run.memory import tile_sizes
from convivo.run.record import LOOKED_AT, bottleneck_statistics
from convivo.types import AnyArray, Pixels, Restorable

# pixels are shown as the camera wrote them: interpolation would smooth the noise, which is what is to be learned
TURNED = Augmentation(interpolated=0, scale=0, brightness=0, offset=0, noise=0, empty=0)
LARGEST = 512  # pixels: so much of each side of an image chooses;
LARGEST_STACK = (16, 256, 256)  # and so much of a stack
NOISE_PAGES, HIDINGS = 12, 6  # pages from which the noise is read, and how often pixels are hidden in each
MOST_PAGES = 16  # of all images that choose
MOST_EXAMPLES = 64  # masked pages: of tiny ones not even these hold so many hidden pixels
HIDDEN = 50_000  # pixels that are hidden in all: then the score is known to half a percent
EXACT = 1e-12  # mean squared error below which an answer counts as exact: 120 dB
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
    fits = [pair_fits(image, target) for image, target in _page_pairs(model, data) if target is not None]
    if not fits:
        return None
    common = [common_fit([each[channel] for each in fits]) for channel in range(len(fits[0]))]
    return TargetScale(
        gain=tuple(each.gain for each in common),
        offset=tuple(each.offset for each in common),
        dtype=_wider_type(data),
    )


def _wider_type(data: Sequence[Restorable]) -> str | None:
    """A type for what targets hold, where that of the images does not: counts of 8 bits whose targets have 16."""
    own = np.result_type(*(each.image.array.dtype for each in data))
    wide = np.result_type(own, *(each.target.array.dtype for each in data if each.target is not None))
    return None if wide == own else wide.name


def pair_fits(image: AnyArray, target: AnyArray) -> list[PairFit]:
    """How each channel of a target follows from the image: from its channel of that number, or the last."""
    return [fit_pair(image[min(number, len(image) - 1)], channel) for number, channel in enumerate(target)]


def _page_pairs(model: Model, data: Sequence[Restorable]) -> Iterator[tuple[AnyArray, AnyArray | None]]:
    """(C, ...) pages with those of the target, where there is one."""
    for each in data:
        pages = (page for _, page in each.image.pages(model.dimensions))
        if each.target is None:
            yield from ((page, None) for page in pages)
        else:
            targets = (page for _, page in each.target.pages(model.dimensions))
            yield from zip(pages, targets, strict=True)


def _prepared(model: Model, data: Sequence[Restorable]) -> Iterator[tuple[Pixels, Pixels]]:
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
            for fit, gain, offset in zip(pair_fits(image, target), common.gain, common.offset, strict=True)
        ]
        in_units = np.stack([fit.undo(channel) for fit, channel in zip(fits, target, strict=True)])
        channels = [min(number, len(image) - 1) for number in range(len(target))]
        chosen = replace(
            scale,
            dark=tuple(scale.dark[each] for each in channels),
            width=tuple(scale.width[each] for each in channels),
        )
        yield shown, chosen.apply(in_units)


class RestorationPatches:
    """Patches of prepared pages, turned and mirrored, most of them where there is something to see."""

    def __init__(self, model: Model, data: Sequence[Restorable], config: TrainConfig) -> None:
        self._method, self._settings = model.restoration, model.card.settings
        prepared = list(_prepared(model, data))
        self.images = [shown for shown, _ in prepared]
        self._wanted = [wanted for _, wanted in prepared]
        # where a long exposure shows something, not where noise looks like it
        self.places = ContentPlaces(self._wanted, share=config.foreground)
        # noise that runs along one axis keeps to it: only along that one are lines hidden
        self._how = replace(TURNED, turned=not self._settings.get("axes"))
        self._size = patch_size(model, [shown.shape[1:] for shown in self.images], config)

    def draw(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """One patch, as its method shows it."""
        place = self.places.draw(self._size, rng)
        image, wanted = self.images[place.image], self._wanted[place.image]
        shown, wanted = patch(image, wanted, place.centre, self._size, self._how, rng)
        return self._method.example(shown, wanted, self._settings, rng)


def restoration_batches(
    model: Model, data: Sequence[Restorable], config: TrainConfig
) -> Batches[RestorationPatches]:
    """Batches of the training side; each net of an ensemble has patches of its own."""
    size = model.card.net
    assert isinstance(size, RestorationSize)
    assert config.batch is not None
    return Batches(
        RestorationPatches(model, data, config), size=config.batch * size.members, seed=config.seed
    )


class RestorationValidation:
    """Pages of images that did not train. Noise2Void's are masked in the same way each time, so that scores compare."""

    tolerance = 0.05  # dB

    def __init__(self, model: Model, data: Sequence[Restorable]) -> None:
        pages = [(_middle(shown), _middle(wanted)) for shown, wanted in _prepared(model, data)]
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
            off = (_answer(model, shown, precision) - wanted)[np.isfinite(wanted)]
            squares += float(np.square(off, dtype=np.float64).sum())
            known += off.size
        if not np.isfinite(squares):
            raise ConvivoError("the net answers with numbers that are not finite", fix="use a lower --rate")
        return float(-10 * np.log10(max(squares / max(1, known), EXACT)))


def _middle(pixels: Pixels) -> Pixels:
    """The middle of a page, as large as is looked at; a copy, so that the rest can be let go."""
    largest = (LARGEST, LARGEST) if pixels.ndim == 3 else LARGEST_STACK
    parts = []
    for length, most in zip(pixels.shape[1:], largest, strict=True):
        start = max(0, (length - most) // 2)
        parts.append(slice(start, start + most))
    return pixels[:, *parts].copy()


def complete_card(
    model: Model, validation: RestorationValidation, batches: Batches[RestorationPatches], record: Training
) -> None:
    """Score the weights that are kept, and describe the training."""
    scores = Scores()
    if len(validation):
        decibels = round(validation.score(model, "float32"), 2)
        scores = Scores(selection=PartScore(images=len(validation), restoration={"psnr": decibels}))
    assert model.card.fingerprint is not None
    mean, covariance = bottleneck_statistics(model, batches.patches.images[:LOOKED_AT])
    seen = replace(model.card.fingerprint, features_mean=mean, features_covariance=covariance)
    model.card = msgspec.structs.replace(model.card, scores=scores, training=record, fingerprint=seen)
    model.card = msgspec.structs.replace(model.card, noise=_noise(model, batches.patches.images))


def _noise(model: Model, prepared: Sequence[Pixels]) -> tuple[NoiseLine, ...]:
    """The noise of each channel in the images' own units, from what the net says of pixels that are hidden from it.

    Noise that runs along lines is not each pixel's own: a second look at the pixel would bring it back.
    """
    if model.restoration.has_targets or model.card.settings.get("axes"):
        return ()
    scale = Scale(model.card.normalisation.mean, model.card.normalisation.spread)
    parts = [_middle(pixels) for pixels in prepared[:: -(-len(prepared) // NOISE_PAGES)]]
    rng = np.random.default_rng(0)
    guesses = [scale.undo(_answer(model, part)) for part in parts]
    squares = [_blind_squares(model, part, scale, rng) for part in parts]
    lines = [
        noise_line([guess[channel] for guess in guesses], [square[channel] for square in squares])
        for channel in range(model.card.net.channels)
    ]
    return tuple(line for line in lines if line is not None) if None not in lines else ()


def _blind_squares(model: Model, part: Pixels, scale: Scale, rng: np.random.Generator) -> Pixels:
    """Squared differences at pixels that were hidden, in squared units of the image; NaN at the others."""
    squares = np.full_like(part, np.nan)
    for _ in range(HIDINGS):
        shown, wanted = model.restoration.example(part, part, model.card.settings, rng)
        off = scale.undo_difference(_answer(model, shown) - wanted)
        squares = np.where(np.isfinite(off), off**2, squares)
    return squares


def _answer(model: Model, shown: Pixels, precision: str = "float32") -> Pixels:
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
