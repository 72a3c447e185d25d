"""Tiled against untiled: any allowed tile, shapes off the stride, both engines, both precisions.

    python benchmarks/tiling.py MODEL

In float32 the probability must equal the untiled one to 1e-5 of its maximum and labels must be equal; in bfloat16
99 % of the objects must match at IoU 0.9. The reference is torch in float32 on the whole image.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from convivo.model import Model
from convivo.ops.scores import Matching, match, pooled
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.engines import EngineName, Precision, openvino_version
from convivo.run.predict import Predictor
from convivo.types import Image, Prediction

SHAPES = ((333, 517), (520, 696), (701, 389))
TILES = (8, 64, 104, 256)
WHOLE = 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path)
    model = Model.load(parser.parse_args().model)
    images = [field(shape, seed) for seed, shape in enumerate(SHAPES)]
    references = [answer(model, image, WHOLE, "torch", "float32") for image in images]
    objects = sum(len(reference.objects) for reference in references)
    print(f"shapes {SHAPES}, {objects} objects, stride {model.stride}, halo {model.halo}\n")
    print(
        f"{'engine':20}{'tile':>6}  {'largest difference':>20}  {'labels equal':>12}  {'same at IoU 0.9':>15}"
    )
    engines: tuple[EngineName, ...] = ("torch", "openvino") if openvino_version() else ("torch",)
    for engine in engines:
        for precision in ("float32", "bfloat16"):
            for tile in TILES:
                compare(model, images, references, engine, precision, tile)


def compare(
    model: Model,
    images: list[Image],
    references: list[Prediction],
    engine: EngineName,
    precision: Precision,
    tile: int,
) -> None:
    """One row: the worst of all images."""
    worst, equal, matchings = 0.0, True, []
    for image, reference in zip(images, references, strict=True):
        found = answer(model, image, tile, engine, precision)
        difference = np.abs(found.probability - reference.probability).max() / reference.probability.max()
        worst = max(worst, float(difference))
        equal &= np.array_equal(found.labels, reference.labels)
        matchings.append(match(reference.labels, found.labels, 0.9))
    print(f"{engine + ' ' + precision:20}{tile:6d}  {worst:20.1e}  {equal!s:>12}  {share(matchings):15.2%}")


def share(matchings: list[Matching]) -> float:
    """Of the objects of either answer, how many are the same."""
    total = pooled(matchings)
    return total.true_positives / (total.true_positives + max(total.false_positives, total.false_negatives))


def answer(model: Model, image: Image, tile: int, engine: EngineName, precision: Precision) -> Prediction:
    options = PredictOptions(tile=tile, engine=Wanted(engine, precision, "cpu"))
    return Predictor(model, options).predict(image)


def field(shape: tuple[int, int], seed: int) -> Image:
    """A crowded field."""
    nuclei = shape[0] * shape[1] // 2600
    return Image(
        simulate(Scene(shape=shape, nuclei=nuclei, crowding=0.6), Microscope(), seed=seed).image[None]
    )


if __name__ == "__main__":
    main()
