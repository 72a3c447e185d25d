"""Recipes: all that a model was made from, in a file, so that one command makes it again.

A recipe names folders of images and what each image is for, the method, the net and the training. The weights are
kept in half precision; settings are chosen and scores measured with the weights as they are kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal, TypeVar, cast

import msgspec

from convivo.errors import BadInput
from convivo.io.pairs import open_pairs
from convivo.io.tables import read_table
from convivo.methods import Restoration, method_named
from convivo.model import Example, Model, Scores
from convivo.ops.augment import Augmentation
from convivo.run.acquaintance import acquainted
from convivo.run.config import TrainConfig
from convivo.run.intake import refuse_label_image, refuse_unfit_numbers
from convivo.run.restoration_recipe import degraded, open_images, selection_score, test_score
from convivo.run.validation import Validation
from convivo.types import Annotated, Restorable

Each = TypeVar("Each", Annotated, Restorable)

USES = ("train", "validation", "test")  # test: scored when all is done, and chooses nothing
FOLLOWING = ("dimensions", "channels", "outputs")  # sizes of a net that follow from the images and the method
OF_ONE_KIND = "use images of the kind that trains, or take these out of the recipe"  # a fix


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
    start: int | None = None  # of all its images in the order of their names, from this one on (restoration)
    stop: int | None = None  # and up to this one, not included; below 0 they count from the end

    def __post_init__(self) -> None:
        if (self.use is None) == (self.table is None):
            raise BadInput(
                f"images {self.name!r} have {'no use' if self.use is None else 'a use and a table'}",
                fix='give either use = "train" or a table that says it',
            )


class Exposure(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CARE learns from low-exposure twins of the images (ops/simulate/exposure.py)."""

    photons: tuple[
        float, float
    ]  # least and most, at the 99.8th percentile; each twin draws its own between them
    read_noise: float = 1.0  # standard deviation, in photons
    twins: int = 1  # of each image

    def __post_init__(self) -> None:
        if not 0 < self.photons[0] <= self.photons[1] or self.twins < 1 or self.read_noise < 0:
            raise BadInput(
                f"{self} describes no exposure", fix="give photons = [5, 100] and twins = 1 or more"
            )


class Recipe(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one model is made from."""

    name: str
    method: str
    images: tuple[Source, ...]
    net: dict[str, Any] = msgspec.field(default_factory=dict)  # sizes that are not the default
    train: TrainConfig = msgspec.field(default_factory=TrainConfig)
    exposure: Exposure | None = None  # for care
    noise: float | None = None  # for n2v: standard deviation of Gaussian noise that is added to the images
    tried: int = 0  # images whose altered copies tell what images like them score (`convivo doubt`)
    about: str | None = None  # what one should know before one uses the model
    licence: str | None = None
    citations: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [source.name for source in self.images]
        if double := next((name for name in names if names.count(name) > 1), None):
            raise BadInput(f"two [[images]] have the name {double!r}", fix="give each a name of its own")


@dataclass(frozen=True, slots=True)
class Ingredients:
    """The images of a recipe by their use."""

    learn: tuple[Example, ...]  # those that train and those that choose
    parts: dict[str, str]  # which of the two each is
    test: tuple[Example, ...]
    notes: tuple[str, ...] = ()  # what was remarked while they were read

    @property
    def choosing(self) -> tuple[Example, ...]:
        """Those that choose."""
        return tuple(each for each in self.learn if self.parts[each.name] == "validation")


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
    learn: list[Example] = []
    test: list[Example] = []
    parts: dict[str, str] = {}
    notes: list[str] = []
    for each, use in _examples(recipe, root, notes):
        if each.name in parts:  # "a" with an image "b_c", and "a_b" with an image "c"
            raise BadInput(
                f"two images of the recipe are called {each.name!r}",
                fix="give one of the [[images]] another name",
            )
        parts[each.name] = use
        (test if use == "test" else learn).append(each)
    parts = {name: use for name, use in parts.items() if use != "test"}
    if "train" not in parts.values():
        raise BadInput(f"the recipe {recipe.name!r} has no image that trains", fix='give some use = "train"')
    return Ingredients(tuple(learn), parts, tuple(test), tuple(notes))


def _examples(recipe: Recipe, root: Path, notes: list[str]) -> Iterator[tuple[Example, str]]:
    """Every image of the recipe that is used, with its use; `notes` collects what was remarked."""
    if isinstance(method_named(recipe.method), Restoration):
        used = (pair for source in recipe.images for pair in _uses(source, open_images(source, root), root))
        yield from degraded(recipe, used)
        return
    for source in recipe.images:
        pairs = open_pairs(root / source.folder)
        notes += [f"{source.name}: {note}" for note in pairs.notes]
        yield from _uses(source, pairs.data, root)


def _uses(source: Source, data: Iterable[Each], root: Path) -> Iterator[tuple[Each, str]]:
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


def refuse_unfit(model: Model, ingredients: Ingredients) -> None:
    """Refuse images that `finished` could not score, before hours are spent on a training."""
    for each in (*ingredients.choosing, *ingredients.test):
        refuse_label_image(each.image)
        refuse_unfit_numbers(each.image)
        if isinstance(each, Annotated) and each.labels.ndim != model.dimensions:
            raise BadInput(
                f"{each.name} has {each.labels.ndim} dimensions, model {model.card.name!r} {model.dimensions}",
                fix=OF_ONE_KIND,
            )
        _, pixels = next(iter(each.image.pages(model.dimensions)))
        try:
            model.check_channels(pixels)
        except BadInput as error:  # its fix is an option that a recipe does not have
            raise BadInput(f"{each.name}: {error.problem}", fix=OF_ONE_KIND) from error


def finished(model: Model, recipe: Recipe, ingredients: Ingredients) -> Model:
    """The model with weights rounded as they are kept, and with settings and scores that hold for these."""
    model.net.half().float()
    if isinstance(model.method, Restoration):
        settings: dict[str, float | str] = dict(model.card.settings)
        scores = Scores(
            selection=selection_score(model, ingredients.choosing) if ingredients.choosing else None,
            test=test_score(model, ingredients.test) if ingredients.test else None,
            training=model.card.scores.training,
        )
    else:
        settings, scores = _chosen(model, ingredients)
    if recipe.tried:
        model = _acquainted(model.with_card(settings=settings), ingredients, recipe.tried)
    return model.with_card(
        settings=settings,
        scores=scores,
        about=recipe.about,
        licence=recipe.licence,
        citations=recipe.citations,
    )


def _acquainted(model: Model, ingredients: Ingredients, tried: int) -> Model:
    """The model with a fingerprint of its rounded weights, from images that trained and altered ones that chose."""
    model.segmentation  # noqa: B018  refuses a model that restores images
    trains = [each for each in ingredients.learn if ingredients.parts[each.name] == "train"]
    choosing = cast("tuple[Annotated, ...]", ingredients.choosing)
    seen = acquainted(model, cast("list[Annotated]", trains), choosing, most=tried)
    return model.with_card(fingerprint=seen)


def _chosen(model: Model, ingredients: Ingredients) -> tuple[dict[str, float | str], Scores]:
    """The decoder's settings, chosen anew, and scores with these."""
    settings, scores = dict(model.card.settings), Scores(training=model.card.scores.training)
    if ingredients.choosing:
        selection = Validation(model, cast("tuple[Annotated, ...]", ingredients.choosing))
        answers = selection.answers(model, "float32")
        settings = selection.search(model, answers)
        scores = msgspec.structs.replace(scores, selection=selection.part_score(model, answers, settings))
    if ingredients.test:
        test = Validation(model, cast("tuple[Annotated, ...]", ingredients.test))
        scores = msgspec.structs.replace(
            scores, test=test.part_score(model, test.answers(model, "float32"), settings)
        )
    return settings, scores
