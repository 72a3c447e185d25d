"""Which stars stay, against one who compares every pair."""

import numpy as np
import pyclipper
import pytest

from convivo.ops.simulate import Microscope, Scene, simulate
from convivo.ops.stars import threads
from convivo.ops.stars.candidates import Stars, candidates
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.probability import object_probability
from convivo.ops.stars.rays import directions
from convivo.ops.stars.suppress import suppress, survivors

f32 = np.float32


def crowd(count, rays, seed=0, *, side=90, longest=14.0, jagged=0.0, levels=20):
    """Roundish stars that lie on each other; many are equally likely."""
    rng = np.random.default_rng(seed)
    points = rng.integers(0, side, (count, 2)).astype(np.int32)
    angles = 2 * np.pi * np.arange(rays) / rays
    size, squeeze, turn = rng.uniform(2, longest, (count, 1)), *rng.uniform(0, 3, (2, count, 1))
    lengths = size * (1 + 0.15 * squeeze * np.cos(2 * angles + turn))
    lengths = lengths * (1 + jagged * rng.uniform(-1, 1, (count, rays)))
    likely = rng.integers(1, levels, count).astype(f32) / f32(levels)
    return Stars(points, np.maximum(lengths, 1e-3).astype(f32), likely)


def pair_by_pair(stars, most):
    """Greedy, likeliest first (of equals the last), by the area that pyclipper finds for every pair."""
    steps = directions(stars.distances.shape[1])[None]
    corners = (stars.points[:, :, None].astype(f32) + stars.distances[:, None] * steps).astype(int)
    paths = [list(zip(xs.tolist(), ys.tolist(), strict=True)) for ys, xs in corners]
    areas = [abs(pyclipper.Area(path)) for path in paths]
    waiting = sorted(range(len(stars)), key=lambda star: (stars.probabilities[star], star), reverse=True)
    kept = []
    while waiting:
        best, *others = waiting
        kept.append(best)
        limits = {other: most * (min(areas[best], areas[other]) + 1e-10) for other in others}
        waiting = [other for other in others if shared(paths[best], paths[other]) <= limits[other]]
    return kept


def shared(path, other):
    clipper = pyclipper.Pyclipper()
    try:
        clipper.AddPath(path, pyclipper.PT_SUBJECT)
        clipper.AddPath(other, pyclipper.PT_CLIP)
    except pyclipper.ClipperException:  # an outline without an area
        return 0.0
    parts = clipper.Execute(pyclipper.CT_INTERSECTION, pyclipper.PFT_NONZERO, pyclipper.PFT_NONZERO)
    return abs(sum(pyclipper.Area(part) for part in parts))


@pytest.mark.parametrize("rays", [8, 11, 32, 64])
@pytest.mark.parametrize("most", [0.1, 0.3, 0.4, 0.5, 0.7, 0.9])
def test_those_stay_whom_every_pair_compared_would_leave(rays, most):
    stars = crowd(110, rays, seed=rays)
    assert survivors(stars, most).tolist() == pair_by_pair(stars, most)


@pytest.mark.parametrize("most", [0.0, 0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("rays", [8, 32, 128])
def test_jagged_stars_too(rays, most):
    stars = crowd(60, rays, seed=7, jagged=0.5, longest=25.0)
    assert survivors(stars, most).tolist() == pair_by_pair(stars, most)


@pytest.mark.parametrize("seed", range(12))
def test_tiny_stars_of_a_pixel_or_none_too(seed):
    stars = crowd(80, 8 + 4 * (seed % 4), seed, side=12, longest=3.0, jagged=0.9)
    for most in (0.1, 0.5, 0.9):
        assert survivors(stars, most).tolist() == pair_by_pair(stars, most)


@pytest.mark.parametrize("seed", range(4))
def test_large_stars_among_small_ones_too(seed):
    small, large = crowd(70, 16, seed, side=300, longest=6.0), crowd(12, 16, seed, side=300, longest=90.0)
    stars = Stars(
        *(
            np.concatenate([getattr(each, name) for each in (small, large)])
            for name in ("points", "distances", "probabilities")
        )
    )
    for most in (0.2, 0.6):
        assert survivors(stars, most).tolist() == pair_by_pair(stars, most)


@pytest.mark.parametrize("most", [0.3, 0.5])
def test_the_stars_of_real_outlines_too(most):
    scene = Scene(shape=(48, 56), nuclei=8, diameter=13, crowding=0.9)
    labels = simulate(scene, Microscope(), seed=1).labels.astype(np.int32)
    stars = candidates(object_probability(labels), star_distances(labels, 32), 0.55, (0, 0), (1, 1))
    assert len(stars) > 150
    kept = survivors(stars, most)
    assert kept.tolist() == pair_by_pair(stars, most)
    assert len(kept) == len(np.unique(labels)) - 1


@pytest.mark.parametrize(
    ("seed", "most", "crowded"),
    [
        (1018, 0.8, {"count": 80, "rays": 62, "side": 8, "longest": 10.0, "jagged": 0.95}),
        (1122, 0.8, {"count": 71, "rays": 99, "side": 40, "longest": 10.0, "jagged": 0.95}),
        (1413, 0.05, {"count": 31, "rays": 96, "side": 90, "longest": 80.0, "jagged": 0.2}),
    ],
)
def test_noisy_outlines_of_many_corners_too(seed, most, crowded):
    stars = crowd(seed=seed, **crowded)  # clipping on whole pixels moves their areas by up to 15 pixels
    assert survivors(stars, most).tolist() == pair_by_pair(stars, most)


@pytest.mark.parametrize("offset", [(0, -45), (-45, -45), (30_000, 70_000)])
def test_stars_outside_the_image_and_far_from_its_corner_too(offset):
    stars = crowd(90, 16, 3)
    moved = Stars(stars.points + np.array(offset, np.int32), stars.distances, stars.probabilities)
    assert survivors(moved, 0.4).tolist() == pair_by_pair(moved, 0.4)


def test_work_in_threads_changes_nothing(monkeypatch):
    stars = crowd(400, 32, side=200)
    alone = survivors(stars, 0.4)
    monkeypatch.setattr(threads, "WORTH_A_THREAD", 10)
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical=True: 3)
    assert np.array_equal(survivors(stars, 0.4), alone)


def test_no_stars():
    none = Stars(np.zeros((0, 2), np.int32), np.zeros((0, 32), f32), np.zeros(0, f32))
    assert len(survivors(none, 0.4)) == 0
    assert len(suppress(none, 0.4)) == 0


@pytest.mark.parametrize("length", [1e-3, 0.4, 5.0, 3000.0])
def test_one_star_stays(length):
    one = Stars(np.array([[7, 9]], np.int32), np.full((1, 32), length, f32), np.ones(1, f32))
    assert survivors(one, 0.4).tolist() == [0]


@pytest.mark.parametrize("most", [0.0, 0.4, 0.99])
@pytest.mark.parametrize("length", [6.0, 60.0])
def test_of_thousands_that_coincide_the_likeliest_stays(most, length):
    rng = np.random.default_rng(0)
    likely = rng.permutation(5000).astype(f32) / 5000
    stars = Stars(np.full((5000, 2), 80, np.int32), np.full((5000, 32), length, f32), likely)
    assert survivors(stars, most).tolist() == [likely.argmax()]


@pytest.mark.parametrize("most", [0.0, 0.1, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("first", ["small", "large"])
@pytest.mark.parametrize("offset", [0, 25])
def test_a_small_star_inside_a_large_one_meets_it_entirely(most, first, offset):
    likely = [0.9, 0.8] if first == "small" else [0.8, 0.9]
    lengths = np.stack([np.full(32, 5), np.full(32, 40)]).astype(f32)
    points = np.array([[60 + offset, 60], [60, 60]], np.int32)
    assert survivors(Stars(points, lengths, np.array(likely, f32)), most).tolist() == [
        0 if first == "small" else 1
    ]


def test_one_that_went_removes_nobody():
    points = np.array([[50, 50], [50, 58], [50, 66]], np.int32)  # each shares much with its neighbour only
    stars = Stars(points, np.full((3, 32), 8, f32), np.array([0.9, 0.8, 0.7], f32))
    assert survivors(stars, 0.3).tolist() == [0, 2]


def test_of_equally_likely_ones_the_last_stays():
    stars = Stars(np.full((6, 2), 20, np.int32), np.full((6, 16), 6, f32), np.full(6, 0.5, f32))
    assert survivors(stars, 0.5).tolist() == [5]


def test_those_that_stay_come_likeliest_first_with_all_that_belongs_to_them():
    stars = crowd(200, 16)
    kept, numbers = suppress(stars, 0.4), survivors(stars, 0.4)
    assert (np.diff(kept.probabilities) <= 0).all()
    for name in ("points", "distances", "probabilities"):
        assert np.array_equal(getattr(kept, name), getattr(stars, name)[numbers])


def test_stars_far_apart_all_stay():
    points = np.stack(np.mgrid[:5000:500, :5000:500], axis=-1).reshape(-1, 2).astype(np.int32)
    stars = Stars(points, np.full((100, 32), 200, f32), np.linspace(0.1, 0.9, 100, dtype=f32))
    assert survivors(stars, 0.0).tolist() == list(range(99, -1, -1))


@pytest.mark.parametrize("most", [0.2, 0.4, 0.7])
def test_the_live_original_keeps_the_same(most):
    nms = pytest.importorskip("stardist.nms", reason="stardist is not installed here")
    stars = crowd(1500, 32, side=300, levels=10**6)  # its order of equals is not defined
    _, _, _, kept = nms.non_maximum_suppression_sparse(
        stars.distances, stars.probabilities, stars.points, nms_thresh=most
    )
    assert survivors(stars, most).tolist() == kept.tolist()


def test_stars_marked_as_last_give_way_to_less_likely_ones():
    points = np.array([[10, 10], [10, 12], [60, 60]], np.int32)
    stars = Stars(points, np.full((3, 16), 6, f32), np.array([0.9, 0.3, 0.2], f32))
    assert survivors(stars, 0.4).tolist() == [0, 2]
    assert survivors(stars, 0.4, last=np.array([True, False, False])).tolist() == [1, 2]
    assert survivors(stars, 0.4, last=np.array([True, True, True])).tolist() == [0, 2]
