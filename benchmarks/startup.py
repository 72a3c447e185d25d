"""How long a person waits: `convivo --help`, and the first `convivo predict` of one 520 x 696 image.

    python benchmarks/startup.py MODEL

Cold is the first call after the caches of convivo were emptied (the system's own cache of files stays); the second
call finds them. Every call is a new process.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from convivo.io.images import write_image
from convivo.ops.simulate import Microscope, Scene, simulate

ROUNDS = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    model = parser.parse_args().model
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        image = Path(folder) / "field.tif"
        write_image(image, simulate(Scene(shape=(520, 696), nuclei=100), Microscope(), seed=0).image)
        predict = ["predict", str(image), "--model", str(model), "--out", str(Path(folder) / "out")]
        helps = [timed(["--help"], home) for _ in range(ROUNDS)]
        cold, second = [], []
        for _ in range(ROUNDS):
            shutil.rmtree(home, ignore_errors=True)
            cold.append(timed(predict, home))
            second.append(timed(predict, home))
    print(f"{'command':24}{'median':>9}{'worst':>9}{'bar':>8}")
    for name, seconds, bar in [
        ("--help", helps, 0.25),
        ("predict, cold", cold, 10),
        ("predict, second call", second, 4),
    ]:
        print(f"{name:24}{median(seconds):8.2f}s{max(seconds):8.2f}s{bar:7.2f}s")


def timed(arguments: list[str], home: Path) -> float:
    """Seconds of one call in a new process."""
    command = [str(Path(sys.executable).with_name("convivo")), *arguments]
    started = perf_counter()
    subprocess.run(command, check=True, capture_output=True, env={**os.environ, "CONVIVO_HOME": str(home)})
    return perf_counter() - started


if __name__ == "__main__":
    main()
