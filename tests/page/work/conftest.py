"""A lab with a folder that a person chose: two crowded fields, a text that is no image, and data to train on."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import numpy as np
import pytest
import tifffile

from convivo.serve import PAGE
from page.crowds import crowd
from served import Served
from simulated import nuclei


def put_data(folder, count=6):
    """Images and masks to train on; in "odd" one field is there twice, and one has no mask."""
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    for each in nuclei(count, shape=(96, 96), objects=6):
        tifffile.imwrite(folder / "images" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(folder / "masks" / f"{each.name}.tif", each.labels.astype(np.uint16))


@pytest.fixture(scope="module")
def chosen(tmp_path_factory):
    """What the person chose."""
    folder = tmp_path_factory.mktemp("chosen")
    (folder / "fields").mkdir()
    for seed in (1, 2):
        tifffile.imwrite(folder / "fields" / f"crowd{seed}.tif", crowd(seed))
    (folder / "fields" / "notes.tif").write_text("these are my cells")
    put_data(folder / "small")
    put_data(folder / "odd")
    images = sorted((folder / "odd" / "images").iterdir())
    shutil.copy(images[0], images[1])
    (folder / "odd" / "masks" / images[2].name).unlink()
    return folder


@pytest.fixture(scope="module")
def lab(chosen, tmp_path_factory) -> Iterator[Served]:
    """The lab, as a test asks it beside the page."""
    if not (PAGE / "index.html").is_file():
        pytest.skip("the page was not built here: make page")
    if shutil.which("chromium") is None:
        pytest.skip("no Chromium here: apt install chromium")
    served = Served(tmp_path_factory.mktemp("home"), chosen)
    yield served
    served.end()


@pytest.fixture(scope="module")
def lab_address(lab) -> str:
    """Where the page of the tests is opened: in this lab, not in the one of the other tests."""
    return f"{lab.address}/#token={lab.token}"


@pytest.fixture(autouse=True)
def _verdicts_of_the_lab(lab, monkeypatch):
    """Python trusts the engine that the lab trusts, whatever other tests found out about it."""
    monkeypatch.setenv("CONVIVO_HOME", str(lab.home))
