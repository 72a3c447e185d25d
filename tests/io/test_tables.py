"""Tables say what they mean in any spreadsheet, run nothing there, and come back as they were."""

import csv
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.io.tables import read_table, write_objects, write_table
from convivo.types import Measured, PixelSize

FLAT = Measured(7, (1.23456, 20.5), 12, 431.25, 0.875, True)


def plain_rows(path):
    """Read as a spreadsheet does, apostrophes and all."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_objects_have_one_row_each_in_named_columns(tmp_path):
    write_objects(tmp_path / "objects.csv", [("cells", FLAT, None)], 2)
    assert read_table(tmp_path / "objects.csv") == [
        {
            "image": "cells",
            "page": "",
            "label": "7",
            "y": "1.235",
            "x": "20.5",
            "area": "12",
            "mean_intensity": "431.25",
            "probability": "0.875",
            "touches_edge": "true",
            "y_um": "",
            "x_um": "",
            "area_um2": "",
        }
    ]


def test_with_a_pixel_size_position_and_area_stand_in_micrometres_too(tmp_path):
    rows = [
        ("um", FLAT, PixelSize((0.5, 0.25))),
        ("nm", FLAT, PixelSize((500.0, 250.0), "nm")),
        ("stack", FLAT, PixelSize((3.0, 0.5, 0.25))),  # a 2-D model that goes through planes
        ("unknown", FLAT, PixelSize((1.0, 1.0), "furlong")),
    ]
    write_objects(tmp_path / "objects.csv", rows, 2)
    *known, unknown = read_table(tmp_path / "objects.csv")
    for row in known:
        assert float(row["area_um2"]) == pytest.approx(12 * 0.5 * 0.25)
        assert float(row["y_um"]) == pytest.approx(1.23456 * 0.5, rel=1e-6)
        assert float(row["x_um"]) == pytest.approx(20.5 * 0.25)
    assert (unknown["area_um2"], unknown["y_um"]) == ("", "")


def test_a_volume_has_z_and_cubic_micrometres(tmp_path):
    found = Measured(1, (4.0, 5.0, 6.0), 100, 1.0, 0.5, False, page=(3,))
    write_objects(tmp_path / "objects.csv", [("v", found, PixelSize((2.0, 0.5, 0.5)))], 3)
    (row,) = read_table(tmp_path / "objects.csv")
    assert (row["z"], row["volume"], row["page"], row["touches_edge"]) == ("4.0", "100", "3", "false")
    assert float(row["volume_um3"]) == 50
    assert float(row["z_um"]) == 8
    assert "area" not in row


def test_numbers_of_numpy_are_written_like_numbers(tmp_path):
    found = Measured(
        np.uint16(3), (np.float32(1.5), np.float64(2)), np.int64(9), np.float32(0.1), np.nan, np.True_
    )
    write_objects(tmp_path / "objects.csv", [("n", found, None)], 2)
    assert plain_rows(tmp_path / "objects.csv")[1][:9] == ["n", "", "3", "1.5", "2.0", "9", "0.1", "", "true"]


def test_time_and_plane_of_a_page_are_no_date_and_no_decimal(tmp_path):
    found = Measured(1, (0.0, 0.0), 1, 0.0, 1.0, False, page=(2, 11))
    write_objects(tmp_path / "objects.csv", [("p", found, None)], 2)
    assert plain_rows(tmp_path / "objects.csv")[1][1] == "2 11"


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+1+2", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "-cmd|' /C calc'!A0"]
)
def test_a_name_that_a_spreadsheet_would_run_gets_an_apostrophe(tmp_path, name):
    write_objects(tmp_path / "objects.csv", [(name, FLAT, None)], 2)
    assert plain_rows(tmp_path / "objects.csv")[1][0] == "'" + name
    assert read_table(tmp_path / "objects.csv")[0]["image"] == name


def test_negative_numbers_stay_numbers(tmp_path):
    write_table(tmp_path / "t.csv", ["a", "b", "c"], [(-1.5, -3, "-1.2e-05")])
    assert plain_rows(tmp_path / "t.csv")[1] == ["-1.5", "-3", "-1.2e-05"]


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1), min_size=1, max_size=4
    )
)
@settings(max_examples=80, deadline=None)
def test_any_text_comes_back_and_none_begins_a_formula(tmp_path_factory, texts):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    header = [f"column {number}" for number in range(len(texts))]
    write_table(path, header, [texts])
    assert [list(row.values()) for row in read_table(path)] == [texts]
    for cell in plain_rows(path)[1]:
        assert not cell.startswith(("=", "@", "\t", "\r"))
        if cell.startswith(("+", "-")):
            assert math.isfinite(float(cell))


def test_names_with_letters_of_the_world_are_utf_8_and_broken_ones_do_not_stop_the_table(tmp_path):
    write_table(tmp_path / "t.csv", ["image"], [["Zellkern_ä_細胞"], ["broken\udcff"]])
    assert [row["image"] for row in read_table(tmp_path / "t.csv")] == ["Zellkern_ä_細胞", "broken\\udcff"]


def test_rows_are_taken_one_by_one_and_a_table_that_breaks_off_leaves_nothing(tmp_path):
    def rows():
        yield from (("a", FLAT, None) for _ in range(1000))
        raise RuntimeError("the model failed")

    with pytest.raises(RuntimeError, match="the model failed"):
        write_objects(tmp_path / "objects.csv", rows(), 2)
    assert list(tmp_path.iterdir()) == []
    endless = itertools.count()
    write_table(tmp_path / "t.csv", ["n"], ([next(endless)] for _ in range(3)))
    assert next(endless) == 3


def test_no_row_gives_the_header_alone(tmp_path):
    write_objects(tmp_path / "objects.csv", [], 2)
    assert read_table(tmp_path / "objects.csv") == []
    assert len(plain_rows(tmp_path / "objects.csv")) == 1


@pytest.mark.parametrize(
    "text", ["image;group\na;1\n", "image\tgroup\r\na\t1\r\n", "\ufeffimage,group\na,1\n\n"]
)
def test_what_excel_makes_of_a_table_is_read(tmp_path, text):
    (tmp_path / "t.csv").write_text(text, encoding="utf-8", newline="")
    assert read_table(tmp_path / "t.csv") == [{"image": "a", "group": "1"}]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "no table"),
        (b"\n\n", "no table"),
        (b"a,b\n1,2\n1,2,3\n", "line 3"),
        (b"a,b\n1\n", "line 2"),
        (b"a,a\n1,2\n", "'a'"),
        ("a,ö\n".encode("latin-1"), "UTF-8"),
        (b'a,b\n"1,2\n', "CSV"),
        (b"\x89PNG\r\n\x1a\n\0\0", "UTF-8"),
    ],
)
def test_a_bad_table_is_named_with_what_is_wrong(tmp_path, content, problem):
    (tmp_path / "bad.csv").write_bytes(content)
    with pytest.raises(BadInput) as caught:
        read_table(tmp_path / "bad.csv")
    assert problem in caught.value.problem
    assert "bad.csv" in caught.value.problem
    assert caught.value.fix


def test_a_missing_table_and_a_folder_are_bad_input(tmp_path):
    for path in (tmp_path / "no.csv", tmp_path):
        with pytest.raises(BadInput, match=path.name):
            read_table(path)
