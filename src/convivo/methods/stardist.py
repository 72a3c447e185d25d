"""StarDist: objects as star-convex polygons (Schmidt, Weigert, Broaddus, Myers, MICCAI 2018).

Every pixel inside an object says how far away the object's boundary is, along rays in fixed directions: a star. So
one pixel describes its whole object, and two that touch are two, because no line of background is needed between
them. How far inside its object a pixel lies says how much to trust its star. Of the many stars that describe the same
object the likeliest stays.

    Y/g   rows of the net's grid: one position answers for g pixels
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot
from typing import Literal, get_args

import numpy as np
import torch
from scipy.special import expit
from torch import Tensor
from torch.nn import functional as F

from convivo.errors import BadInput
from convivo.methods.method import Decoded, Segmentation, Settings, TileOutputs, rule_from
from convivo.nets.stardist import StarDistNet, StarDistSize
from convivo.ops.stars.candidates import SHORTEST, Stars, candidates, joined
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.paint import paint
from convivo.ops.stars.probability import object_probability
from convivo.ops.stars.suppress import suppress
from convivo.types import AnyArray, Labels, Map, Pixels

DISTANCE_WEIGHT = 1.0  # of the error of the distances, in units of the net, beside the probability's
LOUDEST = 4.0  # how much more the positions of a small object may count
# pixels added to every depth: nobody knows a boundary to the pixel, so in an object three pixels deep no position
# could ever be sure, and its probability would stay below any threshold that suits large objects
SOFT = 2.0
LOOSEST = 0.05  # probability down to which stars are kept that may be decided again
BORDER = 2  # positions at the image's edge that are asked last; the original does not ask them

Border = Literal["asked", "stardist"]


@dataclass(frozen=True, kw_only=True, slots=True)
class StarRule:
    """How the net's answer becomes objects."""

    prob: float = 0.5  # probability from which a position proposes its star
    nms: float = 0.4  # largest share of the smaller of two stars that may lie in a likelier one
    smallest: int = 1  # pixels; smaller objects are dropped
    smallest_cut: int = 1  # the same for what the image's edge leaves of an object
    border: Border = "asked"  # positions next to an edge are asked last; "stardist": some of them not at all

    def __post_init__(self) -> None:
        for name in ("prob", "nms"):
            if not 0 <= getattr(self, name) <= 1:
                raise BadInput(f"{name} {getattr(self, name)} is not between 0 and 1", fix="use about 0.4")
        if self.border not in get_args(Border):
            raise BadInput(
                f"there is no border rule {self.border!r}", fix=f"use {', '.join(get_args(Border))}"
            )


def targets(labels: Labels) -> Pixels:
    """Class, object probability and number of each pixel, (3, Y, X); the first two are NaN where a label is below 0."""
    unknown = labels < 0
    objects = np.where(unknown, -1, 0).astype(np.int32)
    _, number = np.unique(labels[labels > 0], return_inverse=True)
    # renumbered, because float32 holds whole numbers up to 16,777,216 only
    objects[labels > 0] = number + 1
    classes = np.where(unknown, np.nan, objects > 0)
    probability = np.where(unknown, np.nan, object_probability(objects, SOFT))
    return np.stack([classes, probability, objects]).astype(np.float32)


def example(
    pixels: Pixels, wanted: Pixels, size: StarDistSize, rng: np.random.Generator
) -> tuple[Pixels, Pixels]:
    """The patch as it is, and on the grid probability and distances, (1 + rays, Y/g, X/g), in units of the net.

    Rays that leave the patch are NaN: nobody knows here how far the object goes on.
    """
    _, probability, numbers = wanted
    rows, columns = size.grid
    distances = star_distances(numbers.astype(np.int32), size.rays, size.grid, cut=np.nan)
    return pixels, np.concatenate([probability[None, ::rows, ::columns], distances / np.float32(size.unit)])


def loss(output: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of the probability and, weighted by it, the mean error of the distances, in units of the net.

    A small object has few positions to speak for it, and would hardly be heard: they count more, by how much its
    radius is below one unit. (B, 1 + rays, Y/g, X/g) twice -> one number.
    """
    probability = wanted[:, 0]
    known = torch.isfinite(probability)
    probability = torch.where(known, probability, 0.0)  # chosen before any arithmetic: 0 x NaN is NaN
    inside = probability > 0  # elsewhere no star is asked for
    rays = wanted.shape[1] - 1  # a net that also tells classes has more to say
    stars, true = _stars(output, rays)[inside].float(), _stars(wanted, rays)[inside]  # (positions, rays)
    measured = torch.isfinite(true)
    true = torch.where(measured, true, 0.0)
    radius = ((true**2).sum(1) / measured.sum(1).clamp_min(1)).sqrt()
    smallness = torch.where(radius > 0, 1 / radius, 1.0).clamp(1.0, LOUDEST)

    counted = known.float()
    counted[inside] = smallness
    doubt = F.binary_cross_entropy_with_logits(output[:, 0].float(), probability, reduction="none")
    likely = torch.where(known, counted * doubt, 0.0).sum() / known.sum().clamp_min(1)
    weights = torch.where(measured, (probability[inside] * smallness**2)[:, None], 0.0)
    far = (weights * (stars - true).abs()).sum() / weights.sum().clamp_min(1e-6)
    return likely + DISTANCE_WEIGHT * far


def _stars(output: Tensor, rays: int) -> Tensor:
    """Distances with the rays last."""
    return output[:, 1 : 1 + rays].permute(0, 2, 3, 1)


def decode(outputs: TileOutputs, shape: tuple[int, ...], settings: Settings, size: StarDistSize) -> Decoded:
    """Collect likely stars from the cores of the tiles, keep of each crowd the likeliest, and paint them."""
    return decide(gather(outputs, shape, settings, size), settings)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What the net says of an image: the stars that likely positions propose, and how likely each pixel is."""

    stars: Stars
    least: float  # probability above which a position proposes
    probability: Map
    end: tuple[int, int]  # of the padded image
    grid: tuple[int, int]


def gather(outputs: TileOutputs, shape: tuple[int, ...], settings: Settings, size: StarDistSize) -> Proposed:
    """Likely stars from the cores of the tiles."""
    how = rule(settings)
    probability = np.zeros(shape, np.float32)
    found, end = [], (0, 0)
    for tile, output in outputs:
        inside = output[:, *on_grid(tile.crop, size.grid)]
        likely = _sigmoid(inside[0])
        distances = inside[1 : 1 + size.rays]  # in units of the net
        origin = (tile.core[0].start, tile.core[1].start)
        found.append(candidates(likely, distances, how.prob, origin, size.grid, size.unit, hypot(*shape)))
        probability[tile.core] = spread(likely, size.grid, probability[tile.core].shape)
        end = (max(end[0], tile.read[0].stop), max(end[1], tile.read[1].stop))
    return Proposed(joined(found, size.rays), how.prob, probability, end, size.grid)


def decide(proposed: Proposed, settings: Settings) -> Decoded:
    """Keep of each crowd of stars the likeliest, and paint them. What is proposed must reach down to `prob`."""
    how, stars, probability = rule(settings), proposed.stars, proposed.probability
    assert how.prob >= proposed.least
    if how.prob > proposed.least:
        stars = stars[stars.probabilities > how.prob]
    shape = probability.shape
    if how.border == "stardist":
        stars = suppress(stars[~next_to_edge(stars, proposed.end, proposed.grid)], how.nms)
    else:
        stars = suppress(stars, how.nms, last=next_to_edge(stars, shape, proposed.grid))
        stars = stars[np.argsort(-stars.probabilities, kind="stable")]
    # of a star that lies wholly under others nothing is seen, and `smallest` is 1 or more
    labels, kept = paint(stars, shape, how.smallest, how.smallest_cut)
    return Decoded(labels, probability, stars.probabilities[kept])


def distance_map(outputs: TileOutputs, shape: tuple[int, ...], size: StarDistSize) -> Pixels:
    """Every position's distances in pixels, (rays, Y/g, X/g), of an image of that shape. Decoding needs no such map."""
    whole = on_grid(tuple(slice(0, length) for length in shape), size.grid)
    out = np.empty((size.rays, *(part.stop for part in whole)), np.float32)
    for tile, output in outputs:
        inside = output[:, *on_grid(tile.crop, size.grid)]
        out[:, *on_grid(tile.core, size.grid)] = inside[1 : 1 + size.rays] * np.float32(size.unit)
    return np.maximum(out, SHORTEST, out=out)


def rule(settings: Settings) -> StarRule:
    """The rule that a card's settings describe."""
    return rule_from(settings, StarRule, "StarDist's decoder")


def on_grid(region: tuple[slice, ...], grid: tuple[int, int]) -> tuple[slice, ...]:
    """The positions of the grid that lie in a region of pixels."""
    return tuple(
        slice(-(-part.start // step), -(-part.stop // step)) for part, step in zip(region, grid, strict=True)
    )


def spread(values: Map, grid: tuple[int, int], shape: tuple[int, ...]) -> Map:
    """Each position's value for all pixels that it answers for."""
    for axis, step in enumerate(grid):
        if step > 1:
            values = np.repeat(values, step, axis=axis)
    return values[: shape[0], : shape[1]]


def next_to_edge(stars: Stars, end: tuple[int, ...], grid: tuple[int, int]) -> AnyArray:
    """Which stars begin within two positions of an edge, of an image that ends there; the net sees half of there.

    Here that is the image, and these stars speak last: where a star from further inside describes the object, it is
    taken. The original leaves them out, but takes the edges of the *padded* image: where padding was needed at the
    bottom or on the right, stars next to the image's own edge stay; at the top and on the left they never do.
    """
    positions = stars.points // grid
    beyond = -(-np.array(end) // grid) - BORDER
    return np.asarray(((positions < BORDER) | (positions >= beyond)).any(axis=1))


def _sigmoid(logits: AnyArray) -> Map:
    return np.asarray(expit(np.asarray(logits, np.float32)))


METHOD = Segmentation(
    name="stardist",
    title="roundish objects as star-convex polygons, also in crowds (StarDist, Schmidt et al. 2018)",
    classes=("background", "object"),
    size=StarDistSize,
    net=StarDistNet,
    targets=targets,
    example=example,
    loss=loss,
    decode=decode,
    gather=gather,
    decide=decide,
    loosest={"prob": LOOSEST},
    rule=rule,
    settings={"prob": 0.5, "nms": 0.4, "smallest": 1, "smallest_cut": 1, "border": "asked"},
    search={
        "prob": tuple(np.round(np.arange(0.1, 0.91, 0.05), 2).tolist()),
        "nms": (0.1, 0.2, 0.3, 0.4, 0.5),
    },
    sure="prob",
    rate=2e-3,
)
