"""What tests of the lab start from: one server for a file of tests, or one for a single test that does away with it."""

import numpy as np
import pytest
import tifffile

from convivo.serve import PAGE
from served import Served
from simulated import nuclei


def needs_page():
    if not (PAGE / "index.html").is_file():
        pytest.skip("the page was not built here: make page")


def put_data(folder, count=4, side=64):
    """A small data set on disk."""
    for part in ("images", "masks"):
        (folder / part).mkdir(parents=True)
    for each in nuclei(count, shape=(side, side), objects=4):
        tifffile.imwrite(folder / "images" / f"{each.name}.tif", each.image.array[0])
        tifffile.imwrite(folder / "masks" / f"{each.name}.tif", each.labels.astype(np.uint16))
    return folder


@pytest.fixture(scope="module")
def chosen(tmp_path_factory):
    """A folder that the person chose, with data and a text that is no image."""
    folder = tmp_path_factory.mktemp("chosen")
    put_data(folder / "data")
    (folder / "odd").mkdir()
    (folder / "odd" / "notes.tif").write_text("these are my cells")
    return folder


@pytest.fixture(scope="module")
def lab(chosen, tmp_path_factory):
    """A lab for a file of tests."""
    needs_page()
    served = Served(tmp_path_factory.mktemp("home"), chosen)
    yield served
    served.end()


@pytest.fixture
def serve(tmp_path):
    """Start a lab of one's own; all are ended with the test."""
    needs_page()
    started = []

    def start(*folders, **how):
        started.append(Served(tmp_path / "home", *folders, **how))
        return started[-1]

    yield start
    for served in started:
        if served.process.poll() is None:
            served.kill()
