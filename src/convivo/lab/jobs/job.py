"""A job as the page sees it, and what becomes of it with each thing that its process tells."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import msgspec

from convivo.lab.folders import Place
from convivo.lab.jobs.told import (
    Ended,
    Failed,
    Finishing,
    Progress,
    Row,
    Told,
    Validated,
)
from convivo.work.events import (
    Begun,
    Checked,
    ImageBegun,
    ImageDone,
    ImageFailed,
    ModelMade,
    Predicted,
    Simulated,
)


class State(StrEnum):
    """Where a job is in its life."""

    waiting = "waiting"  # for those before it
    running = "running"
    stopping = "stopping"  # somebody has stopped it; it ends with what it has
    done = "done"
    stopped = "stopped"  # by the person; what was done is kept
    failed = "failed"
    interrupted = "interrupted"  # the process or the server went away; it can go on

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self not in (State.waiting, State.running, State.stopping)


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is shown of a job."""

    id: str
    kind: str  # "predict", "train", "check" or "simulate"
    title: str
    state: State
    created: float  # seconds since 1970
    started: float | None = None  # the present sitting
    ended: float | None = None
    progress: float | None = None  # 0..1; None where nobody can say
    left: float | None = None  # seconds
    now: str = ""  # what is being done
    about: str = ""  # what is worked on, in words
    total: int = 0  # images
    done: int = 0
    failed: int = 0
    objects: int | None = None
    best: float | None = None  # of a training: the best score so far
    problem: str = ""
    fix: str = ""
    out: Place | None = None  # where the results lie
    folder: str = ""  # the same, as this machine names it
    model: str | None = None  # by which an order names the model that was made
    can_go_on: bool = False
    result: dict[str, Any] | None = (
        None  # the last word of the work: Predicted, ModelMade, Checked or Simulated
    )
    last_event: int = 0


def after(job: Job, told: Told, now: float) -> Job:
    """The job after what was told at that time."""
    change = msgspec.structs.replace
    match told:
        case Begun():
            return change(job, total=told.total, about=told.about, done=0, failed=0, objects=None)
        case ImageBegun() | ImageDone() | ImageFailed():
            return _with_image(job, told, now)
        case Progress():
            return change(job, progress=told.share, left=told.left, now=told.now)
        case Row():
            return change(job, progress=told.progress)
        case Validated():
            return change(job, best=told.score) if told.is_best else job
        case Finishing():
            return change(job, left=None, now="finishing: settings and scores")
        case Failed():
            return change(job, problem=told.problem, fix=told.fix)
        case Predicted() | ModelMade() | Checked() | Simulated():
            return change(job, result=msgspec.to_builtins(told))
        case Ended():
            return change(job, now="", left=None, progress=job.progress if told.stopped else 1.0)
    return job


def _with_image(job: Job, told: ImageBegun | ImageDone | ImageFailed, now: float) -> Job:
    change = msgspec.structs.replace
    match told:
        case ImageBegun():
            return change(job, now=f"image {told.number} of {job.total}: {told.image}")
        case ImageDone():
            objects = job.objects if told.objects is None else (job.objects or 0) + told.objects
            return _gone_through(change(job, done=job.done + 1, objects=objects), now)
        case ImageFailed():
            return _gone_through(change(job, failed=job.failed + 1), now)


def _gone_through(job: Job, now: float) -> Job:
    """One image further: how far, and how long for the others."""
    through = job.done + job.failed
    share = through / job.total if job.total else None
    seconds = now - job.started if job.started is not None else 0.0
    left = seconds / through * (job.total - through) if job.total else None
    return msgspec.structs.replace(job, progress=share, left=left)
