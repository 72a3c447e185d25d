"""Imported CARE and Noise2Void models say and restore what the originals did, on the networks kept for comparison."""

import numpy as np
import pytest

from convivo.errors import BadModel
from convivo.model.restoration_keras import import_restoration
from convivo.ops.tiling import pad_to_stride, padded_before
from convivo.run.asking import PredictOptions
from convivo.run.choice import Wanted
from convivo.run.restore import Restorer
from convivo.types import Image
from restoration_files import answer
from shared_data import SHARED, needs_shared

GOLDEN = SHARED / "golden"
WEIGHTS = SHARED / "data" / "weights"
CARE = ["care2d", "care2d_2to1", "care2d_prob", "care3d"]
N2V = ["n2v2_2d", "n2v_2d", "n2v_2d_2ch", "n2v_2d_joint"]
TORCH = Wanted(engine="torch", precision="float32", device="cpu")


def channels_first(array, dimensions):
    """(..., C), or without C where there is one channel, as (C, ...)."""
    return np.moveaxis(array if array.ndim > dimensions else array[..., None], -1, 0)


class Golden:
    """A model of the original, what it was shown and what it said."""

    def __init__(self, name):
        self.model = import_restoration(GOLDEN / name, name).model
        self.said = np.load(GOLDEN / name / "golden.npz")
        self.pixels = channels_first(self.said["x"], self.model.dimensions).astype(np.float32)

    def off(self, found, name):
        """Largest difference from an array of the file, as a part of its range."""
        wanted = channels_first(self.said[name], self.model.dimensions)
        assert found.shape == wanted.shape
        return np.abs(found - wanted).max() / np.ptp(wanted)

    def restored(self, **options):
        axes = "C" + "ZYX"[-self.model.dimensions :]
        restorer = Restorer(self.model, PredictOptions(engine=TORCH, **options))
        return restorer.restore(Image(self.pixels, axes)).image.array


def padded_answer(model, shown):
    """The same for an image of any size, padded as the originals do: half before, half behind."""
    padded = pad_to_stride(shown, model.strides, both_sides=True)
    before = padded_before(shown.shape[1:], model.strides)
    inside = tuple(slice(start, start + side) for start, side in zip(before, shown.shape[1:], strict=True))
    return answer(model.net, padded)[:, *inside]


@needs_shared
@pytest.mark.parametrize("name", ["care2d", "care2d_2to1", "care3d"])
def test_an_imported_net_answers_as_care_did(name):
    golden = Golden(name)
    assert golden.off(padded_answer(golden.model, golden.pixels), "out0") < 1e-5


@needs_shared
def test_an_imported_probabilistic_net_says_the_same_means_and_scales():
    golden = Golden("care2d_prob")
    found = padded_answer(golden.model, golden.pixels)
    assert golden.off(found[:1], "mean") < 1e-5
    assert golden.off(found[1:], "scale") < 1e-5


@needs_shared
@pytest.mark.parametrize("name", ["care2d", "care3d"])
def test_an_imported_care_restores_an_image_as_the_original_did(name):
    golden = Golden(name)
    assert golden.off(golden.restored(), "out_default_norm") < 1e-5


@needs_shared
def test_where_channel_counts_differ_we_undo_the_first_scales_and_the_original_none():
    golden = Golden("care2d_2to1")
    scale = golden.model.scale(golden.pixels)
    found = (golden.restored() - scale.dark[0]) / scale.width[0]
    assert golden.off(found, "out_default_norm") < 1e-5


@needs_shared
@pytest.mark.parametrize("name", N2V)
def test_an_imported_noise2void_answers_as_the_original_did(name):
    golden = Golden(name)
    scale = golden.model.scale(golden.pixels)
    assert golden.off(scale.undo(padded_answer(golden.model, scale.apply(golden.pixels))), "out0") < 1e-5


@needs_shared
@pytest.mark.parametrize("name", N2V)
def test_an_imported_noise2void_restores_as_the_original_did(name):
    golden = Golden(name)
    assert golden.off(golden.restored(), "out0") < 1e-5
    assert golden.off(golden.restored(tta=True), "out_tta") < 1e-5


@needs_shared
def test_tiles_change_nothing():
    golden = Golden("n2v2_2d")
    assert golden.off(golden.restored(tile=64), "out0") < 1e-5


@needs_shared
def test_every_golden_model_is_compared():
    names = [path.name for path in GOLDEN.iterdir() if path.name.startswith(("care", "n2v"))]
    assert sorted([*CARE, *N2V, "care_proj"]) == sorted(names)


@needs_shared
def test_a_projection_is_refused_in_words():
    with pytest.raises(BadModel, match="says proj_axis 'Z': a ProjectionCARE, two nets"):
        import_restoration(GOLDEN / "care_proj", "imported")


@needs_shared
@pytest.mark.parametrize(
    ("name", "dimensions", "weights"),
    [("csbdeep_care_2d_salomepx", 2, 332_641), ("csbdeep_care_3d_ninatubau", 3, 996_769)],
)
def test_models_that_people_published_are_read_whole(name, dimensions, weights):
    imported = import_restoration(WEIGHTS / name, "imported")
    size = imported.model.card.net
    assert (size.dimensions, size.depth, size.filters, size.kernel) == (dimensions, 2, 32, 3)
    assert sum(each.numel() for each in imported.model.net.parameters()) == weights
