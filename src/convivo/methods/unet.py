"""U-Net for cells: background, interior, border (Ronneberger, Fischer, Brox, MICCAI 2015; borders as a class of
their own: Caicedo et al., Cytometry A 2019).

Touching cells become one blob when a net only knows foreground. So each pixel is one of three classes, and the
border, the rim inside each cell, keeps the interiors of neighbours apart. Interiors are the seeds of objects and grow
back into their rims. Errors cost more between cells that are close, after equation 2 of the U-Net paper.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

import numpy as np
import torch
from scipy import ndimage
from skimage.segmentation import expand_labels, find_boundaries
from torch import Tensor
from torch.nn import functional as F

from convivo.methods.method import Decoded, Segmentation, Settings, TileOutputs, rule_from
from convivo.nets.unet import UNet, UNetSize
from convivo.ops.instances import InstanceRule, instances
from convivo.ops.measure import compact
from convivo.types import AnyArray, Labels, Map, Pixels

BACKGROUND, INTERIOR, BORDER = range(3)
CLASS_WEIGHTS = (1.0, 1.0, 2.0)  # borders are thin and rare

RIM = 2.0  # pixels: width of the border class, at most half of the way to an object's centre
GAP_REACH = 6.0  # pixels: cells further apart than twice this are not close
GAP_WEIGHT = 5.0  # how much more an error between touching cells costs (w0 in equation 2)
GAP_WIDTH = 3.0  # pixels: how fast that falls off (sigma in equation 2)


def targets(labels: Labels) -> Pixels:
    """Class and weight of each pixel, (2, Y, X) or (2, Z, Y, X); where a label is below 0 the class is NaN."""
    return np.stack([class_map(labels), gap_weights(labels)])


def class_map(labels: Labels) -> Map:
    """Background, interior or border. The rim of a small object is thinner, so that each keeps an interior."""
    objects = compact(np.maximum(labels, 0))
    outline = find_boundaries(objects, mode="inner", connectivity=1, background=0)
    if not outline.any():  # no object, or one that fills the image
        return np.where(labels < 0, np.nan, objects > 0).astype(np.float32)
    depth = ndimage.distance_transform_edt((objects > 0) & ~outline)  # 0 on the outermost pixels
    deepest = ndimage.maximum(depth, objects, index=np.arange(objects.max() + 1))
    rim = np.minimum(RIM - 1, np.asarray(deepest) / 2)[objects]
    classes = np.where(
        objects > 0, np.where((depth > rim) | (deepest[objects] == 0), INTERIOR, BORDER), BACKGROUND
    )
    return np.where(labels < 0, np.nan, classes).astype(np.float32)


def gap_weights(labels: Labels) -> Map:
    """1 nearly everywhere, more where two cells come close.

    Equation 2 sums the distances to the two nearest cells. Here both cells are grown until they meet, and the weight
    falls with the distance to the line where they do: the same places, for one distance transform.
    """
    grown = expand_labels(np.maximum(labels, 0), GAP_REACH)
    middle = find_boundaries(grown, mode="inner", connectivity=1, background=0)
    middle &= ndimage.maximum_filter(grown, 3) != ndimage.minimum_filter(
        np.where(grown > 0, grown, np.iinfo(grown.dtype).max), 3
    )
    if not middle.any():
        return np.ones(labels.shape, np.float32)
    distance = ndimage.distance_transform_edt(~middle)
    return np.asarray(1 + GAP_WEIGHT * np.exp(-((distance / GAP_WIDTH) ** 2) / 2), np.float32)


def example(
    pixels: Pixels, wanted: Pixels, size: UNetSize, rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """The net is shown the patch as it is."""
    return pixels, wanted


def loss(output: Tensor, wanted: Tensor) -> Tensor:
    """Weighted cross-entropy over the pixels whose class is known; (B, 3, ...), (B, 2, ...) -> one number."""
    classes, weights = wanted[:, 0], wanted[:, 1]
    known = torch.isfinite(classes)
    classes = torch.where(known, classes, 0.0).long()  # chosen before any arithmetic: 0 x NaN is NaN
    weights = torch.where(known, weights, 0.0) * _class_weights(output.device)[classes]
    errors = F.cross_entropy(output.float(), classes, reduction="none")
    return (errors * weights).sum() / weights.sum().clamp_min(1e-6)


def decode(outputs: TileOutputs, shape: tuple[int, ...], settings: Settings, size: UNetSize) -> Decoded:
    """Assemble interior and foreground probability from the cores of the tiles, then read the objects."""
    return decide(gather(outputs, shape, settings, size), settings)


@dataclass(frozen=True, slots=True)
class Maps:
    """What the net says of each pixel of an image."""

    interior: Map
    foreground: Map


def gather(outputs: TileOutputs, shape: tuple[int, ...], settings: Settings, size: UNetSize) -> Maps:
    """Interior and foreground probability, assembled from the cores of the tiles."""
    interior, foreground = np.empty(shape, np.float32), np.empty(shape, np.float32)
    for tile, output in outputs:
        classes = softmax(output[:, *tile.crop])
        interior[tile.core] = classes[INTERIOR]
        foreground[tile.core] = 1 - classes[BACKGROUND]
    return Maps(interior, foreground)


def decide(maps: Maps, settings: Settings) -> Decoded:
    """The objects that the maps show."""
    return Decoded(instances(maps.interior, maps.foreground, rule(settings)), maps.foreground)


def rule(settings: Settings) -> InstanceRule:
    """The instance rule that a card's settings describe."""
    return rule_from(settings, InstanceRule, "the U-Net's decoder")


def softmax(logits: AnyArray) -> Pixels:
    """Probabilities of the classes along the first axis."""
    powers = np.exp(logits - logits.max(axis=0))
    return powers / powers.sum(axis=0)  # type: ignore[no-any-return]


@cache
def _class_weights(device: torch.device) -> Tensor:
    return torch.tensor(CLASS_WEIGHTS, device=device)


METHOD = Segmentation(
    name="unet",
    title="cells by background, interior and border (U-Net, Ronneberger et al. 2015)",
    classes=("background", "interior", "border"),
    size=partial(UNetSize, outputs=3),
    net=UNet,
    targets=targets,
    example=example,
    loss=loss,
    decode=decode,
    gather=gather,
    decide=decide,
    loosest={},
    rule=rule,
    settings={
        "foreground": 0.5,
        "seed": 0.5,
        "smallest": 1,
        "smallest_cut": 1,
        "split": "components",
        "neck": 1.25,
    },
    sure="foreground",
    search={"seed": (0.3, 0.4, 0.5, 0.6, 0.7, 0.8), "foreground": (0.3, 0.4, 0.5, 0.6, 0.7)},
)
