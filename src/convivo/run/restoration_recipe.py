"""The images of a recipe for CARE or Noise2Void: good exposures, seen with fewer photons or with noise added."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np

from convivo.errors import BadInput
from convivo.io.images import read
from convivo.io.inputs import find_images
from convivo.model import Model, PartScore
from convivo.ops.scores import mean_scores
from convivo.ops.simulate import low_exposure_image
from convivo.run.evaluate_restored import evaluate_restored
from convivo.run.restoration_validation import RestorationValidation
from convivo.run.restore import Restorer
from convivo.types import Image, Restorable

if TYPE_CHECKING:
    from convivo.run.recipe import Exposure, Recipe, Source


def open_images(source: Source, root: Path) -> tuple[Restorable, ...]:
    """Images of a source, of its folder images/ where it has one, without targets."""
    folder = root / source.folder
    paths = find_images([folder / "images" if (folder / "images").is_dir() else folder])
    chosen = [read(path) for path in paths[source.start : source.stop]]
    return tuple(Restorable(image, None, image.name) for image in chosen)


def degraded(recipe: Recipe, data: Iterable[tuple[Restorable, str]]) -> Iterator[tuple[Restorable, str]]:
    """What is learned from and scored, with its use: twins of each image for CARE, noisy images for Noise2Void.

    Noise2Void never sees a clean image but where it is scored, once all is done. Every draw follows from the number of
    its image in the recipe.
    """
    for number, (each, use) in enumerate(data):
        if recipe.exposure is not None:
            for twin, low in enumerate(_twins(each.image, recipe.exposure, number)):
                named = replace(low, name=f"{each.name}_{twin}")
                yield Restorable(named, each.image, each.group), use
        elif recipe.noise is not None:
            noisy = _noisy(each.image, recipe.noise, number)
            yield replace(each, image=noisy, target=each.image if use == "test" else None), use
        else:
            raise BadInput(
                f"the recipe {recipe.name!r} does not say how its images are made worse",
                fix="give [exposure] with photons for care, or noise = 25 for n2v",
            )


def _twins(image: Image, how: Exposure, number: int) -> Iterator[Image]:
    """Low exposures of one image, each with photons of its own."""
    for twin in range(how.twins):
        rng = np.random.default_rng([number, twin])
        photons = float(np.exp(rng.uniform(*np.log(how.photons))))
        yield low_exposure_image(image, photons, rng, read_noise=how.read_noise)


def _noisy(image: Image, sigma: float, number: int) -> Image:
    """The image with Gaussian noise, neither rounded nor clipped."""
    noise = np.random.default_rng(number).normal(0, sigma, image.array.shape)
    return replace(image, array=(image.array + noise).astype(np.float32))


def selection_score(model: Model, data: Iterable[object]) -> PartScore:
    """How well the images that choose are restored, as training measures it."""
    return RestorationValidation(model, cast("list[Restorable]", list(data))).part_score(model)


def test_score(model: Model, data: Iterable[object]) -> PartScore:
    """Means over images that chose nothing; ranges are those of the targets."""
    pairs = cast("list[Restorable]", list(data))
    scores = [score.after for found, _ in evaluate_restored(Restorer(model), pairs) for score in found]
    means = mean_scores(scores)
    return PartScore(
        images=len(pairs),
        restoration={
            "psnr": round(means.psnr.mean, 2),
            "scale_invariant_psnr": round(means.scale_invariant_psnr.mean, 2),
            "ssim": round(means.ssim.mean, 4),
            "nrmse": round(means.nrmse.mean, 4),
        },
    )
