"""Does an ensemble know where it errs? Its disagreement against the true errors of restored nuclei.

    python benchmarks/disagreement.py DATA [--model nuclei-care] [--photons 5 20 100]

DATA is the folder with BBBC039's validation/images. Low-exposure twins are made as `restoration_bbbc039.py` makes them.
For each map of what the model does not know: mean absolute error of the 5 % of pixels with most of it, over that of the
others (bar 3), and Spearman's rank correlation with the absolute error. The best map is held against intensity and
against the local gradient of the restored image (bar 1.5 times each).
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from peers import hardware, verdict
from restoration_bbbc039 import pairs
from scipy import ndimage
from scipy.stats import rankdata

from convivo.model import Model, find_model
from convivo.run.restore import Restorer
from convivo.types import AnyArray

MOST = 0.05  # share of the pixels
ERROR_BAR, RANK_BAR = 3.0, 1.5
STEP = 3  # every so many pixels along each side are ranked


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", default="nuclei-care")
    parser.add_argument("--photons", type=float, nargs="+", default=[5.0, 20.0, 100.0])
    asked = parser.parse_args()
    restorer = Restorer(Model.load(find_model(asked.model)))
    print(hardware())
    for photons in asked.photons:
        report(restorer, asked.data, photons)


def report(restorer: Restorer, data: Path, photons: float) -> None:
    """One exposure: means over the fields."""
    found: dict[str, list[tuple[float, float]]] = {}
    for each in pairs(data / "validation", photons, seed=2):
        assert each.target is not None
        restoration = restorer.restore(each.image)
        restored = restoration.image.array[0]
        error = np.abs(restored - each.target.array[0])
        maps = {name: values[0] for name, values in restoration.uncertainty.items()}
        maps["intensity"] = restored
        maps["local gradient"] = ndimage.gaussian_gradient_magnitude(restored, 1)
        for name, values in maps.items():
            found.setdefault(name, []).append((concentration(values, error), spearman(values, error)))
    print(f"\n{photons:g} photons: error of the {100 * MOST:.0f} % with most over the rest, Spearman")
    means = {name: np.mean(values, axis=0) for name, values in found.items()}
    for name, (ratio, rank) in means.items():
        print(f"  {name:16}{ratio:8.2f} x{rank:9.3f}")
    ratio, rank = means["disagreement"]
    others = max(means[name][1] for name in ("intensity", "local gradient"))
    print(f"  disagreement: {ratio:.2f} x, bar {ERROR_BAR:g}  {verdict(ratio >= ERROR_BAR)}")
    better = rank / others
    print(
        f"  its rank over the better of both: {better:.2f} x, bar {RANK_BAR:g}  {verdict(better >= RANK_BAR)}"
    )


def concentration(doubt: AnyArray, error: AnyArray) -> float:
    """Mean error where doubt is largest, over the mean error elsewhere."""
    most = doubt > np.quantile(doubt, 1 - MOST)
    return float(error[most].mean() / error[~most].mean())


def spearman(one: AnyArray, other: AnyArray) -> float:
    """Rank correlation over a grid of pixels."""
    ranks = [rankdata(values[::STEP, ::STEP].ravel()) for values in (one, other)]
    return float(np.corrcoef(*ranks)[0, 1])


if __name__ == "__main__":
    main()
