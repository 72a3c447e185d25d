"""The queue of jobs from inside: what happens at odd moments costs one job and no more."""

import asyncio
import contextlib
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from convivo.errors import CannotWrite, NotAvailable
from convivo.lab.folders import open_folders
from convivo.lab.jobs import sitting
from convivo.lab.jobs.asked import Ordered
from convivo.lab.jobs.job import Job, State
from convivo.lab.jobs.running import Jobs
from convivo.lab.jobs.sitting import Sitting
from convivo.lab.jobs.told import Errand
from convivo.lab.models import Models
from convivo.lab.stream import News
from convivo.work.orders import SimulateOrder

LONG = 60.0  # seconds after which a test gives up


def jobs_in(folder):
    folders = open_folders(folder, [])
    jobs = Jobs(folder, folders, Models(folders), News())
    jobs.open()
    return jobs


@contextlib.asynccontextmanager
async def queue(folder):
    jobs = jobs_in(folder)
    async with asyncio.timeout(LONG):
        await jobs.begin()
        try:
            yield jobs
        finally:
            await jobs.end()


def ordered(folder, name, images=1):
    out = folder / name
    order = SimulateOrder(out=str(out), images=images, size=32, nuclei=2, diameter=8.0)
    return Ordered(order, name, out)


async def until(jobs, name, holds):
    while not holds(jobs.job(name)):
        await asyncio.sleep(0.02)
    return jobs.job(name)


def test_a_job_that_cannot_even_begin_does_not_hold_up_those_behind_it(tmp_path, monkeypatch):
    begun = Sitting.to_its_end

    async def odd(self, leaves):
        if self.job.title == "odd":
            raise RuntimeError("nobody foresaw this")
        return await begun(self, leaves)

    monkeypatch.setattr(Sitting, "to_its_end", odd)

    async def run():
        async with queue(tmp_path / "lab") as jobs:
            one = await jobs.start(ordered(tmp_path, "odd"))
            two = await jobs.start(ordered(tmp_path, "behind"))
            done = await until(jobs, two.id, lambda job: job.state.is_over)
            return jobs.job(one.id), done

    failed, done = asyncio.run(run())
    assert failed.state is State.failed
    assert "nobody foresaw this" in failed.problem
    assert failed.fix
    assert done.state is State.done


def test_a_log_that_cannot_be_written_is_a_failed_job(tmp_path):
    async def kept(*_):
        return True

    async def run():
        (tmp_path / "job").write_text("a file where a folder should be")
        job = Job(id="x", kind="simulate", title="", state=State.running, created=0.0)
        return await Sitting(job, ordered(tmp_path, "x").order, tmp_path / "job", kept).to_its_end(1.0)

    job = asyncio.run(run())
    assert job.state is State.failed
    assert "disk" in job.fix


def test_words_that_nobody_understands_end_the_process_and_the_job(tmp_path, monkeypatch):
    started = []

    async def talks_nonsense(log):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            "import time; print('nonsense', flush=True); time.sleep(600)",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        started.append(process)
        return process

    monkeypatch.setattr(sitting, "_started", talks_nonsense)

    async def run():
        async with queue(tmp_path / "lab") as jobs:
            job = await jobs.start(ordered(tmp_path, "nonsense"))
            failed = await until(jobs, job.id, lambda job: job.state is State.failed)
            return failed, started[0].returncode

    failed, code = asyncio.run(run())
    assert "malformed" in failed.problem
    assert code is not None


def test_a_stop_while_the_process_is_being_started_is_not_lost(tmp_path, monkeypatch):
    start = sitting._started

    async def slowly(log):
        await asyncio.sleep(0.3)
        return await start(log)

    monkeypatch.setattr(sitting, "_started", slowly)

    async def run():
        async with queue(tmp_path / "lab") as jobs:
            job = await jobs.start(ordered(tmp_path, "many", images=500))
            await until(jobs, job.id, lambda job: job.state is State.running)
            assert (await jobs.stop(job.id)).state is State.stopping
            return await until(jobs, job.id, lambda job: job.state.is_over)

    job = asyncio.run(run())
    assert job.state is State.stopped
    assert job.done < 500


@pytest.fixture(params=["heeded", "ignored"])
def ctrl_c(request):
    """Ctrl-C as it is in a terminal, and as it is for what a script starts in the background."""
    before = signal.signal(
        signal.SIGINT, signal.SIG_IGN if request.param == "ignored" else signal.default_int_handler
    )
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_a_simulation_that_was_stopped_can_go_on(tmp_path):
    async def run():
        async with queue(tmp_path / "lab") as jobs:
            job = await jobs.start(ordered(tmp_path, "fields", images=400))
            await until(jobs, job.id, lambda job: job.done > 2)
            await jobs.stop(job.id)
            stopped = await until(jobs, job.id, lambda job: job.state.is_over)
            assert stopped.can_go_on
            assert stopped.done < 400
            await jobs.go_on(job.id)
            return await until(jobs, job.id, lambda job: job.state.is_over)

    job = asyncio.run(run())
    assert (job.state, job.problem) == (State.done, "")
    assert len(list((tmp_path / "fields" / "images").iterdir())) == 400


def test_a_waiting_job_that_is_taken_off_is_off_the_list_before_the_disk_is_asked(tmp_path, monkeypatch):
    async def run():
        jobs = jobs_in(tmp_path / "lab")
        job = await jobs.start(ordered(tmp_path, "off"))

        async def no_room(_):
            assert jobs.all() == []  # or the queue could begin it meanwhile
            raise CannotWrite("the disk is full", fix="make room")

        with monkeypatch.context() as full:
            full.setattr(jobs, "_ask", no_room)
            with pytest.raises(CannotWrite):
                await jobs.remove(job.id)
        assert jobs.all() == [job]  # it is still on the disk's list, and so on this one
        await jobs.end()

    asyncio.run(run())


def test_a_second_lab_neither_stops_nor_removes_what_the_first_one_runs(tmp_path):
    async def run():
        one = jobs_in(tmp_path / "lab")
        job = await one.start(ordered(tmp_path, "mine"))
        two = jobs_in(tmp_path / "lab")
        for ask in (two.stop, two.remove, two.go_on):
            with pytest.raises(NotAvailable, match="another lab"):
                await ask(job.id)
        await two.end()
        await one.end()
        again = jobs_in(tmp_path / "lab")
        assert [each.state for each in again.all()] == [State.waiting]
        await again.end()

    asyncio.run(run())


def test_what_is_being_kept_when_a_job_ends_is_kept_before_its_end(tmp_path):
    order, one = [], None

    async def slowly(job, events, notes):
        order.append(f"begin {job.state}")
        await one._process.wait()  # so that it is still at it when the job ends
        await asyncio.sleep(0.3)
        order.append(f"end {job.state}")
        return False  # as on a full disk

    async def run():
        nonlocal one
        job = Job(id="x", kind="simulate", title="", state=State.running, created=0.0, started=time.time())
        one = Sitting(job, ordered(tmp_path, "x").order, tmp_path / "job", slowly)
        ended = await one.to_its_end(1.0)
        assert order[-1].startswith("end")
        return ended, one.not_kept()[0]

    ended, events = asyncio.run(run())
    assert ended.state is State.done
    assert [number for number, _, _ in events] == list(range(1, ended.last_event + 1))


def test_a_process_that_has_done_its_job_ends_without_a_complaint(tmp_path):
    (tmp_path / "job").mkdir()
    errand = msgspec.json.encode(Errand(ordered(tmp_path, "x").order, str(tmp_path / "job")))
    process = subprocess.Popen(
        [sys.executable, "-m", "convivo.lab.jobs.process"],
        stdin=subprocess.PIPE,  # it stays open, as the server keeps it
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        process.stdin.write(errand + b"\n")
        process.stdin.flush()
        said, complaint = process.stdout.read(), process.stderr.read()
        assert process.wait(LONG) == 0
    assert said.endswith(b'{"type":"Ended","stopped":false}\n')
    assert complaint == b""
