"""Which nets a Keras file of CARE or Noise2Void holds, and their sizes. Besides the U-Net's layers, each with
`channel_{k}` before its name in Noise2Void, there is only

conv2d_{k}, conv3d_{k}     the head: one convolution; two where the net is probabilistic, means before scales; one for
                           each channel where each has a net of its own

Version 0.3.2 of Noise2Void builds other blocks on the way up than earlier ones, and no config says so
(`UNetSize.narrow_up`); their kernels do.
"""

from __future__ import annotations

from dataclasses import dataclass

from convivo.errors import BadInput, BadModel
from convivo.io.keras_config import CONFIG, CareConfig, N2VConfig
from convivo.model.keras_weights import DAMAGED, FIRST, OTHER_NET, KerasLayers, check_config, unet_sizes
from convivo.nets.restoration import RestorationSize


@dataclass(frozen=True, slots=True)
class KerasNets:
    """The layers of a file, and how those of its nets are called."""

    layers: KerasLayers
    prefixes: tuple[str, ...]  # of each U-Net
    heads: tuple[str, ...]

    @property
    def first(self) -> str:
        """The first layer of the first U-Net."""
        return self.prefixes[0] + FIRST

    @property
    def dimensions(self) -> int:
        """2 or 3, as the first kernel has them."""
        return 3 if self.layers[self.first].array("kernel").ndim == 5 else 2


def nets_in(layers: KerasLayers) -> KerasNets:
    """Which U-Nets there are, by the prefixes of their layers."""
    count = layers.count(f"channel_{{}}{FIRST}", 0)
    prefixes = [f"channel_{number}" for number in range(count)] or [""]
    heads = layers.numbered()
    most = count or 2  # channel by channel, or means and scales
    if not (count or 1) <= len(heads) <= most:
        raise BadModel(
            f"{layers.path} has {len(heads)} last convolutions ({', '.join(heads) or 'none'}), "
            f"and its {len(prefixes)} U-Net{'s' * (count > 1)} can have {count or '1 or 2'}",
            fix=DAMAGED,
        )
    return KerasNets(layers, tuple(prefixes), tuple(heads))


def size_of(nets: KerasNets, config: CareConfig) -> RestorationSize:
    """Sizes as the shapes of the weights tell them."""
    layers, prefix, number = nets.layers, nets.prefixes[0], len(nets.prefixes)
    sizes = unet_sizes(layers, prefix, nets.dimensions, depth=config.unet_n_depth or 1, convolutions=2)
    separate = number > 1
    channels = number if separate else sizes["channels"]
    restored = number if separate else layers.kernel(nets.heads[0], nets.dimensions)[-1]
    try:
        return RestorationSize(
            **sizes | {"channels": channels},
            restored=restored,
            residual=config.unet_residual,
            probabilistic=not separate and len(nets.heads) > 1,
            separate=separate,
            batch_norm=bool(layers.norms),
            pooling="blur" if f"{prefix}max_0" in layers else "max",
            cut=() if _has_finest_skip(nets, sizes) else (0,),
            narrow_up=_is_narrow(nets, sizes),
        )
    except BadInput as error:
        raise BadModel(f"{layers.path} holds another net: {error.problem}", fix=OTHER_NET) from error


def _has_finest_skip(nets: KerasNets, sizes: dict[str, int]) -> bool:
    """Whether the finest block on the way up reads a skip beside what was upsampled."""
    first = f"{nets.prefixes[0]}up_level_0_no_0"
    return nets.layers.kernel(first, nets.dimensions)[-2] != sizes["filters"]


def _is_narrow(nets: KerasNets, sizes: dict[str, int]) -> bool:
    """Whether blocks on the way up begin with the first level's width; on the finest level it is the same."""
    if sizes["depth"] < 2 or sizes["expansion"] < 2:
        return False
    second = f"{nets.prefixes[0]}up_level_1_no_0"
    return nets.layers.kernel(second, nets.dimensions)[-1] == sizes["filters"]


def check_against(config: CareConfig, size: RestorationSize, nets: KerasNets) -> None:
    """Refuse weights of another net than `config.json` describes, and name the layer that differs."""
    prefix, first, head = nets.prefixes[0], nets.first, nets.heads[-1]
    said: dict[str, tuple[object, object, str]] = {
        "axes": (axes_of_space(config), "ZYX"[-size.dimensions :], first),
        "n_dim": (config.n_dim, size.dimensions, first),
        "n_channel_in": (config.n_channel_in, size.channels, first),
        "n_channel_out": (config.n_channel_out, size.restored, head),
        "unet_n_depth": (config.unet_n_depth, size.depth, f"{prefix}down_level_{size.depth - 1}_no_0"),
        "unet_kern_size": (config.unet_kern_size, size.kernel, first),
        "unet_n_first": (config.unet_n_first, size.filters, first),
        "probabilistic": (config.probabilistic, size.probabilistic, head),
    }
    if isinstance(config, N2VConfig):
        separate = config.single_net_per_channel if size.channels > 1 else None
        said |= {
            "batch_norm": (config.batch_norm, size.batch_norm, [*nets.layers.norms, first][0]),
            "single_net_per_channel": (separate, size.separate, first),
            "blurpool": (config.blurpool, size.pooling == "blur", f"{prefix}max_0"),
            "skip_skipone": (config.skip_skipone, 0 in size.cut, f"{prefix}up_level_0_no_0"),
        }
    check_config(said, nets.layers, CONFIG)


def axes_of_space(config: CareConfig) -> str:
    """Axes of the image without those of samples and channels."""
    return config.axes.replace("S", "").replace("C", "")
