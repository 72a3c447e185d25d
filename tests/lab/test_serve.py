"""Putting the lab up: its port, and what is said where it cannot be put up."""

import re
import socket
from threading import Event
from time import monotonic

import pytest

from convivo import serve
from convivo.cli import lab as command
from convivo.errors import BadInput, NotAvailable
from served import Served


def test_two_labs_never_get_the_same_port():
    with serve.listen(None) as one, serve.listen(None) as other:
        assert one.getsockname()[1] != other.getsockname()[1]
        with pytest.raises(BadInput, match="in use"):
            serve.listen(one.getsockname()[1])


def test_a_page_that_comes_before_the_server_waits_and_is_not_refused():
    with serve.listen(0) as listening, socket.create_connection(listening.getsockname(), timeout=5):
        pass


@pytest.mark.parametrize("port", [-1, 70_000])
def test_what_is_no_port_is_refused_in_words(port):
    with pytest.raises(BadInput, match=str(port)):
        serve.listen(port)


def test_where_all_ports_are_taken_leaving_the_port_out_is_not_the_advice(monkeypatch):
    with serve.listen(0) as taken:
        monkeypatch.setattr(serve, "PORT", taken.getsockname()[1])
        monkeypatch.setattr(serve, "PORTS_TRIED", 1)
        with pytest.raises(BadInput) as refused:
            serve.listen(None)
    assert "leave --port out" not in refused.value.fix


def test_a_lab_whose_page_was_not_built_says_how_to_build_it(tmp_path, monkeypatch):
    monkeypatch.setattr(serve, "PAGE", tmp_path / "page")
    with pytest.raises(NotAvailable, match="was not built") as refused:
        serve.create(serve.new_lab(tmp_path / "lab", 8765))
    assert "make page" in refused.value.fix


def test_a_list_of_jobs_that_cannot_be_read_is_told_in_two_lines(tmp_path):
    jobs = tmp_path / "home" / "lab" / "jobs"
    jobs.mkdir(parents=True)
    (jobs / "jobs.sqlite").write_bytes(b"this is no list of jobs " * 100)
    with pytest.raises(RuntimeError) as told:
        Served(tmp_path / "home", tmp_path)
    assert re.fullmatch(r"convivo: the list of jobs .+\nfix: .+\n", str(told.value))


def test_a_browser_that_is_waited_for_does_not_hold_up_the_server(tmp_path, monkeypatch):
    opened, closed = Event(), Event()

    def waits(_address):
        opened.set()
        closed.wait(30)

    monkeypatch.setenv("CONVIVO_HOME", str(tmp_path))
    monkeypatch.setattr(command, "open_browser", waits)

    def served(_lab, listening, ready):
        listening.close()
        ready()
        assert opened.wait(10)
        assert not closed.is_set()  # ready() came back while the browser was still open

    monkeypatch.setattr(serve, "serve", served)
    started = monotonic()
    command.command([tmp_path], port=0)
    closed.set()
    assert monotonic() - started < 20
