"""Jobs in a real lab: what they make, and what becomes of them when somebody or something ends them."""

import io
import json
import os
import signal
import sys
import time
import zipfile
from pathlib import Path

import pytest

from convivo.io.images import read_labels
from convivo.lab.jobs.trained import ROWS
from convivo.model import Model
from served import RefusedError

TINY = {"size": {"filters": 4, "depth": 1}, "patch": 32, "batch": 1, "precision": "float32"}
DATA = {"root": 1, "path": "data"}
LONG = 100_000  # steps that no test waits for


def train(lab, name, **changes):
    return lab.start_job(**{"type": "train", "method": "unet", "data": DATA, "name": name} | TINY | changes)


def child_of(lab):
    """The process of the job that runs."""
    children = Path(f"/proc/{lab.process.pid}/task/{lab.process.pid}/children").read_text().split()
    (pid,) = (
        pid for pid in children if b"convivo.lab.jobs.process" in Path(f"/proc/{pid}/cmdline").read_bytes()
    )
    return int(pid)


linux_alone = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="looks for processes as Linux has them"
)


def is_learning(job):
    return job["state"] == "running" and (job["progress"] or 0) > 0


def test_practice_data_is_made_checked_trained_on_and_predicted(lab):
    made = lab.until(
        lab.start_job(type="simulate", name="fields", images=4, size=64, nuclei=4, diameter=16), "done"
    )
    assert made["out"] == {"root": 0, "path": "data/fields"}
    checked = lab.until(lab.start_job(type="check", data=made["out"]), "done")
    assert checked["result"]["images"] == 4
    job = lab.start_job(type="train", method="unet", data=made["out"], name="tiny", steps=30, **TINY)
    trained = lab.until(job, "done")
    assert trained["result"]["steps"] == 30
    assert trained["model"] == "lab:tiny"
    images = [{"root": 0, "path": "data/fields/images"}]
    job = lab.start_job(type="predict", images=images, model=trained["model"])
    found = lab.until(job, "done")
    assert (found["done"], found["total"], found["failed"], found["progress"]) == (4, 4, 0, 1)
    # a row of the table is an object of the label images, as the command line writes them
    results = lab.home / "lab" / "files" / found["out"]["path"]
    counted = sum(read_labels(path).max() for path in results.glob("*_labels.tif"))
    assert found["objects"] == counted == len((results / "objects.csv").read_text().splitlines()) - 1
    every = {path.name for path in results.iterdir()}
    assert {"objects.csv", "contact.png", "findings.json", "nuclei_0000_rois.zip"} <= every
    whole = lab.get(f"jobs/{job}")
    assert {each["name"] for each in whole["files"]} == every
    assert whole["asked_model"] == "lab:tiny"
    archive = zipfile.ZipFile(io.BytesIO(lab.ask("GET", f"/api/jobs/{job}/files.zip")[2]))
    assert {name: archive.read(name) for name in archive.namelist()} == {
        name: (results / name).read_bytes() for name in every
    }
    _, _, table = lab.ask("GET", f"/api/jobs/{job}/files/objects.csv")
    assert table == (results / "objects.csv").read_bytes()
    first = lab.get(f"jobs/{job}/images")[0]
    assert first == {
        "image": "nuclei_0000",
        "source": {"root": 0, "path": "data/fields/images/nuclei_0000.tif"},
    }


def test_a_training_tells_its_curve_its_scores_and_shows_pictures(lab):
    job = train(lab, "curve", steps=40)
    done = lab.until(job, "done")
    assert done["result"]["steps"] == 40
    rows, tried = lab.events(job, "Row"), lab.events(job, "Validated")
    assert [row["step"] for row in rows] == sorted({row["step"] for row in rows})
    assert rows[-1]["step"] == 40
    assert len(rows) <= ROWS
    assert done["best"] == max(each["score"] for each in tried)
    (name,) = tried[-1]["pictures"]
    status, headers, picture = lab.ask("GET", f"/api/jobs/{job}/pictures/{name}")
    assert (status, headers["content-type"], picture[:4]) == (200, "image/png", b"\x89PNG")


def test_stop_and_keep_leaves_a_model_that_can_be_used_and_trained_on(lab):
    job = train(lab, "kept", steps=LONG)
    lab.until(job, is_learning)
    assert lab.post(f"jobs/{job}/stop")["state"] == "stopping"
    stopped = lab.until(job, "stopped")
    folder = lab.home / "lab" / "files" / "models" / "kept"
    steps = Model.load(folder).card.training.steps
    assert 0 < steps < LONG
    assert stopped["result"]["steps"] == steps
    assert stopped["can_go_on"]
    assert any(each["id"] == "lab:kept" for each in lab.get("models"))
    assert lab.post(f"jobs/{job}/go-on")["state"] == "waiting"
    lab.until(job, is_learning)
    lab.post(f"jobs/{job}/stop")
    lab.until(job, "stopped")
    assert Model.load(folder).card.training.steps > steps


@linux_alone
def test_a_killed_job_says_so_and_goes_on_where_it_was(lab):
    job = train(lab, "killed", steps=LONG)
    lab.until(job, lambda job: is_learning(job) and job["last_event"] > 20)
    os.kill(child_of(lab), signal.SIGKILL)
    killed = lab.until(job, "interrupted")
    assert "SIGKILL" in killed["problem"]
    assert "memory" in killed["problem"]
    assert killed["can_go_on"]
    # the lab lives on, and nothing that was told is lost
    before = len(lab.events(job, "Row"))
    lab.post(f"jobs/{job}/go-on")
    lab.until(job, is_learning)
    lab.post(f"jobs/{job}/stop")
    assert lab.until(job, "stopped")["result"]["steps"] > 0
    assert len(lab.events(job, "Row")) > before


def test_one_job_runs_at_a_time_and_a_waiting_one_can_be_taken_off(lab):
    first = train(lab, "first", steps=LONG)
    second, third = train(lab, "second", steps=5), train(lab, "third", steps=5)
    lab.until(first, is_learning)
    assert [lab.job(each)["state"] for each in (second, third)] == ["waiting", "waiting"]
    with pytest.raises(RefusedError, match="running"):
        lab.ask_away(first)
    lab.ask_away(second)
    lab.post(f"jobs/{first}/stop")
    lab.until(third, "done")
    assert lab.job(first)["ended"] <= lab.job(third)["started"]
    assert second not in [each["id"] for each in lab.get("jobs")]


def test_a_text_named_tif_fails_alone_and_in_words(lab):
    images = [{"root": 1, "path": "odd/notes.tif"}, {"root": 1, "path": "data/images/field0.tif"}]
    job = lab.start_job(type="predict", images=images, model="shipped:nuclei-unet", engine="torch")
    done = lab.until(job, "done")
    assert (done["done"], done["failed"]) == (1, 1)
    (failure,) = lab.events(job, "ImageFailed")
    assert "notes.tif" in failure["problem"]
    assert failure["fix"]


def test_what_cannot_be_done_at_all_is_a_failed_job_with_its_fix(lab):
    job = lab.start_job(type="train", method="care", data=DATA, name="nothing", steps=3)
    failed = lab.until(job, "failed")
    assert "low" in failed["problem"]
    assert failed["fix"]


def test_orders_that_mean_nothing_are_refused_with_the_field_named(lab):
    for order, word in [
        ({"type": "train", "method": "unet", "data": DATA}, "name"),
        ({"type": "train", "method": "stardust", "data": DATA, "name": "x"}, "stardust"),
        ({"type": "predict", "images": [], "model": "shipped:nuclei"}, "no image"),
        ({"type": "predict", "images": ["nuclei"], "model": "shipped:nuclei"}, "no image 'nuclei'"),
        ({"type": "predict", "images": [DATA], "model": "nuclei"}, "no model"),
        ({"type": "simulate", "images": 100_000}, "100000"),
        ({"type": "simulate", "name": "../out"}, "name"),
        ({"type": "order"}, "type"),
    ]:
        with pytest.raises(RefusedError) as refused:
            lab.start_job(**order)
        assert refused.value.status == 400
        assert word in refused.value.problem


@linux_alone
def test_a_server_killed_during_a_training_has_lost_nothing(serve, chosen):
    lab = serve(chosen)
    job, waiting = train(lab, "survivor", steps=LONG), train(lab, "after", steps=5)
    lab.until(job, lambda job: job["last_event"] > 50)
    pid, rows = child_of(lab), len(lab.events(job, "Row"))
    lab.kill()
    ends = time.monotonic() + 30
    while Path(f"/proc/{pid}").exists() and time.monotonic() < ends:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()  # it has ended by itself
    state = lab.home / "lab" / "files" / "models" / "survivor" / "training.safetensors"
    assert state.is_file()
    lab.start()
    again = lab.job(job)
    assert again["state"] == "interrupted"
    assert again["can_go_on"]
    assert len(lab.events(job, "Row")) >= rows
    lab.until(waiting, "done")  # what waited goes on by itself
    reached = lab.events(job, "Row")[-1]["step"]
    lab.post(f"jobs/{job}/go-on")
    lab.until(job, is_learning)
    lab.post(f"jobs/{job}/stop")
    assert lab.until(job, "stopped")["result"]["steps"] > reached
    lab.end()


@linux_alone
def test_ctrl_c_in_the_terminal_lets_a_training_save_where_it_is(serve, chosen):
    lab = serve(chosen)
    job = train(lab, "saved", steps=LONG)
    lab.until(job, lambda job: job["last_event"] > 50)
    reached = lab.events(job, "Row")[-1]["step"]
    lab.end()
    text = (lab.home / "lab" / "files" / "models" / "saved" / "training.safetensors").read_bytes()
    header = json.loads(text[8 : 8 + int.from_bytes(text[:8], "little")])
    assert json.loads(header["__metadata__"]["saved"])["state"]["step"] >= reached
    lab.start()
    assert lab.job(job)["state"] == "interrupted"
    assert lab.job(job)["can_go_on"]


def test_a_training_that_was_stopped_before_it_began_can_begin(lab):
    first, second = train(lab, "before", steps=LONG), train(lab, "behind", steps=5)
    lab.post(f"jobs/{second}/stop")
    assert lab.until(second, "stopped")["can_go_on"]
    lab.post(f"jobs/{second}/go-on")
    lab.until(first, is_learning)
    lab.post(f"jobs/{first}/stop")
    lab.until(second, "done")


def full_disk():
    """No file of the lab may grow beyond half a megabyte; to write beyond it is an error, as on a full disk."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (500_000, 500_000))


@linux_alone
def test_a_full_disk_is_told_with_its_fix_and_the_lab_lives_on(serve, chosen):
    lab = serve(chosen, limit=full_disk)
    large = {"size": {"filters": 32, "depth": 2}, "patch": 32, "batch": 1, "precision": "float32"}
    job = train(lab, "too-large", steps=30, **large)
    failed = lab.until(job, lambda job: job["state"] in ("failed", "interrupted"))
    assert failed["problem"]
    assert failed["fix"]
    small = lab.until(train(lab, "small", steps=5), "done")
    assert small["result"]["steps"] == 5
    assert not list((lab.home / "lab" / "files" / "models" / "too-large").glob("*.part*"))


def test_a_second_lab_on_the_same_folder_reads_the_list_and_leaves_the_jobs_alone(serve, chosen):
    one = serve(chosen)
    job = train(one, "mine", steps=LONG)
    one.until(job, is_learning)
    two = serve(chosen)
    assert two.job(job)["state"] == "running"
    with pytest.raises(RefusedError, match="another lab"):
        train(two, "other")
    assert one.job(job)["state"] == "running"
