"""Recipes: all that a model was made from, in a file, so that one command makes it again.

A recipe names folders of images and what each image is for, the method, the net and the training. The weights are
kept in half precision; settings are chosen and scores measured with the weights as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from convivo.errors import BadInput
from convivo.io.pairs import open_pairs
from convivo.io.tables import read_table
from convivo.model import Model, Scores
from convivo.ops.augment import Augmentation
from convivo.run.train import TrainConfig
from convivo.run.validation import Validation
from convivo.types import Annotated

USES = ("train", "validation", "test")  # test: scored when all is done, and chooses nothing


class Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A CSV file that says for each image of a folder what it is for; other uses than ours leave it out."""

    file: str
    image: str  # the column of the images' names,
    group: str  # of what must stay on one side,
    use: str  # and of the use
    unless: str | None = None  # a column: where it is filled, the image is left out


class Source(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A folder of images and masks, for one use, or as a table says."""

    name: str  # stands before the names of its images
    folder: str
    use: Literal["train", "validation", "test"] | None = None
    table: Table | None = None

    def __post_init__(self) -> None:
        if (self.use is None) == (self.table is None):
            raise BadInput(
                f"images {self.name!r} have {'no use' if self.use is None else 'a use and a table'}",
                fix='give either use = "train" or a table that says it',
            )


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one model is made from."""

    name: str
    method: str
    images: tuple[Source, ...]
    net: dict[str, Any] = msgspec.field(default_factory=dict)  # sizes that are not the default
    train: TrainConfig = msgspec.field(default_factory=TrainConfig)
    licence: str | None = None
    citations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The images of a recipe by their use."""

    learn: tuple[Annotated, ...]  # those that train and those that choose
    parts: dict[str, str]  # which of the two each is
    test: tuple[Annotated, ...]


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file."""
    try:
        text = path.read_bytes()
        written = msgspec.toml.decode(text)
        _refuse_unknown(written.get("train", {}), TrainConfig, path)
        _refuse_unknown(written.get("train", {}).get("augmentation", {}), Augmentation, path)
        return msgspec.toml.decode(text, type=Recipe)
    except (msgspec.MsgspecError, OSError) as error:
        raise BadInput(f"the recipe {path} cannot be read: {error}", fix="see docs/reproduce.md") from error


def _refuse_unknown(written: dict[str, Any], kind: type, path: Path) -> None:
    """A misspelt setting would be another training under the same name."""
    known = [each.name for each in fields(kind)]
    for name in written:
        if name not in known:
            raise BadInput(
                f"the recipe {path} has an unknown setting {name!r}", fix=f"use {', '.join(known)}"
            )


def gather(recipe: Recipe, root: Path) -> Ingredients:
    """Read the images of a recipe; `root` is the folder in which its folders lie."""
    learn: list[Annotated] = []
    test: list[Annotated] = []
    parts: dict[str, str] = {}
    for source in recipe.images:
        for each, use in _uses(source, root):
            if use == "test":
                test.append(each)
            else:
                learn.append(each)
                parts[each.name] = use
    if "train" not in parts.values():
        raise BadInput(f"the recipe {recipe.name!r} has no image that trains", fix='give some use = "train"')
    return Ingredients(tuple(learn), parts, tuple(test))


def _uses(source: Source, root: Path) -> Iterator[tuple[Annotated, str]]:
    """The images of a source that are used, under names that no other source has, and what for."""
    rows = _rows(source.table, root) if source.table else {}
    for each in open_pairs(root / source.folder).data:
        use, group = _looked_up(each.name, source.table, rows) if source.table else (source.use, each.group)
        if use in USES:
            image = replace(each.image, name=f"{source.name}_{each.name}")
            yield replace(each, image=image, group=f"{source.name}_{group}"), str(use)


def _looked_up(name: str, table: Table, rows: dict[str, dict[str, str]]) -> tuple[str, str]:
    """Use and group of an image as its table has them; no use where it is left out."""
    if name not in rows:
        raise BadInput(f"image {name} is not in {table.file}", fix="add it, or move the image away")
    row = rows[name]
    is_left_out = table.unless is not None and bool(row[table.unless])
    return "" if is_left_out else row[table.use], row[table.group]


def _rows(table: Table, root: Path) -> dict[str, dict[str, str]]:
    """Rows of the table by the image's name."""
    rows = list(read_table(root / table.file))
    wanted = {table.image, table.group, table.use, *([table.unless] if table.unless else [])}
    if missing := wanted - set(rows[0] if rows else ()):
        raise BadInput(f"{table.file} has no column {', '.join(sorted(missing))}", fix="name those it has")
    return {row[table.image]: row for row in rows}


def finished(model: Model, recipe: Recipe, ingredients: Ingredients) -> Model:
    """The model with weights rounded as they are kept, and with settings and scores that hold for these."""
    model.net.half().float()
    choosing = [each for each in ingredients.learn if ingredients.parts[each.name] == "validation"]
    settings, scores = dict(model.card.settings), Scores()
    if choosing:
        selection = Validation(model, choosing)
        answers = selection.answers(model, "float32")
        settings = selection.search(model, answers)
        scores = Scores(selection=selection.part_score(model, answers, settings))
    if ingredients.test:
        test = Validation(model, ingredients.test)
        scores = msgspec.structs.replace(
            scores, test=test.part_score(model, test.answers(model, "float32"), settings)
        )
    return model.with_card(
        settings=settings, scores=scores, licence=recipe.licence, citations=recipe.citations
    )
