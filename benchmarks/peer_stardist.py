"""The original StarDist, asked by the benchmarks: started by peers.py, not by you. How it answers: peer_child.py."""

from __future__ import annotations

import sys
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from peer_child import Array, Prepared, Tasks, serve, timed


def versions() -> str:
    import stardist
    import tensorflow  # type: ignore[import-untyped]

    python = ".".join(map(str, sys.version_info[:3]))
    return f"stardist {stardist.__version__}, tensorflow {tensorflow.__version__}, Python {python}"


def suppression(distances: Array, probabilities: Array, points: Array, nms: float) -> Prepared:
    """Non-maximum suppression of candidates in a list."""
    from stardist.nms import non_maximum_suppression_sparse

    def work() -> Any:
        return non_maximum_suppression_sparse(distances, probabilities, points, nms_thresh=nms)

    return Prepared({"survivors": np.asarray(work()[3])}, lambda: timed(work))


def rays(labels: Array, rays: int) -> Prepared:
    """Distances along rays from a label image."""
    from stardist.geometry import star_dist

    def work() -> Any:
        return star_dist(labels, rays, mode="cpp")

    return Prepared({"distances": work()}, lambda: timed(work))


def predict(model: str, images: list[Array], tiled: bool) -> Prepared:
    """From pixels to labels, normalised as its notebooks do; in the tiles that it would guess, or whole."""
    from stardist.models import StarDist2D

    folder = Path(model).absolute()
    net = StarDist2D(None, name=folder.name, basedir=str(folder.parent))

    def work(number: int) -> Any:
        shown = normalised(images[number])
        tiles = net._guess_n_tiles(shown) if tiled else None  # noqa: SLF001  as its notebooks do
        return net.predict_instances(shown, n_tiles=tiles, show_tile_progress=False)[0]

    return Prepared(
        {"labels": [work(number) for number in range(len(images))]},
        lambda number: timed(lambda: work(number)),
    )


def training(images: list[Array], labels: list[Array], batch: int, patch: int) -> Prepared:
    """Steps of training as its notebooks do it: flips, quarter turns, intensity, a little noise."""
    from stardist.models import Config2D, StarDist2D
    from tensorflow.keras.callbacks import LambdaCallback  # type: ignore[import-untyped]

    config = Config2D(
        n_rays=32,
        grid=(2, 2),
        train_patch_size=(patch, patch),
        train_batch_size=batch,
        train_tensorboard=False,
    )
    net = StarDist2D(config, name="untrained", basedir=None)
    shown = [normalised(image) for image in images]
    first: list[float] = []
    last: list[float] = []

    def ended(step: int, logs: Any = None) -> None:
        moment = perf_counter()
        if step == 0:
            first.append(moment)
            last.append(moment)
        last[-1] = moment

    net.prepare_for_training()
    net.callbacks.append(LambdaCallback(on_train_batch_end=ended))
    rng = np.random.default_rng(0)

    def seconds(steps: int) -> float:
        """Seconds of a step: an epoch of them after one that does not count, validation left out."""
        first.clear()
        last.clear()
        net.train(
            shown[1:],
            labels[1:],
            validation_data=(shown[:1], labels[:1]),
            augmenter=lambda x, y: augmented(x, y, rng),
            epochs=2,
            steps_per_epoch=steps + 1,
        )
        return (last[1] - first[1]) / steps

    seconds(2)
    return Prepared({"weights": int(net.keras_model.count_params())}, seconds)


def normalised(image: Array) -> Array:
    """As its notebooks show an image to the net."""
    from csbdeep.utils import normalize  # type: ignore[import-not-found]

    shown: Array = normalize(image, 1, 99.8, axis=(0, 1))
    return shown


def augmented(pixels: Array, labels: Array, rng: np.random.Generator) -> tuple[Array, Array]:
    """Mirrored, axes swapped, another exposure, noise: what its notebooks' augmenter does."""
    if rng.random() < 0.5:
        pixels, labels = pixels.swapaxes(0, 1), labels.swapaxes(0, 1)
    for axis in (0, 1):
        if rng.random() < 0.5:
            pixels, labels = np.flip(pixels, axis), np.flip(labels, axis)
    pixels = pixels * rng.uniform(0.6, 2) + rng.uniform(-0.2, 0.2)
    return pixels + 0.02 * rng.uniform() * rng.standard_normal(pixels.shape), labels


TASKS: Tasks = {
    "suppression": suppression,
    "rays": rays,
    "predict": predict,
    "training": training,
}

if __name__ == "__main__":
    serve(TASKS, versions, __doc__)
