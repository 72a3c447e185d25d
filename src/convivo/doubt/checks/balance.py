"""Is anything so rare that the net may ignore it: objects, sizes, groups, subgroups that the person names?

A net that finds nothing is right in all pixels of the background. So what counts is how much of an object the net is
shown, and convivo's sampling decides that: it draws patches around objects. Subgroups (stain, day, microscope, patient)
are columns of groups.csv: one that lies wholly on one side of the split is never learned or never checked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from convivo.doubt.check import Check, DataCheck, DataSet
from convivo.doubt.checks.field_before_training import extents_of
from convivo.doubt.checks.leak import sides_of
from convivo.doubt.finding import NOTE, WARN, Finding
from convivo.model import Example
from convivo.ops.sampling import BalancedPlaces
from convivo.run.config import TrainConfig
from convivo.types import Annotated, AnyArray

ID = "balance"
_finding = partial(Finding.of, "", ID)
RARE = 0.02  # share of the pixels that are objects, in the data
HARDLY_SHOWN = 0.01  # in the patches that training shows
PATCH = 256  # side of a patch where nobody says otherwise
SMALLEST_PATCH = 64
DRAWN = 64  # patches from which the shown share is measured
LOOKED_AT = 200  # masks of them
SELDOM = 10  # objects of a size
SELDOM_SHARE = 0.01
MOSTLY = 0.5  # share of the images that are of one group
FEW_GROUPS = 3
NAMED = 5


def ask(data: DataSet) -> Iterator[Finding]:
    """What is rare, from pixels to subgroups; one fine finding where nothing is."""
    annotated = [each for each in data.data if isinstance(each, Annotated) and each.labels.size]
    found = [*_objects(annotated), *_sizes(annotated), *_groups(data.data)]
    for column, values in data.by.items():
        found += _subgroups(data, column, values)
    yield from found
    if not found:
        groups = len({each.group for each in data.data})
        words = f"nothing is rare among {len(data.data)} images of {groups} groups"
        yield _finding(None, None, words, "", 0)


def _objects(data: Sequence[Annotated]) -> Iterator[Finding]:
    """How much of what the net is shown are objects, in the data and in balanced patches."""
    flat = [each for each in data if each.labels.ndim == 2]
    some = flat[:: -(-len(flat) // LOOKED_AT)] if flat else []
    known = sum(int((each.labels >= 0).sum()) for each in some)
    inside = sum(int((each.labels > 0).sum()) for each in some)
    if not inside or inside / known >= RARE:
        return
    share, shown = inside / known, shown_share(some, PATCH)
    area = float(np.median(np.concatenate([_areas(each) for each in some])))
    smaller = max(SMALLEST_PATCH, 16 * int(np.sqrt(area / (2 * HARDLY_SHOWN)) // 16))
    words = (
        f"objects are {share:.2%} of the pixels: a net that finds nothing is right in {1 - share:.1%} of them; "
        f"patches that training draws around objects show {shown:.1%}"
    )
    if shown < HARDLY_SHOWN:
        advice = f"train with smaller patches: --patch {smaller}" if smaller < PATCH else ""
        yield _finding(share, (RARE, 1.0), words, advice, WARN)
    else:
        advice = "judge by objects (convivo evaluate), never by pixel accuracy"
        yield _finding(share, (RARE, 1.0), words, advice, NOTE)


def shown_share(data: Sequence[Annotated], patch: int) -> float:
    """Share of objects in the patches that training draws of these masks."""
    maps = [np.where(each.labels < 0, np.nan, each.labels > 0).astype(np.float32) for each in data]
    counts = [len(_areas(each)) for each in data]
    places = BalancedPlaces(maps, count=2, foreground=TrainConfig().foreground, objects=counts)
    rng = np.random.default_rng(0)
    return float(np.mean([_share_around(maps, places, patch, rng) for _ in range(DRAWN)]))


def _share_around(
    maps: Sequence[AnyArray], places: BalancedPlaces, patch: int, rng: np.random.Generator
) -> float:
    place = places.draw((patch, patch), rng)
    starts = [max(0, centre - patch // 2) for centre in place.centre]
    part = maps[place.image][tuple(slice(start, start + patch) for start in starts)]
    known = part[np.isfinite(part)]
    return float(known.mean()) if len(known) else 0.0


def _areas(each: Annotated) -> NDArray[np.intp]:
    return np.unique(each.labels[each.labels > 0], return_counts=True)[1]


def _sizes(data: Sequence[Annotated]) -> Iterator[Finding]:
    """Large objects of which there are hardly any: a net learns what it is shown."""
    if len({each.labels.ndim for each in data}) != 1:
        return
    extents = np.concatenate([extents_of(each) for each in data]).max(axis=1, initial=0)
    if len(extents) < SELDOM / SELDOM_SHARE:
        return
    middle = float(np.median(extents))
    octaves = np.floor(np.log2(extents / middle)).astype(int)
    for octave in range(1, int(octaves.max()) + 1):
        count = int((octaves == octave).sum())
        if 0 < count < SELDOM and count / len(extents) < SELDOM_SHARE:
            low, high = middle * 2**octave, middle * 2 ** (octave + 1)
            words = (
                f"{count} of {len(extents):,} objects are {low:.0f} to {high:.0f} pixels long, "
                f"and half of all at most {middle:.0f}"
            )
            advice = "if such sizes matter, annotate more of them; if not, look whether they are several objects in one"
            yield _finding(count, (SELDOM, len(extents)), words, advice, NOTE)


def _groups(data: Sequence[Example]) -> Iterator[Finding]:
    sizes = Counter(each.group for each in data)
    if not sizes:
        return
    name, most = sizes.most_common(1)[0]
    if len(sizes) < FEW_GROUPS:
        words = f"{len(sizes)} group{'s' * (len(sizes) > 1)} of images: what chooses the weights is hardly independent"
        doubt = WARN if len(sizes) == 1 else NOTE
        yield _finding(
            len(sizes), (FEW_GROUPS, len(data)), words, "add images of other fields or days", doubt
        )
    elif most / len(data) > MOSTLY:
        words = f"{most} of {len(data)} images are of group {name}, as many as of all {len(sizes) - 1} others and more"
        yield _finding(
            most / len(data), (0, MOSTLY), words, "add images of other groups, or leave some out", NOTE
        )


def _subgroups(data: DataSet, column: str, values: Mapping[str, str]) -> Iterator[Finding]:
    """Each value of a column: how many images and groups, and on which side."""
    named = [each for each in data.data if each.name in values]
    missing = [each.name for each in data.data if each.name not in values]
    if missing:
        words = f"{column} of {len(missing)} images is not known: {_some(missing)}"
        yield _finding(len(missing), (0, 0), words, f"fill the column {column} of groups.csv", NOTE)
    sides = sides_of(data)
    for value, count in sorted(Counter(values[each.name] for each in named).items()):
        groups = {each.group for each in named if values[each.name] == value}
        one_side = {sides[group] for group in groups} if sides else set()
        yield from _subgroup(f"{column} {value}", count, len(groups), one_side)


def _subgroup(what: str, count: int, groups: int, sides: set[str]) -> Iterator[Finding]:
    advice = "add images of it in other groups, and name both sides in the column part of groups.csv"
    if sides == {"validation"}:
        words = f"all {count} images of {what} are in validation: the net never learns from one"
        yield _finding(groups, (2, count), words, advice, WARN)
    elif sides == {"train"}:
        words = f"all {count} images of {what} train: nobody will see whether it works there"
        yield _finding(groups, (2, count), words, advice, WARN)
    elif groups == 1:
        words = f"all {count} images of {what} are one group, which lies on one side of any split"
        yield _finding(groups, (2, count), words, advice, WARN)
    elif groups < FEW_GROUPS:
        words = f"{what} has {count} images in {groups} groups: its score will rest on one"
        yield _finding(groups, (FEW_GROUPS, count), words, advice, NOTE)


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:NAMED]) + (", ..." if len(names) > NAMED else "")


CHECK: DataCheck = Check("balance", "Is anything so rare that the net may ignore it?", ask)
