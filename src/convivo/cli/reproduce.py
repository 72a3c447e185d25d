"""`convivo reproduce`: from a recipe and its data to the model that the recipe describes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import remark, say
from convivo.cli.train import describe, follow, of_method

if TYPE_CHECKING:
    from convivo.model import Model, ModelFolder
    from convivo.run.recipe import Ingredients, Recipe

NAME = "reproduce"


def command(
    recipe: Annotated[Path, typer.Argument(help="TOML file, such as recipes/nuclei.toml.")],
    data: Annotated[Path, typer.Option(help="Folder in which the recipe's folders lie.")],
    out: Annotated[Path, typer.Option(help="Folder for the model.")],
    steps: Annotated[int | None, typer.Option(help="Train so many steps, not as many as it says.")] = None,
    seed: Annotated[
        int | None, typer.Option(help="Start of all random choices. Default: the recipe's.")
    ] = None,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on with the training that was interrupted.")
    ] = False,
    device: options.Device = options.DeviceChoice.auto,
) -> None:
    """Make a model again from its recipe: train, keep half-precision weights, score the model that is kept."""
    from dataclasses import replace

    import msgspec

    from convivo.model import ModelFolder
    from convivo.run.recipe import finished, gather, read_recipe

    written = read_recipe(recipe)
    changes = {"device": device.value, "steps": steps, "seed": seed}
    config = replace(written.train, **{name: each for name, each in changes.items() if each is not None})  # type: ignore[arg-type]
    written = msgspec.structs.replace(written, train=config)
    ingredients = gather(written, data)
    model = trained(written, ingredients, ModelFolder(out), resume=resume)
    model = finished(model, written, ingredients)
    model.save(out, half=True)
    report(model, out)


def trained(recipe: Recipe, ingredients: Ingredients, store: ModelFolder, *, resume: bool) -> Model:
    """The recipe's model after its training; with `resume` where the training before it stopped."""
    from convivo.methods import method_named
    from convivo.model import Model
    from convivo.run.train import train

    method_named(recipe.method)
    if resume and store.holds_model and not store.holds_state:  # only the scores are missing
        return of_method(recipe.method, Model.load(store.path))
    if resume:
        model = of_method(recipe.method, store.unfinished_model())
    else:
        store.refuse_existing()
        model = Model.new(
            recipe.method, ingredients.learn, name=recipe.name, seed=recipe.train.seed, **recipe.net
        )
    describe(ingredients.learn, model)
    follow(train(model, ingredients.learn, recipe.train, store=store, parts=ingredients.parts, resume=resume))
    return model


def report(model: Model, out: Path) -> None:
    """How good the model is as it was kept."""
    for name, part in (("chose it", model.card.scores.selection), ("chose nothing", model.card.scores.test)):
        if part:
            scores = ", ".join(f"{value:.3f} at IoU {iou}" for iou, value in part.accuracy.items())
            say(f"accuracy on the {part.images} images that {name}: {scores}")
    settings = ", ".join(f"{name} {value}" for name, value in model.card.settings.items())
    remark(f"settings: {settings}")
    say(f"model: {out}")
