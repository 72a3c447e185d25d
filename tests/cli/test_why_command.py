"""`convivo why` says in a sentence what decided an object, and draws it."""

import json

import pytest
from PIL import Image as Pillow

from convivo.io.tables import read_table


def test_an_object_of_the_table_is_explained(convivo, folder, model_folder, tmp_path):
    image = folder / "images" / "field0.tif"
    assert convivo("predict", image, "--model", model_folder, "--out", tmp_path)[0] == 0
    row = max(read_table(tmp_path / "objects.csv"), key=lambda row: int(row["area"]))
    arguments = (
        "why",
        image,
        "--model",
        model_folder,
        "--at",
        f"{row['y']},{row['x']}",
        "--out",
        tmp_path / "out",
    )
    code, said, err = convivo(*arguments, "--engine", "torch", "--json")
    assert code == 0, err
    told = json.loads(said)
    assert told["at"] == pytest.approx([float(row["y"]), float(row["x"])], abs=1)
    assert set(told["falls"]) == {"inside", "outline", "surroundings"}
    with Pillow.open(tmp_path / "out" / "why.png") as picture:
        assert picture.format == "PNG"


@pytest.mark.parametrize("place", ["here", "3", "1,2,3", "nan,2", "inf,1"])
def test_a_place_is_two_numbers(convivo, folder, model_folder, tmp_path, place):
    image = folder / "images" / "field0.tif"
    code, _, err = convivo("why", image, "--model", model_folder, "--at", place, "--out", tmp_path / "out")
    assert code == 2
    assert f"--at {place} is no place" in err
