"""A map of what matters finds what was made to matter, and asks no oftener than it may."""

import numpy as np
import pytest

from convivo.ops.occlusion import background_around, occlusion_map, radius, zones

Y, X = np.indices((120, 130))
DISC = (Y - 50) ** 2 + (X - 70) ** 2 <= 15**2


def mattering(weights):
    """A fall that is the sum of some weights of the pixels, and the places that it was asked for."""
    asked = []

    def fall(place):
        asked.append(place)
        return float(weights[place].sum())

    return fall, asked


def test_the_map_lies_where_pixels_matter():
    weights = DISC / DISC.sum()
    fall, _ = mattering(weights)
    found = occlusion_map(DISC, fall, 10, 300)
    assert found[45:55, 65:75].min() > 5 * found[~DISC].mean()
    assert found[DISC].sum() > 0.7 * found.sum()
    assert found[50, 70] == pytest.approx(100 / DISC.sum(), rel=0.05)  # of a patch inside


def test_what_matters_elsewhere_is_found_patch_by_patch():
    weights = np.zeros(DISC.shape)
    weights[90:95, 20:25] = 0.02
    fall, _ = mattering(weights)
    found = occlusion_map(DISC, fall, 10, 300)
    assert found[92, 22] > 0.3
    assert found[92, 60] == 0
    assert found.max(axis=1).argmax() in range(80, 105)


def test_the_object_is_looked_at_even_where_its_blocks_seem_not_to_matter():
    def fall(place):  # a covered block looks like the object itself
        return 0.0 if (place[0].stop - place[0].start) > 10 else float(DISC[place].mean())

    assert occlusion_map(DISC, fall, 10, 300)[DISC].min() > 0


@pytest.mark.parametrize(
    ("shape", "patch", "most"), [((120, 130), 10, 60), ((600, 600), 5, 100), ((9, 9), 3, 240)]
)
def test_it_is_asked_no_oftener_than_it_may(shape, patch, most):
    inside = np.zeros(shape, bool)
    inside[2:-2, 2:-2] = True
    fall, asked = mattering(np.ones(shape))
    found = occlusion_map(inside, fall, patch, most)
    assert len(asked) <= most
    assert np.isfinite(found).all()
    covered = np.zeros(shape, bool)
    for place in asked:
        covered[place] = True
    assert covered.all()


def test_zones_divide_the_image():
    parts = zones(DISC, 3)
    assert sum(zone.astype(int) for zone in parts.values()).max() == 1
    assert np.logical_or.reduce(list(parts.values())).all()
    away = np.hypot(Y - 50, X - 70)
    assert parts["inside"][away < 11].all()
    assert parts["outline"][(away > 13) & (away < 17)].all()
    assert parts["surroundings"][away > 19].all()


def test_background_is_that_of_the_place():
    shown = np.stack([X / 130.0, np.full(X.shape, 7.0)]).astype(np.float32)
    colour = background_around(shown, DISC, ~DISC, 10)
    assert colour.shape == (2, 1, 1)
    assert colour[:, 0, 0] == pytest.approx([70 / 130, 7], abs=0.02)
    left = background_around(shown, DISC, ~DISC & (X < 60), 10)
    assert left[0, 0, 0] < 60 / 130
    assert background_around(shown, DISC, np.zeros_like(DISC), 10)[1, 0, 0] == 7


def test_the_radius_holds_nine_tenths():
    middle = np.array([50.0, 70.0])
    assert radius(DISC.astype(np.float32), middle) == pytest.approx(15 * 0.9**0.5, abs=0.5)
    assert radius(-DISC.astype(np.float32), middle) == 0
    assert radius(np.full(DISC.shape, 0.001, np.float32), middle) == 0


def test_where_time_is_short_a_patch_has_its_share_of_the_block():
    fall, asked = mattering(np.full(DISC.shape, 0.01))
    found = occlusion_map(DISC, fall, 10, 40)
    assert len(asked) == 20
    assert found[:90, :90] == pytest.approx(np.full((90, 90), 1.0))


def test_all_sides_of_an_object_are_covered_alike():
    block = np.zeros(DISC.shape, bool)
    block[30:60, 30:60] = True
    fall, _ = mattering(block / block.sum())
    found = occlusion_map(block, fall, 10, 300)[30:60, 30:60]
    assert found == pytest.approx(found[::-1])
    assert found == pytest.approx(found[:, ::-1])
