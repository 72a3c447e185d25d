"""A step of training StarDist, 4 patches of 256 x 256, data preparation included: convivo against the original.

    python benchmarks/stardist_train.py [--images FOLDER] [--peer PYTHON]

Each side trains its own default net on the same images (simulated nuclei, or FOLDER with images/ and masks/), with
its own augmentation, without validation; the original augments as its notebooks do. convivo trains the original's
architecture too. Each turn is so many steps of each, after one that does not count; the times are medians of turns.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from peer_child import timed
from peers import Peer, add_peer, in_turns, peer_of, verdict

from convivo.io.pairs import open_pairs
from convivo.model import Model
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.run.config import TrainConfig
from convivo.run.engines import fast_precisions
from convivo.run.train import Step, train
from convivo.types import Annotated, Image

BATCH, PATCH = 4, 256
FIELDS, SHAPE, NUCLEI = 12, (520, 696), 100
BAR = 1.8
FOREVER = 10**6  # steps: no training here comes to its end
THE_ORIGINALS = {"stem": "pooled", "filters": 32, "features": 128, "unit": 1.0}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=Path, metavar="FOLDER")
    add_peer(parser, "stardist")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--steps", type=int, default=100, help="in a turn")
    asked = parser.parse_args()
    data = one_group(open_pairs(asked.images).data) if asked.images else simulated()
    with peer_of("stardist", asked.peer) as peer:
        weights = peer.prepare(
            "training",
            images=[each.image.array[0] for each in data],
            labels=[each.labels for each in data],
            batch=BATCH,
            patch=PATCH,
        )["weights"]
        print(f"{BATCH} x {PATCH} x {PATCH}, {asked.turns} turns of {asked.steps} steps, {len(data)} images")
        print(f"the original's net has {weights:,} weights\n")
        print(f"{'convivo trains':50}{'convivo':>10}{'stardist':>11}{'faster':>9}{'bar':>7}")
        for name, size in (("its default net", {}), ("the original's architecture", THE_ORIGINALS)):
            compare(peer, name, size, data, asked.turns, asked.steps)


def compare(
    peer: Peer, name: str, size: dict[str, Any], data: Sequence[Annotated], turns: int, steps: int
) -> None:
    """One row; the bar is for the default nets."""
    model = Model.new("stardist", data, name="untrained", **size)
    weights = sum(each.numel() for each in model.net.parameters())
    config = TrainConfig(steps=FOREVER, patch=PATCH, batch=BATCH, device="cpu")
    walk = train(model, data, config)
    with closing(walk):  # type: ignore[type-var]
        for _ in range(3):
            next(walk)
        ours, theirs = in_turns(
            turns, lambda _: seconds_of(walk, steps), lambda _: peer.seconds("training", steps=steps)
        )
    ratio = theirs / ours
    what = f"{name} ({weights:,} weights, {fast_precisions('cpu')[0]})"
    bar = f"{BAR:5.1f} x  {verdict(ratio >= BAR)}" if not size else ""
    print(f"{what:50}{1000 * ours:7.0f} ms{1000 * theirs:8.0f} ms{ratio:7.2f} x{bar}")


def seconds_of(walk: Iterator[Step], steps: int) -> float:
    """Seconds of a step, after one that does not count."""
    next(walk)
    return timed(lambda: [next(walk) for _ in range(steps)]) / steps


def one_group(data: Iterable[Annotated]) -> list[Annotated]:
    """The same images as one group, so that none of them is kept for validation."""
    return [Annotated(each.image, each.labels, "all") for each in data]


def simulated() -> list[Annotated]:
    """Fields of nuclei."""
    fields = simulate_many(FIELDS, Scene(shape=SHAPE, nuclei=NUCLEI), Microscope(), seed=0)
    return one_group(
        Annotated(Image(field.image[None], name=str(number)), field.labels.astype(np.int32), "")
        for number, field in enumerate(fields)
    )


if __name__ == "__main__":
    main()
