"""A corrected label image becomes one of the pairs that a net is trained on: `images/NAME`, `masks/NAME.tif`."""

from __future__ import annotations

import re
import shutil

import numpy as np

from convivo.errors import BadInput
from convivo.io.atomic import output_folder, writing
from convivo.io.images import read_label_image
from convivo.io.kinds import stem
from convivo.io.label_images import LabelImage, write_mask
from convivo.lab import dropped, shelf, sources
from convivo.lab.folders import Place, plain_name
from convivo.lab.questions.question import Question
from convivo.lab.returned import ASIDE, Returned, TakenBack

NOT_LOOKED_AT = 65535  # the highest number of a 16-bit image: pixels that the person did not look at
UNKNOWN = -1  # what they are in a mask


def take_back(returned: Returned) -> TakenBack:
    """Put image and corrected labels side by side; an earlier correction is replaced whole, or stays as it was.

    Raises BadInput for labels that are none, or of another size than the image, CannotWrite where the disk refuses.
    """
    read = _read(returned)
    labels = read.labels
    _same_size(returned, read)
    marks = bool(labels.size) and int(labels.max()) == NOT_LOOKED_AT
    if returned.unknown and marks:
        labels = np.where(labels == NOT_LOOKED_AT, UNKNOWN, labels.astype(np.int64))
    if (labels < 0).all():
        raise BadInput(
            f"nobody looked at a single pixel of {returned.image}",
            fix="correct a part of it, or leave it out",
        )
    _put(returned, LabelImage(labels, read.axes))
    return TakenBack(
        returned.image,
        int(np.unique(labels[labels > 0]).size),
        float((labels < 0).mean()),
        marks and not returned.unknown,
    )


def _read(returned: Returned) -> LabelImage:
    """The labels; errors name the file as it was dropped, and not where it lies."""
    if not re.fullmatch(r"\w+", returned.aside):
        raise BadInput(f"there is no file {returned.aside[:40]!r}", fix="drop it again")
    path = dropped.path_of(shelf.opened()[0] / ASIDE / returned.aside, returned.file)
    held = sources.image(returned.source, returned.axes).axes
    # a single plane needs no word about its axes, and without one a colour picture is known as what it is
    axes = held if held.replace("C", "") != "YX" else None
    try:
        return read_label_image(path, axes)
    except BadInput as error:
        problem, fix = (text.replace(str(path), path.name) for text in (error.problem, error.fix))
        raise BadInput(problem, fix=fix) from error


def _same_size(returned: Returned, read: LabelImage) -> None:
    image = sources.image(returned.source, returned.axes)
    shape = tuple(length for axis, length in zip(image.axes, image.array.shape, strict=True) if axis != "C")
    if read.labels.shape != shape:
        corrected, whole = (" x ".join(map(str, each)) for each in (read.labels.shape, shape))
        raise BadInput(
            f"the labels are {corrected} pixels, and {returned.image} is {whole}",
            fix="correct the label image of this very image, and save it without cutting or scaling it",
        )


def _put(returned: Returned, read: LabelImage) -> None:
    """The mask takes its name before the image takes its own: an image without a mask never stands there."""
    folder, folders = shelf.opened()
    source = returned.source
    image = dropped.path_of(folder, source) if isinstance(source, str) else folders.existing(source)
    data = f"data/{plain_name(returned.into, 'a data set')}"
    if "/" in returned.image:
        raise BadInput(f"{returned.image[:80]!r} is no name of an image", fix="reload the page")
    ending = image.name[len(stem(image)) :]
    copied = folders.path_of(Place(0, f"{data}/images/{returned.image}{ending}"))
    mask = folders.path_of(Place(0, f"{data}/masks/{returned.image}.tif"))
    for path in (copied, mask):
        output_folder(path.parent)
    with writing(copied) as part:
        shutil.copyfile(image, part)
        write_mask(mask, read.labels, axes=read.axes)


QUESTIONS = [Question("take-back", Returned, take_back)]
