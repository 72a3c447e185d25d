"""The two files that are a model: a card that can be read, and weights that hold nothing else."""

from __future__ import annotations

from pathlib import Path

import safetensors.torch
from safetensors.torch import load_file
from torch import Tensor

from convivo.errors import BadModel
from convivo.io.atomic import writing
from convivo.methods.method import Net
from convivo.model.card import Card, card_from_json

CARD = "card.json"
WEIGHTS = "weights.safetensors"


def read_card(folder: Path) -> Card:
    """The card in a model folder."""
    if not (folder / CARD).is_file():
        raise BadModel(
            f"{folder} is no model: it has no {CARD}", fix="give the folder that `convivo train` wrote"
        )
    return card_from_json((folder / CARD).read_bytes(), folder.name)


def write_weights(path: Path, weights: dict[str, Tensor]) -> None:
    """Tensors to one file that holds nothing else. (`save_file` would make one that only its owner may read.)"""
    tensors = {name: tensor.detach().contiguous() for name, tensor in weights.items()}
    with writing(path) as part:
        part.write_bytes(safetensors.torch.save(tensors))


def read_weights(path: Path, net: Net) -> dict[str, Tensor]:
    """Weights that fit the net, or an error that names the first that does not."""
    fix = "copy the model folder again, or train anew"
    try:
        weights = load_file(path)
    except (OSError, safetensors.SafetensorError) as error:
        raise BadModel(f"{path} cannot be read: {error}", fix=fix) from error
    wanted = net.state_dict()
    for name in [*wanted, *sorted(weights.keys() - wanted.keys())]:
        have, want = weights.get(name), wanted.get(name)
        if have is None or want is None or have.shape != want.shape:
            shapes = [None if each is None else tuple(each.shape) for each in (have, want)]
            raise BadModel(
                f"layer {name} of {path} has shape {shapes[0]}, its card asks for {shapes[1]}", fix=fix
            )
    return weights
