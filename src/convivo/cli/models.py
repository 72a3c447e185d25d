"""`convivo models`: which models there are, what they do, and how well they did."""

from __future__ import annotations

from convivo.cli import options
from convivo.cli.console import print_json, print_table, remark, say
from convivo.errors import BadModel

NAME = "models"
HEADER = ("name", "method", "axes", "accuracy at IoU 0.5", "on", "trained on", "where")
# what may be known of a model that restores images, as it is said
DECIBELS = {"psnr": "dB", "scaled_db": "dB (scaled)", "hidden_db": "dB (hidden pixels)"}


def command(json: options.Json = False) -> None:
    """List the models in this folder, your own, and those that came with convivo."""
    from convivo.model import models

    rows = []
    for found in models():
        try:
            rows.append(_row(found.name, str(found.folder), found.origin))
        except BadModel as error:
            remark(f"note: {error.problem}")
    if json:
        print_json(
            [
                dict(
                    zip(("name", "method", "axes", "accuracy", "part", "images", "folder"), row, strict=True)
                )
                for row in rows
            ]
        )
    elif rows:
        print_table(HEADER, rows)
    else:
        say("no model here yet: train one with `convivo train unet DATA --out my-model`")


def _row(name: str, folder: str, origin: str) -> tuple[str, ...]:
    from pathlib import Path

    from convivo.model import read_card

    card = read_card(Path(folder))
    part = card.scores.test or card.scores.selection
    accuracy = f"{part.accuracy['0.5']:.3f}" if part and "0.5" in part.accuracy else "unknown"
    for kind, words in DECIBELS.items():
        if part and kind in part.restoration:
            accuracy = f"{part.restoration[kind]:.2f} {words}"
    which = "test" if card.scores.test else "selection" if part else ""
    images = f"{len(card.training.images)} images" if card.training else "unknown"
    return name, card.method, card.axes, accuracy, which, images, f"{folder} ({origin})"
