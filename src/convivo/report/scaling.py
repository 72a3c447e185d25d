"""Arrays are brought to the size of a picture, so that what is drawn on them afterwards stays crisp.

Images are averaged when they shrink and keep their square pixels when they grow. Labels are never mixed: each
pixel takes the number of its nearest neighbour.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from PIL import Image as Pillow

from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.types import AnyArray, Labels

Shape: TypeAlias = tuple[int, int]  # Y, X


def picture_shape(shape: Shape, side: int, largest_factor: int = 8) -> Shape:
    """Give the shape at which the longer side is at most `side`; small images grow by a whole factor."""
    longest = max(*shape, 1)
    if longest <= side:
        factor = min(side // longest, largest_factor)
        return shape[0] * factor, shape[1] * factor
    return max(round(shape[0] * side / longest), 1), max(round(shape[1] * side / longest), 1)


def check_fit(name: str, image: AnyArray, labels: Labels) -> None:
    """Raise BadInput where labels were made from another image: stretching them over this one would lie."""
    if image.shape != labels.shape:
        sizes = (f"{page.shape[0]} × {page.shape[1]}" for page in (image, labels))
        raise BadInput(
            "{}: the image has {} pixels, its labels {}".format(name, *sizes),
            fix="use the label image that was made from this image, at its full size",
        )


def scale_image(image: AnyArray, shape: Shape) -> AnyArray:
    """Average a (Y, X) image down to a smaller shape, or repeat its pixels up to a larger one."""
    if image.shape == shape:
        return image
    if shape[0] >= image.shape[0] and shape[1] >= image.shape[1]:
        return scale_labels(image, shape)
    values = Pillow.fromarray(np.ascontiguousarray(image, dtype=np.float32))
    return np.asarray(values.resize((shape[1], shape[0]), Pillow.Resampling.BOX))


def scale_labels(labels: Labels, shape: Shape) -> Labels:
    """Take the nearest neighbour of every pixel of the new shape."""
    rows, columns = (
        ((np.arange(new) + 0.5) * old / new).astype(int) for new, old in zip(shape, labels.shape, strict=True)
    )
    return np.asarray(labels[rows[:, None], columns])
