"""What the tests of several commands start from."""

import numpy as np
import pytest
import tifffile

from simulated import nuclei


@pytest.fixture
def folder(tmp_path):
    """A small data set on disk."""
    for part in ("images", "masks"):
        (tmp_path / "data" / part).mkdir(parents=True)
    for each in nuclei(4):
        tifffile.imwrite(tmp_path / "data" / "images" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(tmp_path / "data" / "masks" / f"{each.name}.tif", each.labels.astype(np.uint16))
    return tmp_path / "data"
