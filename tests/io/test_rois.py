"""A ROI holds the pixels of its object: rasterised again, it gives the object back."""

import zipfile

import numpy as np
import pytest
import roifile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from matplotlib.path import Path as Polygon
from scipy import ndimage

from convivo.io.outlines import outlines
from convivo.io.rois import write_rois

CORNERS_TOO = np.ones((3, 3))


def rasterised(corners, shape):
    """Pixels whose centre lies inside the polygon: in ImageJ's coordinates the first centre is (0.5, 0.5)."""
    y, x = np.mgrid[: shape[0], : shape[1]]
    centres = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1)
    return Polygon(np.vstack([corners, corners[:1]])).contains_points(centres).reshape(shape)


def written(tmp_path, labels, **pages):
    write_rois(tmp_path / "rois.zip", labels, **pages)
    with zipfile.ZipFile(tmp_path / "rois.zip") as archive:
        assert archive.testzip() is None
        return {
            name.removesuffix(".roi"): roifile.ImagejRoi.frombytes(archive.read(name))
            for name in archive.namelist()
        }


def blobs(shape=(60, 70), seed=0):
    noise = ndimage.gaussian_filter(np.random.default_rng(seed).random(shape), 2)
    return ndimage.label(noise > np.quantile(noise, 0.6))[0]


@given(arrays(bool, (7, 8), elements=st.booleans()))
@settings(max_examples=150, deadline=None)
def test_the_outline_of_any_object_holds_its_pixels_and_its_holes(mask):
    labels, count = ndimage.label(mask, CORNERS_TOO)
    found = outlines(labels)
    assert list(found) == list(range(1, count + 1))
    for label, corners in found.items():
        expected = ndimage.binary_fill_holes(labels == label)
        np.testing.assert_array_equal(rasterised(corners, mask.shape), expected)


@given(arrays(np.int32, (6, 7), elements=st.integers(-1, 3)))
@settings(max_examples=80, deadline=None)
def test_of_an_object_in_parts_the_largest_is_outlined(labels):
    for label, corners in outlines(labels).items():
        parts, count = ndimage.label(labels == label, CORNERS_TOO)
        filled = [ndimage.binary_fill_holes(parts == part) for part in range(1, count + 1)]
        inside = rasterised(corners, labels.shape)
        assert any((inside == part).all() for part in filled)
        assert inside.sum() == max(part.sum() for part in filled)
    assert set(outlines(labels)) == set(np.unique(labels[labels > 0]).tolist())


def test_a_pixel_is_a_square_between_its_corners():
    labels = np.zeros((4, 5), np.uint16)
    labels[1, 2] = 9
    corners = outlines(labels)[9]
    assert sorted(map(tuple, corners.tolist())) == [(2, 1), (2, 2), (3, 1), (3, 2)]


def test_rois_that_are_read_again_give_the_label_image_back(tmp_path):
    labels = blobs()
    painted = np.zeros_like(labels)
    for name, roi in written(tmp_path, labels).items():
        painted[rasterised(roi.coordinates(), labels.shape)] = int(name)
    holes = (labels == 0) & (painted > 0)
    np.testing.assert_array_equal(painted[~holes], labels[~holes])
    assert holes.sum() < 0.02 * labels.size


def test_a_roi_is_called_by_its_label(tmp_path):
    labels = np.zeros((9, 9), np.uint32)
    labels[1, 1], labels[3:5, 3:5], labels[7, 7] = 1, 70_123, 4_000_000_000
    rois = written(tmp_path, labels)
    assert list(rois) == ["0001", "70123", "4000000000"]
    assert all(roi.name == name for name, roi in rois.items())
    assert all(roi.roitype == roifile.ROI_TYPE.TRACED for roi in rois.values())


@pytest.mark.parametrize("far", [32_766, 32_767, 40_000, 70_000])
def test_far_out_coordinates_do_not_overflow(tmp_path, far):
    labels = np.zeros((3, far + 2), np.uint8)
    labels[1, far] = 1
    for turned in (labels, labels.T):
        (roi,) = written(tmp_path, turned).values()
        corners = roi.coordinates() if turned is labels else roi.coordinates()[:, ::-1]
        floats = roi.subpixel_coordinates is not None  # not every reader knows how ImageJ stretches 16 bits
        assert floats == (far >= 32_767)
        assert sorted(map(tuple, corners.tolist())) == [(far, 1), (far, 2), (far + 1, 1), (far + 1, 2)]


def test_an_object_of_a_volume_has_one_roi_in_each_of_its_planes(tmp_path):
    labels = np.zeros((4, 8, 8), np.uint16)
    labels[1:3, 2:5, 2:5] = 6
    labels[3, 0, 0] = 2
    rois = written(tmp_path, labels)
    assert {name: roi.position for name, roi in rois.items()} == {
        "0002-0006": 2,
        "0003-0006": 3,
        "0004-0002": 4,
    }


def test_on_time_points_of_planes_a_roi_stands_at_its_time_and_plane(tmp_path):
    labels = np.zeros((2, 3, 8, 8), np.uint16)
    labels[1, 2, 4:6, 4:6] = 5
    (name, roi), *_ = written(tmp_path, labels, page_axes="TZ").items()
    assert name == "0006-0005"
    assert (roi.t_position, roi.z_position, roi.position) == (2, 3, 0)
    same = written(tmp_path, labels, page_axes="T")  # a volume at each time point
    assert (same[name].t_position, same[name].z_position) == (2, 3)


@pytest.mark.parametrize(
    "labels", [np.zeros((5, 6), np.uint16), np.zeros((0, 6), np.uint16), np.full((3, 3), -1)]
)
def test_without_objects_the_zip_is_there_and_empty(tmp_path, labels):
    assert written(tmp_path, labels) == {}


def test_the_same_labels_give_the_same_bytes(tmp_path):
    for name in ("a.zip", "b.zip"):
        write_rois(tmp_path / name, blobs())
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_thousands_of_objects_are_outlined_in_seconds(tmp_path):
    squares = np.kron(np.arange(1, 3601).reshape(60, 60), np.pad(np.ones((6, 6), int), 1))
    assert len(written(tmp_path, squares)) == 3600
