"""What a job process tells the server, one JSON value a line: what happens with its order, and how far it is."""

from __future__ import annotations

import msgspec

from convivo.work.events import (
    Begun,
    Checked,
    Event,
    ImageBegun,
    ImageDone,
    ImageFailed,
    ModelMade,
    Note,
    Predicted,
    Simulated,
)
from convivo.work.orders import Order


class Errand(msgspec.Struct, frozen=True):
    """The first line that the process is given."""

    order: Order
    folder: str  # of the job: pictures and the lock lie there


class Row(Event, frozen=True, kw_only=True):
    """A point of the curve: the mean of a training's loss since the point before."""

    step: int
    loss: float
    progress: float
    seconds: float


class Validated(Event, frozen=True, kw_only=True):
    """A training was tried on the images that choose."""

    step: int
    score: float  # accuracy, mean over IoU 0.5 to 0.9; of a restoration dB
    is_best: bool
    pictures: tuple[
        str, ...
    ]  # files among the job's pictures: truth and answer outlined, or before, after, target


class Progress(Event, frozen=True, kw_only=True):
    """How far it is. Not kept."""

    share: float  # 0..1
    left: float | None  # seconds
    now: str


class Finishing(Event, frozen=True, kw_only=True):
    """The steps of a training are over; settings and scores are worked out."""


class Failed(Event, frozen=True, kw_only=True):
    """It cannot be done."""

    problem: str
    fix: str


class Ended(Event, frozen=True, kw_only=True):
    """The last word."""

    stopped: bool = False  # by the person; what was done is kept


Told = (
    Begun
    | Note
    | ImageBegun
    | ImageDone
    | ImageFailed
    | Predicted
    | ModelMade
    | Checked
    | Simulated
    | Row
    | Validated
    | Progress
    | Finishing
    | Failed
    | Ended
)
