"""Every check of doubt has its picture in the docs, small enough, of one layout, and with words for whom sees none."""

import importlib.util
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from convivo.doubt import Finding, Level
from convivo.doubt.checks import OF_DATA, OF_IMAGES, OF_MODELS
from convivo.doubt.checks.calibration import CHECK as CALIBRATION

DOCS = Path(__file__).parents[1] / "docs"
PICTURES = DOCS / "pictures"
SHOWN = {
    name: alternative
    for page in DOCS.glob("doubt*.md")
    for alternative, name in re.findall(
        r"!\[([^]]*)\]\(pictures/doubt-([\w-]+)\.png\)", page.read_text("utf-8")
    )
}
MOST, ALL = 120_000, 1_500_000  # bytes


def module(name):
    """A module of the script's folder, which is no package."""
    sys.path.insert(0, str(PICTURES))
    try:
        spec = importlib.util.spec_from_file_location(name, PICTURES / f"{name}.py")
        found = importlib.util.module_from_spec(spec)
        sys.modules[name] = found
        spec.loader.exec_module(found)
    finally:
        sys.path.remove(str(PICTURES))
    return found


@pytest.fixture(scope="module")
def panels():
    return module("panels")


def checks():
    """Names of the pictures: a check of data and one of images may ask the same question in two ways."""
    for check in (*OF_IMAGES, *OF_MODELS, *OF_DATA, CALIBRATION):
        yield check.ask.__module__.rpartition(".")[2].replace("_", "-")


@pytest.mark.parametrize("check", sorted({*checks(), "pairing"}))
def test_every_check_has_its_picture_in_the_docs(check):
    assert (PICTURES / f"doubt-{check}.png").is_file()
    assert len(SHOWN[check].split()) > 8, "the alternative text tells both cases"


def test_the_script_draws_what_the_docs_show():
    cases = module("doubt_cases")
    assert (
        set(cases.CASES)
        == set(SHOWN)
        == {path.stem.removeprefix("doubt-") for path in PICTURES.glob("*.png")}
    )
    assert all(cases.path_of(name).is_file() for name in cases.CASES)


def test_pictures_are_small_and_of_one_width(panels):
    paths = list(PICTURES.glob("*.png"))
    assert {pixels_of(path).shape[1] for path in paths} == {panels.WIDTH}
    assert max(path.stat().st_size for path in paths) <= MOST
    assert sum(path.stat().st_size for path in paths) <= ALL


def pixels_of(path):
    with Pillow.open(path) as picture:
        return np.asarray(picture.convert("RGB"))


def panel(panels, level, shown=None):
    finding = Finding(image="", id="leak", level=level, measured=0.5, expected=(0.0, 0.1), evidence="")
    shown = np.zeros((176, 240, 3), np.uint8) if shown is None else shown
    return panels.Panel([panels.Part(shown, "below")], "done", finding, "share:", "what is true", "%")


@pytest.mark.parametrize(
    ("caught", "missed", "words"),
    [
        (Level.note, Level.fine, "not caught"),
        (Level.warn, Level.warn, "caught"),
        (Level.fine, Level.stop, "caught"),
    ],
)
def test_a_case_that_is_none_is_refused(panels, caught, missed, words):
    with pytest.raises(ValueError, match=words):
        panels.Case(panel(panels, caught), panel(panels, missed))


def test_what_is_said_is_the_number_of_the_finding(panels):
    assert (
        panel(panels, Level.warn).said
        == "share: 50\N{NO-BREAK SPACE}% (no doubt up to 10\N{NO-BREAK SPACE}%)"
    )


def test_a_drawn_case_shows_its_pictures_pixel_by_pixel(panels, tmp_path):
    shown = np.zeros((176, 240, 3), np.uint8)
    shown[::2] = 255
    many_colours = np.random.default_rng(0).integers(0, 256, shown.shape, np.uint8)
    case = panels.Case(panel(panels, Level.stop, shown), panel(panels, Level.fine, many_colours))
    panels.draw(tmp_path / "case.png", case)
    drawn = pixels_of(tmp_path / "case.png")
    left = panels.MARGIN
    box = drawn[panels.HEAD : panels.HEAD + 352, left : left + 480]
    assert np.array_equal(box, shown.repeat(2, axis=0).repeat(2, axis=1))
    assert (drawn == panels.to_rgb_bytes(panels.MARKS[Level.stop][1])).all(axis=2).sum() > 20
