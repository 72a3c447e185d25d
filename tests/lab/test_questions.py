"""The list of questions, and that a picture waits for no net."""

import subprocess
import sys
from threading import Thread
from time import sleep

import pytest

from convivo.lab import shelf
from convivo.lab.questions import MODULES, question_named


@pytest.mark.parametrize("name", MODULES)
def test_every_question_of_the_list_is_there(name):
    assert question_named(name).name == name


def test_a_question_that_is_not_in_the_list_is_none():
    assert question_named("no-such-question") is None


@pytest.mark.parametrize("module", ["convivo.serve", "convivo.lab.questions.picture"])
def test_torch_is_not_imported_before_the_page_and_its_picture_are_there(module):
    code = f"import sys, {module}; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_torch_is_imported_by_one_thread_at_a_time(monkeypatch):
    warming = Thread(target=sleep, args=(0.5,))
    warming.start()
    monkeypatch.setattr(shelf, "_warming", warming)
    assert question_named("picture") is not None
    assert warming.is_alive()  # it needs no torch
    assert question_named("string") is not None
    assert not warming.is_alive()
