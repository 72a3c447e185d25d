"""Traits are what they say, for images whose properties are known."""

import numpy as np
import pytest
from scipy import ndimage

from convivo.ops.traits import feature_traits, object_traits, pixel_traits, usual_features
from convivo.ops.traits.of_objects import SIDE, busiest


def field(shape=(240, 240), noise=4.0, step=400.0, soft=1.0, seed=0):
    """Discs of 30 pixels on a dark background, and their labels."""
    rows, columns = np.indices(shape)
    labels = ndimage.label(np.hypot(rows % 60 - 30, columns % 60 - 30) < 15)[0]
    clean = 100 + ndimage.gaussian_filter(step * (labels > 0), soft)
    rng = np.random.default_rng(seed)
    return (clean + rng.normal(0, noise, shape)).astype(np.float32), labels


def of(image, labels, probability=None):
    return object_traits(
        image, labels, (labels > 0).astype(np.float32) if probability is None else probability
    )


def test_range_is_held_against_the_noise():
    quiet, loud = (pixel_traits(field(noise=noise)[0])["range_to_noise"] for noise in (4, 8))
    assert quiet - loud == pytest.approx(1, abs=0.15)  # twice the noise is one doubling
    assert 2**quiet == pytest.approx(400 / 4, rel=0.2)


def test_a_bright_speck_stretches_the_range():
    image, _ = field()
    before = pixel_traits(image)["brightest"]
    image[:12, :12] = 8000
    assert pixel_traits(image)["brightest"] > before + 3


def test_the_median_is_dark_unless_the_image_is_inverted():
    image, _ = field()
    assert pixel_traits(image)["dark_share"] < 0.1
    assert pixel_traits(image.max() - image)["dark_share"] > 0.9


def test_saturated_and_few_grey_levels():
    image, _ = field()
    clipped = np.minimum(image, 300)
    assert pixel_traits(clipped)["saturated"] == pytest.approx((image >= 300).mean(), abs=0.02)
    coarse = np.round(image / 100)
    assert pixel_traits(coarse)["grey_levels"] == pytest.approx(np.log2(len(np.unique(coarse))), abs=0.6)


def test_noise_along_lines_differs_between_the_axes():
    image, _ = field()
    smeared = ndimage.uniform_filter1d(np.random.default_rng(1).normal(size=image.shape), 4, axis=1)
    found = pixel_traits((image + 60 * smeared).astype(np.float32))
    assert found["noise_along_x"] > found["noise_along_y"] + 0.3
    assert found["stripes"] == pytest.approx(abs(found["noise_along_x"] - found["noise_along_y"]))


def test_a_constant_image_has_no_traits():
    assert pixel_traits(np.full((40, 40), 7.0)) == {}


def test_sizes_contrast_and_texture_of_objects():
    image, labels = field()
    found = of(image, labels)
    assert 2 ** found["diameter"] == pytest.approx(30, rel=0.05)
    assert found["small_diameter"] <= found["diameter"] <= found["large_diameter"]
    assert found["contrast"] == pytest.approx(1, abs=0.1)
    assert found["nothing_found"] == 0
    spotted = image + 200 * (labels > 0) * np.random.default_rng(2).normal(size=image.shape)
    assert of(spotted, labels)["texture"] > found["texture"] + 1
    assert of(image.max() - image, labels)["contrast"] < -0.8


def test_blurred_outlines_are_softer():
    sharp, labels = field(soft=1)
    blurred, _ = field(soft=5)
    assert of(blurred, labels)["edge"] < of(sharp, labels)["edge"] - 0.4
    assert pixel_traits(blurred)["sharpness"] < pixel_traits(sharp)["sharpness"] - 0.4


def test_outlines_lie_on_the_edges_of_the_image():
    image, labels = field()
    beside = np.roll(labels, 12, axis=1)  # through the objects
    assert of(image, labels)["on_edges"] > of(image, beside)["on_edges"] + 0.1


def test_what_was_found_is_bright_as_a_threshold_would_say():
    image, labels = field()
    assert of(image, labels)["as_bright"] > 0.9
    assert of(image.max() - image, labels)["as_bright"] < 0.1
    assert of(image, np.where(labels % 2, labels, 0))["as_bright"] == pytest.approx(0.5, abs=0.1)


def test_units_do_not_matter():
    image, labels = field()
    one, other = of(image, labels), of(10 * image + 500, labels)
    assert {name: round(value, 3) for name, value in one.items()} == {
        name: round(value, 3) for name, value in other.items()
    }


def test_what_looks_like_objects_and_became_none_is_outside():
    image, labels = field()
    some = np.where(labels % 2, labels, 0)
    probability = (labels > 0).astype(np.float32)
    assert of(image, some, probability)["outside"] == pytest.approx(0, abs=0.1)  # as much as within
    assert of(image, labels, probability)["outside"] < -7


def test_what_was_left_out_is_held_against_the_noise():
    image, labels = field()
    some = np.where(labels % 2, labels, 0)
    assert of(image, some)["left_out"] > of(image, labels)["left_out"] + 2
    loud = image + np.random.default_rng(3).normal(0, 400, image.shape)
    assert of(loud, some)["left_out"] < of(image, some)["left_out"] - 1
    stack, stacked = np.stack([image] * 3), np.stack([0 * labels, some, 0 * labels])
    assert of(stack, stacked)["left_out"] == pytest.approx(of(image, some)["left_out"])


def test_hesitation_is_held_against_what_is_sure():
    image, labels = field()
    sure = of(image, labels)["unsure"]
    probability = np.where(labels > 0, 0.6, 0.05).astype(np.float32)
    assert of(image, labels, probability)["unsure"] == sure
    assert (
        object_traits(image, labels, probability, sure=0.7)["unsure"] > sure + 15
    )  # by the model's own limit


def test_nothing_found_is_said():
    image, labels = field()
    found = of(image, np.zeros_like(labels))
    assert found["nothing_found"] == 1
    assert found.keys() == {"nothing_found", "unsure", "outside", "left_out"}


def test_the_busiest_part_holds_most_objects():
    labels = np.zeros((900, 1200), np.int32)
    labels[40:60, 40:60] = 1
    labels[600:700, 900:1000] = 2
    part = busiest(labels)
    assert labels[part].shape == (SIDE, SIDE)
    assert (labels[part] == 2).sum() == 100 * 100
    stack = np.zeros((5, 300, 300), np.int32)
    stack[3, 100:150, 100:150] = 1
    assert (stack[busiest(stack)] == 1).sum() == 50 * 50


def test_features_are_held_against_those_of_other_images():
    rng = np.random.default_rng(0)
    images = [(rng.normal(5, 1, 40), rng.normal(0, 3, 60)) for _ in range(50)]
    usual = usual_features(images)
    plain = feature_traits((rng.normal(5, 1, 40), rng.normal(0, 3, 60)), usual)
    odd = feature_traits((rng.normal(5, 1, 40), rng.normal(12, 3, 60)), usual)
    assert plain["features_0"] == pytest.approx(np.log2(1.1), abs=0.4)
    assert odd["features_0"] == pytest.approx(np.log2(1.1), abs=0.4)
    assert odd["features_1"] == pytest.approx(np.log2(4), abs=0.3)
