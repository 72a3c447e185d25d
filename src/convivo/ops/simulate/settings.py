"""What can be set: the scene under the microscope, and the microscope with its camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from convivo.errors import BadInput
from convivo.types import Map

SCENE_LIMITS = {
    "nuclei": (0, 100_000),
    "diameter": (4, 500),
    "size_spread": (0, 0.5),
    "roundness": (0.3, 1),
    "irregularity": (0, 0.2),
    "brightness_spread": (0, 1),
    "texture": (0, 1),
    "crowding": (0, 1),
    "overlap": (0, 0.7),
    "slice_distance": (0.2, 20),
}
MICROSCOPE_LIMITS = {
    "blur": (0, 50),
    "blur_z": (0, 50),
    "glow": (0, 1),
    "background": (0, 10),
    "unevenness": (0, 0.9),
    "photons": (0.1, 60_000),
    "read_noise": (0, 1_000),
    "gain": (0.01, 1_000),
    "offset": (0, 10_000),
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Scene:
    """Nuclei in a field of view. Lengths are pixels; brightness 1 is that of an ordinary nucleus.

    The defaults resemble the U2OS nuclei of BBBC039 (median diameter 28, roundness 0.64, 23 on such a field).
    """

    shape: tuple[int, ...] = (256, 256)  # (Y, X) or (Z, Y, X)
    nuclei: int = 24  # exactly so many; one cut by the border counts
    diameter: float = 28.0  # of a disc or ball as large as the median nucleus
    size_spread: float = 0.15  # standard deviation of the logarithm of the diameter
    roundness: float = 0.65  # shortest axis over longest, on average
    # how far an outline leaves the ellipse: standard deviation, share of the radius
    irregularity: float = 0.05
    brightness_spread: float = 0.25  # standard deviation of the logarithm of a nucleus' brightness
    texture: float = 0.18  # chromatin: standard deviation of the logarithm of light inside a nucleus
    crowding: float = 0.3  # share of nuclei that are put against another one
    overlap: float = 0.0  # largest share of a nucleus that others may cover, or that may cover others
    slice_distance: float = 2.0  # 3-D: how many pixels lie between slices

    def __post_init__(self) -> None:
        _check_limits(self, SCENE_LIMITS)
        if len(self.shape) not in (2, 3) or min(self.shape) < 1:
            raise BadInput(
                f"shape {self.shape} of a scene", fix="use (Y, X) or (Z, Y, X), such as (256, 256)"
            )

    @property
    def spacing(self) -> tuple[float, ...]:
        """Length of a pixel's side along each axis, in pixels of y and x."""
        return (self.slice_distance, 1.0, 1.0)[-len(self.shape) :]


@dataclass(frozen=True, kw_only=True, slots=True)
class Microscope:
    """How the scene is lit, blurred and recorded."""

    blur: float = 1.4  # sigma of the Gaussian point spread along y and x, in pixels
    blur_z: float = 1.5  # sigma along z, in slices
    glow: float = 0.08  # share of light that is scattered ten times as wide
    background: float = 0.1  # light between the nuclei, as a share of an ordinary nucleus
    unevenness: float = 0.25  # by what share the dimmest place is lit less; the background varies as much
    photons: float = 450.0  # that an ordinary nucleus sends to one pixel
    read_noise: float = 2.0  # of the camera: standard deviation, in photons
    gain: float = 1.2  # counts for one photon
    offset: float = 100.0  # counts without any light

    def __post_init__(self) -> None:
        _check_limits(self, MICROSCOPE_LIMITS)
        if self.offset + self.gain * self.photons > np.iinfo(np.uint16).max:
            raise BadInput(
                f"{self.photons:g} photons at gain {self.gain:g} do not fit a 16-bit image",
                fix=f"use a gain below {(np.iinfo(np.uint16).max - self.offset) / self.photons:.3g}",
            )

    def counts(self, photons: Map) -> Map:
        """What the camera writes for so many photons, before rounding."""
        return np.float32(self.offset) + np.float32(self.gain) * photons


def _check_limits(settings: object, limits: dict[str, tuple[float, float]]) -> None:
    """Refuse what no microscope and no scene can have; a NaN is outside any limits."""
    for name, (low, high) in limits.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            raise BadInput(f"{name} {value} of the simulation", fix=f"use a {name} from {low:g} to {high:g}")
