"""Is one field in training and in validation, whatever its images are called?

A model that is chosen by an image that it learned from, or by the tile beside one, looks better than it is. Names tell
little of that, so images are compared by what they show (`ops/same_field`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from convivo.doubt.check import Check, DataCheck, DataSet
from convivo.doubt.finding import NOTE, STOP, WARN, Finding, level_of
from convivo.model import Example
from convivo.ops.same_field import KINDS, Kind, SameField, same_fields
from convivo.types import AnyArray

ID = "leak"
MOST = 2000  # images that are compared, evenly spaced; more would take minutes
NAMED = 3  # pairs in a sentence
WORDS: dict[Kind, str] = {
    "copy": "are the same image",
    "changed copy": "are the same picture, turned, resized or of another brightness",
    "overlap": "are crops of one picture that overlap",
    "neighbours": "are tiles that continue one another",
}


def ask(data: DataSet) -> Iterator[Finding]:
    """One finding for each way in which two groups show one field."""
    seen = looked_at(data.data)
    found = between_groups(seen)
    sides = sides_of(data)
    for kind in KINDS:
        pairs = [each for each in found if each.kind == kind]
        if pairs:
            yield _finding(kind, pairs, seen, sides)
    if not found:
        groups = len({each.group for each in seen})
        yield Finding(
            image="",
            id=ID,
            level=level_of(0),
            measured=0,
            expected=(0, 0),
            evidence=f"no two of the {groups} groups show one field, as far as {len(seen)} images tell",
        )


def looked_at(data: Sequence[Example]) -> Sequence[Example]:
    """The images that are compared."""
    return data[:: -(-len(data) // MOST)] if data else data


def between_groups(data: Sequence[Example]) -> list[SameField]:
    """Pairs of images of different groups that show one field."""
    found = same_fields([plane(each) for each in data])
    return [each for each in found if data[each.first].group != data[each.second].group]


def plane(each: Example) -> AnyArray:
    """The middle (Y, X) plane of an image, its channels together; what is not finite is 0."""
    pages = [page for _, page in each.image.pages(2)]
    if not pages:
        return np.zeros((0, 0), np.float32)
    grey = np.asarray(pages[len(pages) // 2], np.float32).mean(axis=0)
    return np.asarray(np.nan_to_num(grey, posinf=0, neginf=0))


def sides_of(data: DataSet) -> dict[str, str]:
    """On which side of a split each group lies; empty where chance decides."""
    known = {each.group: data.parts[each.name] for each in data.data if each.name in data.parts}
    if "validation" not in known.values():
        return {}
    return {each.group: known.get(each.group, "train") for each in data.data}


def suggested_groups(data: DataSet) -> list[tuple[str, str]]:
    """(image, group) of every image, with groups that show one field made one."""
    seen = looked_at(data.data)
    together = _joined(seen, between_groups(seen))
    return [(each.name, together.get(each.group, each.group)) for each in data.data]


def _finding(
    kind: Kind, pairs: Sequence[SameField], data: Sequence[Example], sides: dict[str, str]
) -> Finding:
    divided = [pair for pair in pairs if _is_divided(pair, data, sides)]
    told = divided or pairs
    names = "; ".join(
        f"{data[each.first].name} and {data[each.second].name} ({each.agreement:.2f})"
        for each in told[:NAMED]
    )
    more = f" and {len(told) - NAMED:,} more" if len(told) > NAMED else ""
    count = f"{len(told):,} pair{'s' * (len(told) > 1)} of images"
    doubt = STOP if divided else (NOTE if sides else WARN)
    where = "on both sides of the split" if divided else "in different groups"
    return Finding(
        image="",
        id=ID,
        level=level_of(doubt),
        measured=len(told),
        expected=(0, 0),
        evidence=f"{count} {where} {WORDS[kind]} (correlation): {names}{more}",
        advice="groups.csv: " + "\n".join(["image,group", *_lines(told, data)]),
        doubt=doubt,
    )


def _is_divided(pair: SameField, data: Sequence[Example], sides: dict[str, str]) -> bool:
    return bool(sides) and sides[data[pair.first].group] != sides[data[pair.second].group]


def _lines(pairs: Sequence[SameField], data: Sequence[Example]) -> Iterator[str]:
    """Lines of groups.csv for the images in question."""
    together = _joined(data, pairs)
    for each in data:
        if each.group in together:
            yield f"{each.name},{together[each.group]}"


def _joined(data: Sequence[Example], pairs: Sequence[SameField]) -> dict[str, str]:
    """The new name of each group that belongs with another one: that of the first of them."""
    groups = list(dict.fromkeys(each.group for each in data))
    number = {group: position for position, group in enumerate(groups)}
    ends = [[number[data[each].group] for each in (pair.first, pair.second)] for pair in pairs]
    rows, columns = np.array(ends, int).reshape(-1, 2).T
    graph = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(groups), len(groups)))
    members: dict[int, list[str]] = defaultdict(list)
    for group, component in zip(groups, connected_components(graph, directed=False)[1].tolist(), strict=True):
        members[component].append(group)
    return {group: together[0] for together in members.values() if len(together) > 1 for group in together}


CHECK: DataCheck = Check("leak", "Is one field in training and in validation?", ask)
