"""From an image to its objects: prepare once, run the net tile by tile, decode the stream of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from convivo.errors import BadInput, OutOfMemory
from convivo.methods import Decoded
from convivo.methods.method import Settings, TileOutputs
from convivo.model import Model
from convivo.ops.measure import measure
from convivo.ops.resize import resize, resize_labels, scaled_shape
from convivo.ops.tiling import Tile, check_tile, pad_to_stride, tiles
from convivo.run.engines import Engine, Wanted, choose
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.run.memory import tile_size
from convivo.types import AnyArray, Image, Labels, Map, Measured, PageIndex, Pixels, Prediction

SMALLEST_RETRY = 64  # pixels: below this a tile is mostly halo, and memory is short for another reason


@dataclass(frozen=True, kw_only=True, slots=True)
class PredictOptions:
    """How to predict; the defaults decide by themselves."""

    tile: int | None = None  # side of a core; None: as large as memory allows
    engine: Wanted = Wanted()
    scale: float = 1.0  # the image is shown this many times as large as it is
    settings: Settings = field(default_factory=dict)  # override the card's


@dataclass(frozen=True, slots=True)
class Page:
    """The answer for one page of an image."""

    labels: Labels
    probability: Map
    objects: tuple[Measured, ...]
    engine: str
    notes: tuple[str, ...]


class Predictor:
    """A model ready to answer for many images; the engine is chosen once for each shape of window."""

    def __init__(self, model: Model, options: PredictOptions | None = None) -> None:
        self.model = model
        self.options = options or PredictOptions()
        self._engines: dict[tuple[int, ...], Engine] = {}
        self._said: set[str] = set()  # remarks on engines hold for all images and are made once
        if self.options.tile is not None:
            check_tile(self.options.tile, model.stride)

    def predict(self, image: Image) -> Prediction:
        """Labels, foreground probability and objects of every page of an image."""
        refuse_label_image(image)
        refuse_unfit_numbers(image)
        dimensions = self.model.dimensions
        if dimensions == 3 and "Z" not in image.axes:
            raise BadInput(
                f"{image.name or 'the image'} has axes {image.axes}, model {self.model.card.name!r} needs Z, Y and X",
                fix="give a stack (and its --axes), or a 2-D model",
            )
        try:
            pages = [self._page(pixels, index) for index, pixels in image.pages(dimensions)]
        except MemoryError as error:
            size = " x ".join(map(str, image.array.shape))
            raise OutOfMemory(
                f"memory ran out for {image.name or 'the image'} ({size})",
                fix="close other programs, or predict it in parts",
            ) from error
        page_axes = image.page_axes(dimensions)
        shape = tuple(
            length for axis, length in zip(image.axes, image.array.shape, strict=True) if axis in page_axes
        )
        spatial = pages[0].labels.shape if pages else image.array.shape[-dimensions:]
        objects = tuple(each for page in pages for each in page.objects)
        return Prediction(
            labels=_stacked([page.labels for page in pages], shape + spatial, np.int32),
            probability=_stacked([page.probability for page in pages], shape + spatial, np.float32),
            objects=objects,
            engine=pages[0].engine if pages else "none",
            notes=_notes(pages, objects),
            page_axes=page_axes,
        )

    def _page(self, pixels: AnyArray, index: PageIndex) -> Page:
        """The answer for one (C, ...) page, back on its own pixel grid."""
        shape = pixels.shape[1:]
        if pixels.size == 0:
            return _nothing(shape, "the image is empty")
        self.model.check_channels(pixels)
        if all((channel == channel.flat[0]).all() for channel in pixels):
            return _nothing(shape, "the image is constant")
        shown = scaled_shape(shape, self.options.scale) if self.options.scale != 1 else shape
        prepare: Callable[[], Pixels] = lambda: pad_to_stride(
            resize(self.model.prepare(pixels), shown), self.model.stride
        )
        decoded, engine, notes = self._decoded(prepare, shown)
        labels = resize_labels(decoded.labels, shape)
        probability = resize(decoded.probability[None], shape)[0]
        return Page(labels, probability, measure(labels, pixels[0], probability, index), engine, notes)

    def _decoded(
        self, prepare: Callable[[], Pixels], shape: tuple[int, ...]
    ) -> tuple[Decoded, str, tuple[str, ...]]:
        """Decode tiles of the chosen size, or of half of it each time memory runs out."""
        notes: tuple[str, ...] = ()
        size = self.options.tile
        while True:
            prepared = prepare()
            size = size or tile_size(self.model, prepared.shape[1:])
            try:
                engine, remarks = self._engine(prepared, size)
                decoded = self._decode(prepared, engine, size, shape)
            except (MemoryError, RuntimeError) as error:
                if not out_of_memory(error):
                    raise
                size = self._halved(size)  # or give up in words
                notes = (f"memory ran out: went on with tiles of {size} pixels",)
            else:
                return decoded, engine.name, notes + remarks
            finally:
                del prepared

    def _decode(self, prepared: Pixels, engine: Engine, size: int, shape: tuple[int, ...]) -> Decoded:
        settings = {**self.model.card.settings, **self.options.settings}
        outputs = within(forward(self.model, prepared, engine, size), shape)
        return self.model.method.decode(outputs, shape, settings)

    def _engine(self, prepared: Pixels, size: int) -> tuple[Engine, tuple[str, ...]]:
        """The engine for this window, chosen on the middle tile, where cells are likelier than in a corner."""
        every = list(tiles(prepared.shape[1:], size, self.model.halo, self.model.stride))
        shown = prepared[:, *every[len(every) // 2].read]
        remarks: tuple[str, ...] = ()
        if shown.shape not in self._engines:
            self._engines[shown.shape], remarks = choose(self.model, shown, self.options.engine)
        new = tuple(remark for remark in remarks if remark not in self._said)
        self._said.update(new)
        return self._engines[shown.shape], new

    def _halved(self, size: int) -> int:
        smaller = size // 2 // self.model.stride * self.model.stride
        if smaller < SMALLEST_RETRY:
            raise OutOfMemory(
                f"memory ran out, even with tiles of {size} pixels",
                fix="close other programs, or predict a smaller image (--scale 0.5)",
            )
        self._engines.clear()
        return smaller


def predict(model: Model, image: Image, options: PredictOptions | None = None) -> Prediction:
    """What the model says of one image."""
    return Predictor(model, options).predict(image)


def forward(model: Model, prepared: Pixels, engine: Engine, size: int) -> TileOutputs:
    """Yield the net's answer for each tile of a prepared image."""
    for tile in tiles(prepared.shape[1:], size, model.halo, model.stride):
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


def out_of_memory(error: Exception) -> bool:
    """Whether torch, numpy or OpenVINO gave up for want of memory; each says so in its own way."""
    words = str(error).lower()
    return isinstance(error, MemoryError) or any(
        sign in words for sign in ("out of memory", "allocate memory", "not enough memory", "bad_alloc")
    )


def _nothing(shape: tuple[int, ...], why: str) -> Page:
    """No objects, without asking the net."""
    return Page(np.zeros(shape, np.int32), np.zeros(shape, np.float32), (), "none", (why,))


def _stacked(pages: list[AnyArray], shape: tuple[int, ...], dtype: type) -> AnyArray:
    if len(pages) == 1:
        return pages[0].reshape(shape)
    return np.stack(pages).reshape(shape) if pages else np.zeros(shape, dtype)


def _notes(pages: list[Page], objects: tuple[Measured, ...]) -> tuple[str, ...]:
    notes = dict.fromkeys(note for page in pages for note in page.notes)  # each once, in order
    if not objects and not notes:
        notes["no object was found"] = None
    return tuple(notes)
