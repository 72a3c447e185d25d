"""Arrays become pictures: grey values, probabilities, labels, and outlines drawn over the image.

Colours follow Okabe and Ito, "Color Universal Design" (2008), so that colour-blind readers tell them apart:
orange is what was found, sky blue is the truth. What stands alone has its own pattern as well:

    white line                   found and true outline lie within one pixel of each other
    thin orange, thin blue line  a matched object, where the two outlines part
    bold orange line, tint       invented: found, but no true object matches
    bold blue line, hatching     missed: true, but no found object matches
"""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow
from scipy.ndimage import binary_dilation
from skimage.color import lab2rgb
from skimage.segmentation import find_boundaries

from convivo.types import AnyArray, Image, Labels, Map

if TYPE_CHECKING:
    from convivo.report.unmatched import Unmatched

Picture: TypeAlias = NDArray[np.uint8]  # (Y, X, 3), red, green, blue
Mask: TypeAlias = NDArray[np.bool_]  # (Y, X)
Colour: TypeAlias = tuple[int, int, int]

FOUND: Colour = (230, 159, 0)
TRUTH: Colour = (86, 180, 233)
AGREE: Colour = (255, 255, 255)
UNKNOWN: Colour = (110, 110, 116)
BACKGROUND: Colour = (12, 12, 14)
PROBABILITY_MAP = "inferno"  # perceptually uniform, from black to pale yellow
BACKDROP = 0.62  # how bright the image may be under outlines; at full brightness it would drown them
GOLDEN_ANGLE = 360 * (3 - 5**0.5) / 2  # degrees; successive hues stay as far apart as they can
EIGHT_NEIGHBOURS = np.ones((3, 3), dtype=bool)


def flat(image: Image | AnyArray) -> AnyArray:
    """Give the (Y, X) page that a picture shows: channels averaged, the middle of every other axis.

    An `Image` knows its axes; of a bare array the last two are Y, X, the others pages. The middle page, not a
    projection: image, labels and probability of one stack then show the same plane, and outlines fit.
    """
    array, axes = (image.array, image.axes) if isinstance(image, Image) else (image, "")
    leading = axes[:-2] or "Z" * (array.ndim - 2)
    page = array[tuple(slice(None) if axis == "C" else array.shape[i] // 2 for i, axis in enumerate(leading))]
    if page.ndim == 2:
        return page
    return np.asarray(page[0] if len(page) == 1 else page.mean(axis=0, dtype=np.float32))


def grey(image: AnyArray, low: float = 0.5, high: float = 99.8) -> Picture:
    """Stretch a (Y, X) image between two percentiles of its finite pixels; a constant image is black."""
    return grey_between(image, *limits(image, low, high))


def limits(image: AnyArray, low: float = 0.5, high: float = 99.8) -> tuple[float, float]:
    """Two percentiles of the finite pixels of an image, between which `grey` stretches it."""
    finite = image[np.isfinite(image)].astype(np.float32)  # of True and False there are no percentiles
    if finite.size == 0:
        return 0.0, 0.0
    bottom, top = np.percentile(finite, (low, high))
    if bottom == top:  # nearly all pixels are alike: the few that are not carry the picture
        bottom, top = finite.min(), finite.max()
    return float(bottom), float(top)


def grey_between(image: AnyArray, bottom: float, top: float) -> Picture:
    """Stretch a (Y, X) image from black at `bottom` to white at `top`."""
    values = image.astype(np.float32)
    share = (np.nan_to_num(values, nan=bottom, posinf=top, neginf=bottom) - bottom) / max(top - bottom, 1e-12)
    return np.repeat(_bytes(share)[..., None], 3, axis=2)


def probability_colours(probability: Map) -> Picture:
    """Colour a (Y, X) map on the fixed scale 0 to 1, so that maps can be compared. Unknown (NaN) is grey."""
    from matplotlib import colormaps  # half a second that `predict` need not wait for

    known = np.isfinite(probability)
    colours = colormaps[PROBABILITY_MAP](np.where(known, probability, 0).clip(0, 1), bytes=True)[..., :3]
    colours[~known] = UNKNOWN
    return np.ascontiguousarray(colours)


def label_colours(labels: Labels) -> Picture:
    """Give every object of a (Y, X) label image its colour, the same wherever its number appears.

    A dark line parts objects that touch, so that neighbours stay two even where their colours are close.
    """
    numbers = np.unique(labels)
    picture = _palette(numbers)[np.searchsorted(numbers, labels)]
    picture[_seams(labels)] = BACKGROUND
    return picture


def borders(labels: Labels) -> Mask:
    """Mark the outermost pixels of every object: inside it, and beside another object or the background."""
    return np.asarray(find_boundaries(np.maximum(labels, 0), connectivity=1, mode="inner"))


def outlines(image: AnyArray, labels: Labels, colour: Colour = FOUND) -> Picture:
    """Draw one-pixel outlines of (Y, X) objects over the darkened grey image."""
    picture = _backdrop(image)
    picture[borders(labels)] = colour
    return picture


def compare(image: AnyArray, labels: Labels, truth: Labels, alone: Unmatched) -> Picture:
    """Draw found objects against true ones; the table at the top of this file says what each line means."""
    invented, missed = np.isin(labels, alone.invented), np.isin(truth, alone.missed)
    picture = _backdrop(image)
    _draw_agreement(
        picture, found=borders(np.where(invented, 0, labels)), true=borders(np.where(missed, 0, truth))
    )
    _draw_invented(picture, np.where(invented, labels, 0))
    _draw_missed(picture, np.where(missed, truth, 0))
    return picture


def data_uri(picture: Picture) -> str:
    """The picture as an address that holds it, without loss: WebP is smaller than PNG and every browser shows it."""
    stream = io.BytesIO()
    Pillow.fromarray(picture).save(stream, "WEBP", lossless=True, quality=30, method=2)
    return "data:image/webp;base64," + base64.b64encode(stream.getvalue()).decode("ascii")


def _bytes(share: NDArray[np.floating]) -> NDArray[np.uint8]:
    return np.asarray(np.rint(share.clip(0, 1) * 255), dtype=np.uint8)


def _backdrop(image: AnyArray) -> Picture:
    return np.asarray(np.rint(grey(image) * BACKDROP), dtype=np.uint8)


def _palette(numbers: Labels) -> Picture:
    """Golden-angle hues in CIE LCh; lightness steps through five levels, for eyes that hues do not serve."""
    numbers = numbers.astype(np.int64)  # small types would overflow, and colours depend on the type
    hue = np.deg2rad(numbers * GOLDEN_ANGLE)
    lightness = 50 + 7.5 * (numbers * 2 % 5)
    lab = np.stack([lightness, 40 * np.cos(hue), 40 * np.sin(hue)], axis=-1)  # more chroma leaves sRGB
    colours = _bytes(lab2rgb(lab))
    colours[numbers == 0] = BACKGROUND
    colours[numbers < 0] = UNKNOWN
    return colours


def _seams(labels: Labels) -> Mask:
    """Pixels whose neighbour below or to the right is another object."""
    seams = np.zeros(labels.shape, dtype=bool)
    objects = labels > 0
    seams[:-1] |= objects[:-1] & objects[1:] & (labels[:-1] != labels[1:])
    seams[:, :-1] |= objects[:, :-1] & objects[:, 1:] & (labels[:, :-1] != labels[:, 1:])
    return seams


def _draw_agreement(picture: Picture, found: Mask, true: Mask) -> None:
    near_found, near_true = (binary_dilation(mask, EIGHT_NEIGHBOURS) for mask in (found, true))
    picture[true & ~near_found] = TRUTH
    picture[found & ~near_true] = FOUND
    picture[found & near_true] = AGREE


def _draw_invented(picture: Picture, invented: Labels) -> None:
    inside = invented > 0
    picture[inside] = _blend(picture[inside], FOUND, 0.28)
    picture[inside & binary_dilation(borders(invented), EIGHT_NEIGHBOURS)] = FOUND


def _draw_missed(picture: Picture, missed: Labels) -> None:
    """The line runs outside the object: a missed object inside an invented one keeps both its lines."""
    inside = missed > 0
    rows, columns = np.ogrid[: missed.shape[0], : missed.shape[1]]
    hatched = inside & ((rows + columns) % 6 < 2)
    picture[hatched] = _blend(picture[hatched], TRUTH, 0.6)
    picture[binary_dilation(borders(missed), EIGHT_NEIGHBOURS) & (~inside | borders(missed))] = TRUTH


def _blend(pixels: NDArray[np.uint8], colour: Colour, share: float) -> NDArray[np.uint8]:
    return np.rint(pixels * (1 - share) + np.array(colour) * share).astype(np.uint8)
