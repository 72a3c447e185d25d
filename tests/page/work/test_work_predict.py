"""Predict on the page: what it counts is what Python counts, under any thresholds, and nothing is lost by a reload."""

import csv
import io
import re
import zipfile

import numpy as np
import pytest
import tifffile
from playwright.sync_api import expect

from convivo.io.images import read
from convivo.io.places import SHIPPED
from convivo.model import Model
from convivo.run.asking import PredictOptions
from convivo.run.predict import predict
from convivo.types import Image
from page.crowds import crowd
from page.looks import assert_accessible, open_screen

LONG = 120_000  # milliseconds for a job on a busy machine


@pytest.fixture(scope="module")
def nuclei_model():
    return Model.load(SHIPPED / "nuclei")


@pytest.fixture(scope="module")
def truth(chosen, nuclei_model):
    """What Python finds in a field, under settings."""

    def found(name, **settings):
        return predict(nuclei_model, read(chosen / "fields" / name), PredictOptions(settings=settings))

    return found


@pytest.fixture(scope="module")
def predicted(lab):
    """A prediction of the folder, done."""
    job = lab.start_job(type="predict", images=[{"root": 1, "path": "fields"}], model="shipped:nuclei")
    lab.until(job, "done", 120)
    return job


def opened(page, job, image=1, more=""):
    open_screen(page, f"work/jobs/{job}?image={image}{more}")
    expect(page.locator("[data-read=objects]")).to_have_text(re.compile(r"\d"), timeout=LONG)


def objects(page):
    return page.locator("[data-read=objects]")


def test_a_folder_is_predicted_and_counted_as_python_counts(page, truth):
    open_screen(page, "work/predict")
    page.get_by_role("button", name="open the folder fields").click()
    page.get_by_label("the whole folder: 3 images").check()
    expect(page.get_by_label("crowd1.tif")).to_be_disabled()
    page.get_by_role("button", name="Predict", exact=True).click()
    expect(objects(page)).to_have_text(str(len(truth("crowd1.tif").objects)), timeout=LONG)
    expect(page.locator(".work-state").first).to_have_text("✓ done", timeout=LONG)
    counts = [len(truth(name).objects) for name in ("crowd1.tif", "crowd2.tif")]
    assert min(counts) > 15
    for name, count in zip(("crowd1", "crowd2"), counts, strict=True):
        expect(page.get_by_role("link", name=name)).to_contain_text(f"{count} objects")


def test_a_file_that_cannot_be_read_says_why_and_what_helps_beside_the_others(page, predicted):
    opened(page, predicted)
    failed = page.locator(".work-image-failed")
    expect(failed).to_contain_text("notes")
    expect(failed.get_by_role("alert")).to_contain_text("is a text file, not a TIFF")
    expect(failed.get_by_role("alert")).to_contain_text("Give the image itself.")


def test_a_threshold_decides_again_as_python_decides(page, predicted, truth):
    opened(page, predicted)
    slider = page.get_by_role("slider", name="how likely a star has to be")
    slider.focus()
    card = float(slider.input_value())
    for _ in range(15):
        page.keyboard.press("ArrowRight")
    expected = len(truth("crowd1.tif", prob=round(card + 0.15, 2)).objects)
    assert expected != len(truth("crowd1.tif").objects)
    expect(objects(page)).to_have_text(str(expected))
    page.wait_for_url("**prob=0.8*")
    page.reload()
    expect(objects(page)).to_have_text(str(expected), timeout=LONG)


def test_what_is_pointed_at_is_marked_in_the_table_and_back(page, predicted, truth):
    opened(page, predicted)
    found = truth("crowd1.tif").objects
    last = found[-1]
    frame = page.get_by_role("application")
    frame.scroll_into_view_if_needed()
    box = frame.bounding_box()
    scale = min(box["width"] / 260, box["height"] / 200)
    x = box["width"] / 2 + (last.position[1] + 0.5 - 130) * scale
    y = box["height"] / 2 + (last.position[0] + 0.5 - 100) * scale
    frame.click(position={"x": x, "y": y})
    row = page.locator(f"tr[data-label='{last.label}']")
    expect(row).to_have_attribute("aria-selected", "true")
    expect(row).to_be_in_viewport()
    expect(page.locator("[data-read=marked]")).to_have_text(str(last.label))

    for _ in range(4):
        page.get_by_role("button", name="zoom in").click()
    grid = page.get_by_role("grid")
    grid.focus()
    page.keyboard.press("Home")
    expect(page.locator("[data-read=marked]")).to_have_text("1")
    seen = page.locator("[data-read=seen]").inner_text()
    left, right, top, bottom = map(int, re.findall(r"(\d+) to (\d+), rows (\d+) to (\d+)", seen)[0])
    assert right - left < 200
    assert left <= found[0].position[1] <= right
    assert top <= found[0].position[0] <= bottom


def test_the_table_is_sorted_by_what_is_chosen(page, predicted, truth):
    opened(page, predicted)
    page.get_by_role("button", name="area").click()
    largest = max(each.area for each in truth("crowd1.tif").objects)
    expect(page.locator("tr[data-label] >> nth=0").locator("td").nth(1)).to_have_text(str(largest))
    expect(page.get_by_role("columnheader", name="area")).to_have_attribute("aria-sort", "descending")


def test_export_writes_what_the_thresholds_decide(page, predicted, truth):
    opened(page, predicted, more="&prob=0.85")
    expected = {name: len(truth(f"{name}.tif", prob=0.85).objects) for name in ("crowd1", "crowd2")}
    expect(objects(page)).to_have_text(str(expected["crowd1"]))
    page.get_by_role("button", name="Write all images with these").click()
    page.wait_for_url(lambda url: predicted not in url)
    expect(page.locator(".work-state").first).to_have_text("✓ done", timeout=LONG)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download all").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("objects.csv").decode())))
        labels = tifffile.imread(io.BytesIO(archive.read("crowd1_labels.tif")))
    found = {name: sum(row["image"] == name for row in rows) for name in expected}
    assert found == expected
    np.testing.assert_array_equal(labels, truth("crowd1.tif", prob=0.85).labels)


def test_a_dropped_file_is_predicted_and_one_that_is_no_image_is_refused_in_words(page, chosen):
    page.expected_errors = ["400"]
    open_screen(page, "work/predict")
    files = page.locator(".work-drop input[type=file]")
    files.set_input_files(chosen / "fields" / "notes.tif")
    expect(page.get_by_role("alert")).to_contain_text("is a text file")
    files.set_input_files(chosen / "fields" / "crowd2.tif")
    expect(page.get_by_role("checkbox", name="crowd2.tif")).to_be_checked()
    expect(page.get_by_text("Chosen: 1 dropped.")).to_be_visible()
    expect(page.get_by_role("button", name="Predict", exact=True)).to_be_enabled()


def test_pages_of_a_film_are_looked_at_one_by_one_and_kept_in_the_address(page, lab, chosen, nuclei_model):
    film = np.stack([crowd(seed)[:128, :128] for seed in range(3)])
    (chosen / "films").mkdir()
    tifffile.imwrite(chosen / "films" / "film.tif", film, imagej=True, metadata={"axes": "TYX"})
    job = lab.start_job(type="predict", images=[{"root": 1, "path": "films"}], model="shipped:nuclei")
    lab.until(job, "done", 120)
    counts = [len(predict(nuclei_model, Image(each[None], "CYX", "film")).objects) for each in film]
    assert counts[0] != counts[1]
    opened(page, job)
    expect(objects(page)).to_have_text(str(counts[1]))
    page.get_by_role("slider", name="page").fill("0")
    expect(objects(page)).to_have_text(str(counts[0]))
    page.wait_for_url("**page=0*")
    page.reload()
    expect(objects(page)).to_have_text(str(counts[0]), timeout=LONG)


def test_every_state_of_a_prediction_is_accessible(page, predicted):
    open_screen(page, "work/predict")
    page.get_by_role("button", name="open the folder fields").click()
    page.get_by_text("Options").click()
    assert_accessible(page)
    opened(page, predicted)
    page.get_by_role("grid").focus()
    page.keyboard.press("ArrowDown")
    page.get_by_text("Asked, and fine").click()
    assert_accessible(page)
