"""A folder of StarDist, CARE or Noise2Void, as their original Keras packages wrote it, becomes a model of ours."""

from __future__ import annotations

from pathlib import Path

from convivo.io.keras import weights_file
from convivo.io.keras_config import THRESHOLDS, StarDistConfig, find_config
from convivo.model.imported import Imported
from convivo.model.restoration_keras import import_restoration
from convivo.model.stardist_keras import import_stardist


def import_keras(folder: Path, name: str) -> Imported:
    """The model in a folder, recognised by its `config.json`; weights alone are taken for CARE's.

    Raises BadModel where the folder holds none of them, or a net that ours cannot be.
    """
    if not isinstance(find_config(folder), StarDistConfig):
        return import_restoration(folder, name)
    model = import_stardist(folder, name)
    notes = []
    if not (folder / THRESHOLDS).is_file():
        notes.append(f"there is no {THRESHOLDS}, so prob and nms are StarDist's defaults, which nobody tuned")
    if classes := getattr(model.card.net, "classes", 0):
        notes.append(f"its {classes} classes are kept in the net, but not read yet")
    return Imported(model, weights_file(folder), tuple(notes))
