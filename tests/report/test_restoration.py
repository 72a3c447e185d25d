"""The page of restored images: every number said, every picture on the scale it claims, nothing from outside."""

import base64
import io
import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image as Pillow

from convivo.errors import BadInput, CannotWrite
from convivo.ops.scores import restoration_score
from convivo.report.restoration import restoration_page, write_restoration_report
from convivo.report.restoration_cases import Answer, cases_of, draw, numbers
from convivo.report.restoration_content import RestorationCase, RestorationReport, Way, short
from convivo.run.evaluate_restored import RestoredScore
from convivo.types import Image, Restorable, Restoration

EVIL = "<script>alert('x')</script>.tif"


def truth(shape=(48, 64)):
    """A bright square on the dark, more contrasted nowhere than around its edges."""
    image = np.full(shape, 100.0, np.float32)
    image[20:30, 20:34] = 1000
    return image


def case(name="field", noise=60.0, *, uncertain=False, ways=("Net",), shape=(48, 64)):
    rng = np.random.default_rng(7)
    true = truth(shape)
    before = true + noise * rng.standard_normal(shape)
    made = [true + noise / (3 + number) * rng.standard_normal(shape) for number in range(len(ways))]
    return RestorationCase(
        name=name,
        before=before,
        truth=true,
        before_score=restoration_score(before, true),
        ways=tuple(
            Way(
                title=title,
                restored=values,
                score=restoration_score(values, true),
                uncertainty=np.full(shape, 20.0) + true / 100 if uncertain else None,
            )
            for title, values in zip(ways, made, strict=True)
        ),
    )


def pixels(figure):
    """The picture of a figure, decoded from its address."""
    data = base64.b64decode(figure.address.partition(",")[2])
    return np.asarray(Pillow.open(io.BytesIO(data)))


def named(drawn, title):
    (figure,) = [figure for figure in drawn.figures if figure.title == title]
    return figure


def at(figure, row, column, shape=(48, 64)):
    picture = pixels(figure)
    factor = picture.shape[0] // shape[0]
    return tuple(int(value) for value in picture[row * factor + factor // 2, column * factor + factor // 2])


class Page(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def page(*cases, **changes):
    return Page(restoration_page(RestorationReport(title="Restored", cases=cases, **changes)))


def test_grey_pictures_share_the_brightness_of_the_truth():
    drawn = draw(case(noise=0))
    for title in ("As it came", "Net", "Truth"):
        assert at(named(drawn, title), 2, 2) == (0, 0, 0)
        assert at(named(drawn, title), 25, 25) == (255, 255, 255)
    darker = replace(case(noise=0), ways=(Way(title="Net", restored=0.85 * truth()),))
    level = at(named(draw(darker), "Net"), 25, 25)[0]
    assert 200 < level < 240


def test_too_dark_is_orange_and_too_bright_purple_on_one_scale():
    true = truth()
    restored = true.copy()
    restored[2:12] -= 40
    restored[36:46] += 40
    drawn = draw(
        RestorationCase(name="a", before=true + 80, truth=true, ways=(Way(title="Net", restored=restored),))
    )
    error = named(drawn, "Error: Net")
    dark, right, bright = (at(error, row, 50) for row in (5, 15, 40))
    assert dark[0] > dark[1] > dark[2]
    assert min(right) > 240
    assert bright[2] > bright[0] > bright[1]
    (low, high), worst = (
        re.findall(r"[−+]([\d,.]+)", drawn.detail)[:2],
        at(named(drawn, "Error: as it came"), 5, 50),
    )
    assert low == high == "80"
    assert sum(worst) < sum(bright)  # twice the error, twice as far along the same colours


def test_ticks_mark_the_row_of_the_profile():
    drawn = draw(case())
    row = int(re.search(r"row (\d+)", drawn.detail).group(1))
    assert 18 <= row <= 31
    for figure in drawn.figures:
        assert at(figure, row, 0)[0] > 200 > 120 > at(figure, row, 0)[2]  # yellow
        assert at(figure, row, 63) == at(figure, row, 0) != at(figure, row, 32)


def test_an_uncertainty_has_its_picture_and_its_range():
    drawn = draw(case(uncertain=True))
    assert "Uncertainty from 0 to 30." in drawn.detail
    assert at(named(drawn, "Uncertainty: Net"), 25, 25)[0] > 240  # yellow
    assert not [figure for figure in draw(case()).figures if figure.kind == "uncertainty"]


def test_a_large_image_shows_its_most_contrasted_piece():
    large = np.full((700, 900), 100.0, np.float32)
    large[500:512, 610:640] = 1000
    drawn = draw(
        RestorationCase(name="a", before=large, truth=large, ways=(Way(title="Net", restored=large),))
    )
    left, top = map(int, re.search(r"x from (\d+), y from (\d+)", drawn.detail).groups())
    assert top <= 500 <= 512 <= top + 256
    assert left <= 610 <= 640 <= left + 256
    assert "256 × 256 pixels of 900 × 700" in drawn.detail
    assert {(figure.width, figure.height) for figure in drawn.figures} == {(512, 512)}


def test_another_exposure_is_brought_to_the_brightness_of_the_truth_and_said_so():
    given = case(noise=0)
    drawn = draw(replace(given, before=truth() / 10 + 7))
    assert at(named(drawn, "As it came"), 25, 25) == (255, 255, 255)
    assert "Brought to the brightness of the truth: as it came." in drawn.detail
    assert "Brought" not in draw(given).detail


def test_without_a_truth_there_is_no_error_and_no_score():
    given = case()
    alone = RestorationCase(name="alone", before=given.before, ways=(replace(given.ways[0], score=None),))
    drawn = draw(alone)
    assert [figure.title for figure in drawn.figures] == ["As it came", "Net"]
    assert "truth" not in drawn.profile
    text = page(drawn).text
    assert "Scores" not in text
    assert "restored − truth" not in text


def test_a_stack_shows_its_middle_plane_and_odd_shapes_are_refused():
    stack = np.stack([np.zeros((48, 64)), truth(), np.zeros((48, 64))])
    drawn = draw(
        RestorationCase(name="s", before=stack, truth=stack, ways=(Way(title="Net", restored=stack),))
    )
    assert at(named(drawn, "Truth"), 25, 25) == (255, 255, 255)
    assert "middle one of 3 planes" in drawn.detail
    with pytest.raises(BadInput, match="shape"):
        draw(replace(case(), truth=truth((50, 64))))
    with pytest.raises(BadInput, match="neither"):
        draw(RestorationCase(name="s", before=stack))


def test_means_deviations_and_the_fit_are_said():
    cases = [case("a", 60), case("b", 240)]
    expected = np.mean([each.ways[0].score.psnr for each in cases])
    spread = np.std([each.ways[0].score.psnr for each in cases], ddof=1)
    text = page(*map(draw, cases)).text
    assert f"Net {expected:.2f} ± {spread:.2f}" in text
    assert "truth ≈ gain × image + offset" in text
    assert "as it came: gain" in text
    assert "2 images compared with the truth" in text


@pytest.mark.parametrize(
    ("value", "said"),
    [(12345.6, "12,300"), (-3412.0, "−3,410"), (0.012345, "0.0123"), (99.96, "100"), (0, "0")],
)
def test_numbers_are_said_as_one_reads_them(value, said):
    assert short(value) == said


def test_the_worst_stand_first_and_all_in_the_table():
    cases = [case("fine", 20), case("bad", 300), case("fair", 100)]
    html = page(draw(cases[0]), draw(cases[1]), numbers(cases[2]))
    words = [word.strip() for word in html.words if word.strip() in {"fine", "bad", "fair"}]
    assert words == ["bad", "fair", "fine", "bad", "fine"]
    assert "Pictures follow for 2 of them." in html.text
    targets = {attributes.get("id") for _, attributes in html.tags}
    links = {attributes["href"] for tag, attributes in html.tags if tag == "a"}
    assert {link[1:] for link in links} <= targets


def test_the_page_needs_nothing_from_outside_and_escapes_names():
    shown = draw(case(EVIL, ways=(EVIL, "_$Net$"), uncertain=True))
    report = RestorationReport(
        title=EVIL, subtitle=EVIL, cases=(shown,), facts=((EVIL, EVIL),), notes=(EVIL,), credits=(EVIL,)
    )
    html = restoration_page(report)
    parsed = Page(html)
    assert not [tag for tag, _ in parsed.tags if tag in {"script", "iframe", "object"}]
    addresses = [
        value for _, attributes in parsed.tags for key, value in attributes.items() if key in {"src", "href"}
    ]
    assert addresses
    assert all(address.startswith(("data:", "#")) for address in addresses if address)
    assert "url(http" not in html
    assert "_$Net$" in "".join(parsed.words)


def test_every_picture_is_said_in_words():
    html = page(draw(case(ways=("Net", "Other"), uncertain=True)))
    words = [attributes["alt"] for tag, attributes in html.tags if tag == "img"]
    assert len(words) == len(set(words)) == 9
    assert any("root mean square" in each for each in words)


def test_cases_go_with_their_channels():
    rng = np.random.default_rng(3)
    before, restored, target = (Image(rng.normal(100, 9, (2, 40, 40)), "CYX", "cell") for _ in range(3))
    doubt = np.abs(rng.normal(0, 1, (2, 40, 40))).astype(np.float32)
    scores = [
        RestoredScore(
            f"cell[{number}]", None, restoration_score(restored.array[number], target.array[number])
        )
        for number in range(2)
    ]
    found = Restoration(restored, "torch", uncertainty={"total": doubt})
    second = cases_of(Restorable(before, target, "cell"), [Answer("Net", scores, found)])[1]
    assert second.name == "cell[1]"
    assert (second.truth == target.array[1]).all()
    assert (second.ways[0].restored == restored.array[1]).all()
    assert (second.ways[0].uncertainty == doubt[1]).all()
    assert (
        second.before == before.array[0]
    ).all()  # other channels than the target's: the first stands for it


def test_a_page_that_cannot_be_written_is_said(tmp_path):
    report = RestorationReport(title="Restored")
    write_restoration_report(tmp_path / "page.html", report)
    assert "<h1>Restored</h1>" in (tmp_path / "page.html").read_text()
    with pytest.raises(CannotWrite):
        write_restoration_report(tmp_path / "page.html" / "below.html", report)
