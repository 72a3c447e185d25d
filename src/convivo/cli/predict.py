"""`convivo predict`: from image files to labels, ROIs, a table and a contact sheet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import remark, say, watched
from convivo.errors import ConvivoError

if TYPE_CHECKING:
    from convivo.report.contact import ContactSheet
    from convivo.run.predict import Predictor
    from convivo.types import Image, Measured, PixelSize, Prediction

NAME = "predict"


def command(
    images: Annotated[list[str], typer.Argument(help="Files, folders or patterns: TIFF, PNG, JPEG.")],
    model: options.ModelName,
    out: Annotated[Path, typer.Option(help="Folder for the results.")],
    tile: options.Tile = None,
    engine: options.Engine = options.EngineChoice.auto,
    precision: options.Precision = options.PrecisionChoice.auto,
    device: options.Device = options.DeviceChoice.auto,
    axes: options.Axes = None,
    channel: options.Channel = None,
    scale: options.Scale = 1.0,
    split: options.Split = None,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Find the objects in images. One file that cannot be done does not stop the others."""
    from convivo.io.atomic import output_folder
    from convivo.io.inputs import find_images, output_names
    from convivo.io.tables import write_objects
    from convivo.report.contact import ContactSheet

    predictor = open_predictor(
        model, tile=tile, engine=engine, precision=precision, device=device, scale=scale, split=split
    )
    paths = find_images(images)
    batch = Batch(predictor, output_folder(out), ContactSheet(), axes, channel)
    rows = batch.rows(list(zip(paths, output_names(paths), strict=True)))
    write_objects(out / "objects.csv", rows, predictor.model.dimensions)
    batch.write_sheet()
    batch.conclude(len(paths))


def open_predictor(
    name: str,
    *,
    tile: int | None = None,
    engine: options.EngineChoice = options.EngineChoice.auto,
    precision: options.PrecisionChoice = options.PrecisionChoice.auto,
    device: options.DeviceChoice = options.DeviceChoice.auto,
    scale: float = 1.0,
    split: options.SplitChoice | None = None,
) -> Predictor:
    """A model ready to answer, under the options of the command line."""
    from convivo.model import Model, find_model
    from convivo.run.choice import Wanted
    from convivo.run.predict import PredictOptions, Predictor

    settings = {} if split is None else {"split": split.value}
    wanted = Wanted(engine.value, precision.value, device.value)
    return Predictor(
        Model.load(find_model(name)), PredictOptions(tile=tile, engine=wanted, scale=scale, settings=settings)
    )


class Batch:
    """Many images, one after the other; what fails is remembered and said at the end."""

    def __init__(
        self, predictor: Predictor, out: Path, sheet: ContactSheet, axes: str | None, channel: str | None
    ) -> None:
        self.predictor, self.out, self.sheet = predictor, out, sheet
        self._axes, self._channel = axes, channel
        self.failures: list[tuple[str, ConvivoError]] = []
        self.objects = 0
        self.engine = ""

    def rows(self, files: list[tuple[Path, str]]) -> Iterator[tuple[str, Measured, PixelSize | None]]:
        """Predict and write each image; yields the rows of the table as they come."""
        from convivo.io.images import read

        for path, name in watched(files, "predicting", len(files), "image"):
            try:
                image = read(path, axes=self._axes, channel=self._channel)
                prediction = self.predictor.predict(image)
                self._write(name, image, prediction)
            except ConvivoError as error:
                self.failures.append((str(path), error))
                self.sheet.fail(name, error.problem)
                continue
            self._note(name, image, prediction)
            for found in prediction.objects:
                yield name, found, image.pixel_size

    def write_sheet(self) -> None:
        """The outlines of all images on one picture."""
        from convivo.io.atomic import writing

        with writing(self.out / "contact.png") as part:
            self.sheet.picture().save(part)

    def conclude(self, total: int) -> None:
        """What was done; exit code 2 where something could not be."""
        done = total - len(self.failures)
        say(
            f"{done} of {total} images done, {self.objects:,} objects, by {self.engine or 'no engine'}: {self.out}"
        )
        if not self.failures:
            return
        remark(f"convivo: {len(self.failures)} of {total} images could not be done:")
        for path, error in self.failures[:3]:
            remark(f"  {path}: {error.problem} (fix: {error.fix})")
        if len(self.failures) > 3:
            remark(f"  and {len(self.failures) - 3} more, marked in {self.out / 'contact.png'}")
        raise SystemExit(2)

    def _write(self, name: str, image: Image, prediction: Prediction) -> None:
        """Labels and ROIs of one image, written before the table knows of it."""
        from convivo.io.images import write_labels
        from convivo.io.rois import write_rois

        if prediction.labels.size:
            write_labels(
                self.out / f"{name}_labels.tif",
                prediction.labels,
                pixel_size=image.pixel_size,
                page_axes=prediction.page_axes,
            )
        write_rois(self.out / f"{name}_rois.zip", prediction.labels, page_axes=prediction.page_axes)

    def _note(self, name: str, image: Image, prediction: Prediction) -> None:
        self.objects += len(prediction.objects)
        self.engine = prediction.engine if prediction.engine != "none" else self.engine
        if prediction.labels.size:
            self.sheet.add(name, image, prediction.labels, len(prediction.objects), prediction.notes)
        for note in prediction.notes:
            remark(f"note: {name}: {note}")
