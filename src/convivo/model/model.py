"""A model: a net, the method that asks it, and the card that says what it is. One folder on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Self

import msgspec
import numpy as np
import torch
from torch import Tensor

from convivo.errors import BadInput
from convivo.io.atomic import output_folder, writing
from convivo.methods import Decoded, Method, Restoration, Restored, Segmentation, method_named
from convivo.methods.method import Net, Settings, TileOutputs
from convivo.model.card import Card, Scores, card_to_json
from convivo.model.examples import Example, dimensions_of, first_page, shared_pixel_size, sizes_for
from convivo.model.files import CARD, WEIGHTS, read_card, read_weights, write_weights
from convivo.nets.receptive import reach, stride
from convivo.nets.restoration import RestorationSize
from convivo.ops.fingerprint import fingerprint
from convivo.ops.normalisation import Scale, learned_floor, scale_of
from convivo.ops.specks import smallest_area, smallest_sliver
from convivo.types import Annotated, AnyArray, Pixels, Restorable


class Model:
    """A net with its method and its card. `prepare` is what training and prediction both show the net."""

    def __init__(self, card: Card, net: Net) -> None:
        self.card = card
        self.net = net
        self.folder: Path | None = None  # that it was loaded from or trained in, where its curve lies

    @classmethod
    def new(cls, method: str, data: Sequence[Example], *, name: str, seed: int = 0, **size: Any) -> Self:
        """An untrained model of the data's sizes; `size` overrides fields of the net's size."""
        how = method_named(method)
        net_size = how.size(**sizes_for(data) | size)
        dimensions = net_size.dimensions
        torch.manual_seed(seed)
        card = Card(
            name=name,
            method=method,
            net=net_size,
            axes="ZYX"[-dimensions:],
            settings=dict(how.settings),
            pixel_size=shared_pixel_size(data),
        )
        return cls(card, how.net(net_size))

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The model in a folder."""
        folder = Path(folder)
        card = read_card(folder)
        net = method_named(card.method).net(card.net)
        net.load_state_dict(read_weights(folder / WEIGHTS, net))
        model = cls(card, net.eval())
        model.folder = folder
        return model

    def for_data(self, data: Sequence[Example], *, name: str) -> Self:
        """This model to be trained on with other data: same net, settings and normalisation."""
        for each in data:
            if not self._sees(each):
                raise BadInput(
                    f"{each.name} has {dimensions_of(each)} dimensions, model {self.card.name!r} {self.dimensions}",
                    fix="start from a model of the same dimensions",
                )
            self.check_channels(first_page(each.image, self.dimensions))
        return self.with_card(
            name=name,
            pixel_size=shared_pixel_size(data),
            scores=Scores(),
            training=None,
            fingerprint=None,
            started_from=self.card.name,
            about=None,  # it was said of other images
            licence=None,  # theirs to give: the weights will have learned from their images
            citations=(),
        )

    def measure(self, data: Sequence[Annotated]) -> None:
        """Describe the images that train on the card, and learn from them what counts as a picture and an object.

        Only these: what is learned from images that choose would flatter the scores on them. A floor that the card
        has already is kept, because the net knows no other.
        """
        pages = [first_page(each.image, each.labels.ndim) for each in data]
        how = self.card.normalisation
        if not how.floor:
            filled = [page for page, each in zip(pages, data, strict=True) if each.labels.max(initial=0) > 0]
            how = replace(how, floor=learned_floor(filled, how))
        seen = fingerprint(pages, [each.labels for each in data])
        settings = dict(self.card.settings)
        if "smallest" in self.segmentation.settings:
            settings["smallest"] = smallest_area(seen, self.dimensions)
            sliver = smallest_sliver([each.labels for each in data], seen, self.dimensions)
            settings["smallest_cut"] = sliver or settings.get("smallest_cut", 1)  # what was known stays known
        self.card = msgspec.structs.replace(self.card, normalisation=how, fingerprint=seen, settings=settings)

    def save(self, folder: Path | str, *, half: bool = False) -> None:
        """Write card and weights, these as 16-bit numbers where `half`; each file appears whole or not at all."""
        folder = output_folder(Path(folder))
        weights = self.net.state_dict()
        if half:
            weights = {
                name: each.half() if each.is_floating_point() else each for name, each in weights.items()
            }
        write_weights(folder / WEIGHTS, weights)
        with writing(folder / CARD) as part:
            part.write_bytes(card_to_json(self.card))

    @property
    def sure(self) -> float:
        """Probability from which the model says that there is an object; for one that finds objects."""
        method = self.segmentation
        return float({**method.settings, **self.card.settings}[method.sure])

    def prepare(self, pixels: AnyArray) -> Pixels:
        """(C, ...) pixels in the image's own units to what the net is shown: the only home of normalisation."""
        return self.scale(pixels).apply(pixels)

    def scale(self, pixels: AnyArray) -> Scale:
        """How `prepare` scales (C, ...) pixels, so that what the net restores can be brought back."""
        self.check_channels(pixels)
        return scale_of(pixels, self.card.normalisation)

    def undone(self, restored: Restored, scale: Scale) -> Restored:
        """What the net says, (restored channels, ...), in the units of its targets; disagreement has none."""
        gain, _ = self._target_scale(len(restored.mean))
        scale = scale.of(self.sources)
        spreads = {
            name: None if values is None else scale.undo_difference(values) * np.abs(gain)
            for name, values in (("data", restored.data), ("model", restored.model))
        }
        mean = self.in_target_units(scale.undo(restored.mean))
        return Restored(mean, **spreads, disagreement=restored.disagreement)

    @property
    def sources(self) -> tuple[int, ...]:
        """Of each restored channel the image's channel by whose scale it is learned, and brought back."""
        size, found = self.card.net, self.card.target_scale
        assert isinstance(size, RestorationSize)
        by_number = tuple(min(number, size.channels - 1) for number in range(size.restored))
        return found.channels if found and found.channels else by_number

    def in_target_units(self, pixels: Pixels) -> Pixels:
        """(restored channels, ...) in the units of the images to those of the targets."""
        gain, offset = self._target_scale(len(pixels))
        return pixels * gain + offset

    def _target_scale(self, channels: int) -> tuple[Pixels, Pixels]:
        """Gain and offset that lead from the units of the images to those of the targets, (channels, 1, ...)."""
        found = self.card.target_scale
        shape = (channels, *(1,) * self.dimensions)
        if found is None:
            return np.ones(shape, np.float32), np.zeros(shape, np.float32)
        return np.reshape(found.gain, shape).astype(np.float32), np.reshape(found.offset, shape).astype(
            np.float32
        )

    def stored_type(self, dtype: np.dtype[Any]) -> np.dtype[Any]:
        """The type in which restored images of that type are written: their own, where it can hold the targets'."""
        found = self.card.target_scale
        return dtype if found is None or found.dtype is None else np.promote_types(dtype, found.dtype)

    def _sees(self, each: Example) -> bool:
        """Whether the net has the dimensions of a training image; a net in 2-D restores a stack page by page."""
        dimensions = dimensions_of(each)
        return dimensions == self.dimensions or (
            isinstance(each, Restorable) and dimensions > self.dimensions
        )

    def check_channels(self, pixels: AnyArray) -> None:
        """Refuse (C, ...) pixels with another number of channels than the net was trained on."""
        if pixels.shape[0] != self.card.net.channels:
            raise BadInput(
                f"the image has {pixels.shape[0]} channels, model {self.card.name!r} was trained on "
                f"{self.card.net.channels}",
                fix="choose one with --channel"
                if self.card.net.channels == 1
                else "give images with those channels",
            )

    def with_card(self, **changes: Any) -> Self:
        """The same net under a changed card."""
        return type(self)(msgspec.structs.replace(self.card, **changes), self.net)

    def encode(self, shown: Tensor) -> list[Tensor]:
        """The net's feature maps of a batch, from fine to coarse."""
        return self.net.encode(shown)

    def decode(
        self, outputs: TileOutputs, shape: tuple[int, ...], settings: Settings | None = None
    ) -> Decoded:
        """What the net's answers for the tiles of an image of that shape say; `settings` override the card's."""
        return self.segmentation.decode(
            outputs, shape, {**self.card.settings, **(settings or {})}, self.card.net
        )

    @property
    def segmentation(self) -> Segmentation:
        """The method, where it finds objects; raises BadInput where it does not."""
        if not isinstance(self.method, Segmentation):
            raise BadInput(
                f"model {self.card.name!r} restores images and finds no objects",
                fix="use a model of the method unet or stardist",
            )
        return self.method

    @property
    def restoration(self) -> Restoration:
        """The method, where it restores images; raises BadInput where it does not."""
        if not isinstance(self.method, Restoration):
            raise BadInput(
                f"model {self.card.name!r} finds objects and restores no images",
                fix="use a model of the method care or n2v",
            )
        return self.method

    @property
    def method(self) -> Method:
        """The method that asks the net and reads its answer."""
        return method_named(self.card.method)

    @property
    def dimensions(self) -> int:
        """2 or 3: axes of space that the net sees at once."""
        return self.card.net.dimensions

    @property
    def stride(self) -> int:
        """Sides of tiles and patches are multiples of this."""
        return max(self.strides)

    @cached_property  # it takes a walk through the net
    def strides(self) -> tuple[int, ...]:
        """Sides of what the net is shown are multiples of these, (Z,) Y and X."""
        return stride(self.net)

    @cached_property
    def halo(self) -> int:
        """How many pixels to each side decide about a pixel."""
        return max(reach(self.net))
