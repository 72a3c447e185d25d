"""What is kept of jobs: all of it, in the order in which it came, and alike notes as one."""

import sqlite3

import msgspec
import pytest

from convivo.errors import BadInput, CannotWrite
from convivo.lab.jobs.job import Job, State, after
from convivo.lab.jobs.kept import Kept
from convivo.lab.jobs.told import Ended, Row
from convivo.work.events import Begun, ImageBegun, ImageDone, ImageFailed
from convivo.work.orders import PredictOrder, TrainOrder

JOB = Job(id="a", kind="predict", title="a job", state=State.running, created=1.0, started=100.0)
ORDER = PredictOrder(images=("/a.tif",), model="m", out="/o", settings={"prob": 0.4, "split": "watershed"})
ROW = msgspec.json.encode(Row(step=1, loss=0.5, progress=0.1, seconds=2.0))


@pytest.fixture
def kept(tmp_path):
    found = Kept(tmp_path / "jobs.sqlite")
    found.add(JOB, ORDER)
    yield found
    found.close()


def test_fifty_alike_notes_are_one_that_says_how_often(kept):
    notes = [
        (f"mask_{number:04}.tif holds only the value 255: its {number} parts", f"i{number}")
        for number in range(50)
    ]
    kept.change(JOB, notes=[*notes[:20], ("something else", "")])
    kept.change(JOB, notes=notes[20:])
    folded = [(note.text, note.image, note.times) for note in kept.notes("a")]
    assert folded == [(*notes[0], 50), ("something else", "", 1)]


def test_all_is_there_after_it_was_opened_anew(kept, tmp_path):
    other = TrainOrder(method="unet", data=("/d",), out="/m", size={"filters": 4})
    kept.add(msgspec.structs.replace(JOB, id="b"), other)
    kept.change(JOB, [(1, 10.0, ROW), (2, 11.0, ROW)])
    kept.close()
    again = Kept(tmp_path / "jobs.sqlite")
    assert [(job.id, order) for job, order in again.all()] == [("a", ORDER), ("b", other)]
    assert [(each.number, each.at, bytes(each.told)) for each in again.events("a", 1, 10)] == [(2, 11.0, ROW)]
    again.close()


def test_a_change_is_kept_whole_or_not_at_all(kept):
    kept.change(JOB, [(1, 10.0, ROW)])
    with pytest.raises(CannotWrite):
        kept.change(msgspec.structs.replace(JOB, title="changed"), [(2, 11.0, ROW), (1, 12.0, ROW)])
    assert [each.number for each in kept.events("a", 0, 10)] == [1]
    assert [job.title for job, _ in kept.all()] == ["a job"]


def test_what_goes_on_comes_after_those_that_wait(kept):
    kept.add(msgspec.structs.replace(JOB, id="b"), ORDER)
    kept.last(JOB, ORDER)
    assert [job.id for job, _ in kept.all()] == ["b", "a"]


def test_nothing_of_a_removed_job_is_left(kept):
    kept.change(JOB, [(1, 10.0, ROW)], [("a note", "")])
    kept.remove("a")
    assert (kept.all(), kept.events("a", 0, 9), kept.notes("a")) == ([], [], [])


def test_a_list_of_a_later_convivo_is_not_touched(tmp_path):
    with sqlite3.connect(tmp_path / "jobs.sqlite") as db:
        db.execute("pragma user_version = 99")
    db.close()
    with pytest.raises(BadInput, match="format 99"):
        Kept(tmp_path / "jobs.sqlite")


def test_time_left_follows_from_the_images_that_are_through():
    job = after(JOB, Begun(what="predicting", total=8), 100.0)
    job = after(job, ImageBegun(number=1, image="x"), 100.0)
    assert job.now == "image 1 of 8: x"
    job = after(job, ImageDone(number=1, image="x", path="/x", objects=5), 103.0)
    job = after(job, ImageFailed(number=2, image="y", path="/y", problem="p", fix="f"), 104.0)
    # 2 images in 4 seconds, 6 to go
    assert (job.done, job.failed, job.objects, job.progress, job.left) == (1, 1, 5, 0.25, 12.0)
    assert after(job, Ended(stopped=True), 105.0).progress == 0.25
    assert after(job, Ended(), 105.0).progress == 1.0
