"""Predict many images, one after the other; one that cannot be done does not stop the others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from convivo.errors import BadInput, ConvivoError
from convivo.io.atomic import output_folder
from convivo.io.images import read
from convivo.io.inputs import find_images, output_names
from convivo.methods import Restoration
from convivo.model import Model, find_model
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.predict import Predictor
from convivo.run.restore import Restorer
from convivo.work.doubting import Doubts
from convivo.work.events import Begun, Event, ImageBegun, ImageDone, ImageFailed, Predicted
from convivo.work.found import FoundObjects
from convivo.work.orders import PredictOrder
from convivo.work.restored import RestoredImages
from convivo.work.words import in_words

Results = FoundObjects | RestoredImages


def predict(order: PredictOrder, *, strict: bool = False) -> Iterator[Event]:
    """Carry out an order. A KeyboardInterrupt, or closing the generator, ends it so that what is done has its table.

    Where `strict`, what nobody foresaw is raised and not told as the failure of an image.
    Raises ConvivoError where nothing can be done at all, and CannotWrite where the disk refuses the table.
    """
    asked = opened(order.model, options_of(order))
    paths = find_images(order.images)
    if order.rays:
        if isinstance(asked, Restorer):
            raise BadInput(f"model {order.model!r} measures no rays", fix="use a StarDist model")
        asked.check_rays()
    out = output_folder(Path(order.out))
    results: Results = (
        RestoredImages(asked, out)
        if isinstance(asked, Restorer)
        else FoundObjects(asked, out, rays=order.rays)
    )
    doubts = Doubts(asked.model, asked.options, named=order.model, strict=strict)
    yield from Batch(results, doubts, order, strict=strict).gone_through(paths)


def options_of(order: PredictOrder) -> PredictOptions:
    """How to predict; refuses what no image can have."""
    return PredictOptions(
        tile=order.tile,
        engine=Wanted(order.engine, order.precision, order.device),
        scale=order.scale,
        settings=dict(order.settings),
        blind=order.blind,
        tta=order.tta,
    )


def opened(name: str, options: PredictOptions) -> Predictor | Restorer:
    """A model ready to answer, by its folder or its name."""
    model = Model.load(find_model(name))
    return Restorer(model, options) if isinstance(model.method, Restoration) else Predictor(model, options)


class Batch:
    """One order while it is carried out."""

    def __init__(self, results: Results, doubts: Doubts, order: PredictOrder, *, strict: bool) -> None:
        self.results, self.doubts, self.order, self.strict = results, doubts, order, strict
        self.done = self.failed = 0
        self.engine = "no engine"

    def gone_through(self, paths: tuple[Path, ...]) -> Iterator[Event]:
        """What happens with each image, and at the end what was done."""
        yield Begun(what=self.results.what, total=len(paths), about=self.doubts.model.card.name)
        stopped = closed = False
        with self.results.table():
            try:
                for number, (path, name) in enumerate(zip(paths, output_names(paths), strict=True), start=1):
                    yield ImageBegun(number=number, image=name)
                    yield self._one(number, path, name)
            except KeyboardInterrupt:  # what is done gets its table
                stopped = True
            except GeneratorExit:
                closed = True
        sheet = self.results.write_sheet()
        findings = self.doubts.write(self.results.out)
        if closed:
            return
        yield Predicted(
            done=self.done,
            failed=self.failed,
            total=len(paths),
            objects=self.results.objects,
            engine=self.engine,
            out=str(self.results.out),
            sheet=str(sheet),
            findings=str(findings),
            doubt=self.doubts.in_short(),
            stopped=stopped,
        )

    def _one(self, number: int, path: Path, name: str) -> Event:
        """Predict and write one image."""
        try:
            image = replace(read(path, axes=self.order.axes, channel=self.order.channel), name=name)
            answer = self.results.answer(image)
            doubted = self.doubts.of(image, answer, path)
            self.results.write(image, answer, doubted.info)  # type: ignore[arg-type]  # its own answer
        except Exception as error:  # noqa: BLE001  one odd file must not cost the others
            return self._failed(number, path, name, error)
        objects = self.results.keep(image, answer)  # type: ignore[arg-type]
        self.done += 1
        self.engine = answer.engine if answer.engine != "none" else self.engine
        return ImageDone(
            number=number,
            image=name,
            path=str(path),
            objects=objects,
            notes=answer.notes,
            findings=doubted.findings,
        )

    def _failed(self, number: int, path: Path, name: str, error: Exception) -> ImageFailed:
        told: ConvivoError = in_words(error)
        if told is not error and self.strict:
            raise error
        self.failed += 1
        self.results.sheet.fail(name, told.problem)
        self.doubts.failed(name, told)
        return ImageFailed(number=number, image=name, path=str(path), problem=told.problem, fix=told.fix)
