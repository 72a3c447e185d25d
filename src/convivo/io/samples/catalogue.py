"""Which public data sets convivo can fetch, where they lie, whose they are and what must be in them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from convivo.errors import BadInput
from convivo.io.samples import bbbc039, dsb2018
from convivo.io.samples.progress import Progress

# Given the folder that holds each unpacked archive under its own name and the folder to fill with
# SPLIT/images and SPLIT/masks. May move files out of the first.
Arrange: TypeAlias = Callable[[Path, Path], Iterator[Progress]]


@dataclass(frozen=True, slots=True)
class Archive:
    """A zip file and where it is published."""

    file: str
    address: str


@dataclass(frozen=True, slots=True)
class Split:
    """A part of a data set and how many images, each with its mask, it must hold."""

    name: str
    images: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """A public data set."""

    name: str
    title: str
    contents: str
    citation: str
    licence: str
    archives: tuple[Archive, ...]
    splits: tuple[Split, ...]
    arrange: Arrange

    @property
    def images(self) -> int:
        """How many images all splits hold together."""
        return sum(split.images for split in self.splits)


BBBC039 = Sample(
    name="bbbc039",
    title="Nuclei of U2OS cells, Hoechst stain (BBBC039v1)",
    contents="520 x 696 pixels, 16 bit grey; 23,615 nuclei outlined by hand; pixel size not recorded",
    citation="Caicedo et al., Cytometry A 95:952-965 (2019); Ljosa et al., Nature Methods 9:637 (2012)",
    licence="CC0 1.0",
    archives=(
        Archive("images.zip", "https://data.broadinstitute.org/bbbc/BBBC039/images.zip"),
        Archive("masks.zip", "https://data.broadinstitute.org/bbbc/BBBC039/masks.zip"),
        Archive("metadata.zip", "https://data.broadinstitute.org/bbbc/BBBC039/metadata.zip"),
    ),
    splits=(Split("train", 100), Split("validation", 50), Split("test", 50)),
    arrange=bbbc039.arrange,
)

DSB2018 = Sample(
    name="dsb2018",
    title="Nuclei of the 2018 Data Science Bowl, the StarDist subset (of BBBC038v1)",
    contents="fluorescence images of mixed sizes; 43 BBBC039 fields are in the full set: keep the two apart",
    citation="Caicedo et al., Nature Methods 16:1247-1253 (2019); Ljosa et al., Nature Methods 9:637 (2012)",
    licence="CC0 1.0",
    archives=(
        Archive("dsb2018.zip", "https://github.com/stardist/stardist/releases/download/0.1.0/dsb2018.zip"),
    ),
    splits=(Split("train", 447), Split("test", 50)),
    arrange=dsb2018.arrange,
)

CATALOGUE = (BBBC039, DSB2018)


def find(name: str) -> Sample:
    """Data set of that name; case does not matter."""
    for sample in CATALOGUE:
        if sample.name == name.lower():
            return sample
    raise BadInput(
        f"there is no sample data set {name!r}", fix="use " + " or ".join(sample.name for sample in CATALOGUE)
    )
