"""Fields of nuclei that tests of the page predict."""

from convivo.ops.simulate import Microscope, Scene, simulate

SCENE = Scene(shape=(200, 260), nuclei=40, diameter=22.0)


def crowd(seed):
    """A field of nuclei, (Y, X)."""
    return simulate(SCENE, Microscope(), seed=seed).image
