"""Training data as people keep it: paired by name, grouped where they say so."""

import numpy as np
import pytest
import tifffile

from convivo.errors import BadInput
from convivo.io.pairs import open_pairs, paired_label_paths

PICTURE = np.random.default_rng(0).integers(0, 4000, (12, 14)).astype(np.uint16)


def put(folder, part, name, array, **options):
    (folder / part).mkdir(parents=True, exist_ok=True)
    tifffile.imwrite(folder / part / name, array, **options)


def mask(*squares):
    labels = np.zeros((12, 14), np.uint16)
    for number, (row, column) in enumerate(squares, start=1):
        labels[row : row + 3, column : column + 3] = number
    return labels


def test_pairs_go_by_name_whatever_the_ending(tmp_path):
    put(tmp_path, "images", "cell.tif", PICTURE)
    put(tmp_path, "masks", "cell.tiff", mask((1, 1), (6, 6)))
    pairs = open_pairs(tmp_path)
    assert [each.name for each in pairs.data] == ["cell"]
    assert pairs.data[0].image.array.shape == (1, 12, 14)
    assert pairs.data[0].labels.max() == 2
    assert pairs.data[0].group == "cell"


def test_a_binary_mask_becomes_one_object_for_each_part_and_says_so(tmp_path):
    put(tmp_path, "images", "cell.tif", PICTURE)
    put(tmp_path, "masks", "cell.tif", ((mask((1, 1), (6, 6)) > 0) * 255).astype(np.uint8))
    pairs = open_pairs(tmp_path)
    assert set(np.unique(pairs.data[0].labels)) == {0, 1, 2}
    assert "2 connected parts" in pairs.notes[0]


def test_groups_and_parts_are_read_from_a_table(tmp_path):
    for number in range(3):
        put(tmp_path, "images", f"tile{number}.tif", PICTURE)
        put(tmp_path, "masks", f"tile{number}.tif", mask((1, 1)))
    (tmp_path / "groups.csv").write_text("image,group,part\ntile0.tif,field,validation\ntile1.tif,field,\n")
    pairs = open_pairs(tmp_path)
    assert {each.name: each.group for each in pairs.data} == {
        "tile0": "field",
        "tile1": "field",
        "tile2": "tile2",
    }
    assert pairs.parts == {"tile0": "validation"}
    (tmp_path / "groups.csv").write_text("image,group,part\ntile0.tif,field,holdout\n")
    with pytest.raises(BadInput, match="part 'holdout'"):
        open_pairs(tmp_path)
    (tmp_path / "groups.csv").write_text("file,patient\ntile0.tif,7\n")
    with pytest.raises(BadInput, match="lacks the columns"):
        open_pairs(tmp_path)


def test_time_points_become_images_of_one_group(tmp_path):
    put(tmp_path, "images", "film.tif", np.stack([PICTURE, PICTURE + 1]))
    put(tmp_path, "masks", "film.tif", np.stack([mask((1, 1)), mask((1, 1), (6, 6))]))
    pairs = open_pairs(tmp_path, axes="TYX")
    assert [each.name for each in pairs.data] == ["film[0]", "film[1]"]
    assert {each.group for each in pairs.data} == {"film"}
    assert [int(each.labels.max()) for each in pairs.data] == [1, 2]


def test_a_stack_stays_whole(tmp_path):
    put(tmp_path, "images", "stack.tif", np.stack([PICTURE] * 4), photometric="minisblack")
    put(tmp_path, "masks", "stack.tif", np.stack([mask((1, 1), (6, 6))] * 4), photometric="minisblack")
    pairs = open_pairs(tmp_path, axes="ZYX")
    assert pairs.data[0].image.axes == "CZYX"
    assert pairs.data[0].labels.shape == (4, 12, 14)


def test_missing_folders_and_doubles_are_named(tmp_path):
    with pytest.raises(BadInput, match="no folder .*images"):
        open_pairs(tmp_path)
    put(tmp_path, "images", "cell.tif", PICTURE)
    put(tmp_path, "images", "cell.tiff", PICTURE)
    put(tmp_path, "masks", "cell.tif", mask((1, 1)))
    with pytest.raises(BadInput, match="have the same name"):
        open_pairs(tmp_path)


def test_label_images_of_predict_find_their_truth(tmp_path):
    put(tmp_path, "found", "cell_labels.tif", mask((1, 1)))
    put(tmp_path, "truth", "cell.tif", mask((1, 1)))
    ((found, wanted),) = paired_label_paths(tmp_path / "found", tmp_path / "truth")
    assert (found.name, wanted.name) == ("cell_labels.tif", "cell.tif")
    put(tmp_path, "truth", "other.tif", mask((1, 1)))
    with pytest.raises(BadInput, match="no partner: other"):
        paired_label_paths(tmp_path / "found", tmp_path / "truth")


def test_label_images_of_predict_corrected_by_hand_are_masks(tmp_path):
    put(tmp_path, "images", "cell.ome.tif", PICTURE)
    put(tmp_path, "masks", "cell_labels.tif", mask((1, 1), (6, 6)))
    (each,) = open_pairs(tmp_path).data
    assert (each.name, each.labels.max()) == ("cell", 2)
    put(tmp_path, "masks", "cell.tif", mask((1, 1)))
    with pytest.raises(BadInput, match="have the same name"):
        open_pairs(tmp_path)


def test_label_images_find_their_truth_whatever_the_endings(tmp_path):
    put(tmp_path, "found", "cell_labels.tif", mask((1, 1)))
    put(tmp_path, "truth", "cell.ome.tif", mask((1, 1)))
    assert len(paired_label_paths(tmp_path / "found", tmp_path / "truth")) == 1
    put(tmp_path, "truth", "cell.tif", mask((1, 1)))
    with pytest.raises(BadInput, match="have the same name"):
        paired_label_paths(tmp_path / "found", tmp_path / "truth")


def test_parts_of_a_binary_mask_do_not_hang_together_through_time(tmp_path):
    frames = np.stack([mask((1, 1), (6, 6)), mask((1, 1), (1, 8)), mask()]) > 0
    put(tmp_path, "images", "film.tif", np.stack([PICTURE, PICTURE + 1, PICTURE]), photometric="minisblack")
    put(tmp_path, "masks", "film.tif", frames.astype(np.uint8) * 255, photometric="minisblack")
    pairs = open_pairs(tmp_path, axes="TYX")
    assert [np.unique(each.labels).tolist() for each in pairs.data] == [[0, 1, 2], [0, 1, 2], [0]]
    assert "4 connected parts" in pairs.notes[0]


def test_parts_of_a_binary_mask_do_hang_together_through_depth(tmp_path):
    put(tmp_path, "images", "stack.tif", np.stack([PICTURE] * 3), photometric="minisblack")
    parts = np.stack([mask((1, 1), (6, 6)) > 0] * 3).astype(np.uint8)
    put(tmp_path, "masks", "stack.tif", parts, photometric="minisblack")
    (each,) = open_pairs(tmp_path, axes="ZYX").data
    assert each.labels.max() == 2
