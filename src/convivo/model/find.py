"""Models by name: in the folder one stands in, among one's own, and those that came with convivo."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from convivo.errors import BadModel
from convivo.io.places import SHIPPED, models_folder
from convivo.model.files import CARD


@dataclass(frozen=True, slots=True)
class Found:
    """A model folder, and why it was found."""

    name: str
    folder: Path
    origin: str  # "here", "yours" or "shipped"


def models() -> tuple[Found, ...]:
    """Every model that `--model NAME` finds; of two with one name the nearer."""
    found: dict[str, Found] = {}
    for origin, folder in [("here", Path()), ("yours", models_folder()), ("shipped", SHIPPED)]:
        for model in _models_in(folder):
            found.setdefault(model.name, Found(model.name, model, origin))
    return tuple(found.values())


def find_model(name: Path | str) -> Path:
    """The folder of a model, given its path or its name."""
    if (Path(name) / CARD).is_file():
        return Path(name)
    known = {model.name: model.folder for model in models()}
    if str(name) in known:
        return known[str(name)]
    if Path(name).is_dir():
        raise BadModel(
            f"{name} is no model: it has no {CARD}", fix="give the folder that `convivo train` wrote"
        )
    near = get_close_matches(str(name), known) or sorted(known)
    fix = f"there is: {', '.join(near)}" if near else "train one with `convivo train`"
    raise BadModel(f"there is no model {str(name)!r}", fix=fix)


def _models_in(folder: Path) -> Iterator[Path]:
    if folder.is_dir():
        yield from sorted(path.parent for path in folder.glob(f"*/{CARD}"))
