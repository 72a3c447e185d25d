"""The images of the 2018 Data Science Bowl on which StarDist was trained, as its authors publish them.

Data: Caicedo et al., Nature Methods 16:1247-1253 (2019). Choice: Schmidt et al., MICCAI 2018.
"""

from collections.abc import Iterator
from pathlib import Path

from convivo.io.samples.disk import move
from convivo.io.samples.progress import Progress

FOLDERS = ("train/images", "train/masks", "test/images", "test/masks")


def arrange(unpacked: Path, folder: Path) -> Iterator[Progress]:
    """Move images and masks, already label images paired by name, to `folder/SPLIT/{images,masks}`."""
    moves = [
        (file, folder / kind / file.name)
        for kind in FOLDERS
        for file in sorted(unpacked.glob(f"**/{kind}/*.tif"))
        if not file.name.startswith(".")  # what a Mac adds to a zip
    ]
    for number, (file, target) in enumerate(moves, 1):
        move(file, target)
        yield Progress("sorting images", number, len(moves), "files")
