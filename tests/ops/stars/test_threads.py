"""Rows shared out to threads: each once, and no error lost."""

import threading

import pytest

from convivo.ops.stars import threads
from convivo.ops.stars.threads import WORTH_A_THREAD, in_bands


@pytest.fixture(autouse=True, params=[1, 2, 3, 8])
def _processors(request, monkeypatch):
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical=True: request.param)


@pytest.mark.parametrize("rows", [0, 1, 2, 3, 7, 13, 31, 32, 33, 97, 1001])
@pytest.mark.parametrize("work", [0, WORTH_A_THREAD, 3 * WORTH_A_THREAD, 100 * WORTH_A_THREAD])
def test_every_row_is_in_exactly_one_band(rows, work):
    bands = []
    in_bands(lambda first, last: bands.append((first, last)), rows, work=work)
    assert sorted(row for first, last in bands for row in range(first, last)) == list(range(rows))
    assert all(first < last for first, last in bands) or rows == 0


def test_little_work_stays_in_the_thread_that_asks():
    names = []
    in_bands(lambda first, last: names.append((first, last, threading.get_ident())), 500, work=10)
    assert names == [(0, 500, threading.get_ident())]


def test_much_work_goes_to_other_threads_where_there_are_more_processors():
    names = set()
    in_bands(lambda *_: names.add(threading.get_ident()), 500, work=100 * WORTH_A_THREAD)
    assert (threading.get_ident() in names) == (threads.psutil.cpu_count() == 1)


@pytest.mark.parametrize("work", [0, 100 * WORTH_A_THREAD])
@pytest.mark.parametrize("broken", [0, 50, 100])
def test_what_a_band_raises_reaches_the_caller(work, broken):
    def run(first, last):
        if first <= broken < last:
            raise KeyError(broken)

    with pytest.raises(KeyError, match=str(broken)):
        in_bands(run, 101, work=work)


def test_unknown_number_of_processors_means_one(monkeypatch):
    monkeypatch.setattr(threads.psutil, "cpu_count", lambda logical=True: None)
    bands = []
    in_bands(lambda first, last: bands.append((first, last)), 9, work=100 * WORTH_A_THREAD)
    assert bands == [(0, 9)]
