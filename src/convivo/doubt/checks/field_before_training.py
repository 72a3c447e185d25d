"""Are there objects larger than the net can see, or smaller than the grid on which it answers?

In the middle of an object as wide as the receptive field a pixel just sees the outline all around. In one twice as
wide, many pixels see none of it: to the net they are the same as background of that brightness. So doubt is the width
of an object over the field, 1 at a warning and 2 at a stop.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from convivo.doubt.check import Check, DataCheck, DataSet
from convivo.doubt.finding import NOTE, STOP, WARN, Finding
from convivo.errors import ConvivoError
from convivo.methods import Segmentation, method_named
from convivo.methods.method import Net
from convivo.model.examples import sizes_for
from convivo.nets.receptive import sights
from convivo.ops.measure import compact
from convivo.types import Annotated

ID = "field"
_finding = partial(Finding.of, "", ID)
LARGE, SMALL = 0.95, 0.05  # quantiles of the objects: single odd ones decide nothing
DEEPEST = 5
POSITIONS = 2.0  # of the grid across an object, at least, so that one of them lies in its middle
GRIDS = (4, 2, 1)

Extents = NDArray[np.float64]  # (objects, axes): pixels along (Z,) Y and X


def ask(data: DataSet) -> Iterator[Finding]:
    """The widest objects against the field of the net that is to be trained; nothing of data without objects."""
    extents = [extents_of(each) for each in data.data if isinstance(each, Annotated)]
    if not isinstance(method_named(data.method), Segmentation) or not sum(map(len, extents)):
        return
    try:
        net = net_of(data)
    except ConvivoError as error:  # no net can be made for these images
        yield _finding(None, None, error.problem, error.fix, STOP)
        return
    every = np.concatenate([each for each in extents if each.shape[1:] == (net_dimensions(net),)])
    if len(every):
        yield of_large(data, every, net)
        yield from of_small(data, every)


def net_of(data: DataSet, **size: Any) -> Net:
    """The model's net, or a narrow one that sees as far as a new one of the method would."""
    if data.model and not size:
        return data.model.net
    how = method_named(data.method)
    return how.net(how.size(**sizes_for(data.data) | {"filters": 1} | size))


def extents_of(each: Annotated) -> Extents:
    """How long each object is along each axis, within the image."""
    labels = np.maximum(compact(each.labels), 0)
    boxes = [box for box in ndimage.find_objects(labels.astype(np.int64)) if box is not None]
    return np.array([[part.stop - part.start for part in box] for box in boxes], float).reshape(
        -1, labels.ndim
    )


def fields(net: Net) -> Extents:
    """Receptive field in pixels along each axis."""
    return np.array([each.field for each in sights(net)], float)


def net_dimensions(net: Net) -> int:
    """2 or 3."""
    return len(sights(net))


def of_large(data: DataSet, extents: Extents, net: Net) -> Finding:
    """Whether nearly all objects are seen whole."""
    seen = fields(net)
    ratios = (extents / seen).max(axis=1)
    ratio = float(np.quantile(ratios, LARGE))
    axis = int(np.quantile(extents / seen, LARGE, axis=0).argmax())
    long, wide = float(np.quantile(extents[:, axis], LARGE)), int(seen[axis])
    beyond = float((ratios > 1).mean())
    words = (
        f"95 of 100 objects are up to {long:.0f} pixels long, and {_whose(data)} sees {wide} pixels at once"
    )
    if beyond:
        words += f"; {beyond:.1%} of {len(extents):,} objects are larger than that"
    advice = _what_sees_more(data, extents, ratio) if ratio >= NOTE else ""
    return _finding(long, (0.0, float(wide)), words, advice, ratio)


def of_small(data: DataSet, extents: Extents) -> Iterator[Finding]:
    """Whether StarDist's grid has positions in the smallest objects."""
    if data.method != "stardist":
        return
    size = data.model.card.net if data.model else method_named(data.method).size()
    grid = max(getattr(size, "grid", (1,)))
    least = float(np.quantile(extents.min(axis=1), SMALL))
    doubt = POSITIONS * grid / least
    if doubt < WARN:
        return
    finer = next((each for each in GRIDS if POSITIONS * each < least), 1)
    yield _finding(
        least,
        (POSITIONS * grid, float(extents.max())),
        f"5 of 100 objects are {least:.0f} pixels and less across, and StarDist answers for every {grid} pixels",
        f"convivo train stardist DATA --out MODEL --grid {finer}"
        if finer < grid
        else "show the images larger",
        min(doubt, STOP),
    )


def _what_sees_more(data: DataSet, extents: Extents, ratio: float) -> str:
    """The least change after which nearly all objects are seen whole, with room; or how much smaller to make them."""
    shrunk = 2 ** -int(np.ceil(np.log2(ratio / NOTE)))
    smaller = (
        f"make images and masks {shrunk:g} times as large, train on them, and predict with --scale {shrunk:g}"
    )
    for option, size in _larger(data.method):
        if np.quantile((extents / fields(net_of(data, **size))).max(axis=1), LARGE) < NOTE:
            anew = f"convivo train {data.method} DATA --out MODEL {option}"
            if data.model:
                return f"{smaller}; or train a net that sees more: {anew}"
            return f"{anew}; or {smaller}"
    return smaller


def _larger(method: str) -> Sequence[tuple[str, dict[str, Any]]]:
    """Options of `convivo train` that widen the field, the cheapest first."""
    depths: list[tuple[str, dict[str, Any]]] = [
        (f"--depth {depth}", {"depth": depth}) for depth in range(4, DEEPEST + 1)
    ]
    if method != "stardist":
        return depths
    return [
        ("--grid 4", {"grid": (4, 4)}),
        *depths,
        (f"--grid 4 --depth {DEEPEST}", {"grid": (4, 4), "depth": DEEPEST}),
    ]


def _whose(data: DataSet) -> str:
    return f"model {data.model.card.name!r}" if data.model else f"the net of {data.method}"


CHECK: DataCheck = Check("field", "Are there objects larger than the net can see?", ask)
