"""Progress: what a learner did is kept in one file, comes out as it went in, and is gone when it is deleted."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from convivo.course.progress import Answered, Climbed, Draft, Everything, Passed, Progress, Read
from convivo.errors import BadInput

ANSWER = Answered(page="unet", question="C16", chosen=2, right=False)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "course.sqlite"


@pytest.fixture
def progress(path):
    opened = Progress(path)
    yield opened
    opened.close()


def test_what_was_kept_is_there_when_the_file_is_opened_again(path):
    first = Progress(path)
    first.keep(ANSWER, Draft(exercise="tiles", rung="free", source="x = 1\n"), Read(lesson="unet"))
    first.keep(Passed(exercise="tiles", rung="free", name="halo"), Climbed(exercise="tiles", rung="free"))
    first.close()
    again = Progress(path)
    kept = again.everything()
    again.close()
    assert [(each.page, each.question, each.chosen, each.right) for each in kept.answers] == [
        ("unet", "C16", 2, False)
    ]
    assert kept.drafts[0].source == "x = 1\n"
    assert (kept.checks[0].name, kept.rungs[0].rung, kept.lessons[0].lesson) == ("halo", "free", "unet")
    assert kept.answers[0].at > 1.7e9


def test_the_last_draft_and_the_last_answer_count(progress):
    progress.keep(Draft(exercise="tiles", rung="free", source="old"), ANSWER)
    progress.keep(
        Draft(exercise="tiles", rung="free", source="new"), Draft(exercise="tiles", rung="fill", source="f")
    )
    progress.keep(msgspec.structs.replace(ANSWER, chosen=1, right=True))
    kept = progress.everything()
    assert {(each.rung, each.source) for each in kept.drafts} == {("free", "new"), ("fill", "f")}
    assert [each.chosen for each in kept.answers] == [1]
    progress.forget_draft("tiles", "free")
    assert [each.rung for each in progress.everything().drafts] == ["fill"]


def test_what_is_exported_can_be_read_again(progress):
    progress.keep(ANSWER)
    text = msgspec.json.encode(progress.everything())
    assert msgspec.json.decode(text, type=Everything) == progress.everything()


def test_deleted_words_are_in_no_file_any_more(progress, path):
    secret = "my_secret_variable_name"
    progress.keep(Draft(exercise="tiles", rung="free", source=secret * 50))
    files = lambda: b"".join(each.read_bytes() for each in path.parent.iterdir())
    assert secret.encode() in files()
    progress.forget_all()
    assert secret.encode() not in files()
    assert progress.everything().drafts == ()


def test_all_or_nothing_is_kept(progress):
    with pytest.raises(Exception, match="not supported|binding"):
        progress.keep(ANSWER, Draft(exercise="tiles", rung="free", source=object()))
    assert progress.everything().answers == ()


def test_several_threads_may_keep_at_once(progress):
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: progress.keep(Read(lesson=str(n))), range(40)))
    assert len(progress.everything().lessons) == 40


def test_a_file_of_a_newer_convivo_is_left_alone(path):
    Progress(path).close()
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(BadInput, match="format 99"):
        Progress(path)
