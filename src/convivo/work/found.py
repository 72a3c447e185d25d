"""Results of a prediction that finds objects: labels, ROIs and rays of each image, one table, one contact sheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from convivo.io.atomic import writing
from convivo.io.images import write_labels, write_map
from convivo.io.rois import write_rois
from convivo.io.tables import ObjectRow, writing_objects
from convivo.report.contact import ContactSheet
from convivo.run.predict import Predictor
from convivo.types import Image, Prediction


class FoundObjects:
    """What is kept of many images in which objects were found."""

    what = "predicting"
    sheet_name = "contact.png"

    def __init__(self, predictor: Predictor, out: Path, *, rays: bool = False) -> None:
        self.predictor, self.out, self.rays = predictor, out, rays
        self.sheet = ContactSheet()
        self.objects: int | None = 0

    @contextmanager
    def table(self) -> Iterator[None]:
        """Keep `objects.csv` open; it is there once the block ends well."""
        with writing_objects(self.out / "objects.csv", self.predictor.model.dimensions) as self._add:
            yield

    def answer(self, image: Image) -> Prediction:
        """Ask the model."""
        return self.predictor.predict(image)

    def write(self, image: Image, answer: Prediction, info: str = "") -> None:
        """Labels and ROIs of one image, written before the table knows of it. `info` travels in the labels' file."""
        name = image.name
        if answer.labels.size:
            write_labels(
                self.out / f"{name}_labels.tif",
                answer.labels,
                pixel_size=image.pixel_size,
                page_axes=answer.page_axes,
                info=info,
            )
            if self.rays:
                # rays are planes; of a stack, which has planes already, they are channels
                front = f"{answer.page_axes}C" if answer.page_axes else ""
                write_map(self.out / f"{name}_rays.tif", answer.rays, page_axes=front)
        write_rois(self.out / f"{name}_rois.zip", answer.labels, page_axes=answer.page_axes)
        if answer.labels.size:
            self.sheet.add(name, image, answer.labels, len(answer.objects), answer.notes)

    def keep(self, image: Image, answer: Prediction) -> int:
        """Put an image that was written into the table; gives the number of its objects."""
        self._add(rows(image, answer))
        self.objects = (self.objects or 0) + len(answer.objects)
        return len(answer.objects)

    def write_sheet(self) -> Path:
        """The outlines of all images on one picture."""
        path = self.out / self.sheet_name
        with writing(path) as part:
            self.sheet.picture().save(part)
        return path


def rows(image: Image, answer: Prediction) -> Iterable[ObjectRow]:
    """The rows of the table."""
    return [(image.name, found, image.pixel_size) for found in answer.objects]
