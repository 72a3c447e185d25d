"""What a training of CARE or Noise2Void shows its net, and what it writes on the card when it ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import msgspec
import numpy as np

from convivo.model import Model, Scores, Training
from convivo.nets.restoration import RestorationSize
from convivo.ops.augment import Augmentation, patch
from convivo.ops.content import ContentPlaces
from convivo.run.batches import Batches
from convivo.run.config import TrainConfig
from convivo.run.labelled_patches import patch_size
from convivo.run.record import LOOKED_AT, feature_statistics
from convivo.run.restoration_scales import prepared_pages
from convivo.run.restoration_validation import RestorationValidation
from convivo.types import Pixels, Restorable

# pixels are shown as the camera wrote them: interpolation would smooth the noise, which is what is to be learned
TURNED = Augmentation(interpolated=0, scale=0, brightness=0, offset=0, noise=0, empty=0)


class RestorationPatches:
    """Patches of prepared pages, turned and mirrored, most of them where there is something to see."""

    def __init__(self, model: Model, data: Sequence[Restorable], config: TrainConfig) -> None:
        self._method, self._settings = model.restoration, model.card.settings
        prepared = list(prepared_pages(model, data))
        self.images = [shown for shown, _ in prepared]
        self._wanted = [wanted for _, wanted in prepared]
        # where a long exposure shows something, not where noise looks like it
        self.places = ContentPlaces(self._wanted, share=config.foreground)
        # noise that runs along one axis keeps to it: only along that one are lines hidden
        self._how = replace(TURNED, turned=not self._settings.get("axes"))
        self._size = patch_size(model, [shown.shape[1:] for shown in self.images], config)

    def draw(self, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        """One patch, as its method shows it."""
        place = self.places.draw(self._size, rng)
        image, wanted = self.images[place.image], self._wanted[place.image]
        shown, wanted = patch(image, wanted, place.centre, self._size, self._how, rng)
        return self._method.example(shown, wanted, self._settings, rng)


def restoration_batches(
    model: Model, data: Sequence[Restorable], config: TrainConfig
) -> Batches[RestorationPatches]:
    """Batches of the training side; each net of an ensemble has patches of its own."""
    size = model.card.net
    assert isinstance(size, RestorationSize)
    assert config.batch is not None
    return Batches(
        RestorationPatches(model, data, config), size=config.batch * size.members, seed=config.seed
    )


def complete_card(
    model: Model, validation: RestorationValidation, batches: Batches[RestorationPatches], record: Training
) -> None:
    """Score the weights that are kept, and describe the training."""
    scores = Scores(selection=validation.part_score(model) if len(validation) else None)
    assert model.card.fingerprint is not None
    features = feature_statistics(model, batches.patches.images[:LOOKED_AT])
    seen = replace(model.card.fingerprint, features=features)
    model.card = msgspec.structs.replace(model.card, scores=scores, training=record, fingerprint=seen)
