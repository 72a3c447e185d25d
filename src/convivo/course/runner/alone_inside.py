"""The first lines of a run that is a Python of its own: limits, then the program."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from convivo.course.runner import confine, figures, inside
from convivo.course.runner.program import Limits


def main(told: dict[str, Any]) -> None:
    """Import what runs use, call, and live. Does not return."""
    import matplotlib as mpl
    import torch

    mpl.use(figures.NAME)
    torch.set_num_threads(1)
    sys.stdout, sys.stderr = inside.OUT, inside.ERR
    wire = socket.create_connection(("127.0.0.1", told["port"]))
    wire.sendall(told["word"].encode())
    limits = Limits(**told["limits"])
    for name in confine.OWN_FOLDERS:
        os.environ[name] = told["folder"]
    if told["data"] is not None:
        os.environ["CONVIVO_DATA"] = told["data"]
    confine.use_threads(limits.threads)
    confine.limit(limits, counted_apart=False)
    inside.live(wire)
    os._exit(0)
