"""`convivo samples` lists, gets and packs the public data sets, and says what to do next."""

import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
import tifffile
from typer.testing import CliRunner, Result

from convivo.cli.samples import app
from convivo.errors import BadInput, NotAvailable


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def dsb2018(tmp_path: Path) -> Path:
    """A zip with the published number of images, each of four pixels."""
    tiff = io.BytesIO()
    tifffile.imwrite(tiff, np.arange(4, dtype=np.uint16).reshape(2, 2))
    path = tmp_path / "dsb2018.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for split, count in {"train": 447, "test": 50}.items():
            for name in (f"{split}/{side}/{n:03}.tif" for side in ("images", "masks") for n in range(count)):
                archive.writestr(f"dsb2018/{name}", tiff.getvalue())
    return path


def convivo_samples(*words: object) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


def test_get_from_a_zip_fills_the_folder_and_names_licence_citation_and_next_step(dsb2018, tmp_path):
    result = convivo_samples("get", "dsb2018", "--from", dsb2018, "--out", "nuclei [1]")
    assert result.exit_code == 0, result.output
    assert "dsb2018 is in nuclei [1]: train 447, test 50 images" in result.stdout
    assert "CC0 1.0" in result.stdout
    assert "Caicedo" in result.stdout
    assert "convivo train unet" in result.stdout
    assert len(list((tmp_path / "nuclei [1]").glob("*/masks/*.tif"))) == 497


def test_what_was_fetched_is_listed_packed_and_got_again_from_the_stick(dsb2018, tmp_path, monkeypatch):
    assert convivo_samples("get", "dsb2018", "--from", dsb2018).exit_code == 0
    [_, listed] = json.loads(convivo_samples("list", "--json").stdout)
    assert listed["fetched_bytes"] == dsb2018.stat().st_size
    result = convivo_samples("pack", "--out", "stick.zip")
    assert result.exit_code == 0, result.output
    assert "convivo samples get dsb2018 --from stick.zip" in result.stdout
    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path / "home of another"))
    assert convivo_samples("get", "dsb2018", "--from", "stick.zip", "--out", "copy").exit_code == 0
    assert len(list((tmp_path / "copy").glob("*/images/*.tif"))) == 497


def test_list_names_every_data_set_with_its_licence_and_what_is_here():
    result = convivo_samples("list")
    assert result.exit_code == 0
    for words in ("bbbc039", "validation 50", "dsb2018", "train 447", "CC0 1.0", "no"):
        assert words in result.stdout
    rows = json.loads(convivo_samples("list", "--json").stdout)
    assert [row["fetched_bytes"] for row in rows] == [None, None]
    assert rows[0]["images"] == {"train": 100, "validation": 50, "test": 50}


def test_offline_raises_what_names_the_simulator_and_the_stick(tmp_path, monkeypatch):
    for name in ("no_proxy", "NO_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")  # where nobody listens
    result = convivo_samples("get", "bbbc039")
    assert isinstance(result.exception, NotAvailable)
    assert "offline: data.broadinstitute.org" in result.exception.problem
    assert "convivo simulate" in result.exception.fix
    assert not (tmp_path / "bbbc039").exists()


def test_a_wrong_name_and_an_empty_store_are_told():
    assert isinstance(convivo_samples("get", "cells").exception, BadInput)
    assert isinstance(convivo_samples("pack", "--out", "stick.zip").exception, BadInput)


def test_help_needs_no_scientific_library():
    heavy = "{'numpy', 'scipy', 'skimage', 'tifffile', 'torch'}"
    code = f"import sys, convivo.cli.samples; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
