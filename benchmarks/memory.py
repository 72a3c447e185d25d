"""Peak memory of `convivo predict` on a 8192 x 8192 uint16 image, without the image itself.

python benchmarks/memory.py MODEL [--side 8192]
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import numpy as np

from convivo.io.images import write_image
from convivo.ops.simulate import Microscope, Scene, simulate

BAR = 2e9


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--side", type=int, default=8192)
    asked = parser.parse_args()
    print(f"{'engine':12}{'seconds':>9}{'peak GB':>9}{'image GB':>10}{'peak - image':>14}{'bar':>6}   said")
    with tempfile.TemporaryDirectory() as folder:
        image = Path(folder) / "large.tif"
        write_image(image, mosaic(asked.side))
        for engine in ("auto", "torch"):
            measure(asked.model, image, Path(folder) / engine, engine, asked.side)


def measure(model: Path, image: Path, out: Path, engine: str, side: int) -> None:
    """One row; the child's peak is what the system accounts to it."""
    command = [sys.executable, "-c", "from convivo.cli import main; main()", "predict", str(image)]
    started = perf_counter()
    child = subprocess.Popen(
        [*command, "--model", str(model), "--out", str(out), "--engine", engine],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    said = child.stdout.read() if child.stdout else ""
    _, status, usage = os.wait4(child.pid, 0)
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"predict failed: {said}")
    peak, size = usage.ru_maxrss * 1024 / 1e9, side * side * 2 / 1e9
    seconds = perf_counter() - started
    print(
        f"{engine:12}{seconds:9.1f}{peak:9.2f}{size:10.2f}{peak - size:14.2f}{BAR / 1e9:6.1f}   "
        f"{said.splitlines()[-1].split(':')[0]}"
    )


def mosaic(side: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint16]]:
    """Simulated fields side by side: about 30,000 nuclei on 8192 x 8192."""
    fields = [
        simulate(Scene(shape=(512, 512), nuclei=115), Microscope(), seed=seed).image for seed in range(4)
    ]
    block = np.block([[fields[0], fields[1]], [fields[2], fields[3]]])
    count = -(-side // 1024)
    return np.tile(block, (count, count))[:side, :side]


if __name__ == "__main__":
    main()
