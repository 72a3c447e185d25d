"""Make a folder of images whose truth is known, from the honest little microscope."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from convivo.io.atomic import empty_folders, output_folder
from convivo.io.images import write_image, write_labels, write_map
from convivo.ops.simulate import Microscope, Scene, simulate_many
from convivo.work.events import Begun, Event, ImageDone, Simulated
from convivo.work.orders import SimulateOrder

PARTS = ("images", "masks", "clean")  # folders of a data set


def simulate(order: SimulateOrder) -> Iterator[Event]:
    """Fill images/, masks/ and clean/ (the same field without noise). Image k of a seed is always the same."""
    flat = (order.size, order.size)
    scene = Scene(
        shape=flat if order.slices == 1 else (order.slices, *flat),
        nuclei=order.nuclei,
        diameter=order.diameter,
        crowding=order.crowding,
        overlap=order.overlap,
    )
    microscope = Microscope(
        blur=order.blur,
        background=order.background,
        unevenness=order.unevenness,
        photons=order.photons,
        read_noise=order.read_noise,
    )
    out = Path(order.out)
    if not order.resume:  # whoever goes on writes the same images over those that are there
        empty_folders(*(out / part for part in PARTS))
    yield Begun(what="simulating", total=order.images, about=out.name)
    for number, name in enumerate(filled(out, order.images, scene, microscope, order.seed), start=1):
        yield ImageDone(number=number, image=name, path=str(out / PARTS[0] / name), objects=None)
    yield Simulated(out=str(out), images=order.images)


def filled(folder: Path, count: int, scene: Scene, microscope: Microscope, seed: int) -> Iterator[str]:
    """Write so many images with their masks and clean twins; yields the name of each as it is there."""
    images, masks, clean = (output_folder(folder / part) for part in PARTS)
    for number, picture in enumerate(simulate_many(count, scene, microscope, seed=seed)):
        name = f"nuclei_{number:04d}.tif"
        write_image(images / name, picture.image)
        write_labels(masks / name, picture.labels)
        write_map(clean / name, picture.clean)
        yield name
