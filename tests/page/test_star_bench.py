"""Star bench, driven by hand and by keys; its numbers against convivo's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image as Picture
from playwright.sync_api import Page, expect

from convivo.lab import practice, shelf
from convivo.ops.scores.matching import Matching, match
from convivo.ops.stars.candidates import Stars
from convivo.ops.stars.clipping import clipped_area
from convivo.ops.stars.distances import star_distances
from convivo.ops.stars.overlap import outline
from convivo.ops.stars.paint import paint
from convivo.ops.stars.rays import directions
from convivo.ops.stars.suppress import survivors
from page.answers import unpacked
from page.looks import assert_accessible, open_screen


def read(page: Page, name: str) -> str:
    return page.locator(f"[data-read={name}]").inner_text()


def counts_of(matching: Matching) -> tuple[int, ...]:
    return matching.true_positives, matching.false_positives, matching.false_negatives


def truth_of(image: str) -> np.ndarray:
    return np.asarray(practice.image(image).labels)


class Told:
    """What the net proposed, as the page was told; engines differ in the last digits, so it is not asked again."""

    def __init__(self, answer: dict[str, Any]) -> None:
        self.stars = Stars(answer["points"], answer["distances"], answer["probabilities"])
        self.last = answer["asked_last"] > 0
        self.areas = answer["areas"]
        self.sizes = answer["smallest"], answer["smallest_cut"]
        self.own = answer["prob"], answer["nms"]
        steps = directions(32)
        self.outlines = [
            outline(point, lengths, steps)
            for point, lengths in zip(self.stars.points, self.stars.distances, strict=True)
        ]

    def likely(self, prob: float) -> np.ndarray:
        return np.flatnonzero(self.stars.probabilities > np.float32(prob))

    def kept(self, prob: float, nms: float) -> np.ndarray:
        """Numbers of the stars that stay, in the order of their turns."""
        likely = self.likely(prob)
        # of equally likely stars the later one comes first, and here they are in that order: turned round twice
        turned = likely[::-1]
        return turned[survivors(self.stars[turned], nms, last=self.last[turned])]

    def counts(self, prob: float, nms: float) -> tuple[int, ...]:
        """True and false positives, and misses."""
        kept = self.stars[self.kept(prob, nms)]
        kept = kept[np.argsort(-kept.probabilities, kind="stable")]
        labels, _ = paint(kept, (256, 256), *self.sizes)
        return counts_of(match(truth_of("crowded"), labels))

    def share(self, one: int, two: int) -> float:
        """Of the smaller star that lies in the other."""
        both = clipped_area(self.outlines[one], self.outlines[two])
        return both / float(min(self.areas[one], self.areas[two]))


def reached(number: int, move: tuple[int, int], stretched: dict[int, float]) -> tuple[str, str]:
    """Covered share and IoU of a star on a true nucleus, as the page says them: the centre moved, rays stretched."""
    mask = truth_of("crowded") == number
    rows, columns = np.nonzero(mask)
    away = np.hypot(rows - rows.mean(), columns - columns.mean())
    point = np.array([[rows[away.argmin()], columns[away.argmin()]]], np.int32) + np.array([move], np.int32)
    lengths = star_distances(mask.astype(np.int32), 32)[:, point[0, 0], point[0, 1]].copy()
    for ray, by in stretched.items():
        lengths[ray] += by
    star = paint(Stars(point, lengths[None], np.ones(1, np.float32)), mask.shape)[0] > 0
    both = (star & mask).sum()
    return f"{100 * both / mask.sum():.1f} %", f"{both / (star | mask).sum():.3f}"


@pytest.fixture
def rays(page: Page) -> Page:
    open_screen(page, "star-bench?nucleus=20")
    page.locator("[data-read=covered]").wait_for()
    return page


def says(page: Page, covered: str, iou: str) -> None:
    expect(page.locator("[data-read=covered]")).to_have_text(covered)
    expect(page.locator("[data-read=iou]")).to_have_text(iou)


def test_the_star_begins_in_the_middle_of_the_nucleus(rays):
    says(rays, *reached(20, (0, 0), {}))


def test_arrow_keys_move_the_centre_and_the_star_is_measured_anew(rays):
    rays.get_by_role("application").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight"):
        rays.keyboard.press(key)
    says(rays, *reached(20, (2, 1), {}))


def test_a_hand_moves_the_centre(rays):
    box = rays.get_by_role("application").bounding_box()
    pixel = rays.locator(".raster-frame").bounding_box()["width"] / int(
        rays.locator(".raster-frame canvas").get_attribute("width")
    )
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    rays.mouse.move(*at)
    rays.mouse.down()
    rays.mouse.move(at[0] - 3 * pixel, at[1] - 2 * pixel, steps=4)
    rays.mouse.up()
    says(rays, *reached(20, (-2, -3), {}))


def test_keys_stretch_a_ray_and_measuring_again_lets_it_go(rays):
    tip = rays.get_by_role("slider", name="length of ray")
    tip.focus()
    rays.keyboard.press("PageUp")
    rays.keyboard.press("PageUp")
    expect(tip).to_have_accessible_name("length of ray 3 of 32; Page Up and Page Down go to other rays")
    rays.keyboard.press("Shift+ArrowUp")
    rays.keyboard.press("ArrowUp")
    says(rays, *reached(20, (0, 0), {2: 5.5}))
    rays.get_by_role("button", name="Measure again").click()
    says(rays, *reached(20, (0, 0), {}))


def test_a_hand_stretches_a_ray(rays):
    box = rays.get_by_role("slider", name="length of ray 1 of 32").bounding_box()
    pixel = rays.locator(".raster-frame").bounding_box()["width"] / int(
        rays.locator(".raster-frame canvas").get_attribute("width")
    )
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    rays.mouse.move(*at)
    rays.mouse.down()
    rays.mouse.move(at[0] - 4 * pixel, at[1], steps=4)
    rays.mouse.up()
    says(rays, *reached(20, (0, 0), {0: -4}))


@pytest.fixture
def opened(page: Page) -> tuple[Page, Told]:
    with page.expect_response("**/api/ask/stars", timeout=60_000) as response:
        open_screen(page, "star-bench?tab=suppression")
    page.locator("[data-read=stars-right]").wait_for()
    return page, Told(unpacked(response.value))


@pytest.fixture
def suppression(opened: tuple[Page, Told]) -> Page:
    return opened[0]


def counts_become(page: Page, name: str, expected: tuple[int, ...]) -> None:
    for kind, count in zip(("right", "wrong", "missed"), expected, strict=True):
        expect(page.locator(f"[data-read={name}-{kind}]")).to_have_text(str(count))


def test_keys_move_both_thresholds_and_the_counts_follow(opened):
    page, told = opened
    counts_become(page, "stars", told.counts(0.5, 0.4))
    page.get_by_role("slider", name="Probability threshold").focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.get_by_role("slider", name="Overlap threshold").focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    assert told.counts(0.4, 0.8) != told.counts(0.5, 0.4)
    counts_become(page, "stars", told.counts(0.4, 0.8))


def test_a_hand_moves_the_overlap_threshold(opened):
    page, told = opened
    slider = page.get_by_role("slider", name="Overlap threshold")
    box = slider.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.45, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + 2, box["y"] + box["height"] / 2, steps=5)
    page.mouse.up()
    expect(slider).to_have_value("0.05")
    assert told.counts(0.5, 0.05) != told.counts(0.5, 0.4)
    counts_become(page, "stars", told.counts(0.5, 0.05))


def test_the_models_own_thresholds_are_those_of_its_card(opened):
    page, told = opened
    card = shelf.shipped("nuclei").card.settings
    assert told.own == (card["prob"], card["nms"])
    page.get_by_role("button", name="The model's own").click()
    counts_become(page, "stars", told.counts(*told.own))


def test_the_curve_holds_the_counts_at_every_threshold(opened):
    page, told = opened
    page.get_by_text("As a table").click()
    page.locator("[data-read=curve] tr").nth(15).wait_for()
    rows = page.locator("[data-read=curve] tr").all_inner_texts()
    assert len(rows) == 16
    for row in rows:
        tau, *counts = row.split()
        assert tuple(map(int, counts)) == told.counts(0.5, float(tau))


def test_stepping_shows_what_two_stars_share_by_which_area(opened):
    page, told = opened
    first, second = told.kept(0.5, 0.4)[:2]
    page.get_by_role("button", name="Start").click()
    for _ in range(2):
        page.get_by_role("button", name="Next").click()
    assert read(page, "speaker-probability") == f"{told.stars.probabilities[second]:.3f}"
    later = [other for other in told.likely(0.5) if other > second and told.share(first, other) <= 0.4]
    shares = [told.share(second, other) for other in later]
    assert int(read(page, "speaker-suppressed")) == sum(share > 0.4 for share in shares) > 10
    assert read(page, "pair-share") == f"{max(shares):.3f}"
    shared, whole = float(read(page, "pair-shared")), float(read(page, "pair-whole"))
    assert shared / whole == pytest.approx(max(shares), abs=1e-3)
    assert "it goes" in read(page, "pair-verdict")
    page.get_by_role("slider", name="Neighbour").press("End")
    met = [share for share in shares if share > 0]
    assert read(page, "pair-share") == f"{min(met):.3f}"


def test_by_iou_more_stars_stay(suppression):
    before = int(read(suppression, "stars-objects"))
    suppression.get_by_role("radio", name="both together (IoU)").check()
    expect(suppression.locator("[data-read=stars-objects]")).not_to_have_text(str(before))
    assert int(read(suppression, "stars-objects")) > before


def test_results_wait_for_the_prediction(suppression):
    suppression.get_by_label("Predict first").check()
    expect(suppression.locator("[data-read=stars-right]")).to_have_count(0)
    expect(suppression.locator("[data-read=step]")).to_have_count(0)
    asked = suppression.locator(".predict-first").last
    asked.get_by_role("radio").nth(1).check()
    asked.get_by_role("button").click()
    expect(suppression.locator("[data-read=step]")).to_have_count(1)
    expect(suppression.locator("[data-read=stars-right]")).to_have_count(0)
    asked = suppression.locator(".predict-first").filter(has_text="You lower the probability threshold")
    asked.get_by_role("radio").nth(1).check()
    asked.get_by_role("button").click()
    expect(asked).to_contain_text("All stars that stayed before still stay. ✓ right")
    expect(suppression.locator("[data-read=stars-right]")).to_have_count(1)


def test_the_same_crowd_through_a_unet_is_counted_as_python_counts_it(page):
    truth = truth_of("crowded")

    def answered(do: Callable[[], None], threshold: float, how: str = "pieces") -> tuple[int, ...]:
        with page.expect_response("**/api/ask/crowd", timeout=60_000) as response:
            do()
        asked = response.value.request.post_data_json
        assert (asked["threshold"], asked["read"]) == (threshold, how)
        labels = unpacked(response.value)["labels"]
        counts = counts_of(match(truth, labels))
        counts_become(page, "pieces", counts)
        return counts

    merged = answered(lambda: open_screen(page, "star-bench?tab=others"), 0.5)
    page.get_by_role("slider", name="Probability threshold").focus()
    for threshold in (0.55, 0.6, 0.65):
        higher = answered(lambda: page.keyboard.press("ArrowRight"), threshold)
    grown = answered(page.get_by_role("radio", name="grown from interiors").check, 0.65, "seeds")
    assert merged[0] <= higher[0] < 20 < grown[0]  # a crowd hangs together; interiors lie apart


def test_of_ones_own_image_there_are_objects_but_nothing_is_called_right(page, tmp_path):
    pixels = shelf.image("nuclei").pixels[:128, :160].astype(float)
    path = tmp_path / "mine.png"
    Picture.fromarray((255 * (pixels - pixels.min()) / np.ptp(pixels)).astype(np.uint8)).save(path)
    open_screen(page, "star-bench?tab=suppression")
    page.locator("[data-read=stars-right]").wait_for(timeout=60_000)
    page.locator("input[type=file]").set_input_files(path)
    expect(page.locator("[data-read=stars-right]")).to_have_count(0)
    page.locator("[data-read=stars-objects]").wait_for()
    assert int(read(page, "stars-objects")) > 3
    page.get_by_role("tab", name="Rays").click()
    expect(page.get_by_role("radio", name="A true nucleus")).to_have_count(0)
    page.locator("[data-read=covered]").wait_for()


@pytest.mark.parametrize(
    ("where", "ready"),
    [
        ("star-bench", "covered"),
        ("star-bench?shape=branched&rays=64", "covered"),
        ("star-bench?tab=suppression&step=5", "pair-share"),
        ("star-bench?tab=suppression", "curve"),
        ("star-bench?tab=others", "pieces-right"),
    ],
)
def test_star_bench_is_accessible_in_every_look(page, where: str, ready: str):
    open_screen(page, where)
    page.locator(f"[data-read={ready}]").wait_for(state="attached", timeout=60_000)
    assert_accessible(page)
