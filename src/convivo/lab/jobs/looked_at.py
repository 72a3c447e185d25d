"""Images that one looks at while a net learns: one or two of those that choose, with the weights of the moment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image as Pillow

from convivo.io.atomic import output_folder, writing
from convivo.model import Model
from convivo.ops.scores import matched_pairs
from convivo.report.pictures import Picture, compare, flat, grey
from convivo.report.unmatched import unmatched
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.run.split import split_by_group
from convivo.types import Annotated, AnyArray, Image, Restorable
from convivo.work.training import Training

MOST = 2
SIDE = 256  # pixels of a side, at most, cut out of the middle
AS_IT_IS = PredictOptions(engine=Wanted("torch", "float32"))  # no engine needs to prove itself first
GAP = 4  # pixels between pictures that stand side by side


class LookedAt:
    """Draws them into a folder."""

    def __init__(self, training: Training, folder: Path) -> None:
        self._model, self._folder = training.model, folder
        split = split_by_group(
            training.examples.data, seed=training.config.seed, parts=training.examples.parts
        )
        self._images = [_middle(each) for each in split.validation[:MOST]]

    def drawn(self, step: int) -> tuple[str, ...]:
        """Write a picture of each; gives the names of the files. Raises CannotWrite."""
        if not self._images:
            return ()
        output_folder(self._folder)
        names = []
        for number, each in enumerate(self._images):
            picture = (
                _objects(self._model, each) if isinstance(each, Annotated) else _restored(self._model, each)
            )
            name = f"step-{step:06d}-{number}.png"
            with writing(self._folder / name) as part:
                Pillow.fromarray(picture).save(part)
            names.append(name)
        return tuple(names)


def _objects(model: Model, each: Annotated) -> Picture:
    """The answer's outlines over the image, beside the truth's."""
    labels, truth = flat(Predictor(model, AS_IT_IS).predict(each.image).labels), flat(each.labels)
    pairs = matched_pairs(truth, labels)
    return compare(flat(each.image), labels, truth, unmatched(labels, truth, pairs))


def _restored(model: Model, each: Restorable) -> Picture:
    """Before, after and, where it is known, how it should look."""
    shown = [each.image, Restorer(model, AS_IT_IS).restore(each.image).image]
    shown += [each.target] if each.target else []
    pictures = [grey(flat(image)) for image in shown]
    gap = np.full((pictures[0].shape[0], GAP, 3), 255, np.uint8)
    return np.hstack([part for picture in pictures for part in (gap, picture)][1:])


def _middle(each: Annotated | Restorable) -> Annotated | Restorable:
    """As much as a picture shows."""
    if isinstance(each, Annotated):
        return Annotated(_cut(each.image), _cut_array(each.labels), each.group)
    return Restorable(_cut(each.image), _cut(each.target) if each.target else None, each.group)


def _cut(image: Image) -> Image:
    return replace(image, array=_cut_array(image.array))


def _cut_array(array: AnyArray) -> AnyArray:
    """The middle along Y and X."""
    starts = [max(0, (length - SIDE) // 2) for length in array.shape[-2:]]
    return array[..., starts[0] : starts[0] + SIDE, starts[1] : starts[1] + SIDE]
