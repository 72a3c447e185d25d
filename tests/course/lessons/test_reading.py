"""Lessons are read: blocks, facts and links come out, and what is written wrongly is told with its place."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import msgspec
import pytest

from convivo.course.lesson.excerpt import excerpt
from convivo.course.lesson.numerals import Said, agrees, bare_numbers, facts_said
from convivo.course.lesson.reading import read_lesson, read_page, read_slides
from convivo.errors import BadInput
from convivo.nets import unet
from convivo.run import schedule

QUESTION = """
[why]
text = "Why [2](=two)?"
[[why.options]]
text = "so"
because = "it is said"
misconception = "hearsay"
[[why.options]]
text = "because"
because = "it is true"
right = true
"""
HEAD = "# A title\n\nWhat one can\ndo, [2](=two) times.\n\n"


def folder(tmp_path: Path, text: str = "", *, questions: str = QUESTION, **others: str) -> Path:
    """A lesson's folder with this text under its head."""
    made = tmp_path / "sample"
    made.mkdir()
    (made / "lesson.toml").write_text("minutes = 5\n")
    (made / "en.md").write_text(HEAD + dedent(text))
    (made / "questions.toml").write_text(questions)
    for name, content in others.items():
        (made / name.replace("_", ".")).write_text(content)
    return made


def blocks(path: Path) -> list[dict[str, object]]:
    """As the page is handed them."""
    return [msgspec.to_builtins(block) for block in read_page(path).blocks]


def test_every_block_comes_out_in_its_order(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        """
        Text.

        ```predict why
        ```

        ```explorable kernel-bench
        kernel=1_2
        tab=stack
        caption: Look *here*.
        ```

        ```code convivo.run.schedule:rate_at
        A caption.
        ```

        ```python
        print("only shown")
        ```

        ```exercise by_hand
        ```

        ```finder
        It finds.
        ```

        ```takeaway
        * One.
        ```
        """,
    )
    found = blocks(path)
    assert [block["kind"] for block in found] == [
        "text", "predict", "explorable", "code", "text", "exercise", "finder", "takeaway",
    ]  # fmt: skip
    assert found[2] == {
        "kind": "explorable",
        "name": "kernel-bench",
        "values": {"kernel": "1_2", "tab": "stack"},
        "caption": "Look <em>here</em>.",
    }
    assert found[3]["source"] == inspect.getsource(schedule.rate_at).rstrip()
    assert "print(&quot;only shown&quot;)" in str(found[4]["html"])
    assert found[6]["html"] == "<p>It finds.</p>"


def test_title_and_summary_are_words_alone_and_no_blocks(tmp_path: Path) -> None:
    page = read_page(folder(tmp_path, "Text."))
    assert (page.title, page.summary) == ("A title", "What one can do, 2 times.")
    assert len(page.blocks) == 1


def test_a_fact_is_a_span_that_names_its_function(tmp_path: Path) -> None:
    (text,) = blocks(folder(tmp_path, "It has [304](=parameters) of them."))
    assert text["html"] == '<p>It has <span class="fact" data-fact="parameters">304</span> of them.</p>'


def test_links_to_other_sites_open_beside_the_page_and_know_nothing_of_it(tmp_path: Path) -> None:
    (text,) = blocks(folder(tmp_path, "[a](https://a.org) and [b](#/lab)"))
    assert '<a href="https://a.org" target="_blank" rel="noopener">a</a>' in str(text["html"])
    assert '<a href="#/lab">b</a>' in str(text["html"])


def test_html_in_a_text_is_shown_and_does_nothing(tmp_path: Path) -> None:
    (text,) = blocks(folder(tmp_path, "<script>alert()</script> and <b>bold</b>"))
    assert "<script>" not in str(text["html"])
    assert "&lt;b&gt;" in str(text["html"])


@pytest.mark.parametrize(
    ("text", "line", "problem"),
    [
        ("One.\n\n```qestion why\n```\n", 8, "'qestion' is no block"),
        ("```question who\n```\n", 6, "no question 'who'"),
        ("```explorable kernel-bench\ntab=stack\nnonsense\n```\n", 8, "'nonsense' sets nothing"),
        ("```exercise\n```\n", 6, "names nothing"),
        (
            "One.\n\n```code convivo.run.schedule:rate\nA caption.\n```\n",
            8,
            "no 'rate' in convivo.run.schedule",
        ),
        ("```code os.path:join\nA caption.\n```\n", 6, "no module 'os.path' in convivo"),
        ("One.\n\n[there](elsewhere.html)\n", 8, "leads to 'elsewhere.html'"),
    ],
)
def test_what_is_written_wrongly_is_told_with_its_line(
    tmp_path: Path, text: str, line: int, problem: str
) -> None:
    with pytest.raises(BadInput) as caught:
        read_page(folder(tmp_path, text))
    assert f"sample/en.md, line {line}: " in caught.value.problem
    assert problem in caught.value.problem
    assert caught.value.fix


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("right = true", "", "why has 0 right options"),
        ('misconception = "hearsay"', "right = true", "why has 2 right options"),
        ('misconception = "hearsay"', "", "the wrong option 'so'"),
        ("right = true", 'right = true\nmisconception = "x"', "the right option 'because'"),
        ("because = ", "becuase = ", "becuase"),
        ("[why]", "[why", "line 2"),
    ],
)
def test_a_faulty_question_is_told_with_its_file(tmp_path: Path, old: str, new: str, problem: str) -> None:
    with pytest.raises(BadInput, match="sample/questions.toml") as caught:
        read_page(folder(tmp_path, questions=QUESTION.replace(old, new)))
    assert problem in caught.value.problem


def test_what_is_not_translated_is_there_in_english(tmp_path: Path) -> None:
    path = folder(
        tmp_path, "```predict why\n```\n", de_md="# Ein Titel\n\nWas man kann.\n\n```predict why\n```\n"
    )
    page = read_page(path, "de")
    assert (page.language, page.languages, page.title) == ("de", ("en", "de"), "Ein Titel")
    assert page.blocks == read_page(path).blocks
    assert read_page(path, "fr").language == "en"


def test_a_translated_question_keeps_what_is_right_and_why_it_is_asked(tmp_path: Path) -> None:
    german = """
    [why]
    text = "Warum?"
    [[why.options]]
    text = "so"
    because = "man sagt es"
    [[why.options]]
    text = "weil"
    because = "es stimmt"
    """
    path = folder(tmp_path, de_md="# T\n\nW.\n\n```question why\n```\n", questions_de_toml=german)
    (asked,) = read_page(path, "de").blocks
    options = [(each.text, each.right, each.misconception) for each in asked.question.options]
    assert options == [("so", False, "hearsay"), ("weil", True, "")]
    (path / "questions.de.toml").write_text(german.partition("[[why.options]]")[0] + "options = []\n")
    with pytest.raises(BadInput, match=r"questions\.de\.toml: why has 0 options, and 2 in English"):
        read_page(path, "de")


def test_there_must_be_english(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "en.md").rename(path / "de.md")
    with pytest.raises(BadInput, match=r"sample has no en\.md"):
        read_page(path)


def test_a_lesson_that_is_not_there_is_told() -> None:
    with pytest.raises(BadInput, match="no lesson 'wizardry'"):
        read_lesson("wizardry")


def test_rules_divide_the_talk_and_notes_stand_with_their_slide(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "en.md").write_text("# One\n\nHere.\n\n---\n\nThere.\n\n```notes 1.5\nSay it.\n```\n")
    first, second = read_slides(path)
    assert (first.title, second.title) == ("One", "")
    text, notes = msgspec.to_builtins(second.blocks)
    assert text["kind"] == "text"
    assert notes == {"kind": "notes", "html": "<p>Say it.</p>", "minutes": 1.5}


def test_notes_that_do_not_say_how_long_they_take_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "en.md").write_text("# One\n\n```notes\nSay it.\n```\n")
    with pytest.raises(BadInput, match="line 3: the notes do not say how long"):
        read_slides(path)


@pytest.mark.parametrize(
    ("name", "object_"),
    [("unit", unet.unit), ("UNet.forward", unet.UNet.forward), ("UNetSize", unet.UNetSize)],
)
def test_an_excerpt_is_the_source_that_runs(name: str, object_: object) -> None:
    assert excerpt(f"convivo.nets.unet:{name}") == dedent(inspect.getsource(object_)).rstrip()  # type: ignore[arg-type]


def test_an_excerpt_may_be_a_constant_and_keeps_decorators() -> None:
    assert excerpt("convivo.nets.unet:POOLS") == "POOLS = {2: nn.MaxPool2d, 3: nn.MaxPool3d}"
    assert excerpt("convivo.nets.sight:Sight.field").startswith("@property\n")


def test_a_lesson_is_read_without_torch_and_numpy() -> None:
    script = (
        "import sys; from convivo.course.lesson.reading import read_lesson; read_lesson('convolution'); "
        "print(sorted({'torch', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_numbers_are_facts_or_bare_and_code_and_references_are_neither(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        """
        ## 4. A heading

        It has [304](=many), 16 and `99` of them, see [Long 2015](https://a.org).

        ```finder
        Finds 7.
        ```

        ```explorable kernel-bench
        filters=12
        caption: Look at 0.5.
        ```
        """,
    )
    assert [(said.fact, said.text) for said in facts_said(path, "en")] == [
        ("two", "2"),
        ("many", "304"),
        ("two", "2"),
    ]
    assert sorted(bare_numbers(path, "en")) == ["0.5", "16", "7"]


@pytest.mark.parametrize(
    ("text", "value", "language", "right"),
    [
        ("304", 304, "en", True),
        ("305", 304, "en", False),
        ("1,234", 1234, "en", True),
        ("1.234", 1234, "de", True),
        ("0,34", 0.3408, "de", True),
        ("0.34", 0.3408, "en", True),
        ("0.35", 0.3408, "en", False),
        ("0", -1e-12, "en", True),
        ("−3", -3, "en", True),
        ("97 %", 97.2, "en", True),
        ("ninety", 90, "en", False),
        ("nuclei", "nuclei", "en", True),
        ("1", True, "en", False),
    ],
)
def test_a_number_agrees_if_it_is_the_value_rounded_as_it_is_written(
    text: str, value: object, language: str, right: bool
) -> None:
    assert agrees(Said("fact", text, language, "en.md"), value) == right
