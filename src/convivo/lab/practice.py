"""Practice images: simulated, so that every nucleus is known, and made anew from their seed.

Light to import, because the server lists them; the simulator is imported when one is made.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from convivo.ops.simulate import Simulated


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice image: what it shows, and what it is made from; what is not said is the simulator's default."""

    title: str
    seed: int
    scene: dict[str, Any] = field(default_factory=dict)  # fields of ops.simulate.Scene
    microscope: dict[str, Any] = field(default_factory=dict)  # fields of ops.simulate.Microscope


IMAGES = {
    "nuclei": Practice("Nuclei", 3),
    "crowded": Practice(
        "Crowded nuclei", 5, {"nuclei": 48, "diameter": 26.0, "crowding": 0.8, "overlap": 0.25}
    ),
    "noisy": Practice("Few photons", 7, microscope={"photons": 12.0}),
    "small": Practice("Small nuclei", 13, {"nuclei": 50, "diameter": 13.0}),
    "mixed": Practice("Small and large", 11, {"nuclei": 22, "diameter": 24.0, "size_spread": 0.45}),
}


@cache
def image(name: str) -> Simulated:
    """The picture and its truth."""
    from convivo.ops.simulate import Microscope, Scene, simulate

    made = IMAGES[name]
    return simulate(Scene(**made.scene), Microscope(**made.microscope), seed=made.seed)
