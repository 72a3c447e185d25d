"""Break it, driven by hand and by keys: what is on screen is what convivo itself finds in the same altered image."""

import numpy as np
import pytest

from convivo.lab import practice, shelf
from convivo.lab.break_it.aid import MODEL
from convivo.lab.break_it.harm import Harm, harmed
from convivo.ops.scores import match
from convivo.run.predict import Predictor
from convivo.types import Image
from page.looks import assert_accessible, open_screen

LONG = 60_000  # milliseconds, in which torch is loaded and engines are chosen on a busy machine


@pytest.fixture
def truly(tmp_path, monkeypatch):
    """What the shipped model finds in the harmed practice image: how many, how accurate, how sure."""
    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path))  # verdicts on engines are made anew, as the lab's were
    made = practice.image("nuclei")
    predictor = Predictor(shelf.shipped(MODEL))
    predictor.predict(Image(made.image[None]))

    def numbers(harm):
        image, truth = harmed(made.image.astype(np.float32), made.labels, harm)
        answer = predictor.predict(Image(image[None]))
        return {
            "found": str(len(answer.objects)),
            "accuracy": f"{match(truth, answer.labels).accuracy:.2f}",
            "sure": f"{np.mean([each.probability for each in answer.objects]):.2f}",
        }

    return numbers


def opened(page, values=""):
    open_screen(page, f"break-it{values}")
    page.locator("[data-read=found]").wait_for(timeout=LONG)


def wait_for(page, expected):
    page.wait_for_function(
        "expected => Object.entries(expected).every(([name, text]) => "
        "document.querySelector(`[data-read=${name}]`)?.textContent === text)",
        arg=expected,
        timeout=LONG,
    )


def test_arrow_keys_take_light_away_and_the_count_is_convivos_own(page, truly):
    opened(page)
    wait_for(page, {"found": "24", "there": "24", "accuracy": "1.00"})
    page.get_by_role("slider", name="Exposure").focus()
    for _ in range(16):
        page.keyboard.press("ArrowRight")
    expected = truly(Harm(photons=4.0))
    assert expected["found"] != "24"
    wait_for(page, expected)


def test_a_mouse_drags_the_blur_and_the_count_is_convivos_own(page, truly):
    opened(page)
    slider = page.get_by_role("slider", name="Blur")
    box = slider.bounding_box()
    height = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, height)
    page.mouse.down()
    for share in (0.2, 0.5, 0.8, 0.97):
        page.mouse.move(box["x"] + share * box["width"], height, steps=3)
    page.mouse.up()
    blur = float(slider.input_value())
    assert blur > 8
    wait_for(page, truly(Harm(blur=blur)))


def test_a_net_is_sure_and_wrong_and_the_first_aid_that_doubt_puts_first_mends_it(page, truly):
    opened(page)
    page.get_by_label("Dark on bright").check()
    wrong = truly(Harm(inverted=True))
    wait_for(page, wrong)
    assert float(wrong["sure"]) > 0.7
    assert float(wrong["accuracy"]) < 0.1
    assert "stop" in page.locator("[data-read=level-overall]").text_content()
    page.get_by_role("button", name="What would help?").click()
    first = page.locator("[data-aid]").first
    first.get_by_text("✓ advised").wait_for(timeout=LONG)
    assert first.get_attribute("data-aid") == "invert"
    first.get_by_role("button").press("Enter")
    wait_for(page, {"found": "24", "accuracy": "1.00"})
    assert "fine" in page.locator("[data-read=level-overall]").text_content()
    assert f"Without it: {wrong['found']} found" in page.locator("[data-read=before]").text_content()


def test_a_view_can_be_sent(page, truly):
    opened(page, "?dust=yes")
    expected = truly(Harm(speck=True))
    wait_for(page, expected)
    page.get_by_role("slider", name="Grey levels").focus()
    page.keyboard.press("End")
    page.wait_for_function("() => location.hash.includes('coarse=7')")
    page.reload()
    wait_for(page, truly(Harm(speck=True, bits=1)))


def test_strips_mark_what_lies_outside(page):
    opened(page, "?dark=18")
    page.wait_for_function("() => document.querySelector('[data-read=accuracy]').textContent !== '1.00'")
    assert page.get_by_text("lower than any known").count() >= 1
    assert page.locator("[data-read=strip-diameter]").text_content().endswith(" px")


def test_how_right_the_net_is_stays_hidden_until_one_has_committed(page):
    opened(page, "?inverted=yes")
    page.get_by_label("Predict first").check()
    assert page.locator("[data-read=sure]").count() == 0
    question = page.locator("section.predict-first", has_text="0.99")
    question.get_by_label("It is 99 % sure to be right.").check()
    question.get_by_role("button", name="That is what I expect").click()
    assert "not so" in question.text_content()
    page.locator("[data-read=sure]").wait_for()


@pytest.mark.parametrize("values", ["?inverted=yes&invert=yes", "?dust=yes&dark=14"])
def test_break_it_is_accessible_in_every_look(page, values):
    opened(page, values)
    assert_accessible(page)
