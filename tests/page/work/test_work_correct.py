"""Corrected label images on the page: dropped, paired, and handed on to a training that begins with their model."""

import re

import numpy as np
import pytest
import tifffile
from playwright.sync_api import expect

from convivo.io.images import read_labels
from page.looks import assert_accessible, open_screen

LONG = 120_000  # milliseconds for a job on a busy machine


@pytest.fixture(scope="module")
def predicted(lab):
    """A prediction of the folder, done."""
    job = lab.start_job(type="predict", images=[{"root": 1, "path": "fields"}], model="shipped:nuclei")
    lab.until(job, "done", 120)
    return job


@pytest.fixture(scope="module")
def corrected(lab, predicted, tmp_path_factory):
    """What predict wrote for a field, with one object more and a strip that nobody looked at."""
    results = lab.home / "lab" / "files" / lab.job(predicted)["out"]["path"]
    labels = tifffile.imread(results / "crowd1_labels.tif")
    labels[:20] = 65535
    labels[50:60, 50:60] = labels[labels < 65535].max() + 1
    path = tmp_path_factory.mktemp("fiji") / "crowd1_labels.tif"
    tifffile.imwrite(path, labels)
    return path


def test_a_corrected_file_is_paired_and_a_training_begins_with_its_model(page, lab, predicted, corrected):
    page.expected_errors = ["400"]
    open_screen(page, f"work/jobs/{predicted}")
    page.get_by_role("link", name="Correct the labels in Fiji").click(timeout=LONG)
    expect(page.get_by_role("combobox", name="Prediction")).to_have_value(predicted)
    expect(page.locator("[data-read=taken]")).to_have_text("0")
    expect(page.get_by_role("link", name="Train with them")).to_have_count(0)
    wrong = corrected.with_name("crowd7_labels.tif")
    wrong.write_bytes(corrected.read_bytes())
    page.get_by_label("open corrected label images").set_input_files([wrong, corrected])
    expect(page.locator("[data-read=taken]")).to_have_text("1", timeout=LONG)
    files = page.get_by_role("list", name="Dropped files")
    expect(files.get_by_role("alert")).to_contain_text("no image 'crowd7' in this prediction")
    expect(files.get_by_role("alert")).to_contain_text("crowd1")
    labels = tifffile.imread(corrected)
    objects, share = np.unique(labels[(labels > 0) & (labels < 65535)]).size, (labels == 65535).mean()
    told = files.get_by_role("listitem").filter(has_text="belongs to crowd1")
    expect(told).to_contain_text(f"{objects} objects, {share * 100:.1f} % not looked at")
    mask = lab.home / "lab" / "files" / "data" / f"corrected {predicted}" / "masks" / "crowd1.tif"
    np.testing.assert_array_equal(read_labels(mask) == -1, labels == 65535)
    assert_accessible(page)

    page.get_by_role("link", name="Train with them").click()
    expect(page.get_by_label("Begin with")).to_have_value("shipped:nuclei")
    expect(page.get_by_role("radio", name=re.compile("StarDist"))).to_be_checked()
    expect(page.get_by_role("radio", name=f"corrected {predicted}")).to_be_checked()
    expect(page.get_by_text(f"On data/corrected {predicted}.")).to_be_visible()
    expect(page.get_by_role("button", name="Train", exact=True)).to_be_enabled()


def test_files_dropped_on_the_page_are_taken_back_and_the_check_opens_with_them(page, predicted, corrected):
    open_screen(page, f"work/correct/{predicted}")
    expect(page.locator("[data-read=taken]")).to_be_visible()
    page.get_by_label("nobody looked at").uncheck()
    page.evaluate(
        """([name, bytes]) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], name));
            document.querySelector(".shell").dispatchEvent(
                new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
        }""",
        [corrected.name, list(corrected.read_bytes())],
    )
    expect(page.get_by_role("list", name="Dropped files")).to_contain_text("It holds 65535", timeout=LONG)
    page.get_by_role("link", name="Check them").click()
    expect(page.get_by_role("radio", name=f"corrected {predicted}")).to_be_checked()
    expect(page.get_by_role("button", name="Check the data")).to_be_enabled()
