"""`convivo simulate`: images whose truth is known, from the honest little microscope or from better images."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from convivo.cli import options, simulate_pairs
from convivo.cli.console import say, watched

if TYPE_CHECKING:
    from convivo.ops.simulate import Microscope, Scene

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
    from convivo.work.orders import SimulateOrder
    from convivo.work.simulating import simulate

    order = SimulateOrder(
        out=str(data),
        images=images,
        size=size,
        slices=slices,
        nuclei=nuclei,
        diameter=diameter,
        crowding=crowding,
        overlap=overlap,
        blur=blur,
        background=background,
        unevenness=unevenness,
        photons=photons,
        read_noise=read_noise,
        seed=seed,
    )
    events = simulate(order)
    next(events)  # what can be refused is refused before there is a bar
    for _ in watched(events, "simulating", images, "image"):
        pass
    say(
        f"{images} simulated images with seed {seed}: {data}  (next: convivo train unet {data} --out my-model)"
    )


def write_simulated(folder: Path, count: int, scene: Scene, microscope: Microscope, seed: int) -> None:
    """Fill images/, masks/ and clean/ (the same field without noise)."""
    from convivo.work.simulating import filled

    for _ in watched(filled(folder, count, scene, microscope, seed), "simulating", count, "image"):
        pass


app.command("pairs")(simulate_pairs.command)
