"""The arithmetic of Needle field against counts by numpy and probabilities by SciPy."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import optimize, stats

from page.node import SOURCES, run_node

FOLDER = "explorables/needle-field"
SIDE, CONTRAST = 96, 4


def fields(*settings: tuple[float, int]) -> list[dict[str, Any]]:
    """Fields of one sample, each (share of foreground, border), with the counts and scores of all predictors."""
    scores = (SOURCES / FOLDER / "scores.ts").as_uri()
    return run_node(
        f"{FOLDER}/field.ts",
        f"(await import({scores!r}).then((scores) => given.settings.map(([share, border]) => {{"
        " const field = page.fieldOf(page.sampleOf(3), share, border);"
        " const of = (at) => [at, scores.counted(field, at), scores.scored(scores.counted(field, at))];"
        " const by = Object.entries(scores.THRESHOLDS).map(([name, at]) => [name, of(at)]);"
        " return { ...field, of: Object.fromEntries(by) };"
        "})))",
        settings=settings,
    )


@pytest.fixture(scope="module")
def shown() -> list[dict[str, Any]]:
    return fields((0.5, 0), (0.03, 16), (0.03, 0), (0.005, 32))


def test_foreground_is_as_much_as_was_asked_for(shown):
    for field, share, border in zip(shown, (0.5, 0.03, 0.03, 0.005), (0, 16, 0, 32), strict=True):
        truth = np.reshape(field["truth"], (SIDE + 2 * border,) * 2)
        assert truth.sum() == round(share * SIDE**2)
        inner = slice(border, border + SIDE)
        assert truth[inner, inner].sum() == truth.sum()


def test_brightness_is_normal_and_the_contrast_apart(shown):
    truth, values = np.array(shown[0]["truth"], bool), np.array(shown[0]["values"])
    assert values[truth].mean() - values[~truth].mean() == pytest.approx(CONTRAST, abs=0.1)
    noise = values - CONTRAST * truth
    assert (noise.mean(), noise.std()) == pytest.approx((0, 1), abs=1e-6)
    assert stats.skew(noise) == pytest.approx(0, abs=0.2)
    assert stats.kurtosis(noise) == pytest.approx(0, abs=0.25)


def test_scores_are_those_of_numpy(shown):
    for field in shown:
        truth, values = np.array(field["truth"], bool), np.array(field["values"])
        for threshold, counts, scores in field["of"].values():
            called = values > (np.inf if threshold is None else threshold)
            assert counts["found"] == (truth & called).sum()
            assert scores["accuracy"] == pytest.approx((truth == called).mean())
            assert scores["recall"] == pytest.approx(called[truth].mean())
            assert scores["dice"] == pytest.approx(2 * (truth & called).sum() / (truth.sum() + called.sum()))
            if called.any():
                assert scores["precision"] == pytest.approx(truth[called].mean())
            else:
                assert scores["precision"] is None


def test_cropping_the_border_away_changes_accuracy_alone(shown):
    for name in ("nothing", "eager", "good"):
        _, _, wide = shown[1]["of"][name]
        _, _, bare = shown[2]["of"][name]
        assert wide["accuracy"] > bare["accuracy"]
        assert {key: wide[key] for key in ("precision", "recall", "dice")} == {
            key: bare[key] for key in ("precision", "recall", "dice")
        }


@pytest.mark.parametrize(("share", "weight"), [(0.03, 1), (0.03, 30), (0.5, 1), (0.005, 100)])
def test_a_weight_moves_the_threshold_to_where_the_weighted_classes_balance(share, weight):
    said = run_node(
        f"{FOLDER}/weighted.ts",
        "[page.thresholdAt(given.share, given.weight), page.outputAt(3, given.share, given.weight),"
        " page.meaningOfHalf(given.weight)]",
        share=share,
        weight=weight,
    )

    def foreground(brightness: float) -> float:
        return share * stats.norm.pdf(brightness, CONTRAST)

    def background(brightness: float) -> float:
        return (1 - share) * stats.norm.pdf(brightness)

    balance = optimize.brentq(lambda at: weight * foreground(at) - background(at), -3, 7)
    assert said[0] == pytest.approx(balance, abs=1e-6)
    # the output that makes the weighted cross-entropy least, found by search
    cost = optimize.minimize_scalar(
        lambda p: -weight * foreground(3) * np.log(p) - background(3) * np.log(1 - p),
        bounds=(1e-9, 1 - 1e-9),
        method="bounded",
        options={"xatol": 1e-9},
    )
    assert said[1] == pytest.approx(cost.x, abs=1e-4)
    assert said[2] == pytest.approx(
        foreground(balance) / (foreground(balance) + background(balance)), rel=1e-4
    )
