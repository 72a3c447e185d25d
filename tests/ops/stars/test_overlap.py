"""How much stars share: bounds that hold, and rows counted nearly as exactly as the outlines clipped."""

import numpy as np
import pyclipper
import pytest

from convivo.ops.stars.overlap import (
    AREA,
    BOTTOM,
    CENTRE_X,
    CENTRE_Y,
    LEFT,
    NEAR,
    NEAR_AREA,
    RIGHT,
    SHAPE,
    SLIM,
    TOP,
    WIDE,
    boxes_share,
    common_area,
    crossings,
    discs_share,
    outline,
    shape_of,
)
from convivo.ops.stars.rays import directions

FINE = 1024  # places to a pixel: so finely the oracle clips
ROUNDING = 0.05  # square pixels: what that may cost

# how a star looks: its longest ray, and by how much its rays differ
LOOKS = {"round": (25, 0.0), "wavy": (25, 0.2), "jagged": (25, 0.6), "spiky": (30, 0.97), "tiny": (2.5, 0.9)}
PAIRS = 12


class Star:
    """One star, and what overlap.py knows of it."""

    def __init__(self, point, distances):
        self.point = np.asarray(point, np.int32)
        self.distances = np.asarray(distances, np.float32)
        self.steps = directions(len(distances))
        self.shape = np.empty(SHAPE, np.float32)
        shape_of(*self.point, self.distances, self.steps, self.shape)
        self.corners = outline(self.point, self.distances, self.steps)

    def crossed(self, top, lines):
        """Its crossings with rows."""
        rays = len(self.distances)
        found = np.empty((lines, rays)), np.empty((lines, rays), np.int8), np.zeros(lines, np.int32)
        crossings(*self.point, self.distances, self.steps, top, lines, *found)
        return found


def drawn(look, rays, seed):
    """Two stars near each other."""
    longest, jagged = LOOKS[look]
    rng = np.random.default_rng([seed, rays])
    stars = []
    for _ in range(2):
        angles = 2 * np.pi * np.arange(rays) / rays
        lengths = rng.uniform(0.3, 0.8) * (1 + 0.25 * np.cos(2 * angles + rng.uniform(0, 6)))
        lengths = longest * lengths * (1 - jagged * rng.uniform(0, 1, rays))
        stars.append(Star(rng.integers(0, 1 + longest, 2), np.maximum(lengths, 1e-3)))
    return stars


def pairs(look):
    for rays in (8, 11, 32, 100):
        for seed in range(PAIRS):
            yield drawn(look, rays, seed)


def clipped(first, second):
    """Area that two outlines share, with crossings rounded to a thousandth of a pixel."""
    clipper = pyclipper.Pyclipper()
    try:
        clipper.AddPath(np.rint(np.asarray(first) * FINE).astype(int), pyclipper.PT_SUBJECT)
        clipper.AddPath(np.rint(np.asarray(second) * FINE).astype(int), pyclipper.PT_CLIP)
    except pyclipper.ClipperException:  # an outline without an area
        return 0.0
    parts = clipper.Execute(pyclipper.CT_INTERSECTION, pyclipper.PFT_NONZERO, pyclipper.PFT_NONZERO)
    return abs(sum(pyclipper.Area(part) for part in parts)) / FINE**2


def row_by_row(first, second):
    top, lines = int(first.shape[TOP]), int(first.shape[BOTTOM]) - int(first.shape[TOP])
    if lines == 0:
        return 0.0
    return common_area(lines, *first.crossed(top, lines), *second.crossed(top, lines))


def ring(star, radius, corners=180):
    angles = 2 * np.pi * np.arange(corners) / corners
    return np.stack(
        [star.shape[CENTRE_X] + radius * np.cos(angles), star.shape[CENTRE_Y] + radius * np.sin(angles)], 1
    )


# --- what is known of one star


@pytest.mark.parametrize("look", LOOKS)
def test_area_and_box_are_those_of_the_outline(look):
    for star in (star for pair in pairs(look) for star in pair):
        assert star.shape[AREA] == abs(pyclipper.Area(star.corners))
        assert star.shape[[LEFT, TOP]].tolist() == star.corners.min(axis=0).tolist()
        assert star.shape[[RIGHT, BOTTOM]].tolist() == star.corners.max(axis=0).tolist()


@pytest.mark.parametrize("look", LOOKS)
def test_corners_are_cut_towards_nought(look):
    for star in (star for pair in pairs(look) for star in pair):
        exact = star.point[::-1] + star.distances[:, None] * star.steps[::-1].T
        assert (np.abs(star.corners) <= np.abs(exact) + 1e-4).all()
        assert (np.abs(star.corners - exact) < 1 + 1e-4).all()
    assert outline(np.array([-1, -1], np.int32), np.full(8, 0.5, np.float32), directions(8)).min() == -1
    assert outline(np.array([-1, -1], np.int32), np.full(8, 0.5, np.float32), directions(8)).max() == 0


@pytest.mark.parametrize("look", LOOKS)
def test_the_inner_disc_lies_inside_and_the_outer_one_around(look):
    discs = 0
    for star in (star for pair in pairs(look) for star in pair):
        far = np.hypot(*(star.corners - star.shape[[CENTRE_X, CENTRE_Y]]).T)
        assert star.shape[WIDE] >= far.max()
        assert star.shape[WIDE] <= far.max() + 0.02
        assert 0 <= star.shape[SLIM] <= far.min()
        if star.shape[SLIM] > 0.5:
            discs += 1
            disc = ring(star, star.shape[SLIM])
            assert clipped(disc, star.corners) == pytest.approx(clipped(disc, disc), abs=ROUNDING)
    assert discs > 10 or look == "tiny"


def test_the_inner_disc_touches_the_outline():
    square = np.full(8, 20.0)
    square[1::2] *= np.sqrt(2)
    star = Star((50, 70), square + 1e-3)
    assert star.shape[[CENTRE_Y, CENTRE_X]] == pytest.approx([50, 70], abs=0.6)
    assert star.shape[SLIM] == pytest.approx(20, abs=0.6)
    assert star.shape[WIDE] == pytest.approx(20 * np.sqrt(2), abs=1)


def test_a_star_whose_centre_of_mass_is_outside_has_no_inner_disc():
    lengths = np.full(32, 1.5)
    lengths[:2] = lengths[7:10] = 40.0  # two arms at a right angle
    star = Star((50, 50), lengths)
    centre = star.shape[[CENTRE_Y, CENTRE_X]]
    assert centre.min() > 55
    assert star.shape[SLIM] == 0


@pytest.mark.parametrize("rays", [8, 32, 128])
@pytest.mark.parametrize(("point", "most"), [((0, 0), 0), ((5, 6), 1), ((0, 6), 1)])
def test_a_star_of_no_length_has_hardly_any_area(rays, point, most):
    star = Star(point, np.full(rays, 1e-3))
    assert np.isfinite(star.shape).all()
    assert star.shape[AREA] <= most  # its corners may be cut to four pixels
    assert star.shape[WIDE] < 1.5
    assert star.shape[SLIM] <= np.sqrt(star.shape[AREA] / np.pi)


# --- bounds of what two share


@pytest.mark.parametrize("look", LOOKS)
def test_bounds_never_contradict_what_two_stars_share(look):
    meet = 0
    for first, second in pairs(look):
        shared = clipped(first.corners, second.corners)
        meet += shared > 0
        apart = float(np.hypot(*(first.shape - second.shape)[[CENTRE_Y, CENTRE_X]]))
        assert discs_share(first.shape[SLIM], second.shape[SLIM], apart) <= shared + ROUNDING
        assert discs_share(first.shape[WIDE], second.shape[WIDE], apart) >= shared - ROUNDING
        assert boxes_share(first.shape, second.shape) >= shared - ROUNDING
    assert meet >= 10


@pytest.mark.parametrize("look", LOOKS)
def test_bounds_of_a_star_with_itself_hold_its_area(look):
    for star in (star for pair in pairs(look) for star in pair):
        area = clipped(star.corners, star.corners)
        assert discs_share(star.shape[SLIM], star.shape[SLIM], 0.0) <= area + ROUNDING
        assert discs_share(star.shape[WIDE], star.shape[WIDE], 0.0) >= area - ROUNDING
        assert boxes_share(star.shape, star.shape) >= area - ROUNDING


@pytest.mark.parametrize("seed", range(20))
def test_discs_share_as_much_as_narrow_strips_say(seed):
    rng = np.random.default_rng(seed)
    first, second = rng.uniform(0.5, 30, 2)
    apart = rng.uniform(0, first + second)
    edges = np.linspace(-first, first, 200_001)
    x = (edges[1:] + edges[:-1]) / 2
    heights = (np.sqrt(np.maximum(0, r * r - d * d)) for r, d in ((first, x), (second, x - apart)))
    strips = 2 * np.minimum(*heights).sum() * (edges[1] - edges[0])
    assert discs_share(first, second, apart) == pytest.approx(strips, rel=1e-5, abs=1e-4)
    assert discs_share(second, first, apart) == pytest.approx(discs_share(first, second, apart), rel=1e-9)


@pytest.mark.parametrize(
    ("first", "second", "apart", "shared"),
    [
        (3, 4, 7, 0),
        (3, 4, 100, 0),
        (3, 4, 0, 9 * np.pi),
        (10, 4, 6, 16 * np.pi),
        (10, 4, 2.5, 16 * np.pi),
        (5, 5, 0, 25 * np.pi),
        (5, 5, 5, 25 * (2 * np.pi / 3 - np.sqrt(3) / 2)),
        (0, 5, 2, 0),
        (0, 0, 0, 0),
    ],
)
def test_discs_apart_inside_and_equal(first, second, apart, shared):
    for radii in ((first, second), (second, first)):
        assert discs_share(*map(float, radii), float(apart)) == pytest.approx(shared)


@pytest.mark.parametrize(
    ("box", "shared"),
    [
        ((0, 0, 10, 20), 200),
        ((2, 3, 5, 7), 12),
        ((-5, 15, 4, 99), 20),
        ((10, 0, 12, 9), 0),
        ((3, 20, 5, 22), 0),
        ((50, 60, 70, 80), 0),
        ((4, 4, 4, 9), 0),
    ],
)
def test_boxes_share_a_rectangle_or_nothing(box, shared):
    shapes = np.zeros((2, SHAPE), np.float32)
    shapes[:, [TOP, LEFT, BOTTOM, RIGHT]] = (0, 0, 10, 20), box
    assert boxes_share(shapes[0], shapes[1]) == boxes_share(shapes[1], shapes[0]) == shared


# --- row by row


@pytest.mark.parametrize("look", LOOKS)
def test_rows_are_close_enough_to_decide_whatever_the_threshold(look):
    for first, second in pairs(look):
        shared = clipped(first.corners, second.corners)
        assert abs(row_by_row(first, second) - shared) <= NEAR * shared + NEAR_AREA * len(first.corners)
        assert row_by_row(first, second) == pytest.approx(row_by_row(second, first), abs=1e-6)


@pytest.mark.parametrize("look", LOOKS)
def test_rows_of_a_star_with_itself_are_its_area(look):
    for star in (star for pair in pairs(look) for star in pair):
        area = clipped(star.corners, star.corners)
        assert row_by_row(star, star) == pytest.approx(area, abs=ROUNDING + 0.01 * area)


def test_round_stars_are_counted_to_a_square_pixel():
    errors = [row_by_row(*pair) - clipped(pair[0].corners, pair[1].corners) for pair in pairs("round")]
    assert np.abs(errors).max() < 1


def test_stars_on_different_rows_share_none():
    assert row_by_row(Star((20, 20), np.full(16, 8)), Star((60, 20), np.full(16, 8))) == 0


@pytest.mark.parametrize("look", LOOKS)
def test_crossings_are_sorted_and_go_as_often_up_as_down(look):
    for star, _ in pairs(look):
        top, lines = int(star.shape[TOP]), int(star.shape[BOTTOM] - star.shape[TOP])
        places, turns, counts = star.crossed(top, lines)
        for row in range(lines):
            assert (np.diff(places[row, : counts[row]]) >= 0).all()
            assert turns[row, : counts[row]].sum() == 0
            assert counts[row] >= 2
