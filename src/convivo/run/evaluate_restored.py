"""How near restored images come to their targets, beside how near the images were before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from convivo.errors import BadInput
from convivo.ops.scores import RestorationScore, restoration_score
from convivo.run.restore import Restorer
from convivo.types import AnyArray, Image, Restorable, Restoration


@dataclass(frozen=True, slots=True)
class RestoredScore:
    """One plane or stack of one channel: the image as it came, and restored."""

    name: str
    before: RestorationScore | None  # none where image and target have other channels
    after: RestorationScore


def evaluate_restored(
    restorer: Restorer, data: Iterable[Restorable], *, data_range: float | None = None
) -> Iterator[tuple[list[RestoredScore], Restoration]]:
    """Restore and score each image that has a target; `data_range` is that of PSNR and SSIM."""
    for each in data:
        if each.target is None:
            raise BadInput(f"{each.name} has no target to compare with", fix="give pairs: low/ and high/")
        found = restorer.restore(each.image)
        yield list(_scores(each.name, each.image, found.image, each.target, data_range)), found


def _scores(
    name: str, image: Image, restored: Image, target: Image, data_range: float | None
) -> Iterator[RestoredScore]:
    before, after, truth = (channels_of(each) for each in (image, restored, target))
    if len(after) != len(truth):
        raise BadInput(
            f"{name} restored has {len(after)} channels and frames, its target {len(truth)}",
            fix="choose one with --channel, or use the model that was trained on such targets",
        )
    for number, (values, wanted) in enumerate(zip(after, truth, strict=True)):
        own = name if len(after) == 1 else f"{name}[{number}]"
        try:
            score = restoration_score(values, wanted, data_range=data_range)
            is_alike = len(before) == len(truth)
            earlier = restoration_score(before[number], wanted, data_range=data_range) if is_alike else None
        except BadInput as error:  # of many images one must know which
            raise BadInput(f"{own}: {error.problem}", fix=error.fix) from error
        yield RestoredScore(own, earlier, score)


def channels_of(image: Image) -> list[AnyArray]:
    """Every channel of every frame, (Y, X) or (Z, Y, X)."""
    dimensions = 3 if "Z" in image.axes else 2
    return [channel for _, page in image.pages(dimensions) for channel in page]
