"""Small restoration models and noisy images, for tests that restore and train."""

from dataclasses import replace

import numpy as np

from convivo.model import Model
from convivo.nets.unet import initialise
from convivo.ops.normalisation import Normalisation
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.run.choice import Wanted
from convivo.types import Image, Restorable

FLOAT32 = Wanted("torch", "float32", "cpu")


def noisy(shape, seed=0):
    """Numbers of a camera, smooth enough to show something."""
    rng = np.random.default_rng(seed)
    waves = sum(np.sin(np.arange(length) / 3).reshape(-1, *(1,) * n) for n, length in enumerate(shape[::-1]))
    return (200 + 40 * waves + 15 * rng.standard_normal(shape)).astype(np.float32)


def restorer(method, **sizes):
    """An untrained model with weights that say something."""
    dimensions, channels = sizes.get("dimensions", 2), sizes.get("channels", 1)
    axes = "CYX" if dimensions == 2 else "CZYX"
    image = Image(noisy((channels, *(8,) * dimensions)), axes, "a")
    target = Image(noisy((sizes.get("restored", channels), *(8,) * dimensions)), axes, "a")
    data = [Restorable(image, target if method == "care" else None, "a")]
    model = Model.new(method, data, name="small", **{"filters": 4, "depth": 1, **sizes})
    for member in model.net.members:
        for unet in member.unets:
            initialise(unet.head)  # a residual net begins as the image itself
    model.net.eval()
    if method == "n2v":
        how = Normalisation(mean=(210.0,) * channels, spread=(50.0,) * channels)
        return model.with_card(normalisation=how)
    return model.with_card(normalisation=replace(model.card.normalisation, low=2.0))


def exposures(count, *, gain=5.0, offset=40.0, shape=(64, 64), photons=40.0, seed=0):
    """Pairs of a noisy and a clean image of the same nuclei; the clean one in units of its own."""
    scene = Scene(shape=shape, nuclei=4, diameter=14.0)
    pictures = simulate_many(count, scene, Microscope(photons=photons), seed=seed)
    axes = "CYX" if len(shape) == 2 else "CZYX"
    for number, picture in enumerate(pictures):
        name = f"field{number}"
        clean = Image((gain * picture.clean + offset)[None].astype(np.float32), axes, name)
        yield Restorable(Image(picture.image[None], axes, name), clean, name)


def alone(pairs):
    """The noisy images without their targets."""
    return [replace(each, target=None) for each in pairs]


def data_of(method, pairs):
    """What a method learns from."""
    return alone(pairs) if method == "n2v" else pairs


def fresh(method, data, **sizes):
    """An untrained small model for the data."""
    return Model.new(method, data, name="small", **{"filters": 4, "depth": 1, **sizes})
