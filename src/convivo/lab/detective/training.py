"""How the detective's nets came about: each trained as its plan says, and kept as the last step left it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec
from safetensors.torch import load_file

from convivo.lab.detective.nets import Plan
from convivo.model import Model, ModelFolder, Scores, State
from convivo.model.store import LAST
from convivo.run.train import train


def make(plan: Plan, folder: Path) -> None:
    """Train a net and leave what the lab needs in a folder: card, weights, and the curve where losses were watched."""
    with TemporaryDirectory() as workshop:
        trained(plan, Path(workshop)).save(folder, half=True)
        if plan.unseen():
            ModelFolder(folder).write_curve(State(curve=list(ModelFolder(workshop).curve())))


def trained(plan: Plan, folder: Path) -> Model:
    """Train a net in a folder; the model has the weights of the last step, rounded as they are kept.

    Nothing is chosen by images that did not train, neither the weights nor the decoder's settings: whoever learns by
    heart must not be saved by them.
    """
    learn, unseen = plan.pictures(), plan.unseen()
    model = Model.new(plan.method, learn, name=plan.name, seed=plan.config.seed, **plan.sizes)
    model = model.with_card(settings={**model.card.settings, **plan.settings})
    parts = dict.fromkeys((each.name for each in learn), "train")
    parts |= dict.fromkeys((each.name for each in unseen), "validation")
    store = ModelFolder(folder)
    for _ in train(model, [*learn, *unseen], plan.config, store=store, parts=parts, acquaint=False):
        pass
    model.net.load_state_dict(load_file(folder / LAST))
    model.net.half().float()
    done = model.card.training
    assert done is not None
    chosen = ("seed", "foreground")
    own = {name: value for name, value in model.method.settings.items() if name in chosen}
    return model.with_card(
        settings={**model.card.settings, **own},
        training=msgspec.structs.replace(done, best_step=done.steps),
        scores=Scores(),  # those that were measured are of other weights
        about="Trained to fail, for the lesson Detective. Use the model nuclei for work.",
        licence="CC0-1.0",
    )
