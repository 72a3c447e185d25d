"""The nets of the detective: six that fail and those that clear their neighbours, each with how it was trained.

A net that clears another (a control) was trained in the same way but for the one thing that is accused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from convivo.errors import BadInput
from convivo.io.places import SHIPPED
from convivo.lab.detective import lessons
from convivo.model import Example, Model
from convivo.ops.augment import NONE
from convivo.run.config import TrainConfig

FOLDER = SHIPPED / "lab" / "detective"


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """How one net is trained."""

    name: str  # of its folder
    method: str
    sizes: Mapping[str, Any]  # of the net, where not the method's own
    config: TrainConfig
    pictures: Callable[[], Sequence[Example]]  # that it learns from
    unseen: Callable[[], Sequence[Example]] = tuple  # whose loss is watched, and that choose nothing
    settings: Mapping[str, Any] = field(default_factory=dict)  # of the method, where not its own

    @property
    def folder(self) -> Path:
        """Where the trained net lies."""
        return FOLDER / self.name


def short(steps: int, **others: Any) -> TrainConfig:
    """A training of that many steps, in which nothing stops early."""
    return TrainConfig(
        **{"steps": steps, "patience": 1000, "precision": "float32", "device": "cpu", **others}
    )


NETS = (
    Plan(
        name="small-field",
        method="unet",
        sizes={"filters": 12, "depth": 2, "convolutions": 1},
        config=short(1500, patch=128),
        pictures=lessons.cells_of_two_sizes,
    ),
    Plan(
        name="small-field-control",  # one pooling more, and two convolutions a level
        method="unet",
        sizes={"filters": 4, "depth": 3},
        config=short(1500, patch=128),
        pictures=lessons.cells_of_two_sizes,
    ),
    Plan(
        name="one-scale",
        method="unet",
        sizes={"filters": 4, "depth": 3},
        config=short(1200, patch=128),
        pictures=lessons.nuclei_at_low_magnification,
    ),
    Plan(
        name="by-heart",
        method="unet",
        sizes={"filters": 8, "depth": 2},
        config=short(3000, patch=128, batch=2, augmentation=NONE),
        pictures=lessons.one_field,
        unseen=lessons.other_fields,
    ),
    Plan(
        name="by-heart-control",  # 24 images
        method="unet",
        sizes={"filters": 8, "depth": 2},
        config=short(3000, patch=128, batch=2, augmentation=NONE),
        pictures=lessons.many_fields,
    ),
    Plan(
        name="rare-kind",
        method="unet",
        sizes={"filters": 4, "depth": 2},
        config=short(1200, patch=128),
        pictures=lessons.few_dim_nuclei,
    ),
    Plan(
        name="rare-kind-control",  # as many nuclei, half of them dim
        method="unet",
        sizes={"filters": 4, "depth": 2},
        config=short(1200, patch=128),
        pictures=lessons.many_dim_nuclei,
    ),
    Plan(
        name="stripes",
        method="n2v",
        sizes={"filters": 8},
        config=short(800, patch=64, batch=8, anyway=True),
        pictures=lessons.noise_along_rows,
    ),
    Plan(
        name="stripes-control",  # noise as strong, each pixel with its own
        method="n2v",
        sizes={"filters": 8},
        config=short(800, patch=64, batch=8, anyway=True),
        pictures=lessons.noise_of_each_pixel,
    ),
    Plan(
        name="stripes-hidden",  # the same fields as for stripes; pixels are hidden along the rows
        method="n2v",
        sizes={"filters": 8},
        config=short(800, patch=64, batch=8, anyway=True),
        pictures=lessons.noise_along_rows,
        settings={"axes": "X", "reach": 6},
    ),
    Plan(
        name="invention",
        method="care",
        sizes={"filters": 8, "depth": 3, "residual": False},
        config=short(1500, patch=96, batch=8, anyway=True),
        pictures=lessons.low_exposures_of_nuclei,
    ),
)


def net_named(name: str) -> Plan:
    """The plan of that name."""
    for each in NETS:
        if each.name == name:
            return each
    raise BadInput(f"the detective has no net {name!r}", fix=f"use one of {', '.join(n.name for n in NETS)}")


def load(name: str) -> Model:
    """The trained net of that name."""
    return Model.load(net_named(name).folder)
