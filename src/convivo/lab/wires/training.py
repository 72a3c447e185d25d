"""How the nets of "Cut the wire" came about: one recipe, trained once for each wiring.

Nothing may differ but the wires. The weights are those of the last step for all of them, so that none is trained
longer than another; only the decoder's settings are chosen for each net, as anybody would who trains one.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from convivo.lab.wires.wirings import WIRINGS, Wiring
from convivo.model import Model
from convivo.run.recipe import Ingredients, Recipe, finished, gather
from convivo.run.train import train


def trained(
    recipe: Recipe, root: Path, wirings: tuple[Wiring, ...] = WIRINGS
) -> Iterator[tuple[Wiring, Model]]:
    """Train the recipe's net with each wiring; `root` is the folder in which the recipe's folders lie."""
    ingredients = gather(recipe, root)
    for each in wirings:
        yield each, trained_with(each, recipe, ingredients)


def trained_with(wiring: Wiring, recipe: Recipe, ingredients: Ingredients) -> Model:
    """One net, with weights rounded as they are kept, settings and scores."""
    sizes = {**recipe.net, "cut": wiring.cut}
    name = f"{recipe.name}-{wiring.name}"
    model = Model.new(recipe.method, ingredients.learn, name=name, seed=recipe.train.seed, **sizes)
    learn = [each for each in ingredients.learn if ingredients.parts[each.name] == "train"]
    for _ in train(model, learn, recipe.train, parts=dict.fromkeys((each.name for each in learn), "train")):
        pass  # nothing chooses on the way
    return finished(model, recipe, ingredients)
