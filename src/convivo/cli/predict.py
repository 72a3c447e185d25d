"""`convivo predict`: from image files to labels, ROIs, a table and a contact sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import conclude, debugging, in_words, remark, say, watched
from convivo.cli.doubting import Doubts
from convivo.errors import BadInput

if TYPE_CHECKING:
    from convivo.errors import ConvivoError
    from convivo.report.contact import ContactSheet
    from convivo.run.predict import Predictor
    from convivo.run.restore import Restorer
    from convivo.types import Image, Measured, PixelSize, Prediction

    Row = tuple[str, Measured, PixelSize | None]  # of objects.csv

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
    prob: options.Prob = None,
    nms: options.Nms = None,
    rays: Annotated[
        bool, typer.Option("--rays", help="StarDist: write the distances along each ray too.")
    ] = False,
    blind: options.Blind = False,
    tta: options.Tta = False,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Find the objects in images, or restore them. One file that cannot be done does not stop the others."""
    from convivo.cli.restored import restore_files
    from convivo.io.atomic import output_folder
    from convivo.io.inputs import find_images, output_names
    from convivo.io.tables import write_objects
    from convivo.report.contact import ContactSheet
    from convivo.run.restore import Restorer

    predictor = open_predictor(
        model,
        tile=tile,
        engine=engine,
        precision=precision,
        device=device,
        scale=scale,
        settings={"split": split, "prob": prob, "nms": nms},
        blind=blind,
        tta=tta,
    )
    paths = find_images(images)
    if isinstance(predictor, Restorer):
        if rays:
            raise BadInput(f"model {model!r} measures no rays", fix="use a StarDist model")
        restore_files(predictor, paths, out, axes, channel, named=model)
        return
    if rays:
        predictor.check_rays()
    doubts = Doubts(predictor.model, predictor.options, named=model)
    batch = Batch(output_folder(out), ContactSheet(), rays=rays, doubts=doubts)
    files = list(zip(paths, output_names(paths), strict=True))
    write_objects(
        out / "objects.csv", batch.rows(predictor, files, axes, channel), predictor.model.dimensions
    )
    batch.write_sheet()
    doubts.write(out)
    batch.conclude(len(paths))


def open_predictor(
    name: str,
    *,
    tile: int | None = None,
    engine: options.EngineChoice = options.EngineChoice.auto,
    precision: options.PrecisionChoice = options.PrecisionChoice.auto,
    device: options.DeviceChoice = options.DeviceChoice.auto,
    scale: float = 1.0,
    settings: Mapping[str, float | str | None] = MappingProxyType({}),
    blind: bool = False,
    tta: bool = False,
) -> Predictor | Restorer:
    """A model ready to answer, under the options of the command line; settings that are None are the card's."""
    from convivo.methods import Restoration
    from convivo.model import Model, find_model
    from convivo.run.asking import PredictOptions
    from convivo.run.choice import Wanted
    from convivo.run.predict import Predictor
    from convivo.run.restore import Restorer

    given = {name: value for name, value in settings.items() if value is not None}
    wanted = Wanted(engine.value, precision.value, device.value)
    asked = PredictOptions(tile=tile, engine=wanted, scale=scale, settings=given, blind=blind, tta=tta)
    opened = Model.load(find_model(name))
    return Restorer(opened, asked) if isinstance(opened.method, Restoration) else Predictor(opened, asked)


class Batch:
    """Many images, one after the other; what fails is remembered and said at the end."""

    def __init__(
        self, out: Path, sheet: ContactSheet, *, rays: bool = False, doubts: Doubts | None = None
    ) -> None:
        self.out, self.sheet, self.doubts, self.rays = out, sheet, doubts, rays
        self.failures: list[tuple[Path, ConvivoError]] = []
        self.done = self.objects = 0
        self.engine = "no engine"
        self.stopped = False

    def rows(
        self, predictor: Predictor, files: list[tuple[Path, str]], axes: str | None, channel: str | None
    ) -> Iterator[Row]:
        """Predict and write each image; yields the rows of the table as they come. Ctrl-C ends them."""
        from convivo.io.images import read

        for path, name in watched(files, "predicting", len(files), "image"):
            try:
                image = replace(read(path, axes=axes, channel=channel), name=name)
                prediction = predictor.predict(image)
                info = self.doubts.of(image, prediction, path) if self.doubts else ""
                found = self.keep(name, image, prediction, info)
            except KeyboardInterrupt:  # what is done gets its table
                self.stopped = True
                return
            except Exception as error:  # noqa: BLE001  one odd file must not cost the others
                self._fail(path, name, error)
            else:
                yield from found

    def keep(self, name: str, image: Image, prediction: Prediction, info: str = "") -> list[Row]:
        """Write the labels and ROIs of one image, take it on the sheet, and give its rows of the table."""
        self._write(name, image, prediction, info)
        if prediction.labels.size:
            self.sheet.add(name, image, prediction.labels, len(prediction.objects), prediction.notes)
        for note in prediction.notes:
            remark(f"note: {name}: {note}")
        self.done += 1
        self.objects += len(prediction.objects)
        self.engine = prediction.engine if prediction.engine != "none" else self.engine
        return [(name, found, image.pixel_size) for found in prediction.objects]

    def write_sheet(self) -> None:
        """The outlines of all images on one picture."""
        from convivo.io.atomic import writing

        with writing(self.out / "contact.png") as part:
            self.sheet.picture().save(part)

    def conclude(self, total: int) -> None:
        """What was done; exit code 2 where something could not be, 130 where it was stopped."""
        say(f"{self.done} of {total} images done, {self.objects:,} objects, by {self.engine}: {self.out}")
        conclude(self.failures, total, self.out / "contact.png", stopped=self.stopped)

    def _fail(self, path: Path, name: str, error: Exception) -> None:
        told = in_words(error)
        if told is not error and debugging():
            raise error
        self.failures.append((path, told))
        self.sheet.fail(name, told.problem)
        if self.doubts:
            self.doubts.failed(name, told)

    def _write(self, name: str, image: Image, prediction: Prediction, info: str) -> None:
        """Labels and ROIs of one image, written before the table knows of it. `info` travels in the labels' file."""
        from convivo.io.images import write_labels, write_map
        from convivo.io.rois import write_rois

        if prediction.labels.size:
            write_labels(
                self.out / f"{name}_labels.tif",
                prediction.labels,
                pixel_size=image.pixel_size,
                page_axes=prediction.page_axes,
                info=info,
            )
            if self.rays:
                # rays are planes; of a stack, which has planes already, they are channels
                front = f"{prediction.page_axes}C" if prediction.page_axes else ""
                write_map(self.out / f"{name}_rays.tif", prediction.rays, page_axes=front)
        write_rois(self.out / f"{name}_rois.zip", prediction.labels, page_axes=prediction.page_axes)
