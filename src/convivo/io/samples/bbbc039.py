"""BBBC039: U2OS nuclei, outlined by hand (Caicedo et al., Cytometry A 95:952-965, 2019).

It comes as three zips: 16-bit TIFFs, masks as RGBA PNGs, and lists that say which field is for what. The red
channel of a mask does not number the nuclei: it colours them as on a map, so that touching ones differ.
"""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

import numpy as np
from PIL import Image as PillowImage
from skimage.measure import label

from convivo.errors import BadInput
from convivo.io.images import write_labels
from convivo.io.samples.disk import make_folder, move
from convivo.io.samples.progress import Progress
from convivo.io.samples.unpack import FETCH_AGAIN
from convivo.types import AnyArray, Labels

LISTS = {"train": "training.txt", "validation": "validation.txt", "test": "test.txt"}


def arrange(unpacked: Path, folder: Path) -> Iterator[Progress]:
    """Move the images to `folder/SPLIT/images`, decode the masks into `folder/SPLIT/masks` as uint16 TIFF."""
    images = _by_stem(unpacked / "images", ".tif")
    masks = _by_stem(unpacked / "masks", ".png")
    fields = [(split, stem) for split, file in LISTS.items() for stem in _listed(unpacked / "metadata", file)]
    for number, (split, stem) in enumerate(fields, 1):
        if stem not in images or stem not in masks:
            raise BadInput(
                f"bbbc039: {LISTS[split]} names {stem}, which lacks an image or a mask or is named twice",
                fix=FETCH_AGAIN,
            )
        move(images.pop(stem), folder / split / "images" / f"{stem}.tif")
        _decode(masks[stem], folder / split / "masks" / f"{stem}.tif")
        yield Progress("decoding masks", number, len(fields), "files")


def decode_colours(colours: AnyArray) -> Labels:
    """Number the objects of a map in which touching objects have different colours.

    colours  (Y, X)  0 background, else the colour. An object is what one colour covers without a gap, corners
                     included; the result is uint16, numbered from 1 row by row.
    """
    labels: Labels = label(colours, background=0, connectivity=2)
    if labels.max(initial=0) > np.iinfo(np.uint16).max:
        raise BadInput(f"a mask holds {labels.max():,} objects", fix=FETCH_AGAIN)
    return labels.astype(np.uint16)


def _by_stem(folder: Path, suffix: str) -> dict[str, Path]:
    """Files of that kind by name, wherever they lie."""
    return {path.stem: path for path in folder.rglob("*") if path.suffix.lower() == suffix}


def _listed(metadata: Path, file: str) -> list[str]:
    """Stems of the fields that a list names."""
    found = next(metadata.rglob(file), None)
    if found is None:
        raise BadInput(f"bbbc039: metadata.zip holds no {file}", fix=FETCH_AGAIN)
    names = found.read_text("utf-8", errors="replace").split()
    return [PurePosixPath(name).stem for name in names]


def _decode(mask: Path, target: Path) -> None:
    """Write the label image of one coloured mask."""
    try:
        with PillowImage.open(mask) as picture:
            colours = np.asarray(picture)
    except (OSError, SyntaxError, ValueError, PillowImage.DecompressionBombError) as error:
        raise BadInput(f"bbbc039: mask {mask.name} cannot be read: {error}", fix=FETCH_AGAIN) from error
    make_folder(target.parent)
    write_labels(target, decode_colours(colours if colours.ndim == 2 else colours[..., 0]))
