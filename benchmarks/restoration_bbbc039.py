"""CARE against Noise2Void and the best classical filter, on low-exposure twins of BBBC039.

    python benchmarks/restoration_bbbc039.py DATA --out FOLDER [--photons 5 20 100] [--minutes 20] [--methods care n2v]

DATA is the folder with train/images and validation/images. Twins are made by `ops/simulate/exposure.py`, one draw for
each image. CARE learns from the twins of train and their originals, Noise2Void from the twins alone, each for so many
minutes; models are kept in FOLDER, and a model that is there is not trained again. The parameters of the classical
filters are chosen on the validation fields themselves, which flatters them. PSNR has the range of each original.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
from peers import hardware, verdict
from scipy import ndimage
from skimage.restoration import denoise_nl_means

from convivo.io.images import read
from convivo.io.inputs import find_images
from convivo.model import Model, ModelFolder
from convivo.ops.normalisation import noise_level
from convivo.ops.scores import restoration_score
from convivo.ops.simulate import low_exposure
from convivo.run.config import TrainConfig
from convivo.run.restore import Restorer
from convivo.run.train import train
from convivo.types import AnyArray, Image, Restorable

Filter = Callable[[AnyArray], AnyArray]
ABOVE_FILTERS = {20: 2.0}  # dB that CARE must be above the best filter, by photons
READ_NOISE = 1.0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--photons", type=float, nargs="+", default=[5.0, 20.0, 100.0])
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--methods", nargs="*", default=["care", "n2v"])
    asked = parser.parse_args()
    print(hardware())
    for photons in asked.photons:
        learn = list(pairs(asked.data / "train", photons, seed=1))
        fields = list(pairs(asked.data / "validation", photons, seed=2))
        print(f"\n{photons:g} photons: {len(learn)} images train, {len(fields)} fields are scored")
        ways = {"as it came": decibels(fields, lambda pixels: pixels)}
        best = max((decibels(fields, each), name) for name, each in filters())
        ways[best[1]] = best[0]
        for method in asked.methods:
            model = trained(method, learn, asked.out / f"{method}-{photons:g}", asked.minutes)
            restorer = Restorer(model)
            ways[method] = float(
                np.mean([score(restorer.restore(each.image).image.array[0], each) for each in fields])
            )
        for name, value in ways.items():
            print(f"  {name:28}{value:7.2f} dB")
        if {"care", "n2v"} <= ways.keys():
            report(ways, best, photons)


def report(ways: dict[str, float], best: tuple[float, str], photons: float) -> None:
    """How the bars were met."""
    gain = ways["care"] - ways["n2v"]
    print(f"  care above n2v               {gain:+7.2f} dB   bar 0    {verdict(gain > 0)}")
    gain = ways["care"] - best[0]
    bar = ABOVE_FILTERS.get(int(photons))
    words = "" if bar is None else f"   bar {bar:g}    {verdict(gain >= bar)}"
    print(f"  care above the best filter   {gain:+7.2f} dB{words}")


def pairs(folder: Path, photons: float, *, seed: int) -> Iterator[Restorable]:
    """Low-exposure twins of a folder's images, with their originals."""
    for number, path in enumerate(find_images([folder / "images"])):
        image = read(path)
        rng = np.random.default_rng([seed, int(photons), number])
        twin = low_exposure(image.array[0], photons, rng, read_noise=READ_NOISE)
        yield Restorable(Image(twin[None], "CYX", image.name), image, image.name)


def trained(method: str, data: Sequence[Restorable], folder: Path, minutes: float) -> Model:
    """The model in the folder, or a new one."""
    store = ModelFolder(folder)
    if not store.holds_finished_model:
        alone = [Restorable(each.image, None, each.group) for each in data]
        examples = data if method == "care" else alone
        model = (
            store.unfinished_model() if store.holds_state else Model.new(method, examples, name=folder.name)
        )
        steps = train(model, examples, TrainConfig(minutes=minutes), store=store, resume=store.holds_state)
        *_, last = steps
        print(f"  {method}: {last.number:,} steps in {last.seconds / 60:.1f} minutes", flush=True)
    return Model.load(folder)


def filters() -> Iterator[tuple[str, Filter]]:
    """Classical filters with their parameters."""
    for sigma in (0.5, 0.75, 1, 1.5, 2, 3, 4, 6):
        yield f"Gaussian, sigma {sigma:g}", partial(ndimage.gaussian_filter, sigma=sigma)
    for size in (3, 5, 7, 9, 11):
        yield f"median, {size} x {size}", partial(ndimage.median_filter, size=size)
    for strength in (0.6, 0.8, 1.0, 1.3):
        for patch in (5, 7):
            yield (
                f"non-local means, {strength:g}, {patch}",
                partial(non_local_means, strength=strength, patch=patch),
            )


def non_local_means(pixels: AnyArray, strength: float, patch: int) -> AnyArray:
    """With the noise that the image seems to have, on values whose noise does not depend on the signal.

    (Anscombe's root; its inverse is the plain square, of which the mean is right for all but the faintest signals.)
    """
    dark = np.percentile(pixels, 0.1)
    roots = np.sqrt(np.maximum(pixels - dark, 0) + 1e-3)
    sigma = noise_level(roots)
    found = denoise_nl_means(
        roots, h=strength * sigma, sigma=sigma, patch_size=patch, patch_distance=9, fast_mode=True
    )
    restored: AnyArray = np.asarray(found**2 + dark)
    return np.asarray(restored + (pixels.mean() - restored.mean()))


def decibels(fields: Sequence[Restorable], work: Filter) -> float:
    """Mean PSNR over the fields."""
    return float(np.mean([score(work(np.asarray(each.image.array[0], np.float32)), each) for each in fields]))


def score(restored: AnyArray, each: Restorable) -> float:
    """PSNR of one field, without any fit."""
    assert each.target is not None
    return restoration_score(restored, each.target.array[0]).psnr


if __name__ == "__main__":
    main()
