"""The numbers of the lesson on U-Net: sizes of its maps, and what two small trained nets answer."""

from __future__ import annotations

from functools import cache

import torch
from torch import nn
from torch.nn import functional as F

from convivo.io.places import SHIPPED
from convivo.model import Model
from convivo.nets.receptive import sights, stride
from convivo.nets.unet import UNet, UNetSize
from convivo.ops.scores import match, outline_distances
from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.types import Image, Labels

SIDE = 256  # pixels, of an image
ASKED = (100, 104, 108)  # sides of which one goes through


@cache
def _net() -> UNet:
    """The default U-Net; nothing is computed with it, only sizes."""
    with torch.device("meta"):
        return UNet(UNetSize())


@cache
def _maps() -> list[torch.Size]:
    """Sizes of its maps on the way down."""
    with torch.device("meta"):
        return [each.shape[1:] for each in _net().encode(torch.zeros(1, 1, SIDE, SIDE))]


def channels_at_the_top() -> int:
    """Of the finest map."""
    return _maps()[0][0]


def channels_at_the_bottom() -> int:
    """Of the coarsest one."""
    return _maps()[-1][0]


def side_at_the_bottom() -> int:
    """Side of the coarsest map."""
    return _maps()[-1][1]


def step_at_the_bottom() -> int:
    """Pixels from one of its positions to the next."""
    return stride(_net())[0]


def pixels_at_the_bottom() -> int:
    """Pixels for which one position stands."""
    return stride(_net())[0] * stride(_net())[1]


def field_of_the_unet() -> int:
    """Pixels across that a position of the answer sees."""
    return sights(_net())[0].field


def channels_upsampled() -> int:
    """Of the map that comes up to the second level, which is as wide as that level's skip."""
    return _maps()[1][0]


def channels_side_by_side() -> int:
    """Channels that the block there reads."""
    return _second_level().in_channels


def channels_if_added() -> int:
    """What would come of adding the two."""
    both = torch.zeros(channels_upsampled(), 1, 1)
    return (both + both).shape[0]


def channels_if_multiplied() -> int:
    """Every one with every other."""
    return channels_upsampled() ** 2


def channels_that_leave() -> int:
    """What the block makes of them."""
    *_, last = (each for each in _net().up[1].modules() if isinstance(each, nn.Conv2d))
    return last.out_channels


def _second_level() -> nn.Conv2d:
    return next(each for each in _net().up[1].modules() if isinstance(each, nn.Conv2d))


def _goes_through(side: int) -> bool:
    """Whether the net answers on an image of that side, with an answer of the same side."""
    with torch.device("meta"):
        try:
            return bool(_net()(torch.zeros(1, 1, side, side)).shape[-1] == side)
        except RuntimeError:  # torch's own: maps of different sizes do not fit beside each other
            return False


def side_that_goes_through() -> int:
    """The one of those asked that does."""
    (side,) = (each for each in ASKED if _goes_through(each))
    return side


def where_100_stops() -> int:
    """Side of the map that cannot be halved."""
    return _stops(100)


def where_108_stops() -> int:
    """The same."""
    return _stops(108)


def _stops(side: int) -> int:
    with torch.device("meta"):
        image = torch.zeros(1, 1, side, side)
        while image.shape[-1] % 2 == 0:
            image = F.max_pool2d(image, 2)
        return image.shape[-1]


@cache
def _answers(wiring: str) -> tuple[Labels, Labels]:
    """Truth and answer of one small net of the lab, on the practice image "Small nuclei"."""
    made = simulate(Scene(nuclei=50, diameter=13.0), Microscope(), seed=13)
    model = Model.load(SHIPPED / "lab" / "wires" / wiring)
    options = PredictOptions(engine=Wanted(engine="torch", precision="float32"))
    return made.labels, Predictor(model, options).predict(Image(made.image[None], "CYX", "small")).labels


def off_with_skips() -> float:
    """Pixels: mean distance of outlines from the truth, where a nucleus was clearly found, with all skips."""
    return float(outline_distances(*_answers("all-skips"), 0.75).mean())


def off_without_skips() -> float:
    """The same of the net that was trained without any."""
    return float(outline_distances(*_answers("no-skips"), 0.75).mean())


def found_with_skips() -> int:
    """Nuclei found at IoU 0.75, with all skips."""
    return match(*_answers("all-skips"), 0.75).true_positives


def found_without_skips() -> int:
    """The same without."""
    return match(*_answers("no-skips"), 0.75).true_positives


def strict_with_skips() -> int:
    """Nuclei found at IoU 0.9, with all skips."""
    return match(*_answers("all-skips"), 0.9).true_positives


def strict_without_skips() -> int:
    """The same without."""
    return match(*_answers("no-skips"), 0.9).true_positives


def nuclei_there() -> int:
    """Nuclei in that image."""
    return int(_answers("all-skips")[0].max())
