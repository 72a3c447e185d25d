"""Recipes: all that a model was made from, in a file, so that one command makes it again.

A recipe names folders of images and what each image is for, the method, the net and the training. The weights are
kept in half precision; settings are chosen and scores measured with the weights as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import msgspec

from convivo.errors import BadInput
from convivo.io.pairs import open_pairs
from convivo.io.tables import read_table
from convivo.methods import method_named
from convivo.model import Card, Model, Scores, Training
from convivo.nets.unet import UNetSize
from convivo.ops.augment import Augmentation
from convivo.run.train import TrainConfig
from convivo.run.validation import Validation
from convivo.types import Annotated

USES = ("train", "validation", "test")  # test: scored when all is done, and chooses nothing
FOLLOWING = ("dimensions", "channels", "outputs")  # sizes of a net that follow from the images and the method
OF_THE_MACHINE = ("device", "precision")  # settings of a training that only change how numbers are rounded
AS_IT_WAS_MADE = "give the data and the recipe that it was made from, or another --out"  # a fix


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

    def __post_init__(self) -> None:
        names = [source.name for source in self.images]
        if double := next((name for name in names if names.count(name) > 1), None):
            raise BadInput(f"two [[images]] have the name {double!r}", fix="give each a name of its own")


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The images of a recipe by their use."""

    learn: tuple[Annotated, ...]  # those that train and those that choose
    parts: dict[str, str]  # which of the two each is
    test: tuple[Annotated, ...]
    notes: tuple[str, ...] = ()  # what was remarked while they were read


def read_recipe(path: Path) -> Recipe:
    """The recipe in a TOML file."""
    try:
        text = path.read_bytes()
        recipe = msgspec.toml.decode(text, type=Recipe)  # from here on each part is of the type it should be
        training = msgspec.toml.decode(text).get("train", {})
        _refuse_unknown(training, (each.name for each in fields(TrainConfig)), path)
        _refuse_unknown(training.get("augmentation", {}), (each.name for each in fields(Augmentation)), path)
        return msgspec.structs.replace(recipe, net=_net_size(recipe, path))
    except (msgspec.MsgspecError, UnicodeDecodeError, OSError) as error:
        raise BadInput(f"the recipe {path} cannot be read: {error}", fix="see docs/reproduce.md") from error


def _net_size(recipe: Recipe, path: Path) -> dict[str, Any]:
    """The sizes of the net that the recipe gives, checked before any image is read."""
    kind = type(method_named(recipe.method).size())
    sizes = (each.name for each in msgspec.structs.fields(kind) if each.name not in FOLLOWING)
    _refuse_unknown(recipe.net, sizes, path)
    size = msgspec.convert(recipe.net, kind)
    return {name: getattr(size, name) for name in recipe.net}


def _refuse_unknown(written: Iterable[str], settings: Iterable[str], path: Path) -> None:
    """A misspelt setting would be another training under the same name."""
    known = list(settings)
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
    notes: list[str] = []
    names: set[str] = set()
    for source in recipe.images:
        pairs = open_pairs(root / source.folder)
        notes += [f"{source.name}: {note}" for note in pairs.notes]
        for each, use in _uses(source, pairs.data, root):
            if each.name in names:  # "a" with an image "b_c", and "a_b" with an image "c"
                raise BadInput(
                    f"two images are called {each.name!r}, one of them in the images {source.name!r}",
                    fix="give one of the [[images]] another name",
                )
            names.add(each.name)
            if use == "test":
                test.append(each)
            else:
                learn.append(each)
                parts[each.name] = use
    if "train" not in parts.values():
        raise BadInput(f"the recipe {recipe.name!r} has no image that trains", fix='give some use = "train"')
    return Ingredients(tuple(learn), parts, tuple(test), tuple(notes))


def _uses(source: Source, data: Iterable[Annotated], root: Path) -> Iterator[tuple[Annotated, str]]:
    """The images of a source that are used, with its name before theirs, and what for."""
    rows = _rows(source.table, root) if source.table else {}
    for each in data:
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
    named: dict[str, dict[str, str]] = {}
    for row in rows:
        if named.setdefault(row[table.image], row) is not row:
            raise BadInput(f"{table.file} has two rows for the image {row[table.image]}", fix="keep one")
    return named


def check_same_recipe(card: Card, recipe: Recipe) -> None:
    """Refuse a model that was begun from another recipe: to go on with it would give it this one's licence."""
    for what, have, want in (("method", card.method, recipe.method), ("name", card.name, recipe.name)):
        if have != want:
            raise BadInput(
                f"the model that is there has the {what} {have!r}, the recipe {want!r}",
                fix="give the recipe that it was begun from, or another --out",
            )


def check_same_images(card: Card, ingredients: Ingredients) -> None:
    """Refuse a model that was trained on other images, or chosen by others, than the recipe's."""
    training = _training(card)
    for use, have in (("train", training.images), ("validation", training.selection_images)):
        want = tuple(each.name for each in ingredients.learn if ingredients.parts[each.name] == use)
        if have != want:
            raise BadInput(
                f"the model {card.name!r} that is there had {len(have)} images for {use}, the recipe has "
                f"{len(want)}" + (" others" if len(have) == len(want) else ""),
                fix=AS_IT_WAS_MADE,
            )


def check_same_settings(card: Card, recipe: Recipe) -> None:
    """Refuse a model whose net or training is another than the recipe's: its scores would pass for this one's."""
    how = method_named(recipe.method)
    # the card has the rate that was used; a recipe may leave it to the method
    asked = replace(recipe.train, rate=recipe.train.rate or how.rate)
    have = _settings(card.net, msgspec.convert(_training(card).config, TrainConfig))
    for name, want in _settings(how.size(**recipe.net), asked).items():
        if have[name] != want:
            raise BadInput(
                f"the model {card.name!r} that is there was made with {name} {have[name]}, the recipe asks for {want}",
                fix=f"{AS_IT_WAS_MADE}; --steps and --seed count as the recipe's",
            )


def _settings(size: UNetSize, config: TrainConfig) -> dict[str, object]:
    """All that two models of one recipe have in common, under the recipe's names for it."""
    net, training = msgspec.to_builtins(size), msgspec.to_builtins(config)
    training["minutes"] = config.minutes or "none"  # words, because an error shows it
    augmentation = training.pop("augmentation")
    return (
        {f"net.{name}": value for name, value in net.items() if name not in FOLLOWING}
        | {f"train.{name}": value for name, value in training.items() if name not in OF_THE_MACHINE}
        | {f"train.augmentation.{name}": value for name, value in augmentation.items()}
    )


def _training(card: Card) -> Training:
    """How the model was trained, which a card need not say."""
    if card.training is None:
        raise BadInput(
            f"the model {card.name!r} that is there does not say what it was trained on", fix=AS_IT_WAS_MADE
        )
    return card.training


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
