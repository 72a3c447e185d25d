"""The arithmetic of Split machine against SciPy: nearest neighbours, sets without leaks, and the best of many draws."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import spatial, stats

from page.node import SOURCES, run_node

FOLDER = "explorables/split-machine"
DAYS, IMAGES, PATCHES = 4, 4, 6
RULES = ("patches", "images", "days")


@pytest.fixture(scope="module")
def said() -> dict[str, Any]:
    addresses = ", ".join(
        f"import({(SOURCES / FOLDER / name).as_uri()!r})" for name in ("specimens.ts", "splits.ts", "race.ts")
    )
    return run_node(
        f"{FOLDER}/learner.ts",
        f"await Promise.all([{addresses}]).then(([specimens, splits, race]) => {{"
        " const patches = specimens.patchesOf(4, 7); const unseen = specimens.patchesOf(20, 50007);"
        " const by = Object.fromEntries(given.rules.map((rule) => {"
        " const sets = splits.split(patches, rule, [], 7);"
        " return [rule, { sets, again: splits.split(patches, rule, [], 8),"
        " outcome: page.outcome(patches, sets, unseen), average: page.onAverage(4, rule, [], 100) }]; }));"
        " const many = (each) => Array.from({ length: 40 }, (_, seed) => race.race(...each, seed)).flat();"
        " return { patches, unseen, by, races: given.races.map(many),"
        " hand: splits.split(patches, 'hand', given.hand, 7) }; })",
        rules=RULES,
        races=[(1, 100), (20, 100), (20, 1000)],
        hand=["test"] * 8 + ["training"] * 8,
    )


def features(patches: list[dict[str, Any]]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    return (
        np.array([patch["at"] for patch in patches]),
        np.array([patch["treated"] for patch in patches]),
        np.array([patch["image"] for patch in patches]),
        np.array([patch["day"] for patch in patches]),
    )


@pytest.mark.parametrize("rule", RULES)
def test_scores_are_those_of_scipys_nearest_neighbours(said, rule):
    at, treated, _, _ = features(said["patches"])
    sets = np.array(said["by"][rule]["sets"])
    tree = spatial.cKDTree(at[sets == "training"])
    known = treated[sets == "training"]
    outcome = said["by"][rule]["outcome"]
    for name in ("validation", "test"):
        told = known[tree.query(at[sets == name])[1]]
        assert outcome[name] == pytest.approx((told == treated[sets == name]).mean())
    new, new_treated, _, _ = features(said["unseen"])
    assert outcome["unseen"] == pytest.approx((known[tree.query(new)[1]] == new_treated).mean())


def test_rules_keep_together_what_they_say(said):
    _, treated, image, day = features(said["patches"])
    for rule, group in (("images", image), ("days", day)):
        for drawn in ("sets", "again"):
            sets = np.array(said["by"][rule][drawn])
            assert all(len(set(sets[group == each])) == 1 for each in set(group))
            assert [treated[sets == name].mean() for name in set(sets)] == [0.5] * 3
        assert said["by"][rule]["sets"] != said["by"][rule]["again"]
    patches = np.array(said["by"]["patches"]["sets"])
    torn = [len(set(patches[image == each])) > 1 for each in set(image)]
    assert sum(torn) > 12  # of 16 images
    assert said["hand"] == ["test"] * 48 + ["training"] * 48


def test_only_patches_at_random_promise_more_than_a_new_microscope_gives(said):
    average = {rule: said["by"][rule]["average"] for rule in RULES}
    assert average["patches"]["validation"] - average["patches"]["unseen"] > 0.2
    for rule in ("images", "days"):
        assert abs(average[rule]["validation"] - average[rule]["unseen"]) < 0.05


def test_features_vary_with_day_image_and_patch_as_the_model_says():
    at, treated, image, day = features(
        run_node(f"{FOLDER}/specimens.ts", "page.patchesOf(400, 3)")  # so many days that deviations are known
    )
    at[:, 0] -= np.where(treated, 0.9, -0.9)
    by_image = at.reshape(-1, PATCHES, 2)
    assert by_image.std(axis=1, ddof=1).mean() == pytest.approx(0.12 * 0.9515, rel=0.03)  # bias of six values
    means = by_image.mean(axis=1).reshape(-1, IMAGES, 2)
    assert np.sqrt(means.var(axis=1, ddof=1).mean()) == pytest.approx(np.hypot(0.9, 0.05), rel=0.05)
    assert means.mean(axis=1).std() == pytest.approx(np.hypot(0.8, 0.45), rel=0.06)
    assert (np.diff(image) >= 0).all()
    assert (day == image // IMAGES).all()


@pytest.mark.parametrize(("number", "tries", "images"), [(0, 1, 100), (1, 20, 100), (2, 20, 1000)])
def test_the_best_public_score_is_as_much_too_high_as_order_statistics_say(said, number, tries, images):
    teams = said["races"][number]
    quality, weight = np.polynomial.hermite_e.hermegauss(15)
    shares = 0.8 + 0.01 * quality
    below = (weight / weight.sum()) @ stats.binom.cdf(np.arange(images)[None], images, shares[:, None])
    expected = (1 - below**tries).sum() / images
    assert np.mean([team["shown"] for team in teams]) == pytest.approx(expected, abs=0.005)
    # the hidden images are answered anew, so luck is gone; what a little better nets gain stays small
    assert np.mean([team["hidden"] for team in teams]) == pytest.approx(0.8, abs=0.015)


def test_teams_stand_in_the_order_of_their_public_scores(said):
    first = said["races"][1][:12]
    assert sorted(team["team"] for team in first) == list(range(1, 13))
    assert (np.diff([team["shown"] for team in first]) <= 0).all()
