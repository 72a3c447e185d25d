"""`convivo simulate pairs`: what images would look like at a lower exposure, beside the images themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from convivo.cli import options
from convivo.cli.console import say, watched
from convivo.errors import BadInput


def command(
    source: Annotated[
        list[str], typer.Option("--from", help="Images: a file, folder or pattern; may be repeated.")
    ],
    out: Annotated[Path, typer.Option(help="Folder to fill with low/ and high/.")],
    photons: Annotated[
        float, typer.Option(help="Mean photons of a pixel at the 99.8th percentile of its image.")
    ] = 20.0,
    read_noise: Annotated[float, typer.Option(help="Of the camera: standard deviation, in photons.")] = 1.0,
    axes: options.Axes = None,
    channel: options.Channel = None,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Make low-exposure twins of images: photons counted one by one, and the camera's own noise added.

    Twins are float32 in the units of their originals, so that both lie on one scale and nothing is clipped.
    """
    import numpy as np

    from convivo.io.atomic import empty_folders
    from convivo.io.exposures import HIGH, LOW
    from convivo.io.images import read, write_channels
    from convivo.io.inputs import find_images, output_names
    from convivo.ops.simulate import low_exposure_image

    if seed < 0:
        raise BadInput(f"seed {seed} is below 0", fix="use 0 or a positive number")
    paths = find_images(source)
    low, high = empty_folders(out / LOW, out / HIGH)
    files = list(zip(paths, output_names(paths), np.random.SeedSequence(seed).spawn(len(paths)), strict=True))
    for path, name, own in watched(files, "simulating", len(files), "image"):
        image = read(path, axes=axes, channel=channel)
        twin = low_exposure_image(image, photons, np.random.default_rng(own), read_noise=read_noise)
        write_channels(low / f"{name}.tif", twin)
        write_channels(high / f"{name}.tif", image)
    say(f"{len(files)} pairs at {photons:g} photons: {out}  (next: convivo train care {out} --out restorer)")
