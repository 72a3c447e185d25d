"""What decided an object: patches of the image are covered, and the object's probability falls where they mattered.

After Zeiler, Fergus, "Visualizing and understanding convolutional networks" (ECCV 2014).

    image ── the object at a place ── all that the net can see from it ── patches covered one by one ── map of falls
                                                                     └── inside, outline, surroundings covered ── falls

What covers is the background beside the object, as the net is shown it. Beyond the net's reach nothing can matter, so
only the part of the image within reach of the object is shown, and the answer is the same as that for the whole image.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import ndimage

from convivo.errors import BadInput
from convivo.methods import Decoded
from convivo.model import Model
from convivo.nets.stardist import StarDistSize
from convivo.ops.measure import diameters
from convivo.ops.occlusion import NEARLY_ALL, Mask, background_around, occlusion_map, radius, zones
from convivo.run.asking import Asker, PredictOptions
from convivo.run.choice import Wanted
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.types import AnyArray, Image, Map, Pixels, Region

PATCH = 1 / 3  # of the object's diameter is the side of a patch: it covers an outline, or some of the inside
SMALLEST = 3  # pixels
MOST = 240  # times that the net is asked
RIM = 1 / 8  # of the diameter, to either side, is outline
LOOK = 2  # times the reach, to either side of the place, in which the object is looked for
LEAST_LOOK = 128  # pixels
UNREACHED = {"unet": {"seed": 1.0, "foreground": 1.0}, "stardist": {"prob": 1.0}}  # the map alone is wanted


@dataclass(frozen=True, slots=True)
class Why:
    """What decided one object. Arrays are (Y, X) of the part of the image within the net's reach of it."""

    at: tuple[float, float]  # middle of the object in the image
    diameter: float  # of a circle as large as the object
    probability: float
    fall: Map  # of the probability where a patch there is covered; below 0 it rises
    inside: Mask  # pixels of the object
    part: Region  # of the image
    reach: float  # pixels from the middle within which 90 % of all fall lies; 0 where there is none
    patch: int  # side of a patch in pixels
    falls: dict[str, float]  # where all of the inside, the outline or the surroundings is covered

    def __str__(self) -> str:
        """What the map says, in a sentence."""
        y, x = (f"{place:.0f}" for place in self.at)
        covered = ", ".join(f"its {name} {-fall:+.2f}" for name, fall in self.falls.items())
        if not self.reach:
            far = "no single patch of it or around it decides"
        else:
            far = (
                f"{NEARLY_ALL:.0%} of what decides lies within {self.reach:.0f} pixels of its middle "
                f"({self.reach / self.diameter:.1f} diameters)"
            )
        return (
            f"object at y {y}, x {x} of {self.diameter:.0f} pixels, probability {self.probability:.2f}: {far}; "
            f"where background covers a part, the probability changes: {covered}"
        )


def why(model: Model, image: Image, at: tuple[float, float], options: PredictOptions | None = None) -> Why:
    """What decided the object at (y, x) of an image; of a film or stack its middle page."""
    options = options or PredictOptions()
    prepared = prepared_page(model, image)
    part, inside, background = object_at(model, prepared, at)
    shown = np.ascontiguousarray(prepared[:, *part])
    diameter = float(diameters(np.array([inside.sum()]), 2)[0])
    colour = background_around(shown, inside, background, diameter)
    ask = Probability(model, options, shown, inside)
    whole = ask(shown)
    middle = np.argwhere(inside).mean(axis=0)
    patch = max(SMALLEST, round(PATCH * diameter))

    def fall_of(place: Region) -> float:
        covered = shown.copy()
        covered[:, *place] = colour
        return whole - ask(covered)

    parts = zones(inside, max(1.0, RIM * diameter))
    fall = occlusion_map(inside, fall_of, patch, MOST)
    return Why(
        at=(float(middle[0] + part[0].start), float(middle[1] + part[1].start)),
        diameter=diameter,
        probability=whole,
        fall=fall,
        inside=inside,
        part=part,
        reach=radius(fall, middle),
        patch=patch,
        falls={name: whole - ask(np.where(zone, colour, shown)) for name, zone in parts.items()},
    )


def prepared_page(model: Model, image: Image) -> Pixels:
    """The middle page as the net is shown it, (C, Y, X)."""
    model.segmentation  # noqa: B018  refuses a model that restores images
    if model.dimensions != 2:
        raise BadInput(f"model {model.card.name!r} sees stacks", fix="ask a 2-D model why")
    refuse_label_image(image)
    refuse_unfit_numbers(image)
    middle = tuple(image.array.shape[image.axes.index(axis)] // 2 for axis in image.page_axes(2))
    pixels = dict(image.pages(2)).get(middle, np.zeros(0))
    if pixels.size == 0:
        raise BadInput(f"{image.name or 'the image'} has no pixels", fix="give an image that shows something")
    return model.prepare(pixels)


def object_at(model: Model, prepared: Pixels, at: tuple[float, float]) -> tuple[Region, Mask, Mask]:
    """What the net can see from the object at (y, x), and there the object's pixels, and what is no object."""
    y, x = (round(place) for place in at)
    height, width = prepared.shape[1:]
    if not (0 <= y < height and 0 <= x < width):
        raise BadInput(f"y {y}, x {x} is not in the image", fix=f"use y below {height} and x below {width}")
    far = max(LOOK * model.halo, LEAST_LOOK)
    around = _grown((slice(y, y + 1), slice(x, x + 1)), far, prepared.shape[1:], model.stride)
    near = prepared[:, *around]
    asker = Asker(
        model, PredictOptions(engine=Wanted("torch", "float32"))
    )  # once: nothing is worth compiling
    labels = asker.answered(
        lambda: near, near.shape[1:], lambda outputs: model.decode(outputs, near.shape[1:], {})
    )[0].labels
    number = labels[y - around[0].start, x - around[1].start]
    if number == 0:
        raise BadInput(f"there is no object at y {y}, x {x}", fix=_nearest(labels, around, (y, x)))
    box = ndimage.find_objects((labels == number).astype(np.int32))[0]
    whole = tuple(slice(a.start + b.start, a.stop + b.start) for a, b in zip(box, around, strict=True))
    part = _grown(whole, model.halo, prepared.shape[1:], model.stride)
    return part, _moved(labels == number, around, part), _moved(labels == 0, around, part)


class Probability:
    """The probability of one object in an image that is changed, as `objects.csv` has it.

    Of a StarDist that of the position that speaks for the object, of a U-Net the mean over the object's pixels.
    """

    def __init__(self, model: Model, options: PredictOptions, shown: Pixels, inside: Mask) -> None:
        self.model = model
        self._asker = Asker(model, options)
        self._where = inside
        if isinstance(model.card.net, StarDistSize):
            likely = np.where(inside, self._decoded(shown).probability, -1)
            self._where = likely == likely.max()

    def __call__(self, shown: Pixels) -> float:
        """Of a (C, Y, X) image as the net is shown it."""
        return float(self._decoded(shown).probability[self._where].mean())

    def _decoded(self, shown: Pixels) -> Decoded:
        settings, shape = UNREACHED[self.model.card.method], shown.shape[1:]
        return self._asker.answered(
            lambda: shown, shape, lambda outputs: self.model.decode(outputs, shape, settings)
        )[0]


def _grown(region: Region, margin: int, shape: tuple[int, ...], stride: int) -> Region:
    """The region with a margin, from a multiple of the stride on, as far as the image goes."""
    return tuple(
        slice(max(0, (part.start - margin) // stride * stride), min(length, part.stop + margin))
        for part, length in zip(region, shape, strict=True)
    )


def _moved(mask: Mask, around: Region, part: Region) -> Mask:
    """A mask of one part of the image on another; false where it is not known."""
    out = np.zeros([piece.stop - piece.start for piece in part], bool)
    common = [(max(a.start, b.start), min(a.stop, b.stop)) for a, b in zip(around, part, strict=True)]
    here, there = (
        tuple(
            slice(first - piece.start, last - piece.start)
            for (first, last), piece in zip(common, whole, strict=True)
        )
        for whole in (part, around)
    )
    out[here] = mask[there]
    return out


def _nearest(labels: AnyArray, around: Region, at: tuple[int, int]) -> str:
    """Where else to ask."""
    places = np.argwhere(labels > 0)
    if len(places) == 0:
        return "look at what `convivo predict` finds, and give --at y,x of an object"
    places += [part.start for part in around]
    y, x = places[((places - at) ** 2).sum(axis=1).argmin()]
    return f"the nearest object is at {y},{x}"
