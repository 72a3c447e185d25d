"""The worker process, and news: what dies or does not listen costs nobody else anything."""

import asyncio
import json
import os
import signal
import sys
import time
from pathlib import Path

import msgspec
import pytest

from convivo.errors import NotAvailable
from convivo.lab import stream
from convivo.lab.answering import answer
from convivo.lab.stream import News
from convivo.lab.worker import Worker

NUCLEI = b'{"image": "nuclei", "side": 16}'


def test_a_worker_that_is_killed_costs_one_question(tmp_path):
    async def asked():
        worker = Worker(tmp_path)
        try:
            assert (await worker.ask("picture", NUCLEI)).status == 200
            (pid,) = worker._pool._processes
            os.kill(pid, signal.SIGKILL)
            with pytest.raises(NotAvailable, match="stopped while it answered"):
                await worker.ask("picture", NUCLEI)
            assert (await worker.ask("picture", NUCLEI)).status == 200
        finally:
            worker.stop()

    asyncio.run(asked())


def test_an_unknown_question_is_answered_with_those_that_there_are():
    status, said = answer("picturre", b"{}")
    assert status == 404
    assert "picture" in json.loads(said)["fix"]


@pytest.mark.parametrize(
    ("body", "word"), [(b"{}", "image"), (b'{"image": 3}', "image"), (b"no json", "malformed")]
)
def test_a_wrong_field_is_named(body, word):
    status, said = answer("picture", body)
    assert status == 400
    assert word in json.loads(said)["problem"]


def test_an_image_that_is_not_there_is_refused_in_words():
    status, said = answer("picture", b'{"image": "../../etc/passwd"}')
    assert status == 400
    assert json.loads(said)["fix"]


def test_arrays_travel_with_their_shape():
    status, said = answer("picture", NUCLEI)
    picture = msgspec.msgpack.decode(said)
    assert status == 200
    assert picture["pixels"]["shape"] == [16, 16]
    assert len(picture["pixels"]["data"]) == 16 * 16 * 4
    assert picture["pixels"]["dtype"] == "float32"


def test_a_question_that_is_too_long_is_refused(lab):
    status, _, said = lab.ask("POST", "/api/ask/picture", b" " * 1_100_000)
    assert status == 400
    assert "longer than" in json.loads(said)["problem"]


def test_every_page_hears_the_news(tmp_path):
    async def heard():
        news = News()
        pages = [news.listen(), news.listen()]
        for page in pages:
            assert (await anext(page)).startswith(b":")
        news.publish("job", {"id": "one"})
        said = [await anext(page) for page in pages]
        news.close()
        ended = [[rest async for rest in page] for page in pages]
        return said, ended

    said, ended = asyncio.run(heard())
    assert said == [b'event: job\ndata: {"id":"one"}\n\n'] * 2
    assert ended == [[], []]


def test_a_page_that_does_not_listen_is_let_go_and_holds_nobody_up(monkeypatch):
    monkeypatch.setattr(stream, "UNHEARD", 3)

    async def heard():
        news = News()
        deaf = news.listen()
        await anext(deaf)
        for number in range(10):
            news.publish("job", number)
        assert not news._listeners
        return [said async for said in deaf]

    assert len(asyncio.run(heard())) == 3


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="looks for processes as Linux has them")
def test_a_server_that_is_killed_leaves_no_worker_behind(serve):
    lab = serve()
    assert lab.ask("POST", "/api/ask/picture", NUCLEI)[0] == 200
    children = Path(f"/proc/{lab.process.pid}/task/{lab.process.pid}/children").read_text().split()
    (worker,) = (pid for pid in children if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes())
    lab.kill()
    ends = time.monotonic() + 20
    while Path(f"/proc/{worker}").exists() and time.monotonic() < ends:
        time.sleep(0.05)
    assert not Path(f"/proc/{worker}").exists()
