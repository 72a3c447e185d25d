"""`convivo reproduce`: from a recipe and its data to the model that the recipe describes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from convivo.cli import options
from convivo.cli.console import remark, say
from convivo.cli.train import given_options
from convivo.cli.watching import describe, follow

if TYPE_CHECKING:
    from convivo.model import Model, ModelFolder
    from convivo.run.recipe import Ingredients, Recipe

NAME = "reproduce"
OF_THIS_SITTING = {"recipe", "data", "out", "resume"}  # --resume looks at these,
OF_THE_RECIPE = {"steps", "seed"}  # and at these where the training has ended: they say which one is wanted
IF_UNFINISHED = "go on with --resume, if it is of this recipe, or give another --out"  # fixes
IF_FINISHED = "give another --out (if it is of this recipe and has no scores yet, --resume adds them)"


def command(
    context: typer.Context,
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
    device: Annotated[
        options.DeviceChoice | None, typer.Option(help="On which device. Default: the recipe's.")
    ] = None,
) -> None:
    """Make a model again from its recipe: train, keep half-precision weights, score the model that is kept."""
    from convivo.model import ModelFolder
    from convivo.run.recipe import finished, gather, read_recipe

    written = read_recipe(recipe)
    store = ModelFolder(out)
    if not resume:
        store.refuse_existing(fix=IF_UNFINISHED if store.holds_state else IF_FINISHED)
    else:
        remark_ignored(given_options(context), store)
    if not (resume and store.holds_state):  # an interrupted training goes on with what it began with
        written = with_options(written, steps, seed, device)
    ingredients = gather(written, data)
    for note in ingredients.notes:
        remark(f"note: {note}")
    model = trained(written, ingredients, store, resume=resume)
    remark(awaited(ingredients))
    model = finished(model, written, ingredients)
    model.save(out, half=True)
    report(model, out)


def with_options(
    recipe: Recipe, steps: int | None, seed: int | None, device: options.DeviceChoice | None
) -> Recipe:
    """The recipe as the options change it. Steps take the place of minutes, which would come before them."""
    from dataclasses import replace

    import msgspec

    config = recipe.train
    if steps is not None:
        config = replace(config, steps=steps, minutes=None)
    if seed is not None:
        config = replace(config, seed=seed)
    if device is not None:
        config = replace(config, device=device.value)
    return msgspec.structs.replace(recipe, train=config)


def remark_ignored(given: dict[str, str], store: ModelFolder) -> None:
    """Say which options --resume does not look at."""
    looked_at = OF_THIS_SITTING if store.holds_state else OF_THIS_SITTING | OF_THE_RECIPE
    if ignored := [option for name, option in given.items() if name not in looked_at]:
        remark(f"note: --resume goes on with the saved settings and does not look at {', '.join(ignored)}")


def trained(recipe: Recipe, ingredients: Ingredients, store: ModelFolder, *, resume: bool) -> Model:
    """The recipe's model after its training; with `resume` where the training before it stopped."""
    from convivo.run.recipe import refuse_unfit
    from convivo.run.train import train

    model = starting_model(recipe, ingredients, store, resume=resume)
    refuse_unfit(model, ingredients)
    if not (resume and store.holds_finished_model):  # there only the scores are missing
        describe(ingredients.learn, model)
        follow(
            train(model, ingredients.learn, recipe.train, store=store, parts=ingredients.parts, resume=resume)
        )
    return model


def starting_model(recipe: Recipe, ingredients: Ingredients, store: ModelFolder, *, resume: bool) -> Model:
    """A new model; with `resume` the one that is there, if it is of this recipe."""
    from convivo.model import Model
    from convivo.run.same_recipe import check_finished, check_unfinished

    if not resume:
        return Model.new(
            recipe.method, ingredients.learn, name=recipe.name, seed=recipe.train.seed, **recipe.net
        )
    if store.holds_finished_model:
        model = Model.load(store.path)
        check_finished(model.card, recipe, ingredients)
        return model
    check_unfinished(store.unfinished(), recipe)
    return store.unfinished_model()


def awaited(ingredients: Ingredients) -> str:
    """What is done after the training: on many images it takes minutes."""
    choosing = len(ingredients.choosing)
    steps = [f"choosing the settings on {choosing} images"] if choosing else []
    steps += [f"scoring {len(ingredients.test)} images that choose nothing"] if ingredients.test else []
    return f"weights rounded to half precision; {' and '.join(steps) or 'no image to score them on'}"


def report(model: Model, out: Path) -> None:
    """How good the model is as it was kept."""
    for name, part in (("chose it", model.card.scores.selection), ("chose nothing", model.card.scores.test)):
        if part and part.restoration:
            scores = ", ".join(f"{kind} {value:g}" for kind, value in part.restoration.items())
            say(f"the {part.images} images that {name}: {scores}")
        elif part:
            scores = ", ".join(f"{value:.3f} at IoU {iou}" for iou, value in part.accuracy.items())
            say(f"accuracy on the {part.images} images that {name}: {scores}")
    if model.card.settings:
        remark("settings: " + ", ".join(f"{name} {value}" for name, value in model.card.settings.items()))
    say(f"model: {out}")
