"""CAREamics' Noise2Void, asked by the benchmarks: started by peers.py, not by you. How it answers: peer_child.py.

CAREamics imports torchvision, but for Noise2Void it uses nothing of it: its ladder nets crop with it, and an export
writes its version down. Where it is missing, an empty module stands in, after torchmetrics, which looks for the real
one, has been imported.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Any

import lightning  # before the stand-in: it imports torchmetrics
import numpy as np
import torch
from peer_child import Array, Prepared, Tasks, serve, timed

if find_spec("torchvision") is None:
    torchvision, transforms, functional = (
        ModuleType(name) for name in ("torchvision", "transforms", "functional")
    )
    vars(torchvision).update(__version__="none", transforms=transforms)
    vars(transforms).update(functional=functional)
    sys.modules["torchvision"] = torchvision
    sys.modules["torchvision.transforms"] = transforms
    sys.modules["torchvision.transforms.functional"] = functional

from careamics import CAREamist, __version__
from careamics.config.factories import create_advanced_n2v_config
from careamics.dataset.image_region_data import ImageRegionData
from careamics.lightning.modules import N2VModule

FOREVER = 10**6  # epochs: the clock ends the training
PATCH, BATCH = 64, 32


def versions() -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    return f"careamics {__version__}, torch {torch.__version__}, lightning {lightning.__version__}, Python {python}"


def denoise(image: Array, ways: Sequence[dict[str, Any]]) -> Prepared:
    """From noisy pixels to the answer, by its `predict`; the ways are what it is told beside the image.

    Its net was trained for one step: it predicts with a checkpoint, and only that has the statistics of the images.
    """
    careamist = CAREamist(config(num_epochs=1, num_steps=1), work_dir=new_folder(), enable_progress_bar=False)
    careamist.train(train_data=[image] * 2, val_data=[image])

    def work(way: int) -> Any:
        return careamist.predict(image, **ways[way])[0][0]

    found = [np.squeeze(work(way)) for way in range(len(ways))]
    return Prepared(
        {"weights": weights_of(careamist.model), "restored": found}, lambda way: timed(lambda: work(way))
    )


def net_alone(image: Array) -> Prepared:
    """The net alone on a padded image, with nothing of what is around it."""
    net = N2VModule(config().algorithm_config).eval()
    shown = torch.from_numpy(image)[None, None]

    def work() -> None:
        with torch.inference_mode():
            net(shown)

    work()
    return Prepared({}, lambda: timed(work))


def training(batch: int, patch: int) -> Prepared:
    """Steps of training on patches that lie ready: masking, net, loss, backward, optimiser, without what it logs."""
    net = N2VModule(config(batch, patch).algorithm_config)
    optimiser = net.configure_optimizers()["optimizer"]
    net.log = lambda *_, **__: None  # there is no trainer that would keep it
    net.optimizers = lambda: optimiser
    rng = np.random.default_rng(0)
    shown = torch.from_numpy(rng.standard_normal((batch, 1, patch, patch), np.float32))
    region = ImageRegionData(**dict.fromkeys(ImageRegionData._fields))._replace(data=shown)

    def step() -> None:
        optimiser.zero_grad()
        net.training_step((region,), 0).backward()
        optimiser.step()

    def seconds(steps: int) -> float:
        def work() -> None:
            for _ in range(steps):
                step()

        return timed(work) / steps

    net.train()
    seconds(2)
    return Prepared({"weights": weights_of(net)}, seconds)


def learned(train: list[Array], shown: list[Array], minutes: float, seed: int) -> Prepared:
    """Train by its defaults until the time is over, and denoise whole images by the last weights, as it advises."""
    seconds = round(60 * minutes)
    clock = {"max_time": f"00:{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"}
    how = config(num_epochs=FOREVER, trainer_params=clock, seed=seed + 1)  # it takes none below 1
    careamist = CAREamist(how, work_dir=new_folder(), enable_progress_bar=False)
    taken = timed(lambda: careamist.train(train_data=train))
    steps, epochs = careamist.trainer.global_step, careamist.trainer.current_epoch
    restored = [np.squeeze(each) for each in careamist.predict(shown, batch_size=1)[0]]
    found = {"restored": restored, "steps": steps, "epochs": epochs, "seconds": taken}
    return Prepared(found | {"weights": weights_of(careamist.model)}, lambda: taken)


def config(batch: int = BATCH, patch: int = PATCH, **more: Any) -> Any:
    """How it does Noise2Void where one says only what has no default."""
    return create_advanced_n2v_config(
        experiment_name="peer",
        data_type="array",
        axes="YX",
        patch_size=[patch, patch],
        batch_size=batch,
        **more,
    )


def weights_of(net: torch.nn.Module) -> int:
    return sum(each.numel() for each in net.parameters())


def new_folder() -> Path:
    """Where it may write its checkpoints and logs: beside what is asked."""
    return Path(tempfile.mkdtemp(dir=sys.argv[1]))


TASKS: Tasks = {"denoise": denoise, "net_alone": net_alone, "training": training, "learned": learned}

if __name__ == "__main__":
    serve(TASKS, versions, __doc__)
