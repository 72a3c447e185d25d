"""Noise2Void's speed: denoising an image with the model warm, and a step of training: convivo against CAREamics.

    python benchmarks/n2v_speed.py [--filters N] [--depth N] [--peer PYTHON]

Both sides have their default nets (or convivo the one asked for), hardly trained, because only time is measured. The
image is 321 x 481 float32. convivo restores it by the engine and in the tiles that it chooses itself, in float32 as it
gives them back. CAREamics predicts it in the tiles of its documentation, as it is and with less around the net: loading
in its own process, and its net alone on the whole image, which has no bar.

A step of training is 32 patches of 64 x 64 with their hidden pixels. convivo's includes drawing the patches, which a
second thread does; those of CAREamics lie ready. Both are timed in turns; the times are medians.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import numpy as np
from peer_child import timed
from peers import Peer, add_peer, in_turns, peer_of, verdict

from convivo.model import Model
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.ops.tiling import pad_to_stride
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.config import TrainConfig
from convivo.run.restore import Restorer
from convivo.run.train import Step, train
from convivo.types import AnyArray, Image, Restorable

SHAPE, BATCH, PATCH = (321, 481), 32, 64
FIELDS, NUCLEI = 4, 60
DENOISE_BAR, TRAINING_BAR = 20.0, 2.0
FOREVER = 10**6  # steps: no training here comes to its end
FEW = 5  # steps, until batch norms and card know the images
TILES = {"tile_size": (128, 128), "tile_overlap": (48, 48)}
WAYS: dict[str, dict[str, Any]] = {
    "as documented": TILES,
    "without workers": TILES | {"num_workers": 0},
    "one tile at once": TILES | {"num_workers": 0, "batch_size": 1},
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--filters", type=int, help="of convivo's net; without it the default")
    parser.add_argument("--depth", type=int, help="of convivo's net; without it the default")
    add_peer(parser, "careamics")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--steps", type=int, default=10, help="of training in a turn")
    asked = parser.parse_args()
    sizes = {"filters": asked.filters, "depth": asked.depth}
    size = {name: value for name, value in sizes.items() if value is not None}
    data = simulated()
    with peer_of("careamics", asked.peer) as peer:
        print(f"{'':56}{'convivo':>11}{'careamics':>12}{'faster':>10}{'bar':>8}")
        compare_denoising(peer, hardly_trained(data, size), data[0].image, asked.turns)
        compare_training(
            peer, Model.new("n2v", data, name="untrained", **size), data, asked.turns, asked.steps
        )


def compare_denoising(peer: Peer, model: Model, image: Image, turns: int) -> None:
    """A row for each way in which the peer may predict."""
    restorer = Restorer(model, PredictOptions(engine=Wanted(device="cpu")))
    engine = [restorer.restore(image).engine for _ in range(2)][-1]
    pixels = image.array[0]
    theirs = peer.prepare("denoise", image=pixels, ways=list(WAYS.values()))
    net_input: AnyArray = pad_to_stride(np.asarray(image.array, np.float32), model.strides)[0]
    peer.prepare("net_alone", image=net_input)
    sides: list[Callable[[int], float]] = [
        lambda _: timed(lambda: restorer.restore(image)),
        *(lambda _, way=number: peer.seconds("denoise", way=way) for number in range(len(WAYS))),
        lambda _: peer.seconds("net_alone"),
    ]
    ours, *others = in_turns(turns, *sides)
    shape = " x ".join(map(str, pixels.shape))
    print(f"denoise {shape}: {weights(model):,} weights ({engine}), theirs {theirs['weights']:,}")
    for name, seconds in zip(WAYS, others, strict=False):
        row(f"  {name}", ours, seconds, DENOISE_BAR)
    row("  their net alone, in one piece", ours, others[-1], None)


def compare_training(peer: Peer, model: Model, data: list[Restorable], turns: int, steps: int) -> None:
    """One row."""
    theirs = peer.prepare("training", batch=BATCH, patch=PATCH)["weights"]
    config = TrainConfig(steps=FOREVER, patch=PATCH, batch=BATCH, device="cpu")
    walk = train(model, data, config)
    with closing(walk):  # type: ignore[type-var]
        for _ in range(3):
            next(walk)
        ours, others = in_turns(
            turns, lambda _: seconds_of(walk, steps), lambda _: peer.seconds("training", steps=steps)
        )
    print(f"a step of {BATCH} x {PATCH} x {PATCH}: {weights(model):,} weights, theirs {theirs:,}")
    row("  without their loading", ours, others, TRAINING_BAR)


def row(name: str, ours: float, theirs: float, bar: float | None) -> None:
    ratio = theirs / ours
    met = f"{bar:6.0f} x  {verdict(ratio >= bar)}" if bar else ""
    print(f"{name:56}{1000 * ours:8.1f} ms{1000 * theirs:9.1f} ms{ratio:8.1f} x{met}")


def hardly_trained(data: list[Restorable], size: dict[str, Any]) -> Model:
    """A model whose card and batch norms have seen the images."""
    model = Model.new("n2v", data, name="untrained", **size)
    for _ in train(model, data, TrainConfig(steps=FEW, patch=PATCH, batch=BATCH, device="cpu")):
        pass
    return model


def seconds_of(walk: Iterator[Step], steps: int) -> float:
    """Seconds of a step, after one that does not count."""
    next(walk)
    return timed(lambda: [next(walk) for _ in range(steps)]) / steps


def weights(model: Model) -> int:
    return sum(each.numel() for each in model.net.parameters())


def simulated() -> list[Restorable]:
    """Noisy fields of nuclei as one group, so that none of them is kept for validation."""
    fields = simulate_many(FIELDS, Scene(shape=SHAPE, nuclei=NUCLEI), Microscope(), seed=0)
    return [
        Restorable(Image(field.image[None].astype(np.float32), name=str(number)), None, "all")
        for number, field in enumerate(fields)
    ]


if __name__ == "__main__":
    main()
