"""From an image to its objects: prepare once, run the net tile by tile, decode the stream of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

import numpy as np

from convivo.errors import BadInput, OutOfMemory
from convivo.methods import Decoded
from convivo.methods.method import Settings, TileOutputs
from convivo.methods.stardist import distance_map
from convivo.model import Model
from convivo.nets.stardist import StarDistSize
from convivo.ops.measure import measure
from convivo.ops.resize import resize, resize_labels, scaled_shape
from convivo.ops.tiling import Tile, check_tile, pad_to_stride, tiles
from convivo.run.choice import Choice, Wanted, choose
from convivo.run.engines import Engine, device_for
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.run.memory import out_of_memory, tile_bytes, tile_sizes
from convivo.types import AnyArray, Image, Labels, Map, Measured, PageIndex, Pixels, Prediction

SMALLEST_RETRY = 64  # pixels: below this a tile is mostly halo, and memory is short for another reason
Read = TypeVar("Read")  # what is read from the net's answers
KEPT_ENGINES = 1.5e9  # bytes that the engines of all shapes of windows may take, but for the one in use


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictOptions:
    """How to predict; the defaults decide by themselves."""

    tile: int | None = None  # side of a core; None: as large as memory allows
    engine: Wanted = Wanted()
    scale: float = 1.0  # the image is shown this many times as large as it is
    settings: Settings = field(default_factory=dict)  # override the card's

    def __post_init__(self) -> None:
        scaled_shape((1, 1), self.scale)  # refuses a scale that no image can have


@dataclass(frozen=True, slots=True)
class Page:
    """The answer for one page of an image."""

    labels: Labels
    probability: Map
    objects: tuple[Measured, ...]
    engine: str
    notes: tuple[str, ...]


class Predictor:
    """A model ready to answer for many images; the engine is chosen once for each shape of window.

    For one thread: an engine writes its next answer over the last.
    """

    def __init__(self, model: Model, options: PredictOptions | None = None) -> None:
        self.model = model
        self.options = options or PredictOptions()
        self._choices: dict[tuple[int, ...], Choice] = {}
        self._said: set[str] = set()  # remarks on engines hold for all images and are made once
        # refused here, and not at every image
        model.method.rule({**model.card.settings, **self.options.settings})
        device_for(self.options.engine.device)
        if self.options.tile is not None:
            check_tile(self.options.tile, model.stride)

    def predict(self, image: Image) -> Prediction:
        """Labels, foreground probability and objects of every page of an image."""
        refuse_label_image(image)
        refuse_unfit_numbers(image)
        dimensions = self.model.dimensions
        self._refuse_flat(image)
        try:
            pages = [self._page(pixels, index) for index, pixels in image.pages(dimensions)]
        except MemoryError as error:
            size = " x ".join(map(str, image.array.shape))
            raise OutOfMemory(
                f"memory ran out for {image.name or 'the image'} ({size})",
                fix="close other programs, or predict it in parts",
            ) from error
        page_axes = image.page_axes(dimensions)
        in_front = tuple(image.array.shape[image.axes.index(axis)] for axis in page_axes)
        shape = in_front + image.array.shape[-dimensions:]
        objects = tuple(each for page in pages for each in page.objects)
        measures_rays = isinstance(self.model.card.net, StarDistSize)
        return Prediction(
            labels=_stacked([page.labels for page in pages], shape, np.int32),
            probability=_stacked([page.probability for page in pages], shape, np.float32),
            objects=objects,
            engine=pages[0].engine if pages else "none",
            notes=_notes(pages, objects),
            page_axes=page_axes,
            measure_rays=partial(rays, self.model, image, self.options) if measures_rays else None,
        )

    def rays(self, image: Image) -> Pixels:
        """Distances along each ray, (rays, Y / grid, X / grid) with page axes in front, in pixels of the image.

        Where the net is shown the image scaled, the grid is that of the scaled image.
        """
        size = self.check_rays()
        if image.array.size == 0:
            raise BadInput(
                f"{image.name or 'the image'} has no pixels", fix="give an image that shows something"
            )
        pages = [self._rays_of(pixels, size) for _, pixels in image.pages(self.model.dimensions)]
        in_front = tuple(image.array.shape[image.axes.index(axis)] for axis in image.page_axes(2))
        return np.stack(pages).reshape(*in_front, *pages[0].shape) if in_front else pages[0]

    def check_rays(self) -> StarDistSize:
        """The size of a net that measures rays; refuses any other."""
        size = self.model.card.net
        if not isinstance(size, StarDistSize):
            raise BadInput(f"model {self.model.card.name!r} measures no rays", fix="use a StarDist model")
        return size

    def _rays_of(self, pixels: AnyArray, size: StarDistSize) -> Pixels:
        shown = scaled_shape(pixels.shape[1:], self.options.scale)
        measured, _, _ = self._answered(pixels, shown, lambda outputs: distance_map(outputs, shown, size))
        return measured / np.float32(self.options.scale)

    def _refuse_flat(self, image: Image) -> None:
        """A net of three dimensions needs depth."""
        if self.model.dimensions == 3 and "Z" not in image.axes:
            raise BadInput(
                f"{image.name or 'the image'} has axes {image.axes}, model {self.model.card.name!r} needs Z, Y and X",
                fix="give a stack (and its --axes), or a 2-D model",
            )

    def _page(self, pixels: AnyArray, index: PageIndex) -> Page:
        """The answer for one (C, ...) page, back on its own pixel grid."""
        shape = pixels.shape[1:]
        if pixels.size == 0:
            return _nothing(shape, "the image is empty")
        if all((channel == channel.flat[0]).all() for channel in pixels):
            return _nothing(shape, "the image is constant")
        shown = scaled_shape(shape, self.options.scale) if self.options.scale != 1 else shape
        decode: Callable[[TileOutputs], Decoded] = lambda outputs: self.model.decode(
            outputs, shown, self.options.settings
        )
        decoded, engine, notes = self._answered(pixels, shown, decode)
        labels = resize_labels(decoded.labels, shape)
        probability = resize(decoded.probability[None], shape)[0]
        objects = measure(labels, pixels[0], probability, index, certainty=decoded.certainty)
        return Page(labels, probability, objects, engine, notes)

    def _answered(
        self, pixels: AnyArray, shape: tuple[int, ...], read: Callable[[TileOutputs], Read]
    ) -> tuple[Read, str, tuple[str, ...]]:
        """Read the net's answers for tiles of the chosen size, or of half of it each time memory runs out."""
        notes: tuple[str, ...] = ()
        sides = None if self.options.tile is None else (self.options.tile,) * len(shape)
        while True:
            prepared = pad_to_stride(resize(self.model.prepare(pixels), shape), self.model.strides)
            sides = sides or tile_sizes(self.model, prepared.shape[1:])
            try:
                engine, remarks = self._engine(prepared, sides)
                outputs = within(forward(self.model, prepared, engine, sides), shape)
                del prepared  # the stream alone holds it now, and lets go when it ends
                return read(outputs), engine.name, notes + remarks
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                sides = self._halved(sides)  # or give up in words
                notes = (f"memory ran out: went on with tiles of {max(sides)} pixels",)

    def _engine(self, prepared: Pixels, sides: tuple[int, ...]) -> tuple[Engine, tuple[str, ...]]:
        """The engine for this window, chosen on the middle tile, where cells are likelier than in a corner.

        One that has not proven itself, because there was nothing to see, is asked again at the next image.
        """
        every = list(tiles(prepared.shape[1:], sides, self.model.halo, self.model.stride))
        shown = prepared[:, *every[len(every) // 2].read]
        choice = self._choices.get(shown.shape)
        new: tuple[str, ...] = ()
        if choice is None or not choice.is_proven:
            self._make_room(shown.shape)
            choice = self._choices[shown.shape] = choose(self.model, shown, self.options.engine)
            new = tuple(remark for remark in choice.notes if remark not in self._said)
            self._said.update(new)
        return choice.engine, new

    def _make_room(self, shape: tuple[int, ...]) -> None:
        """Let go of the oldest engines: each keeps the feature maps of its window."""
        self._choices.pop(shape, None)
        room = KEPT_ENGINES - tile_bytes(self.model, shape[1:])
        while self._choices and sum(tile_bytes(self.model, kept[1:]) for kept in self._choices) > room:
            del self._choices[next(iter(self._choices))]

    def _halved(self, sides: tuple[int, ...]) -> tuple[int, ...]:
        stride = self.model.stride
        smaller = tuple(max(stride, side // 2 // stride * stride) for side in sides)
        if max(sides) < 2 * SMALLEST_RETRY:
            raise OutOfMemory(
                f"memory ran out, even with tiles of {max(sides)} pixels",
                fix="close other programs, or predict a smaller image (--scale 0.5)",
            )
        self._choices.clear()
        return smaller


def predict(model: Model, image: Image, options: PredictOptions | None = None) -> Prediction:
    """What the model says of one image."""
    return Predictor(model, options).predict(image)


def rays(model: Model, image: Image, options: PredictOptions | None = None) -> Pixels:
    """The distances of `Predictor.rays`, by engines of its own: what is kept with a result holds none."""
    return Predictor(model, options).rays(image)


def forward(model: Model, prepared: Pixels, engine: Engine, sides: tuple[int, ...]) -> TileOutputs:
    """Yield the net's answer for each tile of a prepared image."""
    for tile in tiles(prepared.shape[1:], sides, model.halo, model.stride):
        yield tile, engine(prepared[:, *tile.read])


def within(outputs: TileOutputs, shape: tuple[int, ...]) -> Iterator[tuple[Tile, AnyArray]]:
    """Cut off what was padded: cores end where the image ends."""
    for tile, output in outputs:
        core = tuple(
            slice(part.start, min(part.stop, end)) for part, end in zip(tile.core, shape, strict=True)
        )
        if all(part.start < part.stop for part in core):
            crop = tuple(
                slice(inner.start, inner.start + part.stop - part.start)
                for inner, part in zip(tile.crop, core, strict=True)
            )
            yield Tile(tile.read, core, crop), output


def _nothing(shape: tuple[int, ...], why: str) -> Page:
    """No objects, without asking the net."""
    return Page(np.zeros(shape, np.int32), np.zeros(shape, np.float32), (), "none", (why,))


def _stacked(pages: list[AnyArray], shape: tuple[int, ...], dtype: type) -> AnyArray:
    if len(pages) == 1:
        return pages[0].reshape(shape)
    return np.stack(pages).reshape(shape) if pages else np.zeros(shape, dtype)


def _of_pages_without_answer(pages: list[Page]) -> Iterator[str]:
    """Why the net was not asked, with the numbers of the pages where others were."""
    silent: dict[str, list[str]] = {}
    for number, page in enumerate(pages, start=1):
        for note in page.notes if page.engine == "none" else ():
            silent.setdefault(note, []).append(str(number))
    for note, numbers in silent.items():
        if len(numbers) == len(pages):
            yield note
        else:
            yield f"page{'s' * (len(numbers) > 1)} {', '.join(numbers)} of {len(pages)}: {note}"


def _notes(pages: list[Page], objects: tuple[Measured, ...]) -> tuple[str, ...]:
    notes = dict.fromkeys(note for page in pages if page.engine != "none" for note in page.notes)  # each once
    notes.update(dict.fromkeys(_of_pages_without_answer(pages)))
    if not objects and any(page.engine != "none" for page in pages):  # elsewhere the reason is said already
        notes["no object was found"] = None
    return tuple(notes)
