"""convivo in Python: the names a person types, each a line over the rooms that do the work."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from convivo import model as rooms
from convivo.doubt import DataSet, Finding, findings_from_info, of_data
from convivo.doubt.examine import examine, examine_model
from convivo.errors import BadInput
from convivo.io.axes import canonical
from convivo.io.exposures import Exposures, open_exposures, open_noisy
from convivo.io.images import read
from convivo.io.info import read_info
from convivo.io.pairs import Pairs, open_pairs
from convivo.methods.method import Restoration as Restoring
from convivo.methods.method import Settings
from convivo.ops.scores import Matching, match_many
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.config import TrainConfig
from convivo.run.engines import Device, EngineName, Precision, weights_digest
from convivo.run.evaluate import IOUS
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.run.train import Step
from convivo.run.train import train as train_model
from convivo.run.why import Why, why
from convivo.types import AnyArray, Image, Labels, Prediction, Restoration


class Model(rooms.Model):
    """A model that one can ask: `model.predict(image)` finds objects, `model.restore(image)` makes a better image.

    Two names, because what comes back has nothing in common, and a type checker should know which it is.
    """

    _predictor: Predictor | None = None  # of the last call: engines are costly to set up
    _restorer: Restorer | None = None
    _asked: tuple[PredictOptions, str] | None = None

    def predict(
        self,
        image: Image | AnyArray,
        *,
        axes: str | None = None,
        tile: int | None = None,
        engine: EngineName = "auto",
        precision: Precision = "auto",
        device: Device = "auto",
        scale: float = 1.0,
        settings: Settings | None = None,
    ) -> Prediction:
        """Labels, objects and foreground probability of an image, or of an array with its axes.

        `tile` is the side of a tile's core in pixels, `scale` how many times as large the net is shown the image,
        `settings` overrides the decoder's settings of the card.
        """
        if isinstance(self.method, Restoring):
            raise BadInput(
                f"model {self.card.name!r} restores images and finds no objects",
                fix="call its restore(image)",
            )
        options = PredictOptions(
            tile=tile, engine=Wanted(engine, precision, device), scale=scale, settings=settings or {}
        )
        asked = (options, weights_digest(self.net))  # after more training the engine is another one
        if self._predictor is None or self._asked != asked:
            self._predictor, self._asked = Predictor(self, options), asked
        return self._predictor.predict(as_image(image, axes))

    def doubt(
        self,
        image: Image | AnyArray | None = None,
        *,
        axes: str | None = None,
        quick: bool = False,
        scale: float = 1.0,
    ) -> list[Finding]:
        """What speaks against believing the model here, the worst first; `quick` asks what `predict` asks by itself.

        Without an image: what its training says against the model itself, whatever it is shown.
        """
        if image is None:
            return examine_model(self)
        return examine(self, as_image(image, axes), quick=quick, options=PredictOptions(scale=scale))

    def why(self, image: Image | AnyArray, at: tuple[float, float], *, axes: str | None = None) -> Why:
        """What decided the object at (y, x): how its probability falls where patches of the image are covered."""
        return why(self, as_image(image, axes), at)

    def restore(
        self,
        image: Image | AnyArray,
        *,
        axes: str | None = None,
        tile: int | None = None,
        engine: EngineName = "auto",
        precision: Precision = "auto",
        device: Device = "auto",
        blind: bool = False,
        tta: bool = False,
    ) -> Restoration:
        """The image restored, by a model of the method care or n2v; `tta` asks for it turned and mirrored too."""
        if not isinstance(self.method, Restoring):
            raise BadInput(
                f"model {self.card.name!r} finds objects and restores no images",
                fix="call its predict(image)",
            )
        options = PredictOptions(tile=tile, engine=Wanted(engine, precision, device), blind=blind, tta=tta)
        asked = (options, weights_digest(self.net))
        if self._restorer is None or self._asked != asked:
            self._restorer, self._asked = Restorer(self, options), asked
        return self._restorer.restore(as_image(image, axes))


def load(folder: Path | str) -> Model:
    """The model in a folder, or of a name that `convivo models` lists."""
    return Model.load(rooms.find_model(folder))


def new(
    method: str,
    data: Pairs | Exposures | Sequence[rooms.Example],
    *,
    name: str = "model",
    seed: int = 0,
    **size: int,
) -> Model:
    """An untrained model for the data; `size` overrides fields of the net's size (`filters`, `depth`, ...)."""
    return Model.new(method, _examples(data), name=name, seed=seed, **size)


def train(
    model: rooms.Model,
    data: Pairs | Exposures | Sequence[rooms.Example],
    config: TrainConfig | None = None,
    *,
    out: Path | str | None = None,
) -> Iterator[Step]:
    """Train the model in place, step by step; with `out`, everything is kept in that folder."""
    parts = data.parts if isinstance(data, Pairs | Exposures) else {}
    store = rooms.ModelFolder(out) if out is not None else None
    if store:
        store.refuse_existing()
    model.folder = store.path if store else None  # a curve of an earlier training would tell of another one
    yield from train_model(model, _examples(data), config, store=store, parts=parts)


def score(truth: Labels, labels: Labels, ious: Sequence[float] = IOUS) -> tuple[Matching, ...]:
    """Matchings of two label images, one for each IoU threshold: `.accuracy`, `.precision`, `.recall`, `.f1` ..."""
    return match_many(truth, labels, ious)


def check_data(
    data: Pairs | Exposures | Sequence[rooms.Example],
    *,
    method: str = "unet",
    model: rooms.Model | None = None,
    by: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Finding]:
    """What is wrong with training data, the worst first; `by` holds subgroups, as column: name of an image: value."""
    parts = data.parts if isinstance(data, Pairs | Exposures) else {}
    method = model.card.method if model else method
    return of_data.check(DataSet(data=_examples(data), parts=parts, method=method, model=model, by=by or {}))


def read_findings(path: Path | str) -> list[Finding]:
    """The findings that travel inside a result of `predict`, NAME_labels.tif or NAME_restored.tif."""
    return findings_from_info(read_info(path))


def as_image(image: Image | AnyArray, axes: str | None = None) -> Image:
    """An image as convivo passes it around, from one or from an array."""
    return image if isinstance(image, Image) else canonical(np.asarray(image), axes)


def _examples(data: Pairs | Exposures | Sequence[rooms.Example]) -> Sequence[rooms.Example]:
    return data.data if isinstance(data, Pairs | Exposures) else data


__all__ = [
    "Exposures",
    "Finding",
    "Model",
    "Pairs",
    "TrainConfig",
    "check_data",
    "load",
    "new",
    "open_exposures",
    "open_noisy",
    "open_pairs",
    "read",
    "read_findings",
    "score",
    "train",
]
