"""What the JSON files beside Keras weights say: `config.json` of StarDist, CARE and Noise2Void, and `thresholds.json`.

The originals' own names are kept. What cannot be read from the weights must be there; the rest is None where the file
says nothing, and is held against the weights where it says something.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias, TypeVar

import msgspec

from convivo.errors import BadModel

if TYPE_CHECKING:
    from pathlib import Path

CONFIG: Final = "config.json"
THRESHOLDS: Final = "thresholds.json"
_WHOLE: Final = f"give the folder that the original package wrote, with {CONFIG} and weights_best.h5 in it"

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Read = TypeVar("Read")


class StarDistConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Of a StarDist model."""

    n_rays: int
    grid: tuple[int, ...]
    axes: str
    n_dim: int = 2
    n_channel_in: int | None = None
    n_classes: int | None = None  # without the background
    backbone: str = "unet"
    unet_n_depth: int | None = None
    unet_kernel_size: tuple[int, ...] | None = None
    unet_n_filter_base: int | None = None
    unet_n_conv_per_depth: int | None = None
    unet_pool: tuple[int, ...] = (2, 2)
    unet_activation: str = "relu"
    unet_last_activation: str = "relu"
    unet_batch_norm: bool | None = None
    unet_expansion: int | float | None = None
    unet_prefix: str = ""
    net_conv_after_unet: int | None = None


class CareConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Of a CARE model."""

    axes: str
    unet_residual: bool
    n_dim: int | None = None
    n_channel_in: int | None = None
    n_channel_out: int | None = None
    probabilistic: bool | None = None
    unet_n_depth: int | None = None
    unet_kern_size: int | None = None
    unet_n_first: int | None = None
    unet_last_activation: str = "linear"
    proj_axis: str | None = None  # of a ProjectionCARE


class N2VConfig(CareConfig, frozen=True, kw_only=True):
    """Of a Noise2Void model: besides the net's sizes, how images are scaled and how pixels were hidden."""

    means: tuple[str | float, ...]  # of each channel; the original writes them as text
    stds: tuple[str | float, ...]
    batch_norm: bool | None = None
    single_net_per_channel: bool | None = None
    blurpool: bool | None = None
    skip_skipone: bool | None = None
    n2v_perc_pix: float | None = None
    n2v_manipulator: str | None = None
    n2v_neighborhood_radius: int | None = None
    structN2Vmask: Any = None  # noqa: N815


Config: TypeAlias = StarDistConfig | CareConfig | N2VConfig


class Thresholds(msgspec.Struct, frozen=True, kw_only=True):
    """What `thresholds.json` says."""

    prob: Share
    nms: Share


UNTUNED = Thresholds(prob=0.5, nms=0.4)  # the original's, where nobody tuned them


def read_config(folder: Path) -> Config:
    """`config.json`, by its fields a StarDist, Noise2Void or CARE model's; raises BadModel where it is none of them."""
    config = find_config(folder)
    if config is None:
        raise BadModel(f"{folder} has no {CONFIG}", fix=_WHOLE)
    return config


def find_config(folder: Path) -> Config | None:
    """The same, and None where there is no such file."""
    if not folder.is_dir():
        raise BadModel(f"{folder} is no folder", fix=f"unpack the archive, and {_WHOLE}")
    path = folder / CONFIG
    if not path.is_file():
        return None
    fields = _read_json(path, dict[str, Any], "any of the originals")
    if "n_rays" in fields:
        return _read_json(path, StarDistConfig, "StarDist")
    if {"means", "stds"} & fields.keys() or any(name.startswith("n2v_") for name in fields):
        return _read_json(path, N2VConfig, "Noise2Void")
    return _read_json(path, CareConfig, "CARE")


def read_thresholds(folder: Path) -> Thresholds:
    """`thresholds.json`, or the original's defaults where the file is absent."""
    path = folder / THRESHOLDS
    return _read_json(path, Thresholds, "StarDist") if path.is_file() else UNTUNED


def _read_json(path: Path, kind: type[Read], writer: str) -> Read:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except (OSError, UnicodeDecodeError, RecursionError, msgspec.MsgspecError) as error:
        raise BadModel(f"{path} is not what {writer} writes: {error}", fix=_WHOLE) from error
