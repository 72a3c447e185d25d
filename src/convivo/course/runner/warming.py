"""What a run should find done: libraries imported, one training step taken, the functions for stars compiled.

The first step of an optimizer alone imports some 800 modules. Whatever is done here once is there in each run, and its
memory is shared.
"""

from __future__ import annotations

import gc
import warnings
from pathlib import Path


def warm() -> None:
    """Import and use what exercises use. Leaves one thread, and nothing for the garbage collector to walk through."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _figures()
        _training()
        _libraries()
        _stars()
    tasks = Path("/proc/self/task")
    if tasks.is_dir() and len(list(tasks.iterdir())) != 1:
        raise RuntimeError(
            "there is more than one thread in the warmed process, and only one survives a fork"
        )
    gc.collect()
    gc.freeze()


def _figures() -> None:
    import matplotlib as mpl

    from convivo.course.runner import figures

    mpl.use(figures.NAME)
    from matplotlib import pyplot as plt

    figure, axes = plt.subplots()
    axes.plot([0, 1], [0, 1])
    axes.set_title("warm")
    axes.imshow([[0.0, 1.0]])
    figures.pixels(figure)
    plt.close("all")


def _training() -> None:
    import torch
    from torch import nn

    torch.set_num_threads(1)
    net = nn.Sequential(
        nn.Conv2d(1, 2, 3, padding=1), nn.BatchNorm2d(2), nn.ReLU(), nn.Conv2d(2, 1, 3, padding=1)
    )
    learner = torch.optim.Adam(net.parameters())
    image = torch.rand(1, 1, 16, 16)
    for _ in range(2):
        learner.zero_grad()
        nn.functional.mse_loss(net(image), image).backward()  # type: ignore[no-untyped-call]
        learner.step()


def _libraries() -> None:
    import optuna  # noqa: F401
    import scipy.ndimage
    import scipy.signal  # noqa: F401
    import skimage.feature
    import skimage.filters
    import skimage.measure
    import skimage.segmentation  # noqa: F401

    import convivo.api
    import convivo.nets.receptive
    import convivo.nets.unet
    import convivo.run.train  # noqa: F401


def _stars() -> None:
    """Compile the functions for stars, and keep them in memory alone: a run must not write where all others read."""
    import numpy as np
    from numba.core.caching import NullCache
    from numba.core.dispatcher import Dispatcher

    from convivo.ops.stars import candidates, distances, overlap, paint, probability, rays, suppress

    for kind in (np.int32, np.int64):  # as labels come from scikit-image and from numpy
        labels = np.zeros((48, 48), kind)
        labels[8:24, 8:24] = 1
        labels[22:40, 18:36] = 2
        radii = distances.star_distances(labels, 32)
    likely = probability.object_probability(labels)
    found = candidates.candidates(likely, radii, 0.5, (0, 0), (1, 1))
    paint.paint(suppress.suppress(found, 0.4), labels.shape)
    for module in (distances, overlap, paint, suppress, rays):
        for function in vars(module).values():
            if isinstance(function, Dispatcher):
                function._cache = NullCache()  # type: ignore[attr-defined]  # noqa: SLF001  numba has no other way to stop keeping
