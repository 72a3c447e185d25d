"""Which images train and which choose. A group is never divided: tiles of one field would let a model cheat."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from convivo.errors import BadInput
from convivo.types import Annotated, Restorable

Data = TypeVar("Data", bound=Annotated | Restorable)

SHARE = 0.15  # of the images that choose the checkpoint and the settings
MOST = 16  # images that choose: more would cost training time and change little


@dataclass(frozen=True, slots=True)
class Split(Generic[Data]):
    """Two sides that share no group."""

    train: tuple[Data, ...]
    validation: tuple[Data, ...]  # empty where there is only one group


def split_by_group(
    data: Sequence[Data], *, seed: int = 0, parts: Mapping[str, str] | None = None
) -> Split[Data]:
    """Divide by whole groups, at random from the seed, or as `parts` (image name to train or validation) says."""
    sides = dict(parts or {})
    known = {each.group: sides[each.name] for each in data if each.name in sides}
    _refuse_divided_groups(data, sides, known)
    chosen = {group for group, part in known.items() if part == "validation"} or _drawn(data, known, seed)
    train = tuple(each for each in data if each.group not in chosen)
    if not train:
        raise BadInput("groups.csv puts every image into validation", fix="leave some of them to train")
    return Split(train, tuple(each for each in data if each.group in chosen))


def _drawn(data: Sequence[Annotated | Restorable], known: Mapping[str, str], seed: int) -> set[str]:
    """Groups that choose: up to a share of the images, at least one group, but never the last one that trains."""
    sizes = Counter(each.group for each in data)
    free = sorted(sizes.keys() - known.keys())
    if len(sizes) == 1 or not free:
        return set()
    room = min(MOST, max(1, round(SHARE * len(data))))
    chosen: set[str] = set()
    for group in map(str, np.random.default_rng(seed).permutation(free)):
        if sizes[group] <= room:
            chosen.add(group)
            room -= sizes[group]
    return chosen or {min(free, key=lambda group: (sizes[group], group))}


def _refuse_divided_groups(
    data: Sequence[Annotated | Restorable], sides: Mapping[str, str], known: Mapping[str, str]
) -> None:
    for each in data:
        if sides.get(each.name, known.get(each.group)) != known.get(each.group):
            raise BadInput(
                f"group {each.group!r} is in train and in validation (image {each.name})",
                fix="give all images of a group the same part in groups.csv",
            )
