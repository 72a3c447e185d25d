"""Weights as Keras writes them, in models of the original StarDist, CARE and Noise2Void.

    folder/
        config.json          sizes of the net, and how it was trained (`keras_config` reads it)
        weights_best.h5      HDF5: attribute `layer_names`; for each layer a group with attribute `weight_names`

One weight has many names. Keras 2.2.4 writes `features/features_1/kernel:0`, later ones `features/features/kernel:0`,
Keras 3 `features/features/kernel`, and a group `top_level_model_weights` that no list of layers names. So a layer is
what `layer_names` says, its weights are what its `weight_names` say, and only the last part of a path tells their
kind. Nothing here is evaluated or unpickled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import h5py
import numpy as np

from convivo.errors import BadModel

if TYPE_CHECKING:
    from pathlib import Path

    from convivo.types import AnyArray

PREFERRED: Final = ("weights_best.h5", "weights_last.h5")
_AGAIN: Final = "copy the folder again from where the model was trained"
_ONE_FILE: Final = "give a model whose weights are in one file, as the original package saved it"


@dataclass(frozen=True, slots=True, eq=False)
class Weight:
    """One array of a layer; its kind is kernel, bias, gamma, beta, moving_mean, moving_variance or blur_kernel."""

    kind: str
    values: AnyArray  # float32, axes as Keras has them: a 2-D kernel is (Y, X, in, out)


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A layer that has weights, and the file that it was read from, for the errors."""

    file: Path
    name: str
    weights: tuple[Weight, ...]

    def holds(self, kind: str) -> bool:
        """Whether it has a weight of that kind."""
        return any(weight.kind == kind for weight in self.weights)

    def array(self, kind: str) -> AnyArray:
        """The one weight of that kind; raises BadModel where there is none, or several."""
        found = [weight.values for weight in self.weights if weight.kind == kind]
        if len(found) != 1:
            kinds = ", ".join(weight.kind for weight in self.weights)
            raise BadModel(
                f"layer {self.name} of {self.file} has {len(found)} weights {kind!r} (it has {kinds})",
                fix="give a model as the original package saves it",
            )
        return found[0]


@dataclass(slots=True, eq=False)
class _Source:
    """The file that is read, and how many of its bytes no weight has claimed yet.

    Keras does not compress and writes each weight once, so all weights together are smaller than their file. In one
    that claims more a few bytes could fill all memory: packed, or one array listed a thousand times.
    """

    path: Path
    left: int


def weights_file(folder: Path) -> Path:
    """The best weights, else the last, else the only file `weights*.h5` there is."""
    for name in PREFERRED:
        if (folder / name).is_file():
            return folder / name
    others = sorted(folder.glob("weights*.h5"))
    if not others:
        raise BadModel(
            f"{folder} has no weights*.h5",
            fix=f"give the folder that the original package wrote, with config.json and {PREFERRED[0]} in it",
        )
    if len(others) > 1:
        names = ", ".join(path.name for path in others)
        raise BadModel(
            f"{folder} has several files of weights: {names}", fix=f"rename one of them to {PREFERRED[0]}"
        )
    return others[0]


def read_layers(path: Path) -> tuple[Layer, ...]:
    """The layers that have weights, in the order of the file; raises BadModel where it cannot be read."""
    try:
        with h5py.File(path, "r") as file:
            if "layer_names" not in file.attrs:
                raise BadModel(
                    f"{path} has no list of layers (attribute layer_names)",
                    fix="give the weights that the original package saved, such as weights_best.h5",
                )
            source = _Source(path, path.stat().st_size)
            layers = [_layer(source, file, name) for name in _names(file, "layer_names")]
    except (OSError, KeyError, ValueError, TypeError, RuntimeError) as error:  # h5py raises all of these
        raise BadModel(f"{path} cannot be read: {error}", fix=_AGAIN) from error
    return tuple(layer for layer in layers if layer.weights)


def _layer(source: _Source, file: h5py.File, name: str) -> Layer:
    group = _stored(file, name, f"layer {name} of {source.path}")
    if group is None:
        raise BadModel(f"layer {name} is listed in {source.path} and missing there", fix=_AGAIN)
    weights = (
        Weight(_kind(each), _values(source, name, group, each)) for each in _names(group, "weight_names")
    )
    return Layer(source.path, name, tuple(weights))


def _values(source: _Source, layer: str, group: h5py.Group, name: str) -> AnyArray:
    """One weight, after the checks that keep a damaged or malicious file from doing harm."""
    where = f"weight {name} of layer {layer} of {source.path}"
    stored = _stored(group, name, where)
    if stored is None:
        raise BadModel(f"{where} is listed and missing", fix=_AGAIN)
    if not isinstance(stored, h5py.Dataset) or stored.dtype.kind != "f":
        raise BadModel(f"{where} is no array of floating-point numbers", fix=_AGAIN)
    if stored.external or stored.is_virtual:
        raise BadModel(f"{where} lies in another file", fix=_ONE_FILE)
    source.left -= stored.nbytes
    if source.left < 0:
        raise BadModel(
            f"{where} has shape {stored.shape}, more than the file holds beside the weights before it",
            fix=_AGAIN,
        )
    values = np.asarray(stored[()], np.float32)
    if not np.isfinite(values).all():
        raise BadModel(
            f"{where} holds numbers that are not finite",
            fix="the training went astray: give the weights of an earlier step, or train anew",
        )
    return values


def _stored(group: h5py.Group, name: str, where: str) -> h5py.Group | h5py.Dataset | None:
    """What lies at that path, or None. Each step must be a hard link: any other can leave the file, and Keras has none.

    A link is looked at and never followed, so that the file it names is not even opened.
    """
    at = group.file if name.startswith("/") else group
    for part in filter(None, name.split("/")):
        link = at.get(part, getlink=True) if isinstance(at, h5py.Group) else None
        if isinstance(link, h5py.ExternalLink):
            raise BadModel(f"{where} lies in another file, {link.filename}", fix=_ONE_FILE)
        if isinstance(link, h5py.SoftLink):
            raise BadModel(f"{where} is a link to {link.path}", fix=_ONE_FILE)
        if link is None:
            return None
        at = at[part]
    return at


def _names(group: h5py.Group, attribute: str) -> list[str]:
    """A list of names, which some versions write as bytes."""
    return [name.decode() if isinstance(name, bytes) else str(name) for name in group.attrs[attribute]]


def _kind(name: str) -> str:
    """`features_1/kernel:0` is a kernel."""
    return name.rsplit("/", 1)[-1].removesuffix(":0")
