"""Whether a model that is already there is of this recipe: one of another would get its name, licence and citations."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

import msgspec

from convivo.errors import BadInput
from convivo.methods import method_named
from convivo.model import Card, Saved
from convivo.nets.unet import UNetSize
from convivo.run.config import TrainConfig
from convivo.run.recipe import FOLLOWING, Ingredients, Recipe

OF_THE_MACHINE = ("device", "precision")  # settings of a training that only change how numbers are rounded
AS_IT_WAS_BEGUN = "give the recipe that it was begun from, or another --out"  # fixes
AS_IT_WAS_MADE = "give the data and the recipe that it was made from, or another --out"


def check_unfinished(saved: Saved, recipe: Recipe) -> None:
    """Refuse to go on with a training of another recipe. (The training itself compares the images.)

    Steps and seed may be others: it may have been begun with --steps, which also sets minutes aside, or with --seed.
    """
    _check_same_names(saved.card, recipe)
    free = {"train.steps", "train.seed"} | (set() if "minutes" in saved.config else {"train.minutes"})
    _check_same_settings(saved.card, saved.config, recipe, free=free, fix=AS_IT_WAS_BEGUN)


def check_finished(card: Card, recipe: Recipe, ingredients: Ingredients) -> None:
    """Refuse to score a model of another recipe, or of other images: its scores would pass for this one's."""
    _check_same_names(card, recipe)
    if card.training is None:
        raise BadInput(
            f"the model {card.name!r} that is there does not say what it was trained on", fix=AS_IT_WAS_MADE
        )
    for use, have in (("train", card.training.images), ("validation", card.training.selection_images)):
        want = tuple(each.name for each in ingredients.learn if ingredients.parts[each.name] == use)
        if have != want:
            raise BadInput(
                f"the model {card.name!r} that is there had {len(have)} images for {use}, the recipe has "
                f"{len(want)}" + (" others" if len(have) == len(want) else ""),
                fix=AS_IT_WAS_MADE,
            )
    fix = f"{AS_IT_WAS_MADE}; --steps and --seed count as the recipe's"
    _check_same_settings(card, card.training.config, recipe, free=(), fix=fix)


def _check_same_names(card: Card, recipe: Recipe) -> None:
    for what, have, want in (("method", card.method, recipe.method), ("name", card.name, recipe.name)):
        if have != want:
            raise BadInput(
                f"the model that is there has the {what} {have!r}, the recipe {want!r}", fix=AS_IT_WAS_BEGUN
            )


def _check_same_settings(
    card: Card, config: Mapping[str, Any], recipe: Recipe, *, free: Collection[str], fix: str
) -> None:
    """Refuse another net or training than the recipe's; the `free` settings may differ."""
    how = method_named(recipe.method)
    # what was saved has the values that were used; a recipe may leave them to the method
    asked = recipe.train.completed(how, card.net.dimensions)
    have = _settings(card.net, msgspec.convert(config, TrainConfig).completed(how, card.net.dimensions))
    for name, want in _settings(how.size(**recipe.net), asked).items():
        if name not in free and have[name] != want:
            raise BadInput(
                f"the model {card.name!r} that is there has {name} {have[name]}, the recipe asks for {want}",
                fix=fix,
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
