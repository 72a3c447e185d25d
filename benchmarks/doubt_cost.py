"""What doubt costs: the quick checks beside a prediction, and the whole report of an image of 1024 x 1024 pixels.

    python benchmarks/doubt_cost.py DATA [--model nuclei]

DATA holds bbbc039. Its validation fields are laid side by side to 1024 x 1024 pixels; a second image is the first one
seen through a tenth of the light, which raises doubts and with them all trials of other scales. Prediction and quick
checks take turns in one process; the report is the command as a person types it, with the start of Python.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
import tifffile
from peers import hardware, verdict

from convivo.doubt.case import Case
from convivo.doubt.examine import examination
from convivo.model import Model, find_model
from convivo.run.predict import Predictor
from convivo.types import AnyArray, Image
from doubt import fields

TURNS = 9
SIDE = 1024
SHARE, SECONDS = 0.10, 30.0  # bars


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="nuclei")
    asked = parser.parse_args()
    print(hardware())
    plain = joined(asked.data)
    dim = np.random.default_rng(0).poisson(np.maximum(plain.astype(float) - plain.min(), 0) / 40)
    quick(Model.load(find_model(asked.model)), plain)
    report(asked.model, {"as it is": plain, "few photons": dim.astype(np.uint16)})


def joined(data: Path) -> AnyArray:
    """Fields side by side."""
    some = [each.image.array[0] for each in islice(fields(data, "validation", slice(None)), 6)]
    rows = [np.concatenate(some[start : start + 3], axis=1) for start in (0, 3)]
    return np.concatenate(rows)[:SIDE, :SIDE]


def quick(model: Model, pixels: AnyArray) -> None:
    predictor, image = Predictor(model), Image(pixels[None], "CYX", "field")
    predictor.predict(image)  # chooses the engine
    alone, checks = [], []
    for _ in range(TURNS):
        start = time.perf_counter()
        known = predictor.predict(image)
        middle = time.perf_counter()
        examination(Case(model, image, known=known, quick=True))
        alone.append(middle - start)
        checks.append(time.perf_counter() - middle)
    share = float(np.median(np.array(checks) / np.array(alone)))
    print(f"prediction {np.median(alone) * 1e3:.0f} ms, quick checks {np.median(checks) * 1e3:.0f} ms")
    print(f"  quick checks add     {share:7.1%}   bar {SHARE:.0%}    {verdict(share <= SHARE)}")


def report(model: str, images: dict[str, AnyArray]) -> None:
    for name, pixels in images.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "image.tif"
            tifffile.imwrite(path, pixels)
            start = time.perf_counter()
            done = subprocess.run(
                [
                    Path(sys.executable).with_name("convivo"),
                    "doubt",
                    path,
                    "--model",
                    model,
                    "--out",
                    f"{folder}/out",
                ],
                capture_output=True,
                check=False,
            )
            taken = time.perf_counter() - start
        print(
            f"  report, {name:12} {taken:7.1f} s  bar {SECONDS:.0f} s   {verdict(taken <= SECONDS)}"
            f"   (exit code {done.returncode})"
        )


if __name__ == "__main__":
    main()
