"""The page says the verdict, the worst first, and needs no network and no script."""

import re
from html.parser import HTMLParser
from itertools import pairwise

import numpy as np
import pytest

from convivo.doubt import Finding, Level
from convivo.doubt.bar import MARGIN, WIDTH, bar_of
from convivo.doubt.case import Case
from convivo.doubt.examine import Examination
from convivo.doubt.numerals import numeral
from convivo.doubt.pictures import COMES, GOES, figure_of, outlined
from convivo.doubt.report import Doubted, DoubtReport, Gallery, headline, page, write_report
from convivo.report.pictures import FOUND
from convivo.run.asking import PredictOptions
from convivo.types import Image
from restorers import FLOAT32, noisy, restorer

OPTIONS = PredictOptions(engine=FLOAT32)


def finding(level, doubt=0.0, image="a", **changes):
    told = {"id": "scale", "evidence": "objects of 40 pixels", "measured": 40.0, "expected": (8.0, 30.0)}
    return Finding(image=image, level=level, doubt=doubt, **(told | changes))


def doubted(name, level, doubt=0.0, **changes):
    return Doubted(name=name, findings=(finding(level, doubt, name),), pictured=True, **changes)


class Outline(HTMLParser):
    """Headings, addresses, ids and names of elements."""

    def __init__(self, text):
        super().__init__()
        self.levels, self.addresses, self.ids, self.tags = [], [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.tags.append(tag)
        self.levels += [int(tag[1])] if re.fullmatch("h[1-6]", tag) else []
        self.addresses += [found[name] for name in ("href", "src") if name in found]
        self.ids += [found["id"]] if "id" in found else []


@pytest.fixture
def report():
    images = (doubted("good", Level.fine), doubted("bad", Level.stop, 3.0), doubted("odd", Level.warn, 1.2))
    return DoubtReport(model="nuclei", images=images, failures=(("lost.tif", "it is damaged"),))


def test_the_worst_comes_first(report):
    text = page(report)
    assert "Of 3 images: 1 not to be used, 1 doubtful, 1 fine." in text
    assert re.findall(r'id="name-\d+">(\w+)<', text) == ["bad", "odd", "good"]
    assert "lost.tif: it is damaged" in text


def test_the_page_asks_nobody_and_runs_nothing(report):
    found = Outline(page(report))
    assert "script" not in found.tags
    assert [each for each in found.addresses if not each.startswith(("#", "data:"))] == []
    assert {each[1:] for each in found.addresses if each.startswith("#")} <= set(found.ids)
    assert len(set(found.ids)) == len(found.ids)


def test_headings_go_down_step_by_step(report):
    levels = Outline(page(report)).levels
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_what_is_fine_is_folded(report):
    parts = page(report).split("<article")
    assert "<details" in parts[3]
    assert "Asked and fine: scale" in parts[3]
    assert "<details" not in parts[1]


def test_names_are_escaped():
    bad = "<b>&x"
    text = page(DoubtReport(model=bad, images=(doubted(bad, Level.warn),)))
    assert bad not in text
    assert text.count("&lt;b&gt;&amp;x") >= 3


def test_a_command_stands_in_the_page_to_be_copied():
    told = Doubted(
        name="a", findings=(finding(Level.warn, advice="do: convivo predict a --scale 2"),), pictured=True
    )
    text = page(DoubtReport(model="m", images=(told,)))
    (code,) = re.findall(r"<code[^>]*>(.*)</code>", text)
    assert re.sub("<[^>]*>", "", code) == "convivo predict a --scale 2"


def test_the_question_is_that_of_the_check(report):
    assert "Are the objects as large as those that the model learned from?" in page(report)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        ([], "No image could be looked at."),
        ([Level.fine], "The image raises no doubt."),
        ([Level.fine, Level.note], "All 2 images raise no doubt."),
        ([Level.warn], "Of 1 image: 1 doubtful."),
        ([Level.stop, Level.warn, Level.note], "Of 3 images: 1 not to be used, 1 doubtful, 1 fine."),
    ],
)
def test_the_verdict_in_words(levels, words):
    assert headline(levels) == words


def test_what_speaks_against_the_model_has_a_section_and_is_in_the_verdict():
    good, bad = finding(Level.fine, image="", id="overfit"), finding(Level.warn, image="", id="overfit")
    images = (doubted("a", Level.fine),)
    text = page(DoubtReport(model="m", images=images, of_model=(bad,)))
    assert "The image raises no doubt. The model itself is doubtful." in text
    section = text.split('id="model"')[1].split("</section>")[0]
    assert "Has the net learned its training images by heart" in section
    assert "<details" not in section
    quiet = page(DoubtReport(model="m", images=images, of_model=(good,)))
    assert "Asked and fine: overfit" in quiet.split('id="model"')[1].split("</section>")[0]
    assert "The model itself is" not in quiet
    assert 'id="model"' not in page(DoubtReport(model="m", images=images))
    assert headline([Level.fine], Level.stop).endswith("The model itself is not to be used.")


def test_only_the_worst_are_pictured(trained, data):
    gallery = Gallery(pictured=2)
    for each, doubt in zip(data[:4], (1.0, 3.0, 0.2, 2.0), strict=True):
        case = Case(trained, each.image, OPTIONS, quick=True)
        level = Level.stop if doubt > 2 else Level.warn
        gallery.add(Examination(case, (finding(level, doubt, each.name),), fit=True))
    assert [each.name for each in gallery.images] == ["field0", "field1", "field2", "field3"]
    assert [each.pictured for each in gallery.images] == [False, True, False, True]
    assert [each.figure is not None for each in gallery.images] == [False, True, False, True]
    text = page(DoubtReport(model="m", images=tuple(gallery.images)))
    assert text.count("<article") == text.count("<img") == 2
    assert text.count('<th scope="row">') == 4


def test_lines_tell_what_stays_goes_and_comes():
    labels, comes = np.zeros((60, 90), np.int32), np.zeros((60, 90), np.int32)
    labels[10:30, 5:25], labels[10:30, 35:55], comes[10:30, 65:85] = 1, 2, 1
    drawn = outlined(np.zeros((60, 90)), labels, np.array([2]), comes)
    assert (drawn[10, 5:25] == FOUND).all()
    assert (drawn[10, 35:55] == GOES).all()
    dashes = (drawn[10, 65:85] == COMES).all(axis=-1)
    assert 0.3 < dashes.mean() < 0.7
    assert drawn[12:28, 38:52].any()  # hatched
    assert not drawn[12:28, 8:22].any()


def test_the_picture_says_what_comes_and_goes(trained, data):
    case = Case(trained, data[0].image, OPTIONS)
    other = case.prediction.labels.copy()
    other[other == 1] = 0
    case.changed = {"mirrored": other}
    figure = figure_of(Examination(case, (), fit=True))
    assert "of which 1 go with some change; 0 come" in figure.title
    assert "dashed" in page(DoubtReport(model="m", images=(doubted("a", Level.warn, figure=figure),))).lower()


@pytest.mark.parametrize("shape", [(1, 0, 0), (1, 9, 9)])
def test_where_there_is_nothing_to_see_there_is_no_picture(trained, shape):
    case = Case(trained, Image(np.zeros(shape), "CYX", "a"))
    assert figure_of(Examination(case, (), fit=False)) is None


@pytest.mark.parametrize("channels", [1, 3])
def test_numbers_that_are_none_can_be_seen(trained, channels):
    array = np.random.default_rng(0).normal(size=(channels, 20, 30)).astype(np.float32)
    array[0, 3, 4] = np.nan
    assert figure_of(Examination(Case(trained, Image(array, "CYX", "a")), (), fit=False)).width == 240


def test_of_a_model_that_restores_the_restored_image_is_shown():
    model = restorer("n2v")
    case = Case(model, Image(noisy((1, 40, 44)), "CYX", "cell"), OPTIONS)
    assert figure_of(Examination(case, (), fit=True)).title == "Restored"


def test_a_bar_puts_the_measure_beside_its_range():
    bar = bar_of(finding(Level.warn))
    assert (bar.low, bar.at) == (MARGIN, WIDTH - MARGIN)
    assert bar.low + (bar.at - bar.low) * 22 / 32 == pytest.approx(bar.high)
    assert bar.alternative == "Measured 40, expected 8 to 30"


def test_what_spans_many_doublings_is_drawn_as_doublings():
    bar = bar_of(finding(Level.warn, measured=3200.0, expected=(50.0, 200.0)))
    assert bar.logarithmic
    assert (bar.high - bar.low) / (bar.at - bar.low) == pytest.approx(2 / 6)


@pytest.mark.parametrize(
    ("measured", "expected"),
    [(None, (0.0, 1.0)), (1.0, None), (float("nan"), (0.0, 1.0)), (1.0, (0.0, float("inf")))],
)
def test_without_numbers_there_is_no_bar(measured, expected):
    assert bar_of(finding(Level.note, measured=measured, expected=expected)) is None


def test_a_range_of_no_width_is_drawn_all_the_same():
    bar = bar_of(finding(Level.fine, measured=1.0, expected=(1.0, 1.0)))
    assert bar.high > bar.low


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (3218.0, "3,220"),
        (0.0, "0"),
        (-0.00259, "−0.00259"),
        (-2e-9, "−2.00e-09"),
        (1e-9, "1.00e-09"),
        (7.0, "7"),
    ],
)
def test_numbers_are_short(number, words):
    assert numeral(number) == words


def test_the_file_is_the_page(report, tmp_path):
    write_report(tmp_path / "report.html", report)
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == page(report)
