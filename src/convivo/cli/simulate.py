"""`convivo simulate`: images whose truth is known, from the honest little microscope or from better images."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from convivo.cli import options, simulate_pairs
from convivo.cli.console import say, watched

PARTS = ("images", "masks", "clean")  # folders of a data set
NUCLEI = "nuclei"  # what is simulated where nothing else is named


class NucleiByDefault(TyperGroup):
    """`convivo simulate DATA` means `convivo simulate nuclei DATA`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the name of the command in front where it was left out."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = [NUCLEI, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=NucleiByDefault,
    no_args_is_help=True,
    help="Simulate nuclei (`convivo simulate DATA` does), or low-exposure twins of images (`pairs`).",
)


@app.command(NUCLEI)
def command(
    data: Annotated[Path, typer.Argument(help="Folder to fill with images/, masks/ and clean/.")],
    images: Annotated[int, typer.Option(help="How many.")] = 20,
    size: Annotated[int, typer.Option(help="Side of an image in pixels.")] = 256,
    slices: Annotated[int, typer.Option(help="Slices of a stack; 1 for flat images.")] = 1,
    nuclei: Annotated[int, typer.Option(help="Nuclei in each image; 0 for empty fields.")] = 24,
    diameter: Annotated[float, typer.Option(help="Of an ordinary nucleus, in pixels.")] = 28.0,
    crowding: Annotated[float, typer.Option(help="Share of nuclei that touch another, 0 to 1.")] = 0.3,
    overlap: Annotated[float, typer.Option(help="Largest share of a nucleus that others may cover.")] = 0.0,
    blur: Annotated[float, typer.Option(help="Point spread: sigma in pixels.")] = 1.4,
    background: Annotated[
        float, typer.Option(help="Light between nuclei, share of an ordinary nucleus.")
    ] = 0.1,
    unevenness: Annotated[float, typer.Option(help="How much dimmer the darkest place is lit.")] = 0.25,
    photons: Annotated[float, typer.Option(help="From an ordinary nucleus to one pixel.")] = 450.0,
    read_noise: Annotated[float, typer.Option(help="Of the camera, in photons.")] = 2.0,
    seed: options.Seed = 0,
    config: options.Config = None,
) -> None:
    """Draw nuclei, blur them, light them unevenly and count photons. Image k of a seed is always the same."""
    from convivo.io.atomic import empty_folders
    from convivo.ops.simulate import Microscope, Scene

    shape = (size, size) if slices == 1 else (slices, size, size)
    scene = Scene(shape=shape, nuclei=nuclei, diameter=diameter, crowding=crowding, overlap=overlap)
    microscope = Microscope(
        blur=blur, background=background, unevenness=unevenness, photons=photons, read_noise=read_noise
    )
    empty_folders(*(data / part for part in PARTS))
    write_simulated(data, images, scene, microscope, seed)
    say(
        f"{images} simulated images with seed {seed}: {data}  (next: convivo train unet {data} --out my-model)"
    )


def write_simulated(folder: Path, count: int, scene: object, microscope: object, seed: int) -> None:
    """Fill images/, masks/ and clean/ (the same field without noise)."""
    from convivo.io.atomic import output_folder
    from convivo.io.images import write_image, write_labels, write_map
    from convivo.ops.simulate import Microscope, Scene, simulate_many

    assert isinstance(scene, Scene)
    assert isinstance(microscope, Microscope)
    images, masks, clean = (output_folder(folder / part) for part in PARTS)
    pictures = simulate_many(count, scene, microscope, seed=seed)
    for number, picture in enumerate(watched(pictures, "simulating", count, "image")):
        name = f"nuclei_{number:04d}.tif"
        write_image(images / name, picture.image)
        write_labels(masks / name, picture.labels)
        write_map(clean / name, picture.clean)


app.command("pairs")(simulate_pairs.command)
