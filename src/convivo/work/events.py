"""What happens while an order is carried out, one value after the other: printed by the command line, kept by the lab.

Light to import, and each knows its own name as JSON, so that they can travel between processes.
"""

from __future__ import annotations

from typing import Any

import msgspec


class Event(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """Something happened."""


class Begun(Event, frozen=True, kw_only=True):
    """What is to be done is known."""

    what: str  # "predicting", "restoring", "training", "checking", "simulating"
    total: int  # images; 0 where nothing is counted
    about: str = ""  # what is worked on, in words


class Note(Event, frozen=True, kw_only=True):
    """Something worth knowing."""

    text: str
    image: str = ""


class ImageBegun(Event, frozen=True, kw_only=True):
    """An image is being worked on."""

    number: int  # from 1
    image: str


class ImageDone(Event, frozen=True, kw_only=True):
    """An image has its results on disk."""

    number: int
    image: str
    path: str
    objects: int | None  # None where images are restored
    notes: tuple[str, ...] = ()
    findings: tuple[Any, ...] = ()  # doubt.Finding, the worst first


class ImageFailed(Event, frozen=True, kw_only=True):
    """An image could not be done; the others go on."""

    number: int
    image: str
    path: str
    problem: str
    fix: str


class Predicted(Event, frozen=True, kw_only=True):
    """All images are through, or somebody has stopped it: what is done has its table and its sheet."""

    done: int
    failed: int
    total: int
    objects: int | None
    engine: str
    out: str
    sheet: str  # the picture of all images
    findings: str  # findings.json
    doubt: str  # how many images are doubtful, in words; empty where there is nothing to say
    stopped: bool = False


class Trained(Event, frozen=True, kw_only=True):
    """A step of a training."""

    number: int
    loss: float
    rate: float
    progress: float  # 0..1
    seconds: float  # since the start, all sittings together
    validation: float | None = None
    is_best: bool = False
    is_last: bool = False


class ModelMade(Event, frozen=True, kw_only=True):
    """A training has ended, and its model can be used."""

    out: str
    method: str
    steps: int
    best_step: int
    minutes: float
    accuracy: dict[str, float] = {}  # on the images that chose, by IoU
    decibels: float | None = None  # of a restoration, on the images that chose
    selection: int = 0  # images that chose


class Checked(Event, frozen=True, kw_only=True):
    """What there is to say of a data set."""

    findings: tuple[Any, ...]  # doubt.Finding, the worst first
    level: str  # the worst
    images: int
    groups: int
    method: str


class Simulated(Event, frozen=True, kw_only=True):
    """A folder of simulated images is there."""

    out: str
    images: int
