"""The arithmetic of Blind spot against numpy's least squares over windows that are written out one by one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import ndimage

from page.node import SOURCES, run_node

FOLDER = "explorables/blind-spot"
SHAPE = (44, 52)
SIDE, MIDDLE = 9, 40
HIDDEN = {"open": [], "pixel": [MIDDLE], "row": list(range(36, 45))}
Values = NDArray[np.float64]


def field(seed: int = 0) -> Values:
    """A smooth picture between 0 and 1, with a little noise of its own."""
    rng = np.random.default_rng(seed)
    smooth = ndimage.gaussian_filter(rng.normal(size=SHAPE), 2.5)
    picture = (smooth - smooth.min()) / np.ptp(smooth) + rng.normal(scale=0.02, size=SHAPE)
    return np.asarray(picture, np.float32).astype(np.float64)


def windows(values: Values) -> Values:
    """(windows, 81)."""
    return np.lib.stride_tricks.sliding_window_view(values, (SIDE, SIDE)).reshape(-1, SIDE * SIDE)


def fitted(values: Values, spot: str) -> tuple[Values, Values, float]:
    """Weights, guesses and mean squared error, by numpy."""
    looked_at = windows(values)
    places = [place for place in range(SIDE * SIDE) if place not in HIDDEN[spot]]
    found = np.zeros(SIDE * SIDE)
    found[places] = np.linalg.lstsq(looked_at[:, places], looked_at[:, MIDDLE], rcond=None)[0]
    guesses = looked_at @ found
    return found, guesses, float(((guesses - looked_at[:, MIDDLE]) ** 2).mean())


def asked(expression: str, picture: Values, lines: str, seed: int = 3) -> Any:
    mixture = (SOURCES / FOLDER / "mixture.ts").as_uri()
    made = (
        f"(await import({mixture!r})).fields(given.picture.data, {SHAPE[0]}, {SHAPE[1]}, {lines!r}, {seed})"
    )
    return run_node(
        f"{FOLDER}/experiment.ts", expression.replace("FIELDS", made), picture=picture.astype(np.float32)
    )


def noise(kind: str, seed: int = 3) -> Values:
    made = {"own": "ownNoise(", "streaks": "rowNoise('streaks', ", "stripes": "rowNoise('stripes', "}[kind]
    drawn = run_node(f"{FOLDER}/noise.ts", f"page.{made}{SHAPE[0]}, {SHAPE[1]}, {seed})")
    return np.reshape(np.asarray(drawn, np.float64), SHAPE)


@pytest.mark.parametrize("spot", HIDDEN)
@pytest.mark.parametrize(
    ("deviation", "share", "lines"),
    [(0.0, 0.0, "streaks"), (0.2, 0.0, "streaks"), (0.2, 0.6, "streaks"), (0.3, 1, "stripes")],
)
def test_the_fit_is_numpys_least_squares(spot, deviation, share, lines):
    picture = field()
    setting = f"{{ deviation: {deviation}, share: {share}, spot: {spot!r} }}"
    said = asked(f"page.experiment(FIELDS, {setting})", picture, lines)
    added = deviation * (np.sqrt(1 - share) * noise("own") + np.sqrt(share) * noise(lines))
    noisy = picture + added
    mean = picture.mean()
    weights, guesses, loss = fitted(noisy - mean, spot)
    np.testing.assert_allclose(said["weights"], weights, atol=1e-5)
    np.testing.assert_allclose(said["restored"], guesses + mean, atol=1e-5)
    inner = (slice(4, -4), slice(4, -4))
    np.testing.assert_allclose(said["noisy"], noisy[inner].ravel(), atol=1e-6)
    assert said["loss"] == pytest.approx(loss, rel=1e-5, abs=1e-9)
    assert said["added"] == pytest.approx((added[inner] ** 2).mean(), rel=1e-6, abs=1e-12)
    for kind, name in (("own", "ownThrough"), (lines, "rowThrough")):
        field_of_it = windows(noise(kind))
        through = ((field_of_it @ weights) ** 2).sum() / (field_of_it[:, MIDDLE] ** 2).sum()
        assert said[name] == pytest.approx(through, rel=1e-4, abs=1e-6)


def test_with_the_spot_open_the_fit_returns_the_pixel_itself():
    said = asked("page.experiment(FIELDS, { deviation: 0.2, share: 0, spot: 'open' })", field(), "streaks")
    expected = np.zeros(81)
    expected[MIDDLE] = 1
    np.testing.assert_allclose(said["weights"], expected, atol=1e-6)
    assert said["loss"] < 1e-12


@pytest.mark.parametrize("spot", HIDDEN)
def test_a_picture_without_anything_in_it_is_guessed_as_it_is(spot):
    setting = f"{{ deviation: 0, share: 0, spot: {spot!r} }}"
    said = asked(f"page.experiment(FIELDS, {setting})", np.full(SHAPE, 0.25), "streaks")
    np.testing.assert_allclose(said["restored"], 0.25, atol=1e-6)
    assert said["loss"] == pytest.approx(0, abs=1e-12)
    assert np.isfinite(said["closedLosses"]).all()


@pytest.mark.parametrize("spot", HIDDEN)
def test_learning_only_goes_down_and_ends_at_the_least_squares(spot):
    said = asked(
        f"page.experiment(FIELDS, {{ deviation: 0.2, share: 0.5, spot: {spot!r} }})", field(), "streaks"
    )
    curve = np.array(said["openLosses" if spot == "open" else "closedLosses"])
    assert (np.diff(curve) <= 1e-12).all()
    noisy = field() + 0.2 * np.sqrt(0.5) * (noise("own") + noise("streaks"))
    centred = noisy - field().mean()
    assert curve[0] == pytest.approx((centred[4:-4, 4:-4] ** 2).mean(), rel=1e-6)
    assert curve[-1] == pytest.approx(fitted(centred, spot)[2], rel=0.02, abs=1e-4)


def test_the_noise_that_is_left_is_what_numpys_weights_make_of_it():
    setting = "{ deviation: 0.2, share: 0.3, spot: 'pixel' }"
    left = asked(
        f"((made) => page.noiseLeft(made, {setting}, page.experiment(made, {setting}).weights))(FIELDS)",
        field(),
        "stripes",
    )
    added = 0.2 * (np.sqrt(0.7) * noise("own") + np.sqrt(0.3) * noise("stripes"))
    weights, _, _ = fitted(field() + added - field().mean(), "pixel")
    np.testing.assert_allclose(left, windows(added) @ weights, atol=1e-5)


@pytest.mark.parametrize("kind", ["own", "streaks", "stripes"])
def test_noise_has_variance_one_and_is_as_alike_along_rows_as_it_says(kind):
    drawn = run_node(
        f"{FOLDER}/noise.ts",
        "page.ownNoise(256, 256, 7)" if kind == "own" else f"page.rowNoise({kind!r}, 256, 256, 7)",
    )
    values = np.reshape(drawn, (256, 256))
    assert values.mean() == pytest.approx(0, abs=1e-9)
    assert values.var() == pytest.approx(1)
    along = (values[:, 1:] * values[:, :-1]).mean()
    down = (values[1:] * values[:-1]).mean()
    assert along == pytest.approx({"own": 0, "streaks": np.exp(-1 / 8), "stripes": 1}[kind], abs=0.03)
    assert down == pytest.approx(0, abs=0.15 if kind == "stripes" else 0.04)
    if kind == "own":  # drawn from the normal distribution: kurtosis 3
        assert (values**4).mean() == pytest.approx(3, abs=0.1)


def test_noise_along_rows_is_not_the_pixels_own_noise():
    assert abs((noise("own") * noise("streaks")).mean()) < 0.1
