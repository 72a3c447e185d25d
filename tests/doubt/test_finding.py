"""Findings have levels that can be ordered, and survive their JSON."""

import json
import math

import pytest

from convivo.doubt import (
    Finding,
    Level,
    findings_from_info,
    findings_from_json,
    findings_to_info,
    findings_to_json,
    level_of,
    worst,
)


def finding(level=Level.warn, **changes):
    return Finding(
        **{"image": "a", "id": "scale", "level": level, "evidence": "objects of 40 pixels", **changes}
    )


@pytest.mark.parametrize(
    ("doubt", "level"),
    [
        (0.0, "fine"),
        (0.49, "fine"),
        (0.5, "note"),
        (1.0, "warn"),
        (1.99, "warn"),
        (2.0, "stop"),
        (9.0, "stop"),
    ],
)
def test_doubt_has_a_level(doubt, level):
    assert level_of(doubt) == level


def test_the_worst_counts():
    assert worst([finding(Level.note), finding(Level.stop), finding(Level.fine)]) is Level.stop
    assert worst([finding(Level.note), finding(Level.warn)]) is Level.warn
    assert worst([]) is Level.fine


def test_json_is_a_list_of_objects_under_their_names():
    text = findings_to_json([finding(measured=40.0, expected=(8.0, 30.0), advice="--scale 0.5", doubt=1.4)])
    (found,) = json.loads(text)
    assert found == {
        "image": "a",
        "id": "scale",
        "level": "warn",
        "measured": 40.0,
        "expected": [8.0, 30.0],
        "evidence": "objects of 40 pixels",
        "advice": "--scale 0.5",
        "doubt": 1.4,
    }


def test_json_comes_back():
    given = [finding(measured=math.pi), finding(Level.fine)]
    assert findings_from_json(findings_to_json(given)) == given


def test_json_knows_no_infinity():
    (found,) = json.loads(findings_to_json([finding(measured=math.inf)]))
    assert found["measured"] is None


@pytest.mark.parametrize("doubt", [math.inf, math.nan])
def test_doubt_without_end_survives(doubt):
    given = [finding(Level.stop, doubt=doubt)]
    for back in (
        findings_from_json(findings_to_json(given)),
        findings_from_info(findings_to_info(given, "m")),
    ):
        assert [each.level for each in back] == [Level.stop]
        assert back[0].doubt > 2
