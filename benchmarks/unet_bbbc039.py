"""A U-Net trained ten minutes on BBBC039's training fields, scored on fields that had no say.

    python benchmarks/unet_bbbc039.py DATA --out MODEL [--minutes 10]

DATA holds train/ and validation/ with images/ and masks/ (`convivo samples get bbbc039`). The peer is Otsu's
threshold with connected components, on the same fields.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

import numpy as np
from scipy import ndimage
from skimage.filters import gaussian, threshold_otsu

from convivo.io.pairs import open_pairs
from convivo.model import Model, ModelFolder
from convivo.run.config import TrainConfig
from convivo.run.evaluate import ImageScore, evaluate, score_image, score_rows
from convivo.run.predict import Predictor
from convivo.run.train import train
from convivo.types import Annotated, Labels

BAR = 0.82


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    store = ModelFolder(asked.out)
    store.refuse_existing()
    learn, unseen = (open_pairs(asked.data / part).data for part in ("train", "validation"))
    started = perf_counter()
    model = Model.new("unet", learn, name=asked.out.name, seed=asked.seed)
    config = TrainConfig(minutes=asked.minutes, seed=asked.seed)
    for step in train(model, learn, config, store=store):
        if step.validation is not None:
            print(
                f"{step.seconds:5.0f} s  step {step.number:5d}  loss {step.loss:.3f}  selection {step.validation:.3f}"
            )
    print(
        f"\n{step.number} steps, {step.seconds / 60:.1f} minutes, {(perf_counter() - started) / 60:.1f} in all\n"
    )
    predictor = Predictor(model)
    found = [(score, prediction.engine) for score, prediction in evaluate(predictor, unseen)]
    print_rows(f"U-Net ({found[0][1]})", [score for score, _ in found])
    print_rows("Otsu, components", [score_image(each.name, each.labels, otsu(each)) for each in unseen])
    print(f"\n{len(unseen)} fields, pooled; the bar is {BAR} at IoU 0.5")


def otsu(each: Annotated) -> Labels:
    """The classical answer."""
    smooth = gaussian(each.image.array[0].astype(float), 1)
    labels: Labels = ndimage.label(smooth > threshold_otsu(smooth))[0]
    sizes = np.bincount(labels.ravel())
    return np.where(sizes[labels] >= 20, labels, 0)


def print_rows(name: str, scores: Sequence[ImageScore]) -> None:
    rows = score_rows(scores)
    print(f"{name:28}" + "  ".join(f"{row.total.iou:.2f}: {row.total.accuracy:.3f}" for row in rows))
    total = rows[0].total
    print(
        f"{'':28}at 0.50: interval {rows[0].low:.3f}-{rows[0].high:.3f}, precision {total.precision:.3f}, "
        f"recall {total.recall:.3f}, missed {total.false_negatives}, invented {total.false_positives}"
    )


if __name__ == "__main__":
    main()
