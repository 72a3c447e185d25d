"""All that the checks of one image share, each measured once and when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from convivo.methods import Restoration as Restoring
from convivo.model import Model
from convivo.ops.deviations import deviations
from convivo.ops.expectation import Expectation
from convivo.ops.fingerprint import Fingerprint
from convivo.ops.traits import feature_traits
from convivo.ops.traits.of_objects import busiest
from convivo.run.asking import PredictOptions
from convivo.run.restore import Restorer
from convivo.run.steadiness import disagreements
from convivo.run.stress import Examiner, traits_of
from convivo.types import AnyArray, Image, Labels, Measured, PageIndex, Prediction, Restoration

PART = 512  # pixels of a side


@dataclass(eq=False)
class Case:
    """One page of an image, the model that answers for it, and what it says.

    Of films and stacks that a 2-D net sees page by page the middle page is looked at. A `quick` case asks the net for
    nothing that prediction has not asked it for.
    """

    model: Model
    image: Image
    options: PredictOptions = field(default_factory=PredictOptions)
    known: Prediction | Restoration | None = None  # of the image, where somebody has asked already
    quick: bool = False
    asks: Examiner | None = (
        None  # of this model with these options, where somebody has one with engines at hand
    )

    @property
    def name(self) -> str:
        """Of the image, as findings say it."""
        return self.image.name or "the image"

    @property
    def restores(self) -> bool:
        """Whether the model restores images, instead of finding objects."""
        return isinstance(self.model.method, Restoring)

    @property
    def fingerprint(self) -> Fingerprint | None:
        """What the model learned from; None where it does not know."""
        return self.model.card.fingerprint

    @cached_property
    def index(self) -> PageIndex:
        """Where the page lies that is looked at: in the middle of each axis that the net does not see."""
        axes = self.image.page_axes(self.model.dimensions)
        return tuple(self.image.array.shape[self.image.axes.index(axis)] // 2 for axis in axes)

    @cached_property
    def page(self) -> Image:
        """The page that is looked at, (C, ...)."""
        pixels = dict(self.image.pages(self.model.dimensions))[self.index]
        return replace(self.image, array=pixels, axes=f"C{self.model.card.axes}")

    @property
    def pixels(self) -> AnyArray:
        """(C, ...) of the page, in the image's own units."""
        return self.page.array

    @cached_property
    def prediction(self) -> Prediction:
        """What the model says of the page; for a model that finds objects."""
        if isinstance(self.known, Prediction):
            return _of_page(self.known, self.index)
        return self.examiner.predict(self.pixels)

    @cached_property
    def part(self) -> AnyArray:
        """(C, ...) of the page where most objects lie, PART pixels a side, to be asked again and again; or all."""
        if self.pixels.ndim != 3:
            return self.pixels
        return self.pixels[:, *busiest(self.prediction.labels, PART)]

    @cached_property
    def labels_of_part(self) -> Labels:
        """What the model says of the part alone."""
        whole = self.part.shape == self.pixels.shape
        return self.prediction.labels if whole else self.examiner.labels(self.part)

    @cached_property
    def restoration(self) -> Restoration:
        """What the model makes of the page; for a model that restores."""
        if isinstance(self.known, Restoration):
            return _restored_page(self.known, self.index, self.model.dimensions)
        return self._restorer.restore(self.page)

    def restore(self, change: Callable[[AnyArray], AnyArray]) -> Restoration:
        """What it makes of the page changed."""
        return self._restorer.restore(replace(self.page, array=np.ascontiguousarray(change(self.pixels))))

    @cached_property
    def _restorer(self) -> Restorer:
        return Restorer(self.model, self.options)

    @cached_property
    def examiner(self) -> Examiner:
        """To ask the model about the page changed."""
        return self.asks or Examiner(self.model, self.options)

    @cached_property
    def changed(self) -> Mapping[str, Labels]:
        """The answers when the page is changed a little, by the change; none where the case is quick."""
        return {} if self.quick else self.examiner.changed(self.pixels)

    @cached_property
    def traits(self) -> Mapping[str, float]:
        """Of the page and its answer; of features and of what comes and goes too, where the case is not quick."""
        found = traits_of(self.pixels, self.prediction, self.model.sure, self.options.scale)
        if self.quick:
            return found
        if self.fingerprint is not None and self.fingerprint.features:
            found |= feature_traits(self.examiner.features(self.pixels), self.fingerprint.features)
        return found | disagreements(self.prediction.labels, self.changed)

    @cached_property
    def deviations(self) -> Mapping[str, float]:
        """How far the traits lie from what is usual; empty without a fingerprint."""
        known = self.fingerprint.traits if self.fingerprint else {}
        return deviations(self.traits, known)

    @property
    def expectation(self) -> Expectation | None:
        """What images that were tried tell of this one; None where the model was never tried."""
        known = self.fingerprint
        if known is None:
            return None
        return known.quick if self.quick or known.thorough is None else known.thorough

    @cached_property
    def lost(self) -> float:
        """Share of the best accuracy that is expected to be lost; 0 where the model was never tried."""
        if self.expectation is None or self.fingerprint is None:
            return 0.0
        return self.expectation.lost(self.deviations, self.fingerprint.tried)

    @property
    def doubt(self) -> float:
        """What is expected to be lost as a doubt: 1 is a warning."""
        return 0.0 if self.expectation is None else self.expectation.doubt(self.lost)

    def share(self, traits: Set[str]) -> float:
        """How much of what is expected to be lost these traits explain."""
        if self.expectation is None or self.fingerprint is None:
            return 0.0
        return self.expectation.share(self.deviations, self.fingerprint.tried, traits)

    def doubt_because(self, traits: Set[str]) -> float:
        """The part of the doubt that these traits raise, alone and beside the others."""
        return (
            0.0 if self.expectation is None else min(self.doubt, self.expectation.doubt(self.share(traits)))
        )


def _of_page(known: Prediction, index: PageIndex) -> Prediction:
    """The part of an answer that is of one page."""
    objects: tuple[Measured, ...] = tuple(each for each in known.objects if each.page == index)
    return replace(
        known,
        labels=known.labels[index],
        probability=known.probability[index],
        objects=objects,
        page_axes="",
        measure_rays=None,
    )


def _restored_page(known: Restoration, index: PageIndex, dimensions: int) -> Restoration:
    """The part of a restored image that is of one page, with its maps."""
    whole = known.image
    axes = "".join(axis for axis in whole.axes if axis not in whole.page_axes(dimensions))

    def page(array: AnyArray) -> AnyArray:
        return dict(replace(whole, array=array).pages(dimensions))[index]

    maps = {name: page(each) for name, each in known.uncertainty.items()}
    return replace(known, image=replace(whole, array=page(whole.array), axes=axes), uncertainty=maps)
