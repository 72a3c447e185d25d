"""The detective's questions: no case tells its cause before somebody has chosen one."""

import msgspec
import pytest

from convivo.errors import BadInput
from convivo.lab.detective.cases import CASES, CAUSES
from convivo.lab.questions import question_named
from convivo.lab.replies import decoded, packed


def ask(name, request="{}"):
    question = question_named(name)
    return msgspec.msgpack.decode(packed(question.answer(decoded(request.encode(), question.asked))))


def test_six_cases_and_all_causes_are_listed_without_a_word_on_which_is_which():
    listing = ask("detective")
    assert [case["key"] for case in listing["cases"]] == [case.key for case in CASES]
    assert [cause["key"] for cause in listing["causes"]] == [cause.key for cause in CAUSES]
    assert all(set(case) == {"key", "title", "story"} for case in listing["cases"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_a_guess_is_right_exactly_where_it_is_the_cause(case):
    for cause in CAUSES:
        guesses = msgspec.json.encode({"guesses": [{"key": case.key, "cause": cause.key}]}).decode()
        (verdict,) = ask("detective-verdicts", guesses)["verdicts"]
        assert verdict == {
            "key": case.key, "guess": cause.key, "is_right": cause.key == case.cause, "cause": case.cause,
        }  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.key)
def test_evidence_travels_with_its_pictures_and_numbers(case):
    evidence = ask("detective-case", f'{{"key": "{case.key}"}}')
    expected = case.answer()
    assert tuple(evidence["image"]["pixels"]["shape"]) == case.image().pixels.shape
    assert [each["value"] for each in evidence["answer"]["numbers"]] == [
        each.value for each in expected.numbers
    ]
    assert "cause" not in evidence["answer"]


@pytest.mark.parametrize(
    ("name", "request_", "word"),
    [
        ("detective-case", '{"key": "no-such"}', "no case"),
        ("detective-proof", '{"key": "no-such"}', "no case"),
        ("detective-verdicts", f'{{"guesses": [{{"key": "{CASES[0].key}", "cause": "luck"}}]}}', "no cause"),
    ],
)
def test_what_there_is_not_is_refused_in_words(name, request_, word):
    with pytest.raises(BadInput, match=word):
        ask(name, request_)
