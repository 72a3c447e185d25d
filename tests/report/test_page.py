"""The report page: complete, self-contained, safe, and readable without seeing the pictures."""

import base64
import io
import re
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pytest
from PIL import Image as Pillow

from convivo.errors import BadInput, CannotWrite
from convivo.ops.scores import match, match_many, matched_pairs
from convivo.report.cases import draw
from convivo.report.content import Case, Report
from convivo.report.curves import CurveRow
from convivo.report.page import page, write_report
from convivo.run.evaluate import ScoreRow

EVIL = "<script>alert('x')</script>.tif"


class Tags(HTMLParser):
    """Every tag of a page with its attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.words = [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.words.append(data)

    def all(self, name):
        return [attributes for tag, attributes in self.tags if tag == name]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())


def field(true=3, found=3, shift=0):
    """Squares of 8 x 8 pixels in a row; the truth has `true` of them, the labels `found`."""
    truth, labels = np.zeros((2, 30, 100), dtype=np.int32)
    for number in range(max(true, found)):
        columns = slice(4 + 12 * number, 12 + 12 * number)
        truth[10:18, columns] = number + 1 if number < true else 0
        labels[10 + shift : 18 + shift, columns] = number + 1 if number < found else 0
    return truth, labels


@cache
def case(name, true=3, found=3, shift=0):
    truth, labels = field(true, found, shift)
    return draw(
        Case(
            name=name,
            image=truth * 100.0,
            labels=labels,
            truth=truth,
            probability=(labels > 0).astype(np.float32),
            scores=ScoreRow(match(truth, labels)),
            pairs=matched_pairs(truth, labels),
        )
    )


def report(**changes):
    truth, labels = field(4, 3)
    given = {
        "title": "Nuclei",
        "facts": (("Model", "unet & co"), (EVIL, EVIL)),
        "scores": tuple(ScoreRow(each, low=0.6, high=0.9) for each in match_many(truth, labels, (0.5, 0.75))),
        "cases": (case("good.tif"), case("bad.tif", 3, 1), case(EVIL, 3, 2), case("wild.tif", 2, 5)),
        "curve": tuple(CurveRow(step, 1 / (step + 1), 1e-3, 0.5) for step in range(9)),
        "notes": (EVIL,),
        "credits": ("Somebody et al. 2015",),
    }
    return Report(**(given | changes))


@cache
def usual_page():
    return page(report())


def test_every_case_is_there_and_the_worst_comes_first():
    headings = re.findall(r"<h3[^>]*>(.*?)</h3>", usual_page())
    assert headings == [
        "bad.tif",
        "wild.tif",
        "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;.tif",
        "good.tif",
    ]


def test_pictures_are_for_the_worst_and_the_table_is_for_all():
    html = page(report(pictured=1))
    assert len(re.findall("<h3", html)) == 1
    assert all(name in Tags(html).text for name in ("bad.tif", "good.tif", "wild.tif", EVIL))


def test_names_cannot_become_code():
    tags = Tags(page(report(title=EVIL, subtitle=EVIL, scored_on=EVIL, credits=(EVIL,))))
    assert tags.all("script") == []
    assert tags.text.count(EVIL) >= 8


def test_the_page_asks_nothing_of_the_network():
    html = usual_page()
    tags = Tags(html)
    addresses = [a[key] for _, a in tags.tags for key in ("src", "href", "xlink:href", "srcset") if key in a]
    assert all(address.startswith(("data:", "#")) for address in addresses)
    assert "@import" not in html
    assert all(address.startswith("#") for address in re.findall(r"url\(['\"]?([^)]*)", html))
    named = set(re.findall(r"https?://[^\s\"'<]+", html))
    assert named <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }  # names of formats, not visited


def test_links_lead_somewhere_and_no_two_things_share_a_name():
    tags = Tags(usual_page())
    names = [attributes["id"] for _, attributes in tags.tags if "id" in attributes]
    assert len(names) == len(set(names))
    targets = {a["href"][1:] for a in tags.all("a")}
    assert targets <= set(names)


def test_every_picture_says_in_words_what_it_shows():
    pictures = Tags(usual_page()).all("img")
    assert len(pictures) == 4 * 5
    assert len({picture["alt"] for picture in pictures}) == len(pictures)
    assert any("2 missed, 0 invented" in picture["alt"] for picture in pictures)


def test_pictures_can_be_decoded_and_have_the_size_they_state():
    for picture in Tags(usual_page()).all("img"):
        data = base64.b64decode(picture["src"].partition("base64,")[2])
        size = Pillow.open(io.BytesIO(data)).size
        assert size == (int(picture["width"]), int(picture["height"]))


def test_pictures_stand_beside_the_truth():
    kinds = [figure.kind for figure in case("a.tif").figures]
    assert kinds == ["comparison", "image", "probability", "labels", "truth"]


def test_matched_objects_wear_one_colour_in_both_label_pictures():
    truth, labels = field(4, 4)
    turned = np.where(labels > 0, 5 - labels, 0)
    drawn = draw(Case(name="a", image=truth, labels=turned, truth=truth, pairs=matched_pairs(truth, turned)))
    pictures = {figure.kind: figure.address for figure in drawn.figures}
    assert pictures["labels"] == pictures["truth"]


@pytest.mark.parametrize(
    ("true", "found", "verdict"),
    [
        (3, 3, "all 3 objects matched"),
        (1, 1, "the one object matched"),
        (0, 0, "nothing there, nothing found"),
        (3, 1, "2 missed, 0 invented"),
        (0, 2, "0 missed, 2 invented"),
        (4, 0, "4 missed, 0 invented"),
    ],
)
def test_what_went_wrong_is_said_in_words(true, found, verdict):
    assert case("a.tif", true, found).verdict == verdict


def test_the_largest_miss_is_named_with_its_place():
    truth, labels = np.zeros((2, 30, 100), dtype=np.int32)
    truth[2:4, 2:4], truth[10:20, 50:61] = 1, 2
    assert (
        "Largest missed: 110 pixels at y 14, x 55."
        in draw(Case(name="a", image=truth, labels=labels, truth=truth)).detail
    )


def test_the_difference_of_counts_is_said_with_its_sign():
    text = Tags(usual_page()).text
    assert "−2 (−66.7 %)" in text
    assert "+3 (+150.0 %)" in text


def test_the_headline_is_the_accuracy_at_one_half_with_its_interval():
    text = Tags(usual_page()).text
    assert "0.75 accuracy at IoU 0.5 95 % interval 0.60 to 0.90" in text


def test_the_page_explains_the_score_and_the_colours():
    text = Tags(usual_page()).text
    for word in ("intersection over union", "missed", "invented", "orange", "blue", "hatched"):
        assert word in text


def test_tables_have_captions_and_headers_with_a_scope():
    tags = Tags(usual_page())
    assert len(tags.all("caption")) == len(tags.all("table")) == 2
    assert all(header.get("scope") in {"col", "row"} for header in tags.all("th"))
    assert tags.all("html") == [{"lang": "en"}]


def test_images_without_a_score_come_last_with_a_dash():
    image = np.zeros((5, 5), int)
    odd = draw(Case(name="odd.tif", image=image, labels=image, truth=image))
    html = page(report(cases=(odd, case("bad.tif", 3, 1))))
    assert "–" in Tags(html).text
    assert html.index("bad.tif") < html.index("odd.tif")


def test_images_without_truth_are_shown_without_a_judgement():
    _, labels = field()
    drawn = draw(Case(name="new.tif", image=labels * 2.0, labels=labels))
    assert [figure.kind for figure in drawn.figures] == ["comparison", "image", "labels"]
    assert "3 objects found" in Tags(page(Report(title="Prediction", cases=(drawn,)))).text


def test_an_empty_report_is_a_page():
    assert "Nothing" in Tags(page(Report(title="Nothing"))).text


def test_a_stack_says_which_page_is_shown_and_counts_all():
    labels = np.zeros((5, 8, 8), int)
    labels[0, :3, :3], labels[4, 4:, 4:] = 1, 2
    drawn = draw(Case(name="stack.tif", image=labels * 1.0, labels=labels, truth=labels, probability=None))
    assert drawn.found == 2
    assert "middle of 5 pages" in drawn.detail


def test_truth_of_another_size_is_refused():
    with pytest.raises(BadInput, match="30 × 100"):
        draw(Case(name="a", image=np.zeros((30, 100)), labels=field()[1], truth=np.zeros((3, 3), int)))


def test_the_file_is_written_whole_or_not_at_all(tmp_path):
    write_report(tmp_path / "report.html", report())
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == usual_page()
    assert len(list(tmp_path.iterdir())) == 1
    with pytest.raises(CannotWrite):
        write_report(tmp_path / "nowhere" / "report.html", report())
