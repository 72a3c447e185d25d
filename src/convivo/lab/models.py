"""Models that the lab offers: shipped, one's own, those made in the lab or lying in chosen folders.

Cards are read here without torch, only as far as a list shows them; the worker and the jobs load them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.routing import Route

from convivo.errors import BadInput
from convivo.io.places import SHIPPED, models_folder
from convivo.lab.folders import CARD, Folders, Place
from convivo.lab.replies import reply

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

WORDS = {
    "shipped": "came with convivo",
    "own": "yours",
    "lab": "made in the lab",
    "folder": "in a chosen folder",
}
DECIBELS = ("psnr", "scaled_db", "hidden_db")


class Part(msgspec.Struct, frozen=True):
    """Scores, as far as a list shows them."""

    images: int = 0
    accuracy: dict[str, float] = {}
    restoration: dict[str, float] = {}


class Scores(msgspec.Struct, frozen=True):
    """On which images."""

    selection: Part | None = None
    test: Part | None = None


class Trained(msgspec.Struct, frozen=True):
    """How a model came about, as far as a list shows it."""

    images: tuple[str, ...] = ()
    minutes: float = 0.0
    steps: int = 0


class ReadCard(msgspec.Struct, frozen=True):
    """A card, as far as a list shows it."""

    name: str
    method: str
    axes: str = "YX"
    settings: dict[str, int | float | str] = {}
    scores: Scores = Scores()
    training: Trained | None = None
    started_from: str | None = None
    about: str | None = None


class ListedModel(msgspec.Struct, frozen=True, kw_only=True):
    """A model that can be chosen."""

    id: str  # what an order names it by
    name: str
    origin: str  # "shipped", "own", "lab" or "folder"
    where: str  # the same in words
    method: str
    finds: str  # "objects" or "images"
    axes: str
    settings: dict[str, int | float | str]
    accuracy: float | None  # at IoU 0.5
    decibels: float | None
    scored_on: str  # "test", "selection", or empty where nobody knows
    images: int | None  # that it learned from
    minutes: float | None
    started_from: str | None
    about: str | None


class Models:
    """All models, and where they lie."""

    def __init__(self, folders: Folders) -> None:
        self._folders = folders

    def path_of(self, name: str) -> Path:
        """The folder of a model that is listed; so no path of the page's making is ever opened."""
        for found, path in self._all():
            if found == name:
                return path
        raise BadInput(f"there is no model {name[:80]!r}", fix="choose one of the list; reload it")

    def listed(self) -> list[ListedModel]:
        """All that can be read."""
        shown = (_shown(name, path) for name, path in self._all())
        return [each for each in shown if each is not None]

    def name_of(self, path: Path) -> str | None:
        """By what an order names a folder."""
        return next((name for name, each in self._all() if each == path), None)

    def _all(self) -> Iterator[tuple[str, Path]]:
        own, *chosen = self._folders.roots
        for origin, folder in (("lab", own / "models"), ("own", models_folder()), ("shipped", SHIPPED)):
            yield from ((f"{origin}:{path.name}", path) for path in _models_in(folder))
        for number, _ in enumerate(chosen, start=1):
            place = Place(number)
            root = self._folders.roots[number]
            here = [root] if (root / CARD).is_file() else []
            for path in (*here, *_models_in(root)):
                if all(each.resolve().is_relative_to(root) for each in (path, *path.iterdir())):
                    below = path.relative_to(root).as_posix()
                    yield f"folder:{place.root}:{below}", path


def routes(models: Models) -> list[Route]:
    """The list."""

    async def listed(_: Request) -> Response:
        return reply(await run_in_threadpool(models.listed))

    return [Route("/api/models", listed)]


def _models_in(folder: Path) -> Iterable[Path]:
    return sorted(path.parent for path in folder.glob(f"*/{CARD}")) if folder.is_dir() else ()


def _shown(name: str, path: Path) -> ListedModel | None:
    """None where the card is no card."""
    try:
        card = msgspec.json.decode((path / CARD).read_bytes(), type=ReadCard)
    except (OSError, msgspec.MsgspecError):
        return None
    part = card.scores.test or card.scores.selection
    origin = name.split(":", 1)[0]
    known: Callable[[str], float | None] = part.restoration.get if part else lambda _: None
    return ListedModel(
        id=name,
        name=card.name,
        origin=origin,
        where=WORDS[origin],
        method=card.method,
        finds="images" if card.method in ("care", "n2v") else "objects",
        axes=card.axes,
        settings=card.settings,
        accuracy=part.accuracy.get("0.5") if part else None,
        decibels=next((value for kind in DECIBELS if (value := known(kind)) is not None), None),
        scored_on="test" if card.scores.test else "selection" if part else "",
        images=len(card.training.images) if card.training else None,
        minutes=card.training.minutes if card.training else None,
        started_from=card.started_from,
        about=card.about,
    )
