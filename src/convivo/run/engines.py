"""Who multiplies: torch on any device, OpenVINO on CPUs. They are hidden behind one call, window in and logits out.

The fast engine is the default where its answer on a first tile agrees with torch's in float32; otherwise the next one
is tried, and torch at the end, with a note. A verdict is remembered for model, engine version and processor.
"""

from __future__ import annotations

import platform
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Literal, Protocol, get_args

import numpy as np
import torch
from torch import nn

from convivo.errors import BadInput, NotAvailable
from convivo.io.engine_cache import read_graph, read_verdict, write_graph, write_verdict
from convivo.methods import Decoded
from convivo.model import Model
from convivo.ops.scores import match
from convivo.ops.tiling import tiles
from convivo.types import AnyArray, Pixels

EngineName = Literal["auto", "torch", "openvino"]
Precision = Literal["auto", "float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda", "mps"]

PROBABILITY_TOLERANCE = 0.02
SAME_OBJECT = 0.9  # IoU
SAME_OBJECTS = 0.99  # share that must match


class Engine(Protocol):
    """One way to run a net."""

    name: str

    def __call__(self, shown: Pixels) -> AnyArray:
        """(C, ...) of the window's shape to (outputs, ...) in float32."""
        ...


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


class TorchEngine:
    """The net as it was trained. cuda and mps are written but untested: no such machine was at hand."""

    def __init__(self, net: nn.Module, device: str = "cpu", precision: str = "float32") -> None:
        self.name = f"torch {precision}" + (f" on {device}" if device != "cpu" else "")
        self._device, self._reduced = device, precision == "bfloat16"
        layout = torch.channels_last if _dimensions(net) == 2 else torch.channels_last_3d
        self._net = net.eval().to(device=device, memory_format=layout)  # type: ignore[call-overload]

    def __call__(self, shown: Pixels) -> AnyArray:
        """Logits of one window."""
        x = torch.from_numpy(np.ascontiguousarray(shown))[None].to(self._device)
        with torch.inference_mode(), torch.autocast(self._device, torch.bfloat16, enabled=self._reduced):
            return self._net(x)[0].float().cpu().numpy()  # type: ignore[no-any-return]


class OpenVinoEngine:
    """The net compiled for this processor and for windows of one shape."""

    def __init__(self, net: nn.Module, shape: tuple[int, ...], precision: str = "float32") -> None:
        import openvino

        self.name = f"openvino {precision}"
        graph = _graph(net, shape[0])
        graph.reshape([1, *shape])
        hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
        how = {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "LATENCY"}
        self._compiled = openvino.Core().compile_model(graph, "CPU", how)

    def __call__(self, shown: Pixels) -> AnyArray:
        """Logits of one window, of the shape it was compiled for."""
        return self._compiled(np.ascontiguousarray(shown)[None])[0][0]  # type: ignore[no-any-return]


def _graph(net: nn.Module, channels: int) -> Any:
    """The net as OpenVINO's graph, converted once for each set of weights."""
    import openvino

    key = weights_digest(net, f"graph {openvino_version()}")
    graph = read_graph(key)
    if graph is None:
        example = torch.zeros(1, channels, *(64,) * _dimensions(net), device=next(net.parameters()).device)
        with warnings.catch_warnings():  # its converter traces the net, which torch calls deprecated
            warnings.simplefilter("ignore", DeprecationWarning)
            graph = openvino.convert_model(net.eval(), example_input=example)
        write_graph(key, graph)
    return graph


@dataclass(frozen=True, slots=True)
class Candidate:
    """An engine that could do it, built only when its turn comes."""

    name: str
    build: Callable[[], Engine]
    trusted: bool  # the reference itself, or what the person asked for by name


def choose(model: Model, shown: Pixels, wanted: Wanted) -> tuple[Engine, tuple[str, ...]]:
    """The engine for windows like `shown`, and notes on engines that were refused."""
    notes: list[str] = []
    for candidate in candidates(model, shown.shape, wanted):
        if candidate.trusted:
            return candidate.build(), tuple(notes)
        engine = _tried(model, shown, candidate)
        if engine is not None:
            return engine, tuple(notes)
        notes.append(f"{candidate.name} disagrees with torch float32 on this model and processor: not used")
    raise AssertionError("the last candidate is always trusted")


def candidates(model: Model, shape: tuple[int, ...], wanted: Wanted) -> Iterator[Candidate]:
    """Engines from fast to sure. What was asked for by name is used as it is, and fails where it is not there."""
    device = device_for(wanted.device)
    chosen = wanted.precision != "auto"
    precisions = [wanted.precision] if chosen else fast_precisions(device)

    def openvino(precision: Precision, *, trusted: bool) -> Candidate:
        return Candidate(
            f"openvino {precision}", lambda: OpenVinoEngine(model.net, shape, precision), trusted=trusted
        )

    def with_torch(precision: Precision, *, trusted: bool) -> Candidate:
        return Candidate(
            f"torch {precision}", lambda: TorchEngine(model.net, device, precision), trusted=trusted
        )

    if wanted.engine == "openvino":
        _refuse_missing_openvino(device)
    if wanted.engine == "openvino" or (wanted.engine == "auto" and device == "cpu" and openvino_version()):
        yield from (openvino(each, trusted=chosen and wanted.engine == "openvino") for each in precisions)
    if wanted.engine == "openvino":
        yield openvino("float32", trusted=True)
    yield from (with_torch(each, trusted=chosen or each == "float32") for each in precisions)
    yield with_torch("float32", trusted=True)


def agree(found: Decoded, reference: Decoded) -> bool:
    """Whether two answers are as good as the same."""
    if not np.isfinite(found.probability).all():
        return False
    if np.abs(found.probability - reference.probability).max(initial=0) > PROBABILITY_TOLERANCE:
        return False
    matching = match(reference.labels, found.labels, SAME_OBJECT)
    objects = matching.true_positives + max(matching.false_positives, matching.false_negatives)
    return matching.true_positives >= SAME_OBJECTS * objects


def openvino_version() -> str | None:
    """Version of the fast engine, or nothing where it is not installed."""
    if find_spec("openvino") is None:
        return None
    try:
        return version("openvino")
    except PackageNotFoundError:
        return None


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware; elsewhere it is slower than float32."""
    if platform.machine().lower() not in ("x86_64", "amd64"):
        return False
    return bool(torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported())  # noqa: SLF001


def _tried(model: Model, shown: Pixels, candidate: Candidate) -> Engine | None:
    """The candidate's engine if it agrees with torch in float32 on this window, from memory where it was tried."""
    key = _key(model, candidate.name)
    verdict = read_verdict(key)
    if verdict is False:
        return None
    engine = candidate.build()
    if verdict is None:
        reference = _decoded(model, TorchEngine(model.net), shown)
        verdict = agree(_decoded(model, engine, shown), reference)
        if reference.labels.max(initial=0) > 0 or not verdict:  # an empty tile convinces nobody
            write_verdict(key, verdict)
    return engine if verdict else None


def _decoded(model: Model, engine: Engine, shown: Pixels) -> Decoded:
    shape = shown.shape[1:]
    whole = next(tiles(shape, max(shape)))
    return model.method.decode([(whole, engine(shown))], shape, model.card.settings)


def _key(model: Model, engine: str) -> str:
    """Changes whenever the answer of an engine could."""
    what = (engine, openvino_version(), torch.__version__, platform.processor(), platform.machine())
    return weights_digest(model.net, f"{what} {sorted(model.card.settings.items())}")


def weights_digest(net: nn.Module, what: str = "") -> str:
    """A name for these weights in this net, and for something that follows from them."""
    digest = sha256(f"{what} {net}".encode())
    for name, weight in sorted(net.state_dict().items()):
        digest.update(name.encode() + weight.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def device_for(wanted: Device) -> str:
    """The device to use; a missing one is an error only where it was asked for."""
    present = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return next(name for name, there in present.items() if there)
    if not present[wanted]:
        raise NotAvailable(
            f"there is no {wanted} device here", fix="use --device cpu, or see `convivo doctor`"
        )
    return wanted


def fast_precisions(device: str) -> list[Precision]:
    """Precisions worth trying on a device, from fast to sure."""
    if device == "cuda" or (device == "cpu" and fast_bfloat16()):
        return ["bfloat16", "float32"]
    return ["float32"]


def _refuse_missing_openvino(device: str) -> None:
    if openvino_version() is None:
        raise NotAvailable("openvino is not installed", fix="pip install openvino, or use --engine torch")
    if device != "cpu":
        raise BadInput(
            f"openvino computes on the CPU, not on {device}", fix="use --engine torch, or --device cpu"
        )


def _dimensions(net: nn.Module) -> int:
    return next(weight.ndim - 2 for weight in net.parameters() if weight.ndim > 2)
