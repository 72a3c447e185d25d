"""PNG, JPEG and NumPy files: arrays that come without a word about their axes beyond grey or colour."""

from __future__ import annotations

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Final

import imagecodecs
import numpy as np
from PIL import Image as PillowImage

from convivo.errors import BadInput, OutOfMemory
from convivo.io.kinds import RESAVE, Kind, unreadable
from convivo.io.stored import Stored

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from convivo.types import AnyArray


def read_picture(path: Path, kind: Kind, *, numbers: bool = False) -> Stored:
    """Pixels of a PNG, JPEG or .npy; with `numbers` those of a palette stay (they may be labels)."""
    decode = _NUMBERS.get(kind, _DECODERS[kind]) if numbers else _DECODERS[kind]
    try:
        array = decode(path.read_bytes())
    except OSError as error:
        raise (unreadable(path, error) if error.errno else _damaged(path, kind, error)) from error
    except MemoryError as error:
        raise OutOfMemory(
            f"{path} does not fit into memory", fix="crop it, or close other programs"
        ) from error
    except Exception as error:  # a damaged file can fail anywhere in a decoder, with any kind of exception
        raise _damaged(path, kind, error) from error
    if kind == "NumPy":
        return Stored(array, colours=array.ndim == 3 and array.shape[2] in (3, 4))
    return Stored(array, axes="YXS"[: array.ndim], colours=True)


def _png(data: bytes) -> AnyArray:
    """Imagecodecs keeps 16 bits of colour, which Pillow cuts to 8; a palette becomes its colours."""
    return np.asarray(imagecodecs.png_decode(data))


def _jpeg(data: bytes) -> AnyArray:
    """Pillow refuses a JPEG that is cut short, where imagecodecs fills the rest with grey."""
    with _opened(data) as picture:
        return np.asarray(picture if picture.mode in ("L", "RGB") else picture.convert("RGB"))


def _palette_numbers(data: bytes) -> AnyArray:
    with _opened(data) as picture:
        return np.asarray(picture) if picture.mode in ("P", "1") else _png(data)


def _npy(data: bytes) -> AnyArray:
    """Arrays alone: nothing is ever unpickled."""
    return np.asarray(np.lib.format.read_array(BytesIO(data), allow_pickle=False))


def _opened(data: bytes) -> PillowImage.Image:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # many pixels, odd transparency: nothing that a person could mend
        return PillowImage.open(BytesIO(data))


def _damaged(path: Path, kind: Kind, error: Exception) -> BadInput:
    if isinstance(error, PillowImage.DecompressionBombError):
        return BadInput(f"{path} has too many pixels for a {kind}: {error}", fix="save it as TIFF")
    reason = " ".join(str(error).split())[:120] or type(error).__name__
    return BadInput(f"{path} is damaged or cut short: {reason}", fix=RESAVE)


_DECODERS: Final[dict[Kind, Callable[[bytes], AnyArray]]] = {"PNG": _png, "JPEG": _jpeg, "NumPy": _npy}
_NUMBERS: Final[dict[Kind, Callable[[bytes], AnyArray]]] = {"PNG": _palette_numbers}
