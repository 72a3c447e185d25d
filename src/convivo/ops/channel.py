"""One channel of an image, as restoring, comparing and registering take it."""

from __future__ import annotations

import numpy as np

from convivo.errors import BadInput
from convivo.types import AnyArray


def check_channel(pixels: AnyArray, name: str) -> None:
    """Raise BadInput unless `pixels` is (Y, X) or (Z, Y, X), not empty, of real numbers that are all finite.

    `name` says in the message what the pixels are, such as "truth".
    """
    if pixels.ndim not in (2, 3) or not pixels.size:
        raise BadInput(
            f"the {name} has shape {pixels.shape}",
            fix="hand over one channel, (Y, X) or (Z, Y, X), at a time",
        )
    if pixels.dtype.kind not in "iuf":
        raise BadInput(f"the {name} holds {pixels.dtype}", fix="use whole or floating numbers")
    if pixels.dtype.kind == "f" and not np.isfinite(pixels).all():
        raise BadInput(f"the {name} holds NaN or infinite values", fix="replace or cut off such pixels")
