"""Prediction with StarDist, pixels to labels, with the model warm: convivo against the original, in one run.

    python benchmarks/stardist_predict.py MODELFOLDER --images FOLDER [--model MODEL] [--peer PYTHON]

MODELFOLDER is a model of the original (config.json, thresholds.json, weights_best.h5), which convivo imports, so that
both sides run the same net with the same weights and thresholds. FOLDER holds images/ and masks/. Both sides
normalise, run the net, suppress and paint; convivo also measures its objects. They are timed in turns, on one image
after the other and on a mosaic of them; the times are medians. convivo chooses its engine itself, once for each
precision that is fast here. The original predicts the mosaic whole or in the tiles that it guesses, whichever is
faster. MODEL is a model of convivo's own, whose smaller net is held against the original's net; give MODELFOLDER one
of the default architecture for that (its number of candidates is then a trained net's).
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import cycle, islice
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
import torch
from peer_child import timed
from peers import Peer, add_peer, in_turns, peer_of, verdict
from torch import nn

from convivo.io.pairs import open_pairs
from convivo.methods.method import Settings
from convivo.model import Model
from convivo.model.find import find_model
from convivo.model.stardist_keras import import_stardist
from convivo.ops.scores import match_many, pooled
from convivo.ops.tiling import pad_to_stride, tiles
from convivo.run.asking import PredictOptions, forward
from convivo.run.choice import Wanted, choose
from convivo.run.engines import Precision, fast_precisions
from convivo.run.memory import tile_sizes
from convivo.run.predict import Predictor
from convivo.types import Annotated, AnyArray, Image, Labels

SIDE = 2048
IOUS = (0.5, 0.75, 0.9)
FASTER_BAR = 3.0  # with the same net, where bfloat16 is fast
OWN_BAR = 8.0  # with convivo's own net
LOWER_BAR = 0.002  # of AP
PEAK_SIDE = 4096  # of the matrices that tell the processor's peak
LARGE_TURNS = 0.5  # turns of the mosaic for each of an image


@dataclass(frozen=True, slots=True)
class Side:
    """A model of convivo's in one precision."""

    name: str
    model: Model
    precision: Precision
    bar: float
    settings: Settings = field(default_factory=dict)

    @property
    def predictor(self) -> Predictor:
        """A new one, whose engines are warm after the first image."""
        return Predictor(self.model, PredictOptions(engine=self.wanted, settings=self.settings))

    @property
    def wanted(self) -> Wanted:
        """The default choice of engines on the processor, in this precision."""
        return Wanted(precision=self.precision, device="cpu")


def main() -> None:
    asked = arguments()
    data = open_pairs(asked.images).data[: asked.most]
    images = [each.image.array[0] for each in data]
    large = [mosaic(images, asked.side)]
    sides = list(sides_of(asked.original, asked.model))
    with peer_of("stardist", asked.peer) as peer:
        answer = peer.prepare("predict", model=str(asked.original), images=images, tiled=False)
        peaks = {side.precision: peak(side.precision, asked.peak) for side in sides}
        for precision, most in peaks.items():
            print(f"peak with matrices of {asked.peak} in {precision}: {most / 1e9:.0f} GFLOP/s")
        print(f"\n{'':50}{'convivo':>10}{'stardist':>11}{'faster':>8}{'bar':>6}{'net':>13}{'of peak':>9}")
        for side in sides:
            compare(peer, side, images, asked.turns, peaks[side.precision])
        seconds = {tiled: prepared(peer, asked.original, large, tiled) for tiled in (True, False)}
        if seconds[True] < seconds[False]:
            prepared(peer, asked.original, large, tiled=True)
        for side in sides:
            compare(peer, side, large, max(1, round(LARGE_TURNS * asked.turns)), peaks[side.precision])
        print(f"(stardist took the mosaic {'in tiles' if seconds[True] < seconds[False] else 'whole'})\n")
    print_scores(sides, data, answer["labels"])


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("original", type=Path, metavar="MODELFOLDER")
    parser.add_argument("--images", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--model", help="a model of convivo's own: a folder or a name")
    add_peer(parser, "stardist")
    parser.add_argument("--side", type=int, default=SIDE, help="of the mosaic")
    parser.add_argument("--most", type=int, help="look at so many images only")
    parser.add_argument("--turns", type=int, default=15)
    parser.add_argument("--peak", type=int, default=PEAK_SIDE, help="side of the matrices that tell the peak")
    return parser.parse_args()


def sides_of(original: Path, own: str | None) -> list[Side]:
    """The imported model and one's own, each in every precision that is fast here."""
    models = [("same net", import_stardist(original, "imported"), FASTER_BAR)]
    if own:
        models.append((f"{Path(own).name} (own net)", Model.load(find_model(own)), OWN_BAR))
    return [
        Side(name, model, precision, bar)
        for name, model, bar in models
        for precision in fast_precisions("cpu")
    ]


def compare(peer: Peer, side: Side, images: Sequence[AnyArray], turns: int, most: float) -> None:
    """One row: seconds of both, and of the net alone."""
    predictor = side.predictor
    shown = [Image(image[None]) for image in images]
    engine = predictor.predict(shown[0]).engine
    ours, theirs = in_turns(
        turns,
        lambda turn: timed(lambda: predictor.predict(shown[turn % len(shown)])),
        lambda turn: peer.seconds("predict", number=turn % len(shown)),
    )
    alone, work = net_alone(side, images[0], turns)
    what = f"{side.name}, {engine}, {images[0].shape[0]} x {images[0].shape[1]}"
    ratio = theirs / ours
    print(
        f"{what:50}{1000 * ours:7.0f} ms{1000 * theirs:8.0f} ms{ratio:6.1f} x{side.bar:4.0f} x"
        f"{1000 * alone:10.0f} ms{work / alone / most:9.0%}  {met(side, ratio)}"
    )


def met(side: Side, ratio: float) -> str:
    """Whether the bar was met; the same net's was set for hardware with fast bfloat16."""
    if side.bar == FASTER_BAR and side.precision != "bfloat16":
        return "(bar for bfloat16)"
    return verdict(ratio >= side.bar)


def prepared(peer: Peer, model: Path, images: list[AnyArray], tiled: bool) -> float:
    """Seconds of the original for the first of these images, once it is warm."""
    peer.prepare("predict", model=str(model), images=images, tiled=tiled)
    return peer.seconds("predict", number=0)


def net_alone(side: Side, pixels: AnyArray, turns: int) -> tuple[float, float]:
    """Median seconds of the net on a prepared image, tile by tile as prediction does, and its operations."""
    model = side.model
    shown = pad_to_stride(model.prepare(pixels[None]), model.stride)
    sides = tile_sizes(model, shown.shape[1:])
    every = list(tiles(shown.shape[1:], sides, model.halo, model.stride))
    window = shown[:, *every[len(every) // 2].read]
    engine = choose(model, window, side.wanted).engine

    def work() -> None:
        for _ in forward(model, shown, engine, sides):
            pass

    work()
    (seconds,) = in_turns(turns, lambda _: timed(work))
    return seconds, 2.0 * multiplications(model.net, window.shape) * len(every)


def multiplications(net: nn.Module, shape: tuple[int, ...]) -> int:
    """Multiply-adds of the convolutions for one window, counted as it passes."""
    counted: list[int] = []

    def count(layer: Any, given: Any, answer: torch.Tensor) -> None:
        counted.append(answer[0].numel() * layer.in_channels // layer.groups * prod(layer.kernel_size))

    hooks = [each.register_forward_hook(count) for each in net.modules() if isinstance(each, nn.Conv2d)]
    with torch.inference_mode():
        net(torch.zeros(1, *shape))
    for hook in hooks:
        hook.remove()
    return sum(counted)


def peak(precision: Precision, side: int) -> float:
    """Operations in a second of the best of some products of large matrices."""
    dtype = torch.bfloat16 if precision == "bfloat16" else torch.float32
    first, second = torch.rand(2, side, side).to(dtype)
    torch.mm(first, second)
    return 2.0 * side**3 / min(timed(lambda: torch.mm(first, second)) for _ in range(5))


def mosaic(images: Sequence[AnyArray], side: int) -> AnyArray:
    """A large image of the images side by side, from the first again where they do not suffice."""
    height, width = np.min([image.shape for image in images], axis=0)
    rows, columns = -(-side // height), -(-side // width)
    parts = [image[:height, :width] for image in islice(cycle(images), int(rows * columns))]
    lines = [np.hstack(parts[row * columns : (row + 1) * columns]) for row in range(rows)]
    return np.vstack(lines)[:side, :side]


def print_scores(sides: Sequence[Side], data: Sequence[Annotated], theirs: Sequence[Labels]) -> None:
    """AP over all images at each threshold, by how much convivo's is lower, and in how many images labels are equal.

    convivo asks positions at the image's edge, the original does not: its rule is there in a row of its own.
    """
    truth = [each.labels for each in data]
    reference = accuracies(truth, theirs)
    heads = "".join(f"{iou:>8}" for iou in IOUS)
    print(f"{f'AP, {len(data)} images, at IoU':58}{heads}{'lower by':>10}{'bar':>7}{'equal':>8}")
    print(f"{'stardist':58}" + "".join(f"{each:8.4f}" for each in reference))
    border = [replace(each, settings={"border": "stardist"}) for each in sides if each.bar == FASTER_BAR]
    for side in [*sides, *border]:
        predictor = side.predictor
        found = [predictor.predict(each.image) for each in data]
        labels = [each.labels for each in found]
        scores = accuracies(truth, labels)
        lower = max(their - our for our, their in zip(scores, reference, strict=True))
        equal = sum(np.array_equal(*both) for both in zip(labels, theirs, strict=True))
        what = f"{side.name}, {found[0].engine}{', their border rule' if side.settings else ''}"
        print(
            f"{what:58}"
            + "".join(f"{each:8.4f}" for each in scores)
            + f"{max(0.0, lower):10.4f}{LOWER_BAR:7}{equal:8}  {verdict(lower <= LOWER_BAR)}"
        )


def accuracies(truth: Sequence[Labels], labels: Sequence[Labels]) -> list[float]:
    """AP pooled over the images at each threshold."""
    matchings = [match_many(one, other, IOUS) for one, other in zip(truth, labels, strict=True)]
    return [pooled(column).accuracy for column in zip(*matchings, strict=True)]


if __name__ == "__main__":
    main()
