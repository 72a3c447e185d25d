"""The training data that a method learns from, opened from what was given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.model import Example


@dataclass(frozen=True, slots=True)
class Examples:
    """What there is to learn from; `parts` says for images (by name) on which side of a split they lie."""

    data: Sequence[Example]
    parts: Mapping[str, str]
    notes: tuple[str, ...] = ()


def open_examples(method: str, given: Sequence[str], axes: str | None, channel: str | None) -> Examples:
    """Images and masks, pairs of low and high exposure, or noisy images: as the method needs."""
    from convivo.io.exposures import open_exposures, open_noisy
    from convivo.io.pairs import open_pairs
    from convivo.methods import Restoration, method_named

    how = method_named(method)
    if isinstance(how, Restoration) and not how.has_targets:
        return Examples(*open_noisy(given, axes=axes, channel=channel))
    folders = "low/ and high/" if isinstance(how, Restoration) else "images/ and masks/"
    if len(given) > 1:
        raise BadInput(
            f"{method} learns from one folder, not from {len(given)} paths",
            fix=f"put all images into {folders} of one folder",
        )
    if isinstance(how, Restoration):
        return Examples(*open_exposures(Path(given[0]), axes=axes, channel=channel))
    pairs = open_pairs(Path(given[0]), axes=axes, channel=channel)
    return Examples(pairs.data, pairs.parts, pairs.notes)
