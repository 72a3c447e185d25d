"""From an image to a better one: scale once, ask the net tile by tile, bring what it says back to the image's units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from convivo.errors import BadInput
from convivo.methods import Restored
from convivo.model import Model
from convivo.nets.restoration import RestorationSize
from convivo.ops.normalisation import Scale
from convivo.ops.resize import resize, scaled_shape
from convivo.ops.second_look import second_look
from convivo.run.asking import Asker, PredictOptions, enough_memory_for
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.run.memory import restored_bytes
from convivo.types import AnyArray, Image, Pixels, Restoration

MAPS = ("mean", "data", "model", "disagreement")  # of what the nets say
SPREADS = ("data", "model")  # standard deviations: it is their squares that add up
UNCERTAINTIES = ("data", "model", "total", "disagreement")


@dataclass(frozen=True, slots=True)
class Page:
    """The answer for one page of an image, in the units of the target."""

    restored: Restored
    engine: str
    notes: tuple[str, ...]


class Restorer:
    """A restoration model ready to answer for many images. For one thread, as the engines are."""

    def __init__(self, model: Model, options: PredictOptions | None = None) -> None:
        self.method = model.restoration
        self.model, self.options = model, options or PredictOptions()
        if self.options.settings:
            raise BadInput(
                f"model {model.card.name!r} restores images and has no {', '.join(self.options.settings)}",
                fix="leave the option out",
            )
        self._asker = Asker(model, self.options)
        self._views = [AS_IT_IS]
        if self.options.tta:  # a net that learned from noise along one axis has never seen it along another
            self._views = [each for each in turns() if not (each.swapped and model.card.settings.get("axes"))]

    def restore(self, image: Image) -> Restoration:
        """The image restored, (T)(C)(Z)YX as it came, in float32: neither rounded nor clipped."""
        refuse_label_image(image)
        refuse_unfit_numbers(image)
        self._asker.refuse_flat(image)
        if image.array.size == 0:
            raise BadInput(
                f"{image.name or 'the image'} has no pixels", fix="give an image that shows something"
            )
        with enough_memory_for(image, "restore", restored_bytes(self.model, image)):
            pages = [self._page(pixels) for _, pixels in image.pages(self.model.dimensions)]
        means = self._assembled(image, [page.restored.mean for page in pages])
        return Restoration(
            image=replace(image, array=means),
            engine=next((page.engine for page in pages if page.engine != "none"), "none"),
            notes=tuple(dict.fromkeys(note for page in pages for note in page.notes)),
            uncertainty=self._uncertainty(image, pages),
        )

    def _page(self, pixels: AnyArray) -> Page:
        """The answer for one (C, ...) page, on its own pixel grid."""
        scale = self.model.scale(pixels)
        if all((channel == channel.flat[0]).all() for channel in pixels):
            return self._unchanged(pixels)
        total: Restored | None = None
        for turn in self._views:
            answer, engine, notes = self._asked(turn.there(pixels), scale)
            answer = _each(_each(answer, turn.back), np.square, SPREADS)
            total = answer if total is None else _sum(total, answer)
        assert total is not None
        total = _each(total, lambda values: values / np.float32(len(self._views)))
        total = _each(total, np.sqrt, SPREADS)
        restored = self.model.undone(total, scale)
        if self._looks_again:
            looked = [second_look(*each) for each in zip(pixels, restored.mean, strict=True)]
            restored = replace(restored, mean=np.stack(looked))
        return Page(restored, engine, notes)

    @property
    def _looks_again(self) -> bool:
        """Whether Noise2Void's guesses are averaged with the pixels themselves.

        Noise that runs along lines is not each pixel's own and would come back. An imported model, which has no
        training, restores as its original did.
        """
        card = self.model.card
        trained_here = card.training is not None and not card.settings.get("axes")
        as_it_is = self.options.scale == 1 and not self.options.blind
        return not self.method.has_targets and trained_here and as_it_is

    def _asked(self, pixels: AnyArray, scale: Scale) -> tuple[Restored, str, tuple[str, ...]]:
        """The answer for one (C, ...) page, on its own pixel grid, in the units that the net is shown."""
        shape = pixels.shape[1:]
        shown = scaled_shape(shape, self.options.scale) if self.options.scale != 1 else shape
        size = self.model.card.net
        assert isinstance(size, RestorationSize)
        restored, engine, notes = self._asker.answered(
            lambda: scale.apply(pixels),
            shown,
            lambda outputs: self.method.decode(outputs, shown, size),
        )
        return _each(restored, lambda values: resize(values, shape)), engine, notes

    def _unchanged(self, pixels: AnyArray) -> Page:
        """A constant page shows nothing, so nothing can be restored: it stays as it is, in the units of the others."""
        known = self.model.in_target_units(pixels[list(self.model.sources)].astype(np.float32))
        return Page(Restored(known), "none", ("the image is constant, and was left as it is",))

    def _assembled(self, image: Image, pages: Sequence[Pixels]) -> Pixels:
        """Pages put back where they lay among the axes of the image."""
        if len(pages) == 1 and not image.page_axes(self.model.dimensions):
            return pages[0]
        shape = list(image.array.shape)
        shape[image.axes.index("C")] = len(pages[0])
        whole = Image(np.empty(shape, np.float32), image.axes)
        for (_, place), page in zip(whole.pages(self.model.dimensions), pages, strict=True):
            place[...] = page
        return np.asarray(whole.array)

    def _uncertainty(self, image: Image, pages: Sequence[Page]) -> dict[str, Pixels]:
        """Maps of what is not known, by name, as far as the model can tell."""
        found: dict[str, Pixels] = {}
        for name in UNCERTAINTIES:
            maps = [_doubt(page.restored, name) for page in pages if page.engine != "none"]
            if maps and maps[0] is not None:
                whole = iter(maps)
                filled = [
                    next(whole) if page.engine != "none" else np.zeros_like(page.restored.mean)
                    for page in pages
                ]
                found[name] = self._assembled(image, [each for each in filled if each is not None])
        return found


def restore(model: Model, image: Image, options: PredictOptions | None = None) -> Restoration:
    """What the model makes of one image."""
    return Restorer(model, options).restore(image)


@dataclass(frozen=True, slots=True)
class Turn:
    """One of the ways to see a page that physics does not tell apart: mirrored along axes, Y and X swapped."""

    mirrored: tuple[int, ...] = ()
    swapped: bool = False

    def there(self, pixels: AnyArray) -> AnyArray:
        """(C, ..., Y, X) seen in this way."""
        seen = np.flip(pixels, self.mirrored)
        return np.ascontiguousarray(seen.swapaxes(-2, -1) if self.swapped else seen)

    def back(self, pixels: AnyArray) -> AnyArray:
        """And back again."""
        seen = pixels.swapaxes(-2, -1) if self.swapped else pixels
        return np.flip(seen, self.mirrored)


AS_IT_IS = Turn()


def turns() -> Iterator[Turn]:
    """All eight of a plane; of a stack those of its planes, whose resolution differs from that along Z."""
    for mirrored in product((False, True), repeat=2):
        axes = tuple(axis for axis, is_mirrored in zip((-2, -1), mirrored, strict=True) if is_mirrored)
        yield from (Turn(axes, swapped) for swapped in (False, True))


def _each(restored: Restored, change: Callable[[Pixels], AnyArray], names: Sequence[str] = MAPS) -> Restored:
    """Every map of an answer, or those named, changed alike."""
    found = {name: values for name in names if (values := getattr(restored, name)) is not None}
    return replace(restored, **{name: change(values) for name, values in found.items()})


def _sum(one: Restored, other: Restored) -> Restored:
    """Two answers added up, map by map: so no more than two are held."""
    known = [name for name in MAPS if getattr(one, name) is not None]
    return replace(one, **{name: getattr(one, name) + getattr(other, name) for name in known})


def _doubt(restored: Restored, name: str) -> Pixels | None:
    """One map of what is not known; `total` is the square root of the sum of the two variances."""
    if name != "total":
        found: Pixels | None = getattr(restored, name)
        return found
    parts = [each for each in (restored.data, restored.model) if each is not None]
    return np.sqrt(np.sum(np.square(parts), axis=0)) if parts else None
