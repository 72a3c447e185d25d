"""Which engine to trust: the fast one where its answer on a window agrees with torch's in float32.

Otherwise the next one is tried, and torch at the end, with a note. A verdict is remembered for model, versions and
processor. Of a large window its middle is enough. One without any object proves nothing, so after it the question stays
open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import get_args

import numpy as np

from convivo.errors import BadInput, NotAvailable
from convivo.io.engine_cache import read_verdict, write_verdict
from convivo.io.machine import processor_name
from convivo.methods import Decoded, Restoration
from convivo.model import Model
from convivo.nets.restoration import RestorationSize
from convivo.ops.scores import match
from convivo.ops.tiling import tiles
from convivo.run.engines import (
    Device,
    Engine,
    EngineName,
    OpenVinoEngine,
    Precision,
    TorchEngine,
    device_for,
    fast_bfloat16,
    fast_precisions,
    openvino_version,
    weights_digest,
)
from convivo.run.memory import out_of_memory
from convivo.types import AnyArray, Pixels

PROBABILITY_TOLERANCE = 0.02
SAME_OBJECT = 0.9  # IoU
SAME_OBJECTS = 0.99  # share that must match
RESTORED_TOLERANCE = 0.01  # of a restored image: root mean square, in units of its standard deviation
LEAST_SPREAD = 0.1  # in the units of the net: what varies less shows nothing, and proves nothing
PROOF_SIDE = 1024  # pixels: so much of each side of a window is looked at


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person asked for."""

    engine: EngineName = "auto"
    precision: Precision = "auto"
    device: Device = "auto"

    def __post_init__(self) -> None:
        for value, allowed in [(self.engine, EngineName), (self.precision, Precision), (self.device, Device)]:
            if value not in get_args(allowed):
                raise BadInput(
                    f"there is no {value!r} here", fix=f"use one of {', '.join(get_args(allowed))}"
                )


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that could do it, built only when its turn comes."""

    name: str
    build: Callable[[tuple[int, ...]], Engine]  # for (C, ...) windows of a shape
    trusted: bool  # the reference itself, or what the person asked for by name


@dataclass(frozen=True, slots=True)
class Choice:
    """The engine, whether it has proven itself, and what to say of those that were refused."""

    engine: Engine
    is_proven: bool
    notes: tuple[str, ...] = ()


def choose(model: Model, shown: Pixels, wanted: Wanted) -> Choice:
    """The engine for windows like `shown`."""
    notes: list[str] = []
    for candidate in candidates(model, wanted):
        if candidate.trusted:
            return Choice(candidate.build(shown.shape), True, tuple(notes))
        found = _tried(model, shown, candidate, device_for(wanted.device))
        if isinstance(found, Choice):
            return Choice(found.engine, found.is_proven, tuple(notes))
        notes.append(found)
    raise AssertionError("the last candidate is always trusted")


def candidates(model: Model, wanted: Wanted) -> Iterator[Candidate]:
    """Engines from fast to sure. What was asked for by name is used as it is, and fails where it is not there."""
    by_name = wanted.engine == "openvino"
    device = "cpu" if by_name and wanted.device == "auto" else device_for(wanted.device)
    chosen = wanted.precision != "auto"
    precisions = [wanted.precision] if chosen else _precisions(model, device)

    def openvino(precision: Precision, *, trusted: bool) -> Candidate:
        return Candidate(
            f"openvino {precision}",
            lambda shape: OpenVinoEngine(model.net, shape, precision),
            trusted=trusted,
        )

    def with_torch(precision: Precision, *, trusted: bool) -> Candidate:
        return Candidate(
            f"torch {precision}", lambda _: TorchEngine(model.net, device, precision), trusted=trusted
        )

    if by_name:
        _refuse_missing_openvino(device)
        yield from (openvino(each, trusted=chosen) for each in precisions if chosen or each != "float32")
        yield openvino("float32", trusted=True)
    elif wanted.engine == "auto" and device == "cpu" and openvino_version():
        yield from (openvino(each, trusted=False) for each in precisions)
    yield from (with_torch(each, trusted=chosen or each == "float32") for each in precisions)
    yield with_torch("float32", trusted=True)


def _precisions(model: Model, device: str) -> list[Precision]:
    """Precisions worth trying. bfloat16 counts to 256: enough to say what changes in an image, not to say it whole."""
    size = model.card.net
    says_the_whole = isinstance(size, RestorationSize) and not size.residual
    return ["float32"] if says_the_whole else fast_precisions(device)


def agree(found: Decoded, reference: Decoded) -> bool:
    """Whether two answers are as good as the same."""
    if not np.isfinite(found.probability).all():
        return False
    if np.abs(found.probability - reference.probability).max(initial=0) > PROBABILITY_TOLERANCE:
        return False
    matching = match(reference.labels, found.labels, SAME_OBJECT)
    objects = matching.true_positives + max(matching.false_positives, matching.false_negatives)
    return matching.true_positives >= SAME_OBJECTS * objects


def restored_alike(found: AnyArray, reference: AnyArray) -> bool:
    """Whether two restorations of a window, (maps, ...), are as good as the same, compared by its spread."""
    spread = max(float(reference.std()), LEAST_SPREAD)
    off = np.abs(found - reference)
    if not np.isfinite(found).all():
        return False
    return (
        float(np.sqrt((off**2).mean())) <= RESTORED_TOLERANCE * spread
        and float(off.max(initial=0)) <= 0.2 * spread
    )


def _tried(model: Model, shown: Pixels, candidate: Candidate, device: str) -> Choice | str:
    """The candidate if it agrees with torch in float32 on the middle of this window, or why not."""
    key = _key(model, candidate.name)
    verdict = read_verdict(key)
    refused = f"{candidate.name} disagrees with torch float32 on this model and processor: not used"
    if verdict is False:
        return refused
    piece = _middle(shown, model.strides)
    try:
        engine = candidate.build(shown.shape)
        asked = engine if piece.shape == shown.shape or verdict else candidate.build(piece.shape)
    except Exception as error:
        if out_of_memory(error):
            raise
        return f"{candidate.name} cannot be set up ({type(error).__name__}: {error}): not used"
    if verdict:
        return Choice(engine, True)
    agrees, is_proven = _proof(model, asked, TorchEngine(model.net, device), piece)
    if not agrees:
        write_verdict(key, agrees=False)
        return refused
    if is_proven:
        write_verdict(key, agrees=True)
    return Choice(engine, is_proven)


def _proof(model: Model, asked: Engine, sure: Engine, piece: Pixels) -> tuple[bool, bool]:
    """Whether two engines agree on a piece of an image, and whether that proves anything."""
    if isinstance(model.method, Restoration):
        answer = sure(piece).copy()
        return restored_alike(asked(piece), answer), bool(answer.std() >= LEAST_SPREAD)
    reference = _decoded(model, sure, piece)
    return agree(_decoded(model, asked, piece), reference), bool(reference.labels.max(initial=0) > 0)


def _middle(shown: Pixels, strides: tuple[int, ...]) -> Pixels:
    """The middle of a (C, ...) window, as long as strides allow along each side that is longer."""
    parts = []
    for length, stride in zip(shown.shape[1:], strides, strict=True):
        side = min(length, PROOF_SIDE // stride * stride)
        start = (length - side) // 2
        parts.append(slice(start, start + side))
    return shown[:, *parts]


def _decoded(model: Model, engine: Engine, shown: Pixels) -> Decoded:
    shape = shown.shape[1:]
    whole = next(tiles(shape, max(shape)))
    return model.decode([(whole, engine(shown))], shape)


def _key(model: Model, engine: str) -> str:
    """Changes whenever the answer of an engine could."""
    where = (processor_name(), fast_bfloat16())
    return weights_digest(model.net, f"{engine} {where} {sorted(model.card.settings.items())}")


def _refuse_missing_openvino(device: str) -> None:
    if openvino_version() is None:
        raise NotAvailable("openvino is not installed", fix="pip install openvino, or use --engine torch")
    if device != "cpu":
        raise BadInput(
            f"openvino computes on the CPU, not on {device}", fix="use --engine torch, or --device cpu"
        )
