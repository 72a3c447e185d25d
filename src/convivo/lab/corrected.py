"""Endpoints of corrected label images: what a prediction waits for, and a file that comes back.

A file is kept aside while it comes in, is read by the worker, and is removed again; what stays is the data folder.
"""

from __future__ import annotations

import shutil
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response
from starlette.routing import Route

from convivo.errors import BadInput
from convivo.io.kinds import stem
from convivo.lab import dropped
from convivo.lab.folders import Place
from convivo.lab.jobs.asked import Desk, Predicted
from convivo.lab.replies import JSON, reply
from convivo.lab.returned import ASIDE, Returned
from convivo.work.orders import PredictOrder

if TYPE_CHECKING:
    from starlette.requests import Request

    from convivo.lab.jobs.running import Jobs
    from convivo.lab.worker import Worker

LABELS = "_labels"  # behind the name of an image, as a prediction writes it


class Corrections(msgspec.Struct, frozen=True):
    """How far the corrections of a prediction are."""

    data: Place  # the folder that they become
    images: tuple[str, ...]  # of the prediction, by their names
    taken: tuple[str, ...]  # those of which a corrected label image is there


def routes(folder: Path, jobs: Jobs, desk: Desk, worker: Worker) -> list[Route]:
    """List, take back."""
    aside = folder / ASIDE
    shutil.rmtree(aside, ignore_errors=True)  # of a lab that ended while a file came in

    def found(job: str) -> Corrections:
        images = _images(jobs, desk, job)
        place = Place(0, f"data/corrected {jobs.job(job).id}")
        masks = desk.folders.path_of(place) / "masks"
        there = {path.stem for path in masks.glob("[!.]*.tif")}
        names = tuple(each.image for each in images)
        return Corrections(place, names, tuple(name for name in names if name in there))

    async def listed(request: Request) -> Response:
        return reply(await run_in_threadpool(found, request.path_params["job"]))

    async def take(request: Request) -> Response:
        job, name = request.path_params["job"], request.path_params["name"]
        images = await run_in_threadpool(_images, jobs, desk, job)
        image = belongs_to(name, images)
        order = jobs.order(job)
        aside.mkdir(parents=True, exist_ok=True)
        coming = Path(tempfile.mkdtemp(dir=aside))
        try:
            kept = await dropped.keep(coming, name, request.stream())
            question = Returned(
                image=image.image,
                source=_source(image),
                into=(await run_in_threadpool(found, job)).data.path.removeprefix("data/"),
                aside=coming.name,
                file=kept.id,
                unknown=request.query_params.get("unknown") == "1",
                axes=order.axes if isinstance(order, PredictOrder) else None,
            )
            read = await worker.ask("take-back", msgspec.json.encode(question))
        finally:
            await run_in_threadpool(shutil.rmtree, coming, ignore_errors=True)
        if read.status != 200:
            return Response(read.body, read.status, media_type=JSON)
        return reply(msgspec.msgpack.decode(read.body), 201)

    return [
        Route("/api/jobs/{job}/corrections", listed),
        Route("/api/jobs/{job}/corrections/{name}", take, methods=["PUT"]),
    ]


def belongs_to(name: str, images: list[Predicted]) -> Predicted:
    """The image of a corrected file, by its name: that of the image, or the one that its label image was given."""
    own = stem(Path(name.replace("\\", "/")))
    known = {each.image: each for each in images}
    for called in (own, own.removesuffix(LABELS)):
        if called in known:
            return known[called]
    called = own.removesuffix(LABELS)
    close = get_close_matches(called, known, n=1)
    fix = f"did you mean {close[0]}? Call" if close else "call"
    raise BadInput(
        f"there is no image {called[:80]!r} in this prediction",
        fix=f"{fix} the file as its image, or as its label image: {next(iter(known))}{LABELS}.tif",
    )


def _images(jobs: Jobs, desk: Desk, job: str) -> list[Predicted]:
    images = desk.images_of(jobs.order(job))
    if not images:
        raise BadInput("this job is no prediction", fix="choose a prediction")
    return images


def _source(image: Predicted) -> Place | str:
    if image.source is None:
        raise BadInput(
            f"the folder of {image.image} is not among those that were chosen",
            fix="start the lab with that folder: convivo lab FOLDER",
        )
    return image.source
