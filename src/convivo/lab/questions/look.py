"""Look at what a model says of an image, and decide again under other settings without asking the net.

What the net said of the image that was looked at last is kept, so that thresholds can follow the hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from convivo.doubt import Finding
from convivo.doubt.examine import examine
from convivo.errors import BadInput, ConvivoError
from convivo.lab import sources
from convivo.lab.folders import Place
from convivo.lab.questions.question import Question
from convivo.ops.measure import compact
from convivo.run.predict import Gathered, Page, Predictor
from convivo.run.restore import Restorer
from convivo.types import AnyArray, Image, Measured, Pixels, Prediction
from convivo.work.orders import Setting

if TYPE_CHECKING:
    from collections.abc import Sequence

SHOWN = 1024  # pixels of a side of the picture, at most
WHOLE = 4096 * 4096  # pixels of an image that is looked at whole
PART = 2048  # pixels of a side of what is looked at of a larger one


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """Which image, which model, and how."""

    image: Place | str  # a place, the ID of a dropped image, or the name of a practice image
    model: str  # of the list
    settings: dict[str, Setting] = {}  # of the decoder; the others are the card's
    page: int = -1  # of a film or stack, from 0; -1 is the middle one
    y: int = -1  # upper left pixel of what is looked at of a very large image; -1 is the middle
    x: int = -1
    scale: float = 1.0
    axes: str | None = None
    channel: str | None = None


class Objects(msgspec.Struct, frozen=True):
    """The table: one entry an object, in the order of the labels. Positions are pixels of the whole image."""

    label: NDArray[np.int32]
    y: Pixels
    x: Pixels
    area: NDArray[np.int32]
    mean_intensity: Pixels
    probability: Pixels
    touches_edge: NDArray[np.uint8]


class Decided(msgspec.Struct, frozen=True):
    """Objects under some settings."""

    labels: AnyArray  # uint16 or uint32, on the grid of the picture
    objects: Objects
    settings: dict[str, int | float | str]  # all of them, as they were used
    engine: str
    notes: tuple[str, ...]


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """The picture, and what the model says."""

    name: str
    pixels: Pixels  # (Y, X), means of squares of `step` pixels, in the image's own units
    low: float  # the grey value to show as black
    high: float  # and as white
    step: int  # pixels of the image along a side of one of the picture
    y: int  # upper left pixel of the picture in the image
    x: int
    height: int  # of the image
    width: int
    page: int
    pages: int
    decided: Decided | None  # where the model finds objects
    restored: Pixels | None  # where it restores: as `pixels`
    truth: AnyArray | None  # labels on the grid of the picture, where somebody knows them
    truth_problem: str  # why they are not shown, where there is a mask that cannot be
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class View:
    """The part of an image that is looked at."""

    pixels: AnyArray  # (C, Y, X)
    image: Image  # the same
    y: int
    x: int
    page: int
    pages: int
    step: int


@dataclass(frozen=True, slots=True)
class Kept:
    """The last view, and what the net said of it."""

    asked: tuple[object, ...]
    whole: Image
    view: View
    gathered: Gathered


_kept: Kept | None = None


def look(asked: Look) -> Looked:
    """Ask the net, unless it was asked about this image just now. Raises BadInput for a model of stacks."""
    model = sources.asked(asked.model, asked.scale)
    view = _view(asked, model)
    pixels = _coarse(view.pixels[0], view.step)
    low, high = (float(each) for each in np.percentile(pixels, (0.1, 99.9)))
    decided, restored, findings = None, None, []
    if isinstance(model, Restorer):
        answer = model.restore(view.image)
        restored = _coarse(answer.image.array[0], view.step)
        findings = examine(model.model, view.image, quick=True, options=model.options, known=answer)
    else:
        page = model.decide(_gathered(asked, model, view), asked.settings)
        decided = _decided(page, asked, model, view)
        findings = examine(model.model, view.image, quick=True, options=model.options, known=_answer(page))
    whole = sources.image(asked.image, asked.axes, asked.channel)
    truth, truth_problem = _truth(asked, whole, view)
    return Looked(
        name=whole.name,
        pixels=pixels,
        low=low,
        high=high if high > low else low + 1,
        step=view.step,
        y=view.y,
        x=view.x,
        height=whole.array.shape[-2],
        width=whole.array.shape[-1],
        page=view.page,
        pages=view.pages,
        decided=decided,
        restored=restored,
        truth=truth,
        truth_problem=truth_problem,
        findings=tuple(findings),
    )


def decide(asked: Look) -> Decided:
    """The objects under other settings. The net is asked only where it was not asked about this image last."""
    model = sources.asked(asked.model, asked.scale)
    if isinstance(model, Restorer):
        raise BadInput(
            "this model restores images and finds no objects", fix="choose a model that finds objects"
        )
    kept = _kept
    view = kept.view if kept and _is_of(kept, asked) else _view(asked, model)
    return _decided(model.decide(_gathered(asked, model, view), asked.settings), asked, model, view)


def _gathered(asked: Look, model: Predictor, view: View) -> Gathered:
    """What the net says, asked again only where it has to be."""
    global _kept
    if _kept is None or not _is_of(_kept, asked) or not _is_enough(_kept.gathered, asked):
        if all((channel == channel.flat[0]).all() for channel in view.pixels):
            raise BadInput(f"{view.image.name} is constant", fix="choose an image that shows something")
        whole = sources.image(asked.image, asked.axes, asked.channel)
        _kept = Kept(_key(asked), whole, view, model.gather(view.pixels, _numbers(asked)))
    return _kept.gathered


def _is_of(kept: Kept, asked: Look) -> bool:
    return kept.asked == _key(asked) and kept.whole is sources.image(asked.image, asked.axes, asked.channel)


def _is_enough(gathered: Gathered, asked: Look) -> bool:
    return all(float(asked.settings.get(name, least)) >= least for name, least in gathered.least.items())


def _numbers(asked: Look) -> dict[str, float | str]:
    return {name: value for name, value in asked.settings.items() if not isinstance(value, bool)}


def _key(asked: Look) -> tuple[object, ...]:
    """What the net's answer depends on, beside the image."""
    return asked.model, asked.page, asked.y, asked.x, asked.scale


def _view(asked: Look, model: Predictor | Restorer) -> View:
    if model.model.dimensions != 2:
        raise BadInput(
            f"model {model.model.card.name!r} looks at whole stacks",
            fix="predict the stack, and open its labels in Fiji",
        )
    image = sources.image(asked.image, asked.axes, asked.channel)
    pages = list(image.pages(2))
    number = len(pages) // 2 if asked.page < 0 else min(asked.page, len(pages) - 1)
    pixels, y, x = _part(pages[number][1], asked)
    model.model.check_channels(pixels)
    shown = Image(pixels, "CYX", image.name, image.pixel_size)
    return View(pixels, shown, y, x, number, len(pages), -(-max(pixels.shape[1:]) // SHOWN))


def _part(pixels: AnyArray, asked: Look) -> tuple[AnyArray, int, int]:
    """What is looked at of a (C, Y, X) page, and where it begins: all of it, unless it is very large."""
    height, width = pixels.shape[1:]
    if height * width <= WHOLE:
        return pixels, 0, 0
    tall, wide = min(PART, height), min(PART, width)
    y = (height - tall) // 2 if asked.y < 0 else min(asked.y, height - tall)
    x = (width - wide) // 2 if asked.x < 0 else min(asked.x, width - wide)
    return pixels[:, y : y + tall, x : x + wide], y, x


def _decided(page: Page, asked: Look, model: Predictor, view: View) -> Decided:
    labels: AnyArray = page.labels[:: view.step, :: view.step]
    kind = np.uint16 if labels.max(initial=0) < 2**16 else np.uint32
    settings = {**model.model.segmentation.settings, **model.model.card.settings, **_numbers(asked)}
    return Decided(labels.astype(kind), _table(page.objects, view), settings, page.engine, page.notes)


def _truth(asked: Look, whole: Image, view: View) -> tuple[AnyArray | None, str]:
    """The truth of the view; where a mask cannot be shown, why: the image can be looked at all the same."""
    try:
        labels = sources.truth(asked.image, whole, asked.axes)
    except ConvivoError as error:
        return None, error.problem
    if labels is None:
        return None, ""
    page = labels.reshape(-1, *labels.shape[-2:])[view.page]
    height, width = view.pixels.shape[1:]
    part = compact(np.maximum(page, 0))[view.y : view.y + height, view.x : view.x + width]
    return part[:: view.step, :: view.step].astype(np.uint32), ""


def _table(objects: Sequence[Measured], view: View) -> Objects:
    def column(values: list[float], kind: type) -> AnyArray:
        return np.array(values, kind)

    return Objects(
        label=column([each.label for each in objects], np.int32),
        y=column([each.position[0] + view.y for each in objects], np.float32),
        x=column([each.position[1] + view.x for each in objects], np.float32),
        area=column([each.area for each in objects], np.int32),
        mean_intensity=column([each.mean_intensity for each in objects], np.float32),
        probability=column([each.probability for each in objects], np.float32),
        touches_edge=column([each.touches_edge for each in objects], np.uint8),
    )


def _answer(page: Page) -> Prediction:
    """As the checks take it."""
    return Prediction(page.labels, page.probability, page.objects, page.engine, page.notes)


def _coarse(pixels: AnyArray, step: int) -> Pixels:
    """Means over squares of `step` pixels; what is left over at the end is a mean of fewer."""
    if step == 1:
        return pixels.astype(np.float32)
    height, width = pixels.shape
    padded = np.pad(pixels.astype(np.float32), ((0, -height % step), (0, -width % step)), mode="edge")
    squares = padded.reshape(padded.shape[0] // step, step, padded.shape[1] // step, step)
    return np.asarray(squares.mean(axis=(1, 3)), np.float32)


QUESTIONS = [Question("look", Look, look), Question("decide", Look, decide)]
