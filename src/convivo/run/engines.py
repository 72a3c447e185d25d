"""Who multiplies: torch on any device, OpenVINO on CPUs. They are hidden behind one call, window in and logits out."""

from __future__ import annotations

import platform
import warnings
from copy import deepcopy
from functools import cache
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Any, Literal, Protocol

import numpy as np
import torch
from torch import nn

from convivo.errors import NotAvailable
from convivo.io.engine_cache import read_graph, write_graph
from convivo.nets.receptive import stride
from convivo.types import AnyArray, Pixels
from convivo.version import __version__

EngineName = Literal["auto", "torch", "openvino"]
Precision = Literal["auto", "float32", "bfloat16"]
Device = Literal["auto", "cpu", "cuda", "mps"]


class Engine(Protocol):
    """One way to run a net."""

    name: str

    def __call__(self, shown: Pixels) -> AnyArray:
        """(C, ...) of the window's shape to (outputs, ...) in float32, which the next call may write over."""
        ...


class TorchEngine:
    """A copy of the net as it was trained. cuda and mps are written but untested: no such machine was at hand."""

    def __init__(self, net: nn.Module, device: str = "cpu", precision: str = "float32") -> None:
        self.name = f"torch {precision}" + (f" on {device}" if device != "cpu" else "")
        self._device, self._reduced = device, precision == "bfloat16"
        layout = torch.channels_last if _dimensions(net) == 2 else torch.channels_last_3d
        own = deepcopy(net).eval()  # the model's own net stays where it is: others may be using it
        self._net = own.to(device=device, memory_format=layout)  # type: ignore[call-overload]

    def __call__(self, shown: Pixels) -> AnyArray:
        """Logits of one window."""
        x = torch.from_numpy(np.ascontiguousarray(shown))[None].to(self._device)
        reduced = self._reduced and not has_thin_maps(self._net, shown.shape[1:])
        with torch.inference_mode(), torch.autocast(self._device, torch.bfloat16, enabled=reduced):
            return self._net(x)[0].float().cpu().numpy()  # type: ignore[no-any-return]


class OpenVinoEngine:
    """The net compiled for this processor and for windows of one shape."""

    def __init__(self, net: nn.Module, shape: tuple[int, ...], precision: str = "float32") -> None:
        self.name = f"openvino {precision}"
        graph = _graph(net, shape[0])
        graph.reshape([1, *shape])
        hint = {"float32": "f32", "bfloat16": "bf16"}[precision]
        how = {"INFERENCE_PRECISION_HINT": hint, "PERFORMANCE_HINT": "LATENCY"}
        self._compiled = _core().compile_model(graph, "CPU", how)

    def __call__(self, shown: Pixels) -> AnyArray:
        """Logits of one window, of the shape it was compiled for."""
        # a copy of the answer would take as long as decoding it
        answer = self._compiled(np.ascontiguousarray(shown)[None], share_outputs=True)
        return answer[0][0]  # type: ignore[no-any-return]


@cache
def _core() -> Any:
    """OpenVINO itself, once in a process.

    Each Core sets a stack for signals and puts the one before it back when it ends. Of two that end in the order in
    which they began, the second puts back what the first has freed: then Ctrl-C, long after, crashes.
    """
    import openvino

    return openvino.Core()


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


def has_thin_maps(net: nn.Module, shape: tuple[int, ...]) -> bool:
    """Whether maps of a (Z, Y, X) window become thinner, at the net's coarsest, than its kernels.

    There torch's bfloat16 convolutions on CPUs read memory that nobody wrote (seen with 2.13, 1 or 2 planes, kernel 3):
    weights become NaN, or worse.
    """
    if _dimensions(net) == 2:
        return False
    kernel = max(weight.shape[2] for weight in net.parameters() if weight.ndim == 5)
    return shape[0] // max(stride(net)) < kernel


def weights_digest(net: nn.Module, what: str = "") -> str:
    """A name for these weights in this net under this code, and for something that follows from them."""
    digest = sha256(f"{what} {net} {__version__} {torch.__version__} {openvino_version()}".encode())
    for name, weight in sorted(net.state_dict().items()):
        digest.update(name.encode() + weight.detach().cpu().contiguous().numpy().tobytes())
    return digest.hexdigest()


def _graph(net: nn.Module, channels: int) -> Any:
    """The net as OpenVINO's graph, converted once for each set of weights."""
    key = weights_digest(net, "graph")
    graph = read_graph(key)
    if graph is None:
        graph = _converted(net, channels)
        write_graph(key, graph)
    return graph


def _converted(net: nn.Module, channels: int) -> Any:
    """Trace the net and convert what was traced.

    `openvino.convert_model` does the same and reports each use to its makers, which nobody here agreed to; so the
    reader behind it is called directly.
    """
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    own = deepcopy(net).cpu().eval()
    side = max(64, *stride(net))
    with warnings.catch_warnings():  # torch calls tracing deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        example = torch.zeros(1, channels, *(side,) * _dimensions(net))
        traced = TorchScriptPythonDecoder(own, example_input=example)
        reader = FrontEndManager().load_by_framework("pytorch")
        return reader.convert(reader.load(traced))


def _dimensions(net: nn.Module) -> int:
    return next(weight.ndim - 2 for weight in net.parameters() if weight.ndim > 2)
