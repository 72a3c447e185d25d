"""Annotated images from the simulator, for tests that train and predict."""

from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.types import Annotated, Image


def nuclei(count, *, seed=0, shape=(96, 96), objects=6, diameter=16.0):
    """So many small fields with the nuclei annotated."""
    scene = Scene(shape=shape, nuclei=objects, diameter=diameter)
    pictures = simulate_many(count, scene, Microscope(), seed=seed)
    axes = "CYX" if len(shape) == 2 else "CZYX"
    return [
        Annotated(Image(picture.image[None], axes, f"field{number}"), picture.labels, f"field{number}")
        for number, picture in enumerate(pictures)
    ]
