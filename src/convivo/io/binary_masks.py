"""Masks that hold a single value, such as 255: objects are their connected parts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import ndimage

if TYPE_CHECKING:
    from convivo.types import Labels


def numbered(labels: Labels, name: str, page_axes: str = "") -> tuple[Labels, str | None]:
    """Number the connected parts of a binary mask, page by page, and say so; other labels stay as they are.

    The axes that `page_axes` names stand in front: parts do not hang together through them, and each page
    counts from 1. Pixels below 0 stay unknown.
    """
    values = np.unique(labels)
    if len(values[values > 0]) != 1:
        return labels, None
    pages = labels.reshape(-1, *labels.shape[len(page_axes) :])
    parts = [ndimage.label(page > 0) for page in pages]
    if all(count < 2 for _, count in parts):
        return labels, None
    count = sum(count for _, count in parts)
    remark = f"{name} holds only the value {values.max()}: its {count} connected parts were taken as objects"
    return np.where(labels < 0, labels, np.stack([part for part, _ in parts]).reshape(labels.shape)), remark
