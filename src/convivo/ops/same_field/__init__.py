"""Do two images show one field? Found by content, because names, formats and brightness change and content does not.

    copies     the same picture again: turned, mirrored, resized, brighter, in another file format
    overlaps   two crops of one picture that share a part of it
    seams      two tiles of one picture that continue one another at an edge and share nothing

Each compares every image with every other at the cost of a product of two matrices, and looks closer only where that
says so: 500 images take seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from convivo.ops.same_field.copies import find_copies
from convivo.ops.same_field.overlaps import find_overlaps
from convivo.ops.same_field.seams import find_seams
from convivo.types import AnyArray

Kind = Literal["copy", "changed copy", "overlap", "neighbours"]
KINDS: tuple[Kind, ...] = ("copy", "changed copy", "overlap", "neighbours")

__all__ = ["KINDS", "Kind", "SameField", "same_fields"]


@dataclass(frozen=True, slots=True)
class SameField:
    """Two images, by their numbers, that show one field."""

    first: int
    second: int
    kind: Kind
    agreement: float  # correlation of what they share, at most 1


def same_fields(images: Sequence[AnyArray]) -> tuple[SameField, ...]:
    """Pairs among grey images (Y, X), finite, of any sizes; each pair once, under the strongest reason."""
    found: dict[tuple[int, int], SameField] = {}
    for pair in find_copies(images):
        kind: Kind = "copy" if pair.is_exact else "changed copy"
        found[pair.first, pair.second] = SameField(pair.first, pair.second, kind, pair.correlation)
    for overlap in find_overlaps(images):
        pair_of = (overlap.first, overlap.second)
        found.setdefault(pair_of, SameField(*pair_of, "overlap", overlap.correlation))
    for seam in find_seams(images):
        pair_of = (min(seam.first, seam.second), max(seam.first, seam.second))
        found.setdefault(pair_of, SameField(*pair_of, "neighbours", seam.correlation))
    return tuple(sorted(found.values(), key=lambda each: (KINDS.index(each.kind), each.first, each.second)))
