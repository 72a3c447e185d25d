"""The simulator, held against the physics it claims and the rules it states."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from skimage.measure import regionprops

from convivo.errors import BadInput
from convivo.ops.simulate import Microscope, Scene, simulate, simulate_many
from convivo.ops.simulate.camera import expected, illumination, recorded, through_lens
from convivo.ops.simulate.nucleus import Nucleus
from convivo.ops.simulate.placement import Field, populate

SMALL = Scene(shape=(96, 96), nuclei=6, diameter=16)
DEEP = Scene(shape=(12, 64, 64), nuclei=6, diameter=14)
CROWDED = Scene(shape=(128, 128), nuclei=28, diameter=18, crowding=1)
OVERLAPPING = replace(CROWDED, overlap=0.5)
EVEN = Microscope(unevenness=0, glow=0)


@pytest.mark.parametrize("scene", [SMALL, DEEP, OVERLAPPING])
def test_the_same_seed_takes_the_same_picture(scene):
    first, again, other = (simulate(scene, Microscope(), seed=seed) for seed in (7, 7, 8))
    np.testing.assert_array_equal(first.image, again.image)
    np.testing.assert_array_equal(first.labels, again.labels)
    np.testing.assert_array_equal(first.clean, again.clean)
    assert (first.image != other.image).any()
    assert (first.labels != other.labels).any()


def test_a_picture_is_the_same_however_many_are_asked_for():
    few = list(simulate_many(3, SMALL, Microscope(), seed=1))
    many = list(islice(simulate_many(1000, SMALL, Microscope(), seed=1), 3))
    for one, other in zip(few, many, strict=True):
        np.testing.assert_array_equal(one.image, other.image)
    assert (few[0].labels != few[1].labels).any()


def test_another_microscope_sees_the_same_nuclei():
    dim = Microscope(photons=5, blur=4, unevenness=0.5, background=1)
    sharp, blurred = (simulate(SMALL, microscope, seed=3) for microscope in (Microscope(), dim))
    np.testing.assert_array_equal(sharp.labels, blurred.labels)


@given(
    photons=st.floats(1, 2000),
    background=st.floats(0, 2),
    read_noise=st.floats(0.5, 10),
    gain=st.floats(1, 10),
    seed=st.integers(0, 99),
)
@settings(max_examples=15, deadline=None)
def test_an_empty_even_field_has_the_mean_and_variance_of_photons_and_camera(
    photons, background, read_noise, gain, seed
):
    settings = {"photons": photons, "background": background, "read_noise": read_noise, "gain": gain}
    microscope = replace(EVEN, **settings, offset=500)
    image = simulate(Scene(nuclei=0), microscope, seed=seed).image.astype(float)
    caught = photons * background
    variance = gain**2 * (caught + read_noise**2) + 1 / 12  # a twelfth from rounding to whole counts
    assert image.mean() == pytest.approx(500 + gain * caught, abs=5 * np.sqrt(variance / image.size))
    assert image.var() == pytest.approx(variance, rel=0.04)


def test_image_leaves_clean_by_noise_that_grows_with_the_light():
    microscope = Microscope(photons=100, gain=5, read_noise=3)
    seen = simulate(Scene(nuclei=24), microscope, seed=2)
    variance = 5 * (seen.clean - microscope.offset) + 5**2 * 3**2 + 1 / 12
    deviation = (seen.image - seen.clean) / np.sqrt(variance)
    for part in (seen.labels == 0, seen.labels > 0):
        assert deviation[part].mean() == pytest.approx(0, abs=5 / np.sqrt(part.sum()))
        assert deviation[part].var() == pytest.approx(1, rel=0.05)


def test_too_much_light_saturates_and_does_not_wrap_around():
    bright = np.full((8, 8), 70_000, np.float32)
    assert (recorded(bright, replace(EVEN, gain=1), np.random.default_rng(1)) == 65_535).all()


@pytest.mark.parametrize("scene", [CROWDED, DEEP])
def test_the_lens_loses_no_light(scene):
    _, light = populate(scene, np.random.default_rng(5))
    for microscope in (replace(EVEN, blur=0, blur_z=0), replace(EVEN, blur=3), Microscope(glow=0.4)):
        assert through_lens(light, microscope).sum(dtype=float) == pytest.approx(
            light.sum(dtype=float), rel=1e-5
        )


def test_a_point_spreads_by_the_sigmas_that_were_asked_for():
    point = np.zeros((41, 61, 61), np.float32)
    point[20, 30, 30] = 1
    spread = through_lens(point, replace(EVEN, blur=3, blur_z=2))
    for axis, sigma in enumerate((2, 3, 3)):
        profile = spread.sum(axis=tuple({0, 1, 2} - {axis}), dtype=float)
        places = np.arange(len(profile)) - len(profile) // 2
        assert np.sqrt((profile * places**2).sum()) == pytest.approx(sigma, rel=0.01)


@pytest.mark.parametrize("unevenness", [0, 0.3, 0.9])
def test_the_dimmest_place_is_lit_less_by_the_unevenness(unevenness):
    lit = illumination((70, 90), unevenness, np.random.default_rng(4))
    assert lit.min() == pytest.approx(1 - unevenness)
    assert lit.max() == pytest.approx(1, abs=1e-3)


def test_light_and_background_are_both_unevenly_lit():
    nothing = np.zeros((64, 64), np.float32)
    dark, hazy = (
        expected(nothing, Microscope(background=background, unevenness=0.5), np.random.default_rng(1))
        for background in (0, 1)
    )
    assert not dark.any()
    assert hazy.min() < 0.7 * hazy.max()


@pytest.mark.parametrize("scene", [SMALL, DEEP, CROWDED])
def test_every_mask_lies_on_light(scene):
    even = replace(EVEN, background=0, offset=0, gain=1, photons=100)
    seen = simulate(scene, even, seed=1)
    inside = ndimage.mean(seen.clean, seen.labels, np.arange(1, scene.nuclei + 1))
    assert inside.min() > 3 * seen.clean[seen.labels == 0].mean()
    far = ~ndimage.binary_dilation(seen.labels > 0, iterations=12)
    assert np.abs(seen.clean[far]).max(initial=0) < 1e-3


scenes = st.builds(
    Scene,
    shape=st.sampled_from([(64, 80), (96, 48), (8, 40, 48)]),
    nuclei=st.integers(0, 5),
    diameter=st.floats(4, 12),
    size_spread=st.floats(0, 0.2),
    roundness=st.floats(0.3, 1),
    irregularity=st.floats(0, 0.2),
    crowding=st.floats(0, 1),
    overlap=st.floats(0, 0.7),
    slice_distance=st.floats(0.5, 8),
)


@given(scene=scenes, seed=st.integers(0, 10_000))
@settings(max_examples=80, deadline=None)
def test_labels_are_as_many_as_asked_for_consecutive_and_each_in_one_piece(scene, seed):
    labels, light = populate(scene, np.random.default_rng(seed))
    assert np.unique(labels[labels > 0]).tolist() == list(range(1, scene.nuclei + 1))
    for label in range(1, scene.nuclei + 1):
        assert ndimage.label(labels == label)[1] == 1
    np.testing.assert_array_equal(labels > 0, light > 0)  # all that shines is labelled


def plain(scene: Scene) -> Scene:
    """The same scene with light of at most 1 in each nucleus, so that more than 1 betrays an overlap."""
    return replace(scene, brightness_spread=0, texture=0)


@pytest.mark.parametrize("seed", range(5))
def test_without_overlap_no_two_nuclei_share_a_pixel(seed):
    _, light = populate(plain(CROWDED), np.random.default_rng(seed))
    assert light.max() <= 1
    _, light = populate(plain(OVERLAPPING), np.random.default_rng(seed))
    assert light.max() > 1.2


def square(side: int) -> Nucleus:
    return Nucleus(np.ones((side, side), bool), np.ones((side, side), np.float32), (0, 0))


def test_a_nucleus_may_share_so_much_and_no_more():
    field = Field(Scene(shape=(20, 20), overlap=0.5))
    field.add(square(4), (8, 8))
    assert field.fits(square(4), (8, 12), limit=0)  # touches
    assert not field.fits(square(4), (8, 11), limit=0)
    assert field.fits(square(4), (8, 11), limit=0.25)
    assert not field.fits(square(4), (8, 10), limit=0.25)


def test_a_nucleus_below_keeps_its_share_from_all_that_lie_on_it():
    field = Field(Scene(shape=(20, 20), overlap=0.5))
    field.add(square(4), (8, 8))
    field.add(square(4), (5, 8))  # covers a quarter from above
    assert field.fits(square(4), (11, 8), limit=0.5)  # and this another quarter from below
    assert not field.fits(square(4), (10, 8), limit=0.5)  # a half would leave it a quarter
    labels = field.labels.copy()
    assert np.unique(labels).tolist() == [0, 1, 2]  # trying has changed nothing


def test_a_nucleus_is_never_cut_in_two():
    bar = Nucleus(np.ones((1, 12), bool), np.ones((1, 12), np.float32), (0, 0))
    field = Field(Scene(shape=(20, 20), overlap=0.7))
    field.add(square(4), (8, 8))
    assert field.fits(bar, (8, 4), limit=0.7)  # along its side
    assert not field.fits(bar, (9, 4), limit=0.7)  # across it
    arch = np.array([[True, True, True], [True, False, True]])
    arch = Nucleus(arch, arch.astype(np.float32), (1, 0))
    assert field.fits(arch, (1, 0), limit=0)
    assert not field.fits(arch, (0, 0), limit=0)  # the border would leave its two feet


def touching(scene: Scene, seed: int) -> float:
    """Share of nuclei within two pixels of another."""
    labels, _ = populate(scene, np.random.default_rng(seed))
    near = 0
    for label in range(1, scene.nuclei + 1):
        around = ndimage.binary_dilation(labels == label, iterations=2)
        near += bool(np.setdiff1d(labels[around], [0, label]).size)
    return near / scene.nuclei


def test_crowding_puts_nuclei_against_each_other():
    sparse = Scene(shape=(256, 256), nuclei=15, diameter=18, crowding=0)
    alone, together = (
        np.mean([touching(replace(sparse, crowding=crowding), seed) for seed in range(3)])
        for crowding in (0, 1)
    )
    assert alone < 0.4
    assert together > 0.9


@pytest.mark.parametrize("roundness", [0.5, 0.8])
def test_nuclei_have_the_size_and_roundness_that_were_asked_for(roundness):
    scene = Scene(shape=(600, 600), nuclei=60, diameter=24, roundness=roundness)
    labels, _ = populate(scene, np.random.default_rng(1))
    whole = [
        region for region in regionprops(labels) if min(region.bbox[:2]) > 0 and max(region.bbox[2:]) < 600
    ]
    assert np.median([region.equivalent_diameter_area for region in whole]) == pytest.approx(24, rel=0.08)
    shapes = [region.axis_minor_length / region.axis_major_length for region in whole]
    assert np.mean(shapes) == pytest.approx(roundness, abs=0.08)


def test_slices_further_apart_cut_a_nucleus_less_often():
    heights = []
    for distance in (1.0, 4.0):
        scene = Scene(shape=(48, 80, 80), nuclei=4, diameter=16, roundness=0.9, slice_distance=distance)
        labels, _ = populate(scene, np.random.default_rng(2))
        boxes = [box[0] for box in ndimage.find_objects(labels)]
        heights.append(np.median([box.stop - box.start for box in boxes]))
    assert heights[0] / heights[1] == pytest.approx(4, rel=0.3)


@pytest.mark.parametrize("shape", [(64, 64), (4, 32, 32)])
def test_an_empty_field_shows_background_and_noise(shape):
    seen = simulate(Scene(shape=shape, nuclei=0), Microscope(), seed=1)
    assert seen.image.dtype == np.uint16
    assert seen.clean.dtype == np.float32
    assert seen.image.shape == seen.clean.shape == seen.labels.shape == shape
    assert not seen.labels.any()
    assert seen.image.std() > 1
    assert seen.image.mean() == pytest.approx(seen.clean.mean(), rel=0.02)


def test_nuclei_without_room_are_counted_and_named():
    with pytest.raises(
        BadInput, match=r"only \d+ of 500 nuclei of diameter 16 found room in 96 x 96"
    ) as caught:
        simulate(replace(SMALL, nuclei=500), Microscope(), seed=1)
    assert "fewer" in caught.value.fix


@pytest.mark.parametrize(
    ("make", "problem", "fix"),
    [
        (lambda: Scene(shape=(64,)), r"shape \(64,\)", "256"),
        (lambda: Scene(shape=(0, 64)), r"shape \(0, 64\)", "256"),
        (lambda: Scene(nuclei=-1), "nuclei -1", "from 0"),
        (lambda: Scene(diameter=1), "diameter 1", "from 4 to 500"),
        (lambda: Scene(overlap=1), "overlap 1", "to 0.7"),
        (lambda: Scene(crowding=float("nan")), "crowding nan", "from 0 to 1"),
        (lambda: Microscope(photons=0), "photons 0", "from 0.1"),
        (lambda: Microscope(blur=-1), "blur -1", "from 0"),
        (lambda: Microscope(photons=50_000, gain=4), "50000 photons at gain 4", "gain below 1.31"),
        (lambda: simulate(SMALL, Microscope(), seed=-3), "seed -3", "0"),
        (lambda: simulate_many(-2, SMALL, Microscope(), seed=1), "-2 images", "0 or more"),
    ],
)
def test_the_impossible_is_refused_with_a_way_out(make, problem, fix):
    with pytest.raises(BadInput, match=problem) as caught:
        make()
    assert fix in caught.value.fix
