"""What a person names becomes the images she means, and each gets a name of its own for its results."""

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convivo.errors import BadInput
from convivo.io.inputs import find_images, output_names


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("img10.tif", "img2.tif", "Img1.TIF", "b.png", "notes.txt", ".hidden.tif", "img2_labels.tif"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "contact.png").write_bytes(b"x")
    (tmp_path / "below").mkdir()
    (tmp_path / "below" / "deep.jpeg").write_bytes(b"x")
    (tmp_path / "empty.tif").mkdir()  # a folder with the ending of an image
    return tmp_path


def names(arguments):
    return [path.name for path in find_images(arguments)]


def test_a_folder_stands_for_its_images_in_the_order_in_which_people_count(folder):
    assert names([folder]) == ["b.png", "Img1.TIF", "img2.tif", "img10.tif"]


def test_a_pattern_that_the_shell_left_alone_is_matched(folder):
    assert names(["img*.tif"]) == ["img2.tif", "img10.tif"]
    assert names([str(folder / "*.p?g")]) == ["b.png"]
    assert names(["**/*.jpeg"]) == ["deep.jpeg"]


def test_a_pattern_leaves_out_what_is_no_image_and_what_convivo_wrote(folder):
    assert names(["*"]) == ["b.png", "Img1.TIF", "img2.tif", "img10.tif"]


def test_a_file_that_is_named_is_taken_as_it_is(folder):
    assert names(["notes.txt", "img2_labels.tif", ".hidden.tif"]) == [
        "notes.txt",
        "img2_labels.tif",
        ".hidden.tif",
    ]


def test_each_image_comes_once_where_it_was_named_first(folder):
    found = find_images(["img10.tif", folder, folder / "below" / ".." / "img2.tif", "img*.tif"])
    assert [path.name for path in found] == ["img10.tif", "b.png", "Img1.TIF", "img2.tif"]


def test_brackets_in_a_name_are_no_pattern_where_the_file_is_there(folder):
    (folder / "a[1].tif").write_bytes(b"x")
    assert names(["a[1].tif"]) == ["a[1].tif"]


def test_a_path_that_is_not_there_is_named_with_the_one_it_was_meant_to_be(folder):
    with pytest.raises(BadInput) as caught:
        find_images(["img22.tif"])
    assert "img22.tif" in caught.value.problem
    assert "img2.tif" in caught.value.fix
    with pytest.raises(BadInput, match="no folder elsewhere"):
        find_images([Path("elsewhere") / "a.tif"])


@pytest.mark.parametrize("argument", ["empty.tif", "*.jpg", "notes*"])
def test_a_folder_or_a_pattern_without_images_names_the_endings_that_are_looked_for(folder, argument):
    with pytest.raises(BadInput) as caught:
        find_images([argument])
    assert argument in caught.value.problem
    assert all(ending in caught.value.fix for ending in (".tif", ".png", ".jpg", ".npy"))


def test_a_folder_of_nothing_but_results_says_so(folder):
    (folder / "out").mkdir()
    (folder / "out" / "a_labels.tif").write_bytes(b"x")
    with pytest.raises(BadInput, match=r"a_labels\.tif"):
        find_images(["out"])


def test_no_argument_at_all_is_bad_input():
    with pytest.raises(BadInput, match="no image"):
        find_images([])


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["a/cell.tif", "b/other.png"], ["cell", "other"]),
        (["a/cell.tif", "b/cell.tif"], ["a_cell", "b_cell"]),
        (["a/cell.tif", "a/cell.png"], ["cell_tif", "cell_png"]),
        (["x/day/cell.tif", "y/day/cell.tif"], ["x_day_cell", "y_day_cell"]),
        (["a/cell.tif", "b/cell.tif", "b/cell.png"], ["a_cell_tif", "b_cell_tif", "b_cell_png"]),
        (["a/cell.ome.tif", "b/cells.ome.TIFF"], ["cell", "cells"]),
        (["a/Cell.tif", "b/cell.tif"], ["a_Cell", "b_cell"]),
        (["a/cell.tif", "b/cell.tif", "c/a_cell.tif"], ["a_cell_tif", "b_cell_tif", "a_cell"]),
        ([], []),
    ],
)
def test_names_of_results_are_short_and_tell_apart(paths, expected):
    assert list(output_names([Path(path) for path in paths])) == expected


stems = st.sampled_from(["c", "C", "a_c", "c_tif", "c_1", "a_c_tif"])
folders = st.lists(st.sampled_from(["a", "b", "A"]), max_size=2)


@given(st.lists(st.tuples(folders, stems, st.sampled_from(["tif", "png", "TIF"])), max_size=8))
@settings(max_examples=80, deadline=None)
def test_names_of_results_never_collide_not_even_on_a_disk_that_knows_no_capitals(described):
    paths = [Path("root", *inside, f"{stem}.{ending}") for inside, stem, ending in described]
    results = output_names(paths)
    assert len({name.casefold() for name in results}) == len(paths)
    assert not any(os.sep in name for name in results)
    assert results == output_names(paths)
