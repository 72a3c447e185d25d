"""From an image to its objects: prepare once, run the net tile by tile, decode the stream of answers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from convivo.errors import BadInput
from convivo.methods import Decoded
from convivo.methods.method import Settings, TileOutputs
from convivo.methods.stardist import distance_map
from convivo.model import Model
from convivo.nets.stardist import StarDistSize
from convivo.ops.measure import measure
from convivo.ops.resize import resize, resize_labels, scaled_shape
from convivo.run.asking import Asker, PredictOptions, enough_memory_for
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.types import AnyArray, Image, Labels, Map, Measured, PageIndex, Pixels, Prediction


@dataclass(frozen=True, slots=True)
class Page:
    """The answer for one page of an image."""

    labels: Labels
    probability: Map
    objects: tuple[Measured, ...]
    engine: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a net has said of one page, kept so that it can be decided more than once."""

    said: object  # what the method's `gather` has read
    least: Mapping[str, float]  # settings below which it would have to be asked again
    pixels: AnyArray  # (C, ...)
    engine: str
    notes: tuple[str, ...]


class Predictor:
    """A model ready to answer for many images; the engine is chosen once for each shape of window.

    For one thread: an engine writes its next answer over the last.
    """

    def __init__(self, model: Model, options: PredictOptions | None = None) -> None:
        model.segmentation  # noqa: B018  refuses a model that restores images
        self.model = model
        self.options = options or PredictOptions()
        if self.options.tta:
            raise BadInput(
                f"model {model.card.name!r} finds objects and takes no mean over turned views",
                fix="leave --tta out",
            )
        self._asker = Asker(model, self.options)

    def predict(self, image: Image) -> Prediction:
        """Labels, foreground probability and objects of every page of an image."""
        refuse_label_image(image)
        refuse_unfit_numbers(image)
        dimensions = self.model.dimensions
        self._asker.refuse_flat(image)
        with enough_memory_for(image, "predict"):
            pages = [self._page(pixels, index) for index, pixels in image.pages(dimensions)]
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

    def gather(self, pixels: AnyArray, settings: Settings) -> Gathered:
        """Ask the net about one (C, ...) page, and keep what it says for these settings and those that are stricter."""
        method, card = self.model.segmentation, self.model.card
        loosest = {
            name: min(float(value), float(settings.get(name, value)))
            for name, value in method.loosest.items()
        }
        asked = {**method.settings, **card.settings, **loosest}
        shown = (
            scaled_shape(pixels.shape[1:], self.options.scale)
            if self.options.scale != 1
            else pixels.shape[1:]
        )
        said, engine, notes = self._asker.answered(
            lambda: self.model.prepare(pixels),
            shown,
            lambda outputs: method.gather(outputs, shown, asked, card.net),
        )
        return Gathered(said, loosest, pixels, engine, notes)

    def decide(self, gathered: Gathered, settings: Settings) -> Page:
        """What `predict` says under these settings, without asking the net."""
        how = {**self.model.card.settings, **self.options.settings, **settings}
        decoded = self.model.segmentation.decide(gathered.said, how)
        return _page_of(decoded, gathered.pixels, (), gathered.engine, gathered.notes)

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
        measured, _, _ = self._asker.answered(
            lambda: self.model.prepare(pixels), shown, lambda outputs: distance_map(outputs, shown, size)
        )
        return measured / np.float32(self.options.scale)

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
        decoded, engine, notes = self._asker.answered(lambda: self.model.prepare(pixels), shown, decode)
        return _page_of(decoded, pixels, index, engine, notes)


def _page_of(
    decoded: Decoded, pixels: AnyArray, index: PageIndex, engine: str, notes: tuple[str, ...]
) -> Page:
    """What was decoded, on the page's own pixel grid, and measured."""
    shape = pixels.shape[1:]
    labels = resize_labels(decoded.labels, shape)
    probability = resize(decoded.probability[None], shape)[0]
    objects = measure(labels, pixels[0], probability, index, certainty=decoded.certainty)
    return Page(labels, probability, objects, engine, notes)


def predict(model: Model, image: Image, options: PredictOptions | None = None) -> Prediction:
    """What the model says of one image."""
    return Predictor(model, options).predict(image)


def rays(model: Model, image: Image, options: PredictOptions | None = None) -> Pixels:
    """The distances of `Predictor.rays`, by engines of its own: what is kept with a result holds none."""
    return Predictor(model, options).rays(image)


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
