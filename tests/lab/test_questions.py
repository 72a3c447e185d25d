"""The list of questions, and that a picture waits for no net."""

import subprocess
import sys

import pytest

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
