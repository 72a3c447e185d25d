"""convivo: how convolutional networks see, the networks microscopists use, and when not to believe them.

    import convivo

    model = convivo.load("my-model")
    result = model.predict(convivo.read("cells.tif"))
    result.labels, result.objects, result.probability

Names are looked up when they are first used, so that importing convivo costs nothing.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import TYPE_CHECKING, Any

from convivo.version import __version__

if TYPE_CHECKING:
    from convivo.api import (
        Exposures,
        Finding,
        Model,
        Pairs,
        TrainConfig,
        check_data,
        load,
        new,
        open_exposures,
        open_noisy,
        open_pairs,
        read,
        read_findings,
        score,
        train,
    )

# Threads of torch that wait for each other must sleep, not spin: beside one other busy program a training step took
# 1.5 s spinning and 0.42 s sleeping, on two cores. Only what is set before torch is loaded counts.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

__all__ = [
    "Exposures",
    "Finding",
    "Model",
    "Pairs",
    "TrainConfig",
    "__version__",
    "check_data",
    "load",
    "new",
    "open_exposures",
    "open_noisy",
    "open_pairs",
    "read",
    "read_findings",
    "score",
    "train",
]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"convivo has no {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module("convivo.api"), name)


def __dir__() -> list[str]:
    return __all__
