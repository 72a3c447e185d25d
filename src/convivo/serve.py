"""The web app, put together: which rooms stand behind which addresses, and the server that serves them."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from convivo.course.progress import Progress
from convivo.errors import BadInput, ConvivoError, NotAvailable
from convivo.lab import asking, corrected, entry, images, models, stream, working
from convivo.lab.course import routes as course
from convivo.lab.course.coach import Coach
from convivo.lab.entry import Tickets
from convivo.lab.folders import Folders, open_folders
from convivo.lab.gate import Gate
from convivo.lab.jobs.asked import Desk
from convivo.lab.jobs.running import Jobs
from convivo.lab.models import Models
from convivo.lab.replies import refusal
from convivo.lab.stream import News
from convivo.lab.worker import Worker

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

HOST = "127.0.0.1"  # this machine alone; there is no option to change it
PORT = 8765
PORTS_TRIED = 20
PAGE = Path(__file__).parent / "lab" / "page"  # made from web/ by `make` or by the wheel's build hook


@dataclass(frozen=True, slots=True)
class Lab:
    """What a lab is made of: its folder, its address, and who works for it."""

    folder: Path
    port: int
    token: str
    tickets: Tickets
    news: News
    worker: Worker
    folders: Folders
    models: Models
    jobs: Jobs
    coach: Coach
    progress: Progress

    @property
    def address(self) -> str:
        """The address to open; what stands behind the # stays in the browser."""
        return f"http://{HOST}:{self.port}/#token={self.token}"

    @property
    def address_for_once(self) -> str:
        """The same for one page alone, so that it may be seen by others."""
        return f"http://{HOST}:{self.port}/#ticket={self.tickets.new()}"


def new_lab(folder: Path, port: int, chosen: Sequence[Path] = ()) -> Lab:
    """A lab in a folder, which is made where it is not there yet; the page may look into the chosen folders."""
    folder.mkdir(parents=True, exist_ok=True)
    folders, news = open_folders(folder, chosen), News()
    known = Models(folders)
    return Lab(
        folder,
        port,
        entry.kept_token(folder),
        Tickets(),
        news,
        Worker(folder, folders.roots),
        folders,
        known,
        Jobs(folder, folders, known, news),
        Coach(folders.roots[1:]),
        Progress(folder / "course.sqlite"),
    )


def create(lab: Lab) -> Starlette:
    """The app. Raises NotAvailable where the page was not built."""
    if not (PAGE / "index.html").is_file():
        raise NotAvailable("the page of the lab was not built", fix="run `make page` in the clone")

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        lab.worker.start()
        await lab.jobs.begin()
        yield
        await lab.jobs.end()
        lab.worker.stop()
        lab.coach.stop()
        lab.progress.close()

    desk = Desk(lab.folder, lab.folders, lab.models)
    return Starlette(
        routes=[
            *entry.routes(lab.tickets, lab.token),
            *asking.routes(lab.worker),
            *images.routes(lab.folder, lab.worker),
            *stream.routes(lab.news),
            *models.routes(lab.models),
            *working.folder_routes(lab.folders),
            *working.routes(lab.jobs, desk),
            *course.routes(lab.coach, lab.progress),
            *corrected.routes(lab.folder, lab.jobs, desk, lab.worker),
            Mount("/", StaticFiles(directory=PAGE, html=True)),
        ],
        middleware=[Middleware(Gate, token=lab.token, port=lab.port)],
        exception_handlers={ConvivoError: _in_words},
        lifespan=life,
    )


def serve(lab: Lab, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Serve until Ctrl-C; `ready` is called once the page can be opened. Raises ConvivoError where it cannot be."""
    app = create(lab)
    lab.jobs.open()
    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=2)
    _Server(config, lab, ready).run(sockets=[listening])


def listen(port: int | None) -> socket.socket:
    """A socket that listens at the port, or at the first free one from 8765 on. Raises BadInput where none is free."""
    for number in [port] if port is not None else range(PORT, PORT + PORTS_TRIED):
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        try:
            if os.name == "posix":  # elsewhere this would let two labs share a port
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((HOST, number))
            listening.listen()  # at once: until then another lab could take the same port
        except (OSError, OverflowError) as error:
            listening.close()
            why = getattr(error, "strerror", None) or "ports are numbers from 0 to 65535"
        else:
            return listening
    if port is not None:
        raise BadInput(f"port {port} cannot be used: {why}", fix="leave --port out, or give another number")
    raise BadInput(
        f"the ports {PORT} to {PORT + PORTS_TRIED - 1} are taken",
        fix="end labs that are no longer needed, or give another --port",
    )


class _Server(uvicorn.Server):
    """Says when it is ready, and ends what pages listen to first when it is to stop."""

    def __init__(self, config: uvicorn.Config, lab: Lab, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._lab, self._ready = lab, ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        self._lab.news.close()
        self._lab.coach.let_go()
        super().handle_exit(sig, frame)


async def _in_words(_: Request, error: Exception) -> Response:
    assert isinstance(error, ConvivoError)
    return refusal(error)
