"""Can stars describe these objects?

Each annotated object is drawn again as a star, from the place in it that suits best. An object whose best star does not
reach an IoU is missed at that IoU, whatever a net learns. Where it learns well it misses objects too: so doubt is the
share that the shape alone loses over the share that a StarDist misses of nuclei, of which the shape loses none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from convivo.doubt.check import Check, DataCheck, DataSet
from convivo.doubt.finding import NOTE, Finding
from convivo.nets.stardist import MOST_RAYS, StarDistSize
from convivo.ops.measure import areas, compact
from convivo.ops.stars.convexity import best_ious
from convivo.types import Annotated

ID = "convexity"
IOUS = (0.5, 0.7, 0.9)
DECIDES = 0.7
MISSED = 0.10  # of 3,021 nuclei of BBBC039, at that IoU, by the model `nuclei`
LOOKED_AT = 1000  # objects: 2 ms each, and a share of a tenth is known to a hundredth
RAYS_3D = 96  # of the original in three dimensions; convivo trains it in two
MORE = (64, MOST_RAYS)


@dataclass(frozen=True, slots=True)
class Reached:
    """The IoU that the best star of each object has, and where the worst is."""

    ious: NDArray[np.float64]  # (objects,)
    worst: tuple[str, int]  # image, label

    def lost(self, iou: float = DECIDES) -> float:
        """Share of the objects that no star describes so well."""
        return float((self.ious < iou).mean())


def ask(data: DataSet) -> Iterator[Finding]:
    """How many objects stars lose, where StarDist is to be trained; nothing of data without objects."""
    annotated = [each for each in data.data if isinstance(each, Annotated)]
    if data.method != "stardist" or not (objects := sum(map(_objects, annotated))):
        return
    step = -(-objects // LOOKED_AT)
    rays = rays_of(data, annotated)
    found = reached(annotated, rays, step)
    doubt = found.lost() / MISSED
    advice = _what_helps(annotated, rays, step) if doubt >= NOTE else ""
    yield Finding.of("", ID, found.lost(), (0.0, MISSED), _in_words(found, rays), advice, doubt)


def rays_of(data: DataSet, annotated: Sequence[Annotated]) -> int:
    """Of the model, or of a new one."""
    if data.model and isinstance(data.model.card.net, StarDistSize):
        return data.model.card.net.rays
    return RAYS_3D if any(each.labels.ndim == 3 for each in annotated) else StarDistSize().rays


def reached(data: Sequence[Annotated], rays: int, step: int = 1) -> Reached:
    """What the best stars of so many rays reach, of every `step`-th object of each image."""
    found = [
        (iou, each.name, label) for each in data for label, iou in best_ious(each.labels, rays, step).items()
    ]
    _, *worst = min(found)
    return Reached(np.array([iou for iou, *_ in found]), tuple(worst))  # type: ignore[arg-type]


def _objects(each: Annotated) -> int:
    return int(np.count_nonzero(areas(compact(each.labels))[1:]))


def _in_words(found: Reached, rays: int) -> str:
    image, label = found.worst
    *lost, most = (f"{found.lost(iou):.1%}" for iou in IOUS)
    *ious, highest = map(str, IOUS)
    return (
        f"stars of {rays} rays reach a mean IoU of {found.ious.mean():.2f}; {', '.join(lost)} and {most} of "
        f"{len(found.ious):,} objects cannot reach {', '.join(ious)} and {highest}; the worst is object {label} "
        f"of {image}, {found.ious.min():.2f}"
    )


def _what_helps(data: Sequence[Annotated], rays: int, step: int) -> str:
    """So many rays that hardly an object is lost, tried out; or the method that knows no stars."""
    flat = all(each.labels.ndim == 2 for each in data)
    lost = None
    for more in [more for more in MORE if more > rays and flat]:
        lost = reached(data, more, step).lost()
        if lost / MISSED < NOTE:
            words = f"with them {lost:.1%} cannot reach {DECIDES}"
            return f"convivo train stardist DATA --out MODEL --rays {more}; {words}"
    words = (
        "" if lost is None else f"; more rays do not help: with {MOST_RAYS} {lost:.1%} cannot reach {DECIDES}"
    )
    return f"convivo train unet DATA --out MODEL{words}"


CHECK: DataCheck = Check("convexity", "Can stars describe these objects?", ask)
